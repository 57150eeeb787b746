"""A grid as plain data: one record an image."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.opinion import Rating
from nanobanana_nb.model.plan import Cell
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.places import cells_of

if TYPE_CHECKING:
    from pandas import DataFrame

    from nanobanana_nb.show.grid import ImageGrid

_PLAIN = (str, int, float, bool, type(None))


def records(grid: ImageGrid) -> list[dict[str, Any]]:
    """Return for each image its axis values, its parameters and what became of it, by name.

    Every record has the same names in the same order, None where there is nothing. An axis
    or a parameter that is called like one of the fixed names has `(axis)` or `(parameter)`
    behind it.
    """
    judged = zip(grid, grid.ratings(), strict=True)
    fixed = [{**_fixed(one), **rating.to_record()} for one, rating in judged]
    cells = cells_of(grid.generations, grid.plan)
    varied = [_varied(one, cell) for one, cell in zip(grid, cells, strict=True)]
    names = dict.fromkeys(name for one in varied for name in one)
    return [
        {**{name: own.get(name) for name in names}, **rest}
        for own, rest in zip(varied, fixed, strict=True)
    ]


def frame(grid: ImageGrid) -> DataFrame:
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
        "error": None if error is None else str(error),
        "charged": None if error is None or error.charged is None else str(error.charged),
    }


def _varied(one: Generation, cell: Cell | None) -> dict[str, Any]:
    values = {name: _datum(value) for name, value in cell.values} if cell else {}
    parameters = {name: _datum(value) for name, value in one.request.parameters}
    apart = {name: value for name, value in parameters.items() if name not in values}
    taken = {**_fixed(one), **dict.fromkeys(Rating().to_record())}
    return {**_named(values, taken, "axis"), **_named(apart, taken, "parameter")}


def _named(values: Mapping[str, Any], taken: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """Return the values without those that the fixed names tell already."""
    return {
        (f"{name} ({kind})" if name in taken else name): value
        for name, value in values.items()
        if name not in taken or taken[name] != value
    }


def _datum(value: Any) -> Any:
    """Return numbers, words and None as they are, an image by its name, the rest as words."""
    if isinstance(value, _PLAIN):
        return value
    return getattr(value, "name", "") or str(value)
