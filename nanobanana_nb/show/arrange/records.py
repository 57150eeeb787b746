"""A grid as plain data: one record an image."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.plan.record import Cell
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.arrange.columns import Rows, columns, names_of, told_by
from nanobanana_nb.show.arrange.data import GridData
from nanobanana_nb.show.arrange.positions import cells_of

if TYPE_CHECKING:
    from pandas import DataFrame


_ASKED = ("model", "prompt", "repeat")  # the fixed names that may vary by an axis of their own
_PLAIN = (str, int, float, bool, type(None))


def records(grid: GridData) -> list[dict[str, Any]]:
    """Return for each image its axis values, its parameters and what became of it, by name.

    Every record has the same names in the same order, None where there is nothing. An axis
    or a parameter that is called like one of the fixed names has ` (axis)` or ` (parameter)`
    behind it, as in `state (axis)`.
    """
    judged = zip(grid, grid.ratings(), strict=True)
    fixed = [{**_fixed(one), **rating.to_record()} for one, rating in judged]
    values = [_values(cell) for cell in cells_of(grid.generations, grid.plan)]
    parameters = [_plain(one.request.parameters) for one in grid]
    asked = [{name: row[name] for name in _ASKED} for row in fixed]
    axes = _columns(values, "axis", asked, names_of(fixed))
    other = _columns(parameters, "parameter", values, names_of(fixed), axes.values())
    return [
        {**_named(axes, own), **_named(other, given), **rest}
        for own, given, rest in zip(values, parameters, fixed, strict=True)
    ]


def frame(grid: GridData) -> DataFrame:
    """Return the records as a table of pandas.

    Raises:
        InputError: pandas is not installed.
    """
    try:
        import pandas
    except ImportError as error:
        raise InputError(
            "A table needs pandas, which is not installed",
            action="`%pip install pandas`, or use `grid.to_records()`, which needs nothing.",
        ) from error
    return pandas.DataFrame.from_records(records(grid))


def _fixed(one: Generation) -> dict[str, Any]:
    error = one.error
    return {
        "model": one.request.model,
        "prompt": one.request.prompt,
        "images": len(one.request.images),
        "repeat": one.request.repeat,
        "state": str(one.state),
        "credits": one.credits,
        "seconds": one.seconds,
        "cached": one.cached,
        "path": None if one.path is None else str(one.path),
        "task_id": one.task_id,
        "width": one.width,
        "height": one.height,
        "differences": "; ".join(one.differences) or None,
        "error": None if error is None else error.message,
        "charged": None if error is None or error.charged is None else str(error.charged),
    }


def _values(cell: Cell | None) -> dict[str, Any]:
    return _plain(cell.values) if cell else {}


def _plain(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    return {name: _datum(value) for name, value in pairs}


def _columns(rows: Rows, kind: str, others: Rows, *taken: Iterable[str]) -> dict[str, str]:
    """Return the columns of what `others` do not tell already."""
    apart = [name for name in names_of(rows) if not told_by(name, rows, others)]
    return columns(apart, kind, chain(*taken))


def _named(own: Mapping[str, str], values: Mapping[str, Any]) -> dict[str, Any]:
    return {column: values.get(name) for name, column in own.items()}


def _datum(value: Any) -> Any:
    """Return numbers, words and None as they are, an image by its name, the rest as words."""
    if isinstance(value, _PLAIN):
        return value
    return getattr(value, "name", "") or str(value)
