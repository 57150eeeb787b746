"""A grid as plain data: one record an image."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.opinion import Rating
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.arrange.columns import (
    FACTS,
    NUMBER,
    NUMBER_IN_LIST,
    Rows,
    columns,
    is_covered,
    names_of,
    number_column,
    rating_columns,
    score_columns,
    vote_columns,
)
from nanobanana_nb.show.arrange.data import GridData, scores_by_name
from nanobanana_nb.show.arrange.positions import cells_of
from nanobanana_nb.show.html.wording import state_word
from nanobanana_nb.show.judge.vote_numbers import image_standings

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

    Every record has the same names in the same order, None where there is nothing. Where people
    voted there are `would win` and `votes`; the scores come last, `sharpness error` beside
    `sharpness` where some failed. An axis, a parameter or a score that is called like another name
    has ` (axis)`, ` (parameter)` or ` (score)` behind it, as in `state (axis)`.
    """
    rows = unscored_records(grid)
    table = score_columns(scores_by_name(grid), names_of(rows))
    return [{**row, **{name: table[name][n] for name in table}} for n, row in enumerate(rows)]


def unscored_records(grid: GridData) -> list[dict[str, Any]]:
    """Return the records without their scores."""
    pairs = zip(grid, grid.ratings(), strict=True)
    fixed = [_fixed_columns(image, rating) for image, rating in pairs]
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
    votes = vote_columns(image_standings(grid), names_of(rows))
    return [{**row, **{name: votes[name][n] for name in votes}} for n, row in enumerate(rows)]


def frame(grid: GridData, *, thumbnails: bool = False) -> DataFrame:
    """Return the records as a table of pandas, with pictures in front if they are asked for.

    Raises:
        InputError: pandas is not installed.
    """
    hashes = [image.sha256 or "" for image in grid]
    table = with_images(data_frame(records(grid)), hashes, number_column(grid.view))
    if names := _row_names(grid):
        table.index = names
    if thumbnails:
        from nanobanana_nb.show.picture_frame import with_pictures

        return with_pictures(table, grid.generations)
    return table


def _row_names(grid: GridData) -> list[Any]:
    """Return what the rows are called that the images were made from; nothing without a table."""
    axes = grid.plan.axes if grid.plan else ()
    named = [(n, axis.index) for n, axis in enumerate(axes) if axis.index]
    cells = cells_of(grid.generations, grid.plan)
    return [index[cell.point[n]] if cell else None for n, index in named[:1] for cell in cells]


def with_images(table: DataFrame, hashes: Sequence[str], index: str) -> DataFrame:
    """Return a table that knows what its rows are, however they are sorted or shortened.

    A new index, as `reset_index` and `merge` make one, has no name: what it says is not known.
    """
    table.attrs[IMAGES] = list(hashes)
    table.index.name = index
    return table


def row_images(table: Any) -> list[str] | None:
    """Return the hashes of what the rows of a table or column of ours are, None of another's."""
    source = getattr(table, "attrs", {}).get(IMAGES)
    if source is None or table.index.name not in (NUMBER, NUMBER_IN_LIST):
        return None
    places = list(table.index)
    return [source[n] for n in places] if {*places} <= {*range(len(source))} else None


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


def _fixed_columns(image: Generation, rating: Rating) -> dict[str, Any]:
    error = image.error
    return {
        "model": image.request.model,
        "prompt": image.request.prompt,
        "images": len(image.request.images),
        "repeat": image.request.repeat,
        "state": state_word(image),
        **{name: getattr(image, name) for name in FACTS},
        "path": None if image.path is None else str(image.path),
        "task_id": image.task_id,
        "differences": "; ".join(image.differences) or None,
        "error": None if error is None else error.message,
        "charged": None if error is None or error.charged is None else str(error.charged),
        **rating_columns(rating),
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
