"""What an axis does to a score, as words, as bars and as rows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

from markupsafe import Markup

from nanobanana_nb.show.html import markup
from nanobanana_nb.show.html.markup import joined, tag
from nanobanana_nb.show.html.wording import figures
from nanobanana_nb.show.judge.axis_words import conclusion, p_text, plain_name
from nanobanana_nb.show.judge.chance_record import ChanceRecord
from nanobanana_nb.stats.effects import Estimate
from nanobanana_nb.stats.verdict import AxisChance, Verdict

HEADERS: tuple[str, ...] = ("axis", "value", "mean", "95 %", "images", "p")
METHOD = (
    "Mean and where it lies with 95 % (Student, the variance of all repeats together); each"
    " combination of the other axes counts once. p: permutation test (PERMANOVA) of the scores,"
    " corrected for the number of axes; effect: p ≤ 5 %, and a difference of means by Welch's test"
    " where some values have fewer images than others."
)
_BAR_PX = 180
_LEAST_APART = 1e-100
_MOST_IN_WORDS = 6  # values in one sentence
_MOST_DIFFERENCES = 3
_LOOKS = "border:none;background:none;padding:1px 6px 1px 0;text-align:left;white-space:nowrap"


def interval(estimate: Estimate) -> str:
    """Return `12 (10 to 14)`, or the mean alone where no repeats tell more."""
    own = _value(estimate)
    return own if estimate.low is None else f"{own} ({_bounds(estimate)})"


def heading(chance: ChanceRecord) -> str:
    """Return what the bars show."""
    return f"mean {plain_name(chance.score)}"


def effect(axis: AxisChance, chance: ChanceRecord) -> str:
    """Return what the axis does, in a sentence."""
    name, score = plain_name(axis.name), plain_name(axis.measure)
    if axis.verdict is Verdict.EFFECT:
        others = " and ".join(map(plain_name, axis.depends_on))
        depends = f" How much depends on {others}." if others else ""
        return f"{name} moves {score}: {words(axis, chance.images)}.{depends}"
    return (
        f"{name} changes the mean or the spread of {score}: as many images of each value would"
        " tell which."
    )


def repeats_only(chance: ChanceRecord) -> str:
    """Return that repeats alone say nothing of a score."""
    return f"No axis has two values with {plain_name(chance.score)}: nothing to compare."


def words(axis: AxisChance, images: int) -> str:
    """Return `ink 12 (10 to 14), oil 20 (18 to 22)`; of many values the lowest and the highest.

    Where no place on the other axes has every value, their means say nothing of the axis: there
    the largest differences are told, of the images that are alike else.
    """
    apart = _means(axis.means)
    if sum(mean.images for mean in axis.means) == images:
        return apart if _is_crossed(axis) else f"{_largest(axis)}, where all else is alike"
    return f"{apart}, where all else is alike"


def _means(means: Sequence[Estimate]) -> str:
    if len(means) <= _MOST_IN_WORDS:
        return ", ".join(f"{_name(mean)} {interval(mean)}" for mean in means)
    low, *_, high = sorted(means, key=lambda mean: mean.value)
    return f"from {_name(low)} {interval(low)} to {_name(high)} {interval(high)}"


def _largest(axis: AxisChance) -> str:
    largest = sorted(axis.differences, key=lambda d: -abs(d.value))[:_MOST_DIFFERENCES]
    return ", ".join(f"{_name(d)} {interval(d)}" for d in largest)


def _is_crossed(axis: AxisChance) -> bool:
    """Whether each difference is one of all images of the two values."""
    counts = [a.images + b.images for a, b in combinations(axis.means, 2)]
    return counts == [difference.images for difference in axis.differences]


def text_rows(axis: AxisChance) -> list[tuple[str, ...]]:
    """Return a line for each value and each difference: axis, value, mean, 95 %, images, p."""
    heads = [(plain_name(axis.name), p_text(axis)), *[("", "")] * len(axis.means)]
    rows = [
        (name, _name(mean), _value(mean), _bounds(mean), str(mean.images), p)
        for (name, p), mean in zip(heads, axis.means, strict=False)
    ]
    return [
        *rows,
        *(("", _name(d), _value(d), _bounds(d), str(d.images), "") for d in _few(axis)),
    ]


def bars(axis: AxisChance, chance: ChanceRecord, colour: str) -> Markup:
    """Return a line for each value: its name, where its mean lies, and the numbers."""
    ends = [end for other in chance.axes for mean in other.means for end in _ends(mean)]
    low, high = min(ends), max(ends)
    scale = _BAR_PX / (high - low) if high - low > _LEAST_APART else 0.0
    rows = [_row(mean, low, scale, colour) for mean in axis.means]
    apart = [tag("div", markup.quiet(f"{_name(d)}: {interval(d)}")) for d in _few(axis)]
    return joined([tag("table", *rows, border=0, cellpadding=2, style=markup.TABLE), *apart])


def records(axis: AxisChance) -> list[dict[str, Any]]:
    """Return a row for each mean and each difference of an axis."""
    kinds = (("mean", axis.means), ("difference", axis.differences))
    return [
        {
            "axis": axis.name,
            "kind": kind,
            "value": e.name,
            "estimate": e.value,
            "low": e.low,
            "high": e.high,
            "images": e.images,
            "p": axis.p,
            "conclusion": conclusion(axis),
        }
        for kind, estimates in kinds
        for e in estimates
    ]


def _few(axis: AxisChance) -> Sequence[Estimate]:
    """Return the differences, where they are few enough to be read."""
    return axis.differences if len(axis.differences) <= _MOST_DIFFERENCES else ()


def _name(estimate: Estimate) -> str:
    return plain_name(estimate.name)


def _bounds(estimate: Estimate) -> str:
    if estimate.low is None or estimate.high is None:
        return "–"
    width = estimate.high - estimate.low
    return f"{figures(estimate.low, width)} to {figures(estimate.high, width)}"


def _value(estimate: Estimate) -> str:
    """Return the mean as exactly as its interval."""
    low, high = _ends(estimate)
    return figures(estimate.value, high - low)


def _ends(mean: Estimate) -> tuple[float, float]:
    low = mean.value if mean.low is None else mean.low
    return low, mean.value if mean.high is None else mean.high


def _row(mean: Estimate, origin: float, scale: float, colour: str) -> Markup:
    """Return the interval as a bar, and a mark where the mean is."""
    low, high = _ends(mean)
    before, centre, after = (
        round(scale * part) for part in (low - origin, mean.value - low, high - mean.value)
    )
    block = "display:inline-block;vertical-align:middle;height:{}px;width:{}px;background:{}"
    rest = max(0, _BAR_PX - before - centre - after) + 6
    lines = [
        tag("span", style=block.format(9, before, "none")) if before else "",
        tag("span", style=block.format(3, centre, colour)) if centre else "",
        tag("span", style=block.format(9, 4, colour)),
        tag("span", style=block.format(3, after, colour)) if after else "",
        tag("span", style=block.format(9, rest, "none")),
    ]
    cells = (markup.isolated(mean.name, 60), joined([*lines, markup.quiet(interval(mean))]))
    return tag("tr", *(tag("td", cell, align="left", style=_LOOKS) for cell in cells))
