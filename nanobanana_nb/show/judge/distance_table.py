"""What an axis does to how far images lie apart, as words, as bars and as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from nanobanana_nb.show.html import markup
from nanobanana_nb.show.html.markup import joined, tag
from nanobanana_nb.show.judge.axis_words import conclusion, conclusion_in, p_text, plain_name
from nanobanana_nb.show.judge.chance_record import ChanceRecord
from nanobanana_nb.stats.verdict import LEVEL, AxisChance

if TYPE_CHECKING:
    from nanobanana_nb.stats.spread import Mean

HEADERS: tuple[str, ...] = ("axis", "within", "between", "p", "conclusion")
METHOD = (
    "Mean distance ± standard error, in what the axis moves most; of colours 0 is the same and 1"
    " black against white, of shapes 1 is no edge in common. within: repeats of the same; between:"
    " images that differ in this axis only. p: PERMANOVA, corrected for the number of axes; effect:"
    f" p ≤ {LEVEL:.0%}."
)
_BAR_PX = 180


def heading(chance: ChanceRecord) -> str:
    """Return what the bars show."""
    return "distance of images"


def effect(axis: AxisChance, chance: ChanceRecord) -> str:
    """Return what the axis does, in a sentence."""
    most = "most clearly in" if len(chance.measures) > 1 else "in"
    name = plain_name(axis.name)
    return f"{name} changes images more than chance does, {most} {axis.measure}."


def repeats_only(chance: ChanceRecord) -> str:
    """Return what repeats alone say."""
    if chance.within is None:
        return "No axis has two values with images, and nothing was repeated: nothing to compare."
    return f"By chance alone images differ by {chance.within}; no axis has two values with images."


def text_rows(axis: AxisChance) -> list[tuple[str, ...]]:
    """Return the line of an axis: its name, within, between, p, and the conclusion."""
    means = (_number(axis.within), _number(axis.between))
    return [(plain_name(axis.name), *means, p_text(axis), conclusion_in(axis))]


def records(axis: AxisChance) -> list[dict[str, Any]]:
    """Return the row of an axis."""
    return [
        {
            "axis": axis.name,
            "within": axis.within and axis.within.value,
            "between": axis.between and axis.between.value,
            "p": axis.p,
            "conclusion": conclusion(axis),
            "measure": axis.measure,
        }
    ]


def bars(axis: AxisChance, chance: ChanceRecord, colour: str) -> Markup:
    """Return a bar for what lies within and one for what lies between."""
    means = [mean for other in chance.axes for mean in (other.within, other.between)]
    most = max((mean.value for mean in means if mean is not None), default=0.0)
    drawn = (("within", axis.within, markup.GREY), ("between", axis.between, colour))
    rows = [_bar(word, mean, colour, most) for word, mean, colour in drawn]
    return tag("table", *rows, border=0, cellpadding=2, style=markup.TABLE)


def _number(mean: Mean | None) -> str:
    return "–" if mean is None else str(mean)


def _bar(word: str, mean: Mean | None, colour: str, most: float) -> Markup:
    looks = "border:none;background:none;padding:1px 6px 1px 0;text-align:left;white-space:nowrap"
    long = round(_BAR_PX * mean.value / most) if mean and most else 0
    line = f"display:inline-block;vertical-align:middle;width:{long}px;height:9px"
    line += f";background:{colour};margin-right:6px"
    bar = tag("span", style=line) if long else Markup("")
    cells = (markup.quiet(word), joined([bar, _number(mean)]))
    return tag("tr", *(tag("td", cell, align="left", style=looks) for cell in cells))
