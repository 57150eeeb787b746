"""What a grid says about chance, as a sentence, as a table and as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from nanobanana_nb.show.html import markup, wording
from nanobanana_nb.show.html.markup import joined, tag
from nanobanana_nb.show.html.plain_table import table_html
from nanobanana_nb.show.html.text import table_text
from nanobanana_nb.show.judge import effect_table
from nanobanana_nb.show.judge.chance_record import ChanceRecord
from nanobanana_nb.stats.verdict import LEVEL, USUAL, AxisChance, Verdict

if TYPE_CHECKING:
    from nanobanana_nb.stats.spread import Mean

_BAR_PX = 180
_HEADERS = ("axis", "conclusion", "p")
_METHOD = (
    "Mean distance ± standard error, in what the axis moves most; of colours 0 is the same and 1"
    " black against white, of shapes 1 is no edge in common. within: repeats of the same; between:"
    " images that differ in this axis only."
)
_TEST = f"p: PERMANOVA, corrected for the number of axes; effect: p ≤ {LEVEL:.0%}."


def clauses(chance: ChanceRecord) -> list[str]:
    """Return what may be concluded, one clause for each axis where they differ."""
    if not chance.axes:
        return [_repeats_only(chance)]
    if chance.within is None:
        return [_one_each(chance)]
    return [_clause(axis, chance) for axis in chance.axes]


def chance_text(chance: ChanceRecord) -> str:
    """Return the numbers of each axis in columns, and the sentence under them."""
    sentences = "\n".join([*clauses(chance), _image_counts(chance)])
    if not chance.axes:
        return wording.code_free(sentences)
    if chance.score:
        rows = [row for axis in chance.axes for row in effect_table.text_rows(axis, p_text(axis))]
        return table_text(("axis", "value", "mean", "95 %", "images", "p"), rows, sentences)
    lines = [
        (_name(axis), _number(axis.within), _number(axis.between), p_text(axis), _conclusion(axis))
        for axis in chance.axes
    ]
    return table_text(("axis", "within", "between", "p", "conclusion"), lines, sentences)


def chance_html(chance: ChanceRecord) -> str:
    """Return the sentence, and under it for each axis two bars: within and between."""
    sentences = joined(tag("div", markup.with_code(clause)) for clause in clauses(chance))
    method = effect_table.METHOD if chance.score else f"{_METHOD} {_TEST}"
    method = method if chance.axes else ""
    below = [tag("div", markup.quiet(line)) for line in (_image_counts(chance), method) if line]
    if not chance.axes:
        return tag("div", sentences, *below)
    rows = [
        (tag("b", markup.isolated(a.name, 60)), _conclusion(a), p_text(a), _bars(a, chance))
        for a in chance.axes
    ]
    last = f"mean {_plain(chance.score)}" if chance.score else "distance of images"
    return tag("div", sentences, table_html((*_HEADERS, wording.cut(last, 70)), rows), *below)


def chance_records(chance: ChanceRecord) -> list[dict[str, Any]]:
    """Return a row for each axis, of a score one for each mean and each difference."""
    if chance.score:
        return [row for axis in chance.axes for row in effect_table.records(axis)]
    return [
        {
            "axis": axis.name,
            "within": axis.within and axis.within.value,
            "between": axis.between and axis.between.value,
            "p": axis.p,
            "conclusion": str(axis.verdict),
            "measure": axis.measure,
        }
        for axis in chance.axes
    ]


def p_text(axis: AxisChance) -> str:
    """Return p with two digits, or a dash where nothing was tested."""
    return "–" if axis.p is None else f"{axis.p:.2g}"


def _conclusion(axis: AxisChance) -> str:
    return (
        f"{axis.verdict} in {_plain(axis.measure)}"
        if axis.verdict is Verdict.EFFECT
        else axis.verdict
    )


def _clause(axis: AxisChance, chance: ChanceRecord) -> str:
    name = _name(axis)
    if axis.verdict is Verdict.EFFECT and axis.means:
        return f"{name} moves {_plain(axis.measure)}: {effect_table.words(axis)}."
    if axis.verdict is Verdict.EFFECT:
        most = "most clearly in" if len(chance.measures) > 1 else "in"
        return f"{name} changes images more than chance does, {most} {axis.measure}."
    if axis.between is None:
        return f"{name}: cannot tell, no two images differ in it alone."
    if axis.needs:
        return f"{name}: so few images tell nothing. {_advice(axis.needs, chance.variable)}"
    return f"{name}: in {_listed(chance.measures)} cannot tell from chance."


def _listed(measures: Sequence[str]) -> str:
    """Return `colours, layout and shapes` for `colours and layout` and `shapes`."""
    *first, last = " and ".join(map(_plain, measures)).split(" and ")
    return f"{', '.join(first)} and {last}" if first else last


def _one_each(chance: ChanceRecord) -> str:
    names = ", ".join(map(_name, chance.axes))
    why = "without repeats nothing shows how far images differ by chance."
    needs = max(axis.needs for axis in chance.axes)
    return f"{names}: {Verdict.ONE_EACH}, {why} {_advice(needs, chance.variable)}".rstrip()


def _advice(needs: int, variable: str) -> str:
    if not needs:
        return ""
    count = max(USUAL, needs)
    way = f": `{variable}.repeat({count})`" if variable else ""
    return f"With {count} images of each combination it could be told{way}."


def _repeats_only(chance: ChanceRecord) -> str:
    if chance.score:
        return f"No axis has two values with {_plain(chance.score)}: nothing to compare."
    if chance.within is None:
        return "No axis has two values with images, and nothing was repeated: nothing to compare."
    return f"By chance alone images differ by {chance.within}; no axis has two values with images."


def _image_counts(chance: ChanceRecord) -> str:
    left = f"{chance.left_out} left out" if chance.left_out else ""
    return wording.DOT.join(filter(None, (wording.counted(chance.images, "image"), left)))


def _name(axis: AxisChance) -> str:
    return _plain(axis.name)


def _plain(name: str) -> str:
    """Return what a person calls something as a part of a sentence of ours."""
    return wording.cut(name, 60).replace("`", "'")


def _number(mean: Mean | None) -> str:
    return "–" if mean is None else str(mean)


def _bars(axis: AxisChance, chance: ChanceRecord) -> Markup:
    colour = markup.GREEN if axis.verdict is Verdict.EFFECT else markup.AMBER
    if axis.means:
        return effect_table.bars(axis, chance.axes, colour)
    means = [mean for other in chance.axes for mean in (other.within, other.between)]
    most = max((mean.value for mean in means if mean is not None), default=0.0)
    drawn = (("within", axis.within, markup.GREY), ("between", axis.between, colour))
    rows = [_bar(word, mean, colour, most) for word, mean, colour in drawn]
    return tag("table", *rows, border=0, cellpadding=2, style=markup.TABLE)


def _bar(word: str, mean: Mean | None, colour: str, most: float) -> Markup:
    looks = "border:none;background:none;padding:1px 6px 1px 0;text-align:left;white-space:nowrap"
    long = round(_BAR_PX * mean.value / most) if mean and most else 0
    line = f"display:inline-block;vertical-align:middle;width:{long}px;height:9px"
    line += f";background:{colour};margin-right:6px"
    bar = tag("span", style=line) if long else Markup("")
    cells = (markup.quiet(word), joined([bar, _number(mean)]))
    return tag("tr", *(tag("td", cell, align="left", style=looks) for cell in cells))
