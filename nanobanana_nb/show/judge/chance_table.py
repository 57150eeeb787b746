"""What a grid says about chance, as a sentence, as a table and as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from markupsafe import Markup

from nanobanana_nb.show.html import markup, wording
from nanobanana_nb.show.html.markup import joined, tag
from nanobanana_nb.show.html.plain_table import table_html
from nanobanana_nb.show.html.text import table_text
from nanobanana_nb.show.judge import distance_table, effect_table
from nanobanana_nb.show.judge.axis_words import advice, conclusion_in, p_text, plain_name
from nanobanana_nb.show.judge.chance_record import ChanceRecord
from nanobanana_nb.show.judge.measures import DISTANCE, FEATURES
from nanobanana_nb.stats.verdict import AxisChance, Verdict


class _Form(Protocol):
    """How an axis is shown, by what was measured: a module."""

    HEADERS: tuple[str, ...]
    METHOD: str

    def heading(self, chance: ChanceRecord, /) -> str: ...

    def effect(self, axis: AxisChance, chance: ChanceRecord, /) -> str: ...

    def repeats_only(self, chance: ChanceRecord, /) -> str: ...

    def text_rows(self, axis: AxisChance, /) -> list[tuple[str, ...]]: ...

    def bars(self, axis: AxisChance, chance: ChanceRecord, colour: str, /) -> Markup: ...

    def records(self, axis: AxisChance, /) -> list[dict[str, Any]]: ...


def clauses(chance: ChanceRecord) -> list[str]:
    """Return what may be concluded, one clause for each axis where they differ."""
    if not chance.axes:
        return [_form(chance).repeats_only(chance)]
    if chance.is_constant:
        return [_constant(chance)]
    if chance.within is None:
        return [_one_each(chance)]
    return [_clause(axis, chance) for axis in chance.axes]


def chance_text(chance: ChanceRecord) -> str:
    """Return the numbers of each axis in columns, and the sentence under them."""
    sentences = "\n".join([*clauses(chance), _image_counts(chance)])
    if not chance.axes:
        return wording.code_free(sentences)
    form = _form(chance)
    rows = [row for axis in chance.axes for row in form.text_rows(axis)]
    return table_text(form.HEADERS, rows, sentences)


def chance_html(chance: ChanceRecord) -> str:
    """Return the sentence, and under it the conclusion, p and bars of each axis."""
    sentences = joined(tag("div", markup.with_code(clause)) for clause in clauses(chance))
    form = _form(chance)
    method = form.METHOD if chance.axes else ""
    below = [tag("div", markup.quiet(line)) for line in (_image_counts(chance), method) if line]
    if not chance.axes:
        return tag("div", sentences, *below)
    rows = [_html_row(axis, form.bars(axis, chance, _colour(axis))) for axis in chance.axes]
    heads = ("axis", "conclusion", "p", wording.cut(form.heading(chance), 70))
    return tag("div", sentences, table_html(heads, rows), *below)


def chance_records(chance: ChanceRecord) -> list[dict[str, Any]]:
    """Return a row for each axis, of a score one for each mean and each difference."""
    return [row for axis in chance.axes for row in _form(chance).records(axis)]


def _form(chance: ChanceRecord) -> _Form:
    """Return what shows the axes: of a score by means, of pictures by distances."""
    if chance.score:
        return effect_table
    return distance_table


def _html_row(axis: AxisChance, bars: Markup) -> tuple[Markup | str, ...]:
    return (tag("b", markup.isolated(axis.name, 60)), conclusion_in(axis), p_text(axis), bars)


def _colour(axis: AxisChance) -> str:
    return markup.GREEN if axis.verdict is Verdict.EFFECT else markup.AMBER


def _clause(axis: AxisChance, chance: ChanceRecord) -> str:
    name = plain_name(axis.name)
    if axis.verdict in (Verdict.EFFECT, Verdict.MEAN_OR_SPREAD):
        return _form(chance).effect(axis, chance)
    if axis.between is None:
        return f"{name}: cannot tell, no two images differ in it alone."
    if axis.needs:
        return f"{name}: too few images for a test at 5 %. {advice(axis, chance)}"
    return f"{name}: in {_listed(chance.measures)} cannot tell from chance."


def _listed(measures: Sequence[str]) -> str:
    """Return `colours, layout and shapes` for `colours and layout` and `shapes`."""
    *first, last = " and ".join(map(plain_name, measures)).split(" and ")
    return f"{', '.join(first)} and {last}" if first else last


def _constant(chance: ChanceRecord) -> str:
    """Return that nothing varies, which more images would not change."""
    if chance.score or set(chance.measures) & {FEATURES, DISTANCE}:
        return f"{_listed(chance.measures)}: all images have the same number."
    return f"All images are the same in {_listed(chance.measures)}."


def _one_each(chance: ChanceRecord) -> str:
    names = ", ".join(plain_name(axis.name) for axis in chance.axes)
    one = Verdict.CANNOT_TELL if chance.gaps.asked > 1 else Verdict.ONE_EACH
    why = "without repeats nothing shows how far images differ by chance."
    neediest = max(chance.axes, key=lambda axis: axis.needs)
    return f"{names}: {one}, {why} {advice(neediest, chance)}".rstrip()


def _image_counts(chance: ChanceRecord) -> str:
    left = f"{chance.left_out} left out" if chance.left_out else ""
    if chance.reasons:
        left += f": {plain_name(chance.reasons[0])}"
    return wording.DOT.join(filter(None, (wording.counted(chance.images, "image"), left)))
