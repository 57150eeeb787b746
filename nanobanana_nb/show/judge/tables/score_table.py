"""A table with the scores of a grid: which column has them, and which image a row is for."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.score import is_blank
from nanobanana_nb.show.arrange.columns import error_column
from nanobanana_nb.show.arrange.data import GridData, scores_by_name
from nanobanana_nb.show.html.wording import cut
from nanobanana_nb.show.judge.tables.axis_labels import AxisLabels
from nanobanana_nb.show.judge.tables.image_labels import (
    ID,
    NUMBER,
    TRUST,
    WAYS,
    ImageLabels,
    numbers_at,
)

_BLANK = frozenset(("", "-", "–", "—", "na", "n/a", "nan", "none", "null"))
_TRUTH = {"true": 1.0, "false": 0.0}
_FIGURES = re.compile(r"[^\w]*\d[\d\W]*")  # 80%, 1.234,5: meant as a number
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,(\d+)$")


@dataclass(frozen=True)
class Row:
    """One row; `where` it stands is for errors. The names of its cells are on one line."""

    where: str
    cells: dict[str, Any]


def scores_of_rows(
    title: str,
    rows: Sequence[Row],
    name: str | None,
    grid: GridData,
    own_columns: Collection[str],
    *,
    in_order: bool = True,
) -> tuple[str, Any]:
    """Return the name of a score, and its values by the images that the rows name.

    Images are named by any column that does: by what they are, their task or file, their number,
    or by the values of their axes together.

    Args:
        title: what the table is called.
        name: of the column that has the score, where there are several.
        own_columns: what a table of this grid has anyway, besides its scores.
        in_order: whether a column that stands alone goes by the order.

    Raises:
        InputError: it does not say what is the score of which image.
    """
    headers = list(dict.fromkeys(header for row in rows for header in row.cells))
    labels = _Labels(grid, rows, [header for header in headers if header != name])
    others = [header for header in headers if header not in labels.headers]
    column = _column(title, rows, others, name, {*own_columns}, {*scores_by_name(grid)})
    error = error_column(column)
    known = [row for row in rows if not _has_failed(row.cells, column, error)]
    values = [_number(row.cells.get(column), f"{title}, {row.where}") for row in known]
    if headers == [column] and in_order:
        return name or column, values
    return name or column, labels.numbers(title, known, values)


def _has_failed(cells: dict[str, Any], column: str, error: str) -> bool:
    """Whether a function had no number, which is no person's wish to take one away."""
    return _is_blank(cells.get(column)) and not _is_blank(cells.get(error))


class _Labels:
    """What in a table says which image a row is for."""

    def __init__(self, grid: GridData, rows: Sequence[Row], headers: Sequence[str]) -> None:
        self._labels = ImageLabels(grid.generations)
        self._axes = AxisLabels(grid, headers)
        kinds = {header: self._labels.kind(header, _filled(rows, header)) for header in headers}
        self._kinds = {header: kind for header, kind in kinds.items() if kind}
        self.headers = {*self._kinds, *self._axes.names}

    def numbers(
        self, title: str, rows: Sequence[Row], values: Sequence[float | None]
    ) -> dict[int, float | None]:
        """Return the values by what the rows name the most surely.

        Raises:
            InputError: they name nothing, or an image twice.
        """
        best = min(self._kinds.items(), key=lambda item: TRUST.index(item[1]), default=("", ""))
        cells = [row.cells for row in rows]
        if self._axes.names and (not best[1] or best[1] in (NUMBER, ID)):
            places = [self._axes.place(row) for row in cells]
            if None not in places or not best[1]:
                return self._axes.numbers(cells, values)
        if not best[1]:
            what = f"{cut(title, 60)} does not say which image a row is for"
            raise InputError(what, action=f"{WAYS} Name the column of numbers `number`.")
        pairs = [(row.get(best[0]), value) for row, value in zip(cells, values, strict=True)]
        named = [(label, value) for label, value in pairs if not _is_blank(label)]
        names = [label for label, _ in named]
        places = self._labels.places(best[1], names)
        return numbers_at(places, [value for _, value in named], names)


def _column(
    title: str,
    rows: Sequence[Row],
    others: Sequence[str],
    name: str | None,
    own_columns: Collection[str],
    own_scores: Collection[str],
) -> str:
    """Return the column with the score: the one of this name, or the only one there is.

    A column of ours is another score than the one that a name asks for.

    Raises:
        InputError: the name is of none, or there are several.
    """
    if name is not None and name in others:
        return name
    columns = _number_columns(rows, [h for h in others if h not in own_columns])
    foreign = [column for column in columns if column not in own_scores]
    usual = foreign or columns
    if (len(usual) == 1 and name is None) or len(foreign) == len(others) == 1:
        return usual[0]
    listed = ", ".join(cut(column, 40) for column in columns[-12:])
    what = f"{cut(title, 60)} has no column {cut(name, 60)}"
    if name is None:
        what = f"{cut(title, 60)} does not say which column has the score"
    action = f"Say name= with one of its columns of numbers: {listed}." if columns else ""
    why = "" if columns else "it has no column of numbers of its own"
    raise InputError(what, why=why, action=action)


def _number_columns(rows: Sequence[Row], headers: Sequence[str]) -> list[str]:
    """Return the columns with a number; where none has one, those with what is meant as one."""
    cells = {header: _filled(rows, header) for header in headers}
    columns = [h for h in headers if any(map(_is_number, cells[h]))]
    figures = [h for h in headers if any(_FIGURES.fullmatch(str(cell)) for cell in cells[h])]
    return columns or figures


def _filled(rows: Sequence[Row], header: str) -> list[Any]:
    return [cell for row in rows if not _is_blank(cell := row.cells.get(header))]


def _is_number(cell: Any) -> bool:
    try:
        return _number(cell, "") is not None
    except InputError:
        return False


def _is_blank(cell: Any) -> bool:
    return is_blank(cell) or (isinstance(cell, str) and cell.strip().lower() in _BLANK)


def _number(cell: Any, where: str) -> float | None:
    """Return the number that a cell writes.

    Raises:
        InputError: it writes none.
    """
    if _is_blank(cell):
        return None
    text = str(cell).strip()
    comma = _DECIMAL_COMMA.match(text)
    if comma and len(comma[1]) != 3:  # three digits may be thousands
        text = text.replace(",", ".")
    try:
        return _TRUTH[text.lower()] if text.lower() in _TRUTH else float(text)
    except ValueError:
        raise InputError(
            "A score is a number",
            why=f"{where}: {cut(repr(cell), 40)} is none",
            action="A field is empty where there is none.",
        ) from None
