"""A grid as plain data: one record an image."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.arrange.columns import Rows, columns, is_covered, names_of
from nanobanana_nb.show.arrange.data import GridData
from nanobanana_nb.show.arrange.positions import cells_of
from nanobanana_nb.show.html.wording import state_word

if TYPE_CHECKING:
    from pandas import DataFrame


_REQUEST_COLUMNS = (
    "model",
    "prompt",
    "repeat",
)  # the fixed names that may vary by an axis of their own
IMAGES = "nanobanana_nb images"  # in a table: what its rows are, which a column of it still tells
_PLAIN = (str, int, float, bool, type(None))


def records(grid: GridData) -> list[dict[str, Any]]:
    """Return for each image its axis values, its parameters and what became of it, by name.

    Every record has the same names in the same order, None where there is nothing; the scores come
    last. An axis, a parameter or a score that is called like another name has ` (axis)`,
    ` (parameter)` or ` (score)` behind it, as in `state (axis)`.
    """
    pairs = zip(grid, grid.ratings(), strict=True)
    fixed = [{**_fixed_columns(image), **rating.to_record()} for image, rating in pairs]
    cells = cells_of(grid.generations, grid.plan)
    values = [_plain(cell.values if cell else ()) for cell in cells]
    parameters = [_plain(image.request.parameters) for image in grid]
    request_columns = [{name: row[name] for name in _REQUEST_COLUMNS} for row in fixed]
    axes = _columns(values, "axis", request_columns, names_of(fixed))
    other = _columns(parameters, "parameter", values, names_of(fixed), axes.values())
    rows = [
        {**_by_column(axes, axis_values), **_by_column(other, settings), **rest}
        for axis_values, settings, rest in zip(values, parameters, fixed, strict=True)
    ]
    return _with_scores(rows, grid.scores())


def _with_scores(rows: Rows, scores: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    names = columns(scores, "score", names_of(rows))
    return [
        {**row, **{column: scores[name][n] for name, column in names.items()}}
        for n, row in enumerate(rows)
    ]


def frame(grid: GridData) -> DataFrame:
    """Return the records as a table of pandas.

    Raises:
        InputError: pandas is not installed.
    """
    table = data_frame(records(grid))
    table.attrs[IMAGES] = [image.sha256 or "" for image in grid]
    if names := _row_names(grid):
        table.index = names
    return table


def _row_names(grid: GridData) -> list[Any]:
    """Return what the rows are called that the images were made from; nothing without a table."""
    axes = grid.plan.axes if grid.plan else ()
    named = [(n, axis.index) for n, axis in enumerate(axes) if axis.index]
    cells = cells_of(grid.generations, grid.plan)
    return [index[cell.point[n]] if cell else None for n, index in named[:1] for cell in cells]


def data_frame(rows: Sequence[Mapping[str, Any]]) -> DataFrame:
    """Return rows, which have the same names, as a table of pandas.

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
    return pandas.DataFrame.from_records(rows)


def _fixed_columns(image: Generation) -> dict[str, Any]:
    error = image.error
    return {
        "model": image.request.model,
        "prompt": image.request.prompt,
        "images": len(image.request.images),
        "repeat": image.request.repeat,
        "state": state_word(image),
        "credits": image.credits,
        "seconds": image.seconds,
        "cached": image.cached,
        "path": None if image.path is None else str(image.path),
        "task_id": image.task_id,
        "width": image.width,
        "height": image.height,
        "differences": "; ".join(image.differences) or None,
        "error": None if error is None else error.message,
        "charged": None if error is None or error.charged is None else str(error.charged),
    }


def _plain(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Return numbers, words and None as they are, an image by its name, the rest as words."""
    return {
        name: value if isinstance(value, _PLAIN) else getattr(value, "name", "") or str(value)
        for name, value in pairs
    }


def _columns(rows: Rows, kind: str, others: Rows, *taken: Iterable[str]) -> dict[str, str]:
    """Return the columns of what `others` do not tell already."""
    columns_left = [name for name in names_of(rows) if not is_covered(name, rows, others)]
    return columns(columns_left, kind, chain(*taken))


def _by_column(names: Mapping[str, str], values: Mapping[str, Any]) -> dict[str, Any]:
    return {column: values.get(name) for name, column in names.items()}
