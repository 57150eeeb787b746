"""A whole table of pandas, or another with columns, that has the scores of a grid."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.score import one_line
from nanobanana_nb.show.arrange.data import GridData
from nanobanana_nb.show.arrange.records import row_images
from nanobanana_nb.show.html.wording import cut
from nanobanana_nb.show.judge.tables.image_labels import SHA256
from nanobanana_nb.show.judge.tables.score_table import Row, scores_of_rows


def scores_of_frame(
    frame: Any, name: str | None, grid: GridData, own_columns: Collection[str]
) -> tuple[str, Any]:
    """Return the name of a score, and its values by the images that the rows name.

    Raises:
        InputError: the table does not say what is the score of which image.
    """
    columns = {**dict(_index(frame)), **_columns(frame)}
    cells = zip(*columns.values(), strict=True)
    rows = [Row(f"row {n}", dict(zip(columns, row, strict=True))) for n, row in enumerate(cells)]
    return scores_of_rows("The table", rows, name, grid, own_columns, in_order=False)


def _columns(frame: Any) -> dict[str, list[Any]]:
    """Return the cells by column.

    Raises:
        InputError: two columns have the same name.
    """
    names = [one_line(str(name)) for name in frame.columns]
    if twice := [name for n, name in enumerate(names) if name in names[:n]]:
        what = f"Two columns of the table are called {cut(twice[0], 60)}"
        raise InputError(what, action="Give each a name of its own.")
    return {line: list(frame[name]) for line, name in zip(names, frame.columns, strict=True)}


def _index(frame: Any) -> Iterator[tuple[str, list[Any]]]:
    """Yield what the index says: that of a table of ours, or of one that somebody chose.

    Numbers without a name are those of its rows, in whatever order they came.
    """
    if (hashes := row_images(frame)) is not None:
        yield SHA256, hashes
        return
    names = getattr(getattr(frame, "index", None), "names", ())
    for level, name in enumerate(names):
        labels = list(frame.index.get_level_values(level))
        if name is not None or not all(isinstance(label, int) for label in labels):
            yield one_line(str(name or "")), labels
