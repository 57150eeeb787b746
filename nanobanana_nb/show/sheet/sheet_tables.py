"""The tables of a contact sheet file: rows, columns, and a table for each of the other axes."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from nanobanana_nb.show.arrange.positions import REPEAT
from nanobanana_nb.show.export.axis_headings import AxisHeadings
from nanobanana_nb.show.export.content import Content, Entry

MOST_WIDE = 10
Line = tuple[str, tuple[tuple[Entry, ...], ...]]


@dataclass(frozen=True)
class Table:
    """Lines of cells below each other, a heading over each column and before each line.

    A cell holds the images of one place: several where it was asked for again. A list has no
    headings; `titled` says that each image needs its values in its legend.
    """

    title: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    titled: bool = False

    @property
    def times(self) -> int:
        """The most images that one cell holds."""
        return max((len(cell) for _, cells in self.lines for cell in cells), default=1) or 1


def tables_of(content: Content) -> list[Table]:
    """Return the tables; images that the plan does not know come last, as a list."""
    down, across = content.view
    if down is None and across is None:
        return [_list("", content.entries)]
    rows, columns = _axis(content, down), _axis(content, across)
    rest = [a for a in content.axes if a not in (rows, columns) and a.name.strip() != REPEAT]
    points = itertools.product(*(axis.labels for axis in rest))
    tables = [_table(content, rows, columns, rest, point) for point in points]
    lost = [entry for entry in content.entries if entry.point is None]
    return [t for t in tables if t is not None] + ([_list("Others", lost)] if lost else [])


def _axis(content: Content, name: str | None) -> AxisHeadings | None:
    return next((axis for axis in content.axes if axis.name == name), None)


def _table(
    content: Content,
    rows: AxisHeadings | None,
    columns: AxisHeadings | None,
    rest: Sequence[AxisHeadings],
    point: Sequence[str],
) -> Table | None:
    """Return the table of one combination of the axes that are neither rows nor columns."""
    fixed = {axis.name: label for axis, label in zip(rest, point, strict=True)}
    here = [e for e in content.entries if e.point and fixed.items() <= e.values.items()]
    if not here:
        return None
    down, across = (axis.labels if axis else ("",) for axis in (rows, columns))
    lines = tuple((r, tuple(_cell(here, ((rows, r), (columns, c))) for c in across)) for r in down)
    title = "   ".join(f"{name}: {label}" for name, label in fixed.items())
    return Table(title, across, lines)


def _cell(
    here: Sequence[Entry], place: Sequence[tuple[AxisHeadings | None, str]]
) -> tuple[Entry, ...]:
    values = {axis.name: label for axis, label in place if axis is not None}
    return tuple(entry for entry in here if values.items() <= entry.values.items())


def _list(title: str, entries: Sequence[Entry]) -> Table:
    """Return a list in so few columns that its legends can be read on a screen."""
    count = len(entries)
    width = min(count, 4) if count <= 12 else min(MOST_WIDE, math.ceil(math.sqrt(1.2 * count)))
    starts = range(0, len(entries), width)
    lines = tuple(("", tuple((e,) for e in entries[s : s + width])) for s in starts)
    return Table(title, (), lines, titled=True)
