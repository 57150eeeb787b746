"""Where each image of a grid goes: rows and columns from the axes of its plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nanobanana_nb.model.plan import Plan
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.wording import cut

MOST_TILES = 60
MOST_COLUMNS = 8
Heading = tuple[str, ...]  # one or two lines, the second smaller
Row = tuple[Heading, tuple[tuple[int, ...], ...]]
Values = dict[str, str]


@dataclass(frozen=True)
class Layout:
    """Rows of cells; a cell holds the positions of its images in the grid, often one.

    `columns` are headings, or empty. `values` are the axis values of each image;
    `in_captions` says that no heading tells them. `hidden` images are not drawn.
    """

    columns: tuple[Heading, ...]
    rows: tuple[Row, ...]
    values: tuple[Values, ...]
    in_captions: bool = False
    hidden: int = 0
    width: int = 1


def values_of(generations: Sequence[Generation], plan: Plan | None) -> tuple[Values, ...]:
    """Return for each image its axis values as words, in the plan's order."""
    if plan is None or not plan.axes:
        return tuple({} for _ in generations)
    if len(plan.cells) == len(generations):
        return tuple(_words(cell.values) for cell in plan.cells)
    known = {cell.request.fingerprint(): _words(cell.values) for cell in plan.cells}
    return tuple(known.get(g.request.fingerprint(), {}) for g in generations)


def arrange(generations: Sequence[Generation], plan: Plan | None = None) -> Layout:
    """Return the layout of the first images, as many as fit an output."""
    shown = generations[:MOST_TILES]
    values = values_of(generations, plan)[: len(shown)]
    hidden = len(generations) - len(shown)
    repeats = [f"repeat {g.request.repeat}" for g in shown]
    found = _one_axis(values, repeats) or _two_axes(values, repeats)
    if found:
        return Layout(*found, values, hidden=hidden, width=len(found[0]))
    if len(set(repeats)) > 1 and any(values):
        values = tuple({**v, "repeat": r} for v, r in zip(values, repeats, strict=True))
    rows, width = _list(len(shown))
    return Layout((), rows, values, in_captions=True, hidden=hidden, width=width)


def _words(values: Sequence[tuple[str, Any]]) -> Values:
    return {name: cut(value, 200) for name, value in values}


def _distinct(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


def _one_axis(
    values: Sequence[Values], repeats: Sequence[str]
) -> tuple[tuple[Heading, ...], tuple[Row, ...]] | None:
    """Lay the values of one axis in columns, or in rows where they are many."""
    if not values or any(len(v) != 1 for v in values):
        return None
    along = [next(iter(v.values())) for v in values]
    again = repeats if len(set(repeats)) > 1 else [""] * len(repeats)
    if len(set(along)) <= MOST_COLUMNS:
        return _table([(r,) if r else () for r in again], [(a,) for a in along])
    if 1 < len(set(again)) <= MOST_COLUMNS:
        return _table([(a,) for a in along], [(r,) for r in again])
    return None


def _two_axes(
    values: Sequence[Values], repeats: Sequence[str]
) -> tuple[tuple[Heading, ...], tuple[Row, ...]] | None:
    """Lay the first axis in rows and the second in columns, repeats beside each other."""
    if not values or any(len(v) != 2 for v in values):
        return None
    first, second = zip(*(v.values() for v in values), strict=True)
    if len(set(second)) > MOST_COLUMNS:
        first, second = second, first
    if len(set(second)) > MOST_COLUMNS:
        return None
    times = len(set(repeats))
    rows: list[Heading] = [(a,) for a in first]
    if times > 1 and times * len(set(second)) <= MOST_COLUMNS:
        return _table(rows, list(zip(second, repeats, strict=True)))
    return _table(rows, [(b,) for b in second])


def _table(
    down: Sequence[Heading], across: Sequence[Heading]
) -> tuple[tuple[Heading, ...], tuple[Row, ...]]:
    columns, lines = tuple(dict.fromkeys(across)), dict.fromkeys(down)
    cells: dict[tuple[Heading, Heading], list[int]] = {}
    for position, place in enumerate(zip(down, across, strict=True)):
        cells.setdefault(place, []).append(position)
    rows = tuple((r, tuple(tuple(cells.get((r, c), ())) for c in columns)) for r in lines)
    return columns, rows


def _list(count: int) -> tuple[tuple[Row, ...], int]:
    """Return rows of at most four, of six where there are very many."""
    width = min(count, 4 if count <= 24 else 6) or 1
    starts = range(0, count, width)
    rows = tuple(((), tuple((i,) for i in range(s, min(s + width, count)))) for s in starts)
    return rows, width
