"""A file with the scores of a grid: a table as CSV, or JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.show.html.wording import cut

ENDINGS = (".csv", ".json")
_IMAGE = ("number", "image", "#", "", "index", "id", "task_id", "file", "path", "file name")
_DELIMITERS = ",;\t"
Row = dict[str, Any]


def scores_in(path: Path, name: str | None) -> tuple[str, Any]:
    """Return the name of a score and its values: by the image that each row names, or in order.

    Args:
        name: of the column that has the score, where there are several.

    Raises:
        InputError: the file cannot be read, or has no such column.
    """
    content = _read(path)
    if not isinstance(content, list) or not all(isinstance(row, dict) for row in content):
        return name or path.stem, content
    headers = list(dict.fromkeys(header for row in content for header in row))
    image = next((h for key in _IMAGE for h in headers if h.strip().lower() == key), None)
    column = _column(path, [header for header in headers if header != image], name)
    values = [_number(row.get(column)) for row in content]
    if image is None:
        return name or column, values
    return name or column, _pairs(path, [row.get(image) for row in content], values)


def _read(path: Path) -> Any:
    """Return the rows of a table, or whatever JSON holds."""
    try:
        text = path.expanduser().read_text(encoding="utf-8-sig")
        return json.loads(text) if path.suffix.lower() == ".json" else _rows(text)
    except OSError as error:
        why = error.strerror or type(error).__name__
    except ValueError as error:  # it is no text, or no JSON
        why = cut(error, 120)
    except csv.Error as error:
        why = cut(error, 120)
    raise InputError(f"The scores in {cut(path, 80)} cannot be read", why=why, action="")


def _rows(text: str) -> list[Row]:
    """Return the rows of a table; what stands most often in its first line parts the columns."""
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    rows = [dict(row) for row in csv.DictReader(io.StringIO(text), delimiter=delimiter)]
    if delimiter == ",":
        return rows
    return [
        {k: v.replace(",", ".") if isinstance(v, str) else v for k, v in r.items()} for r in rows
    ]


def _column(path: Path, columns: Sequence[str], name: str | None) -> str:
    """Return the column with the score: the one of this name, or the only one there is."""
    if name in columns:
        return str(name)
    if len(columns) == 1:
        return columns[0]
    listed = ", ".join(cut(column, 40) for column in columns[:12]) or "none"
    what = f"{cut(path.name, 60)} has no column {cut(name, 60)}"
    if name is None:
        what = f"{cut(path.name, 60)} does not say which column has the score"
    raise InputError(what, why="", action=f"Name one of its columns: {listed}.")


def _pairs(path: Path, images: Sequence[Any], values: Sequence[Any]) -> Mapping[Any, Any]:
    pairs = dict(zip(images, values, strict=True))
    if len(pairs) < len(images):
        why = (
            f"there are several rows for {cut(next(i for i in images if images.count(i) > 1), 40)}"
        )
        raise InputError(f"{cut(path.name, 60)} has more than one row for an image", why=why)
    return pairs


def _number(text: Any) -> Any:
    """Return the number that a cell of a table writes; what is none stays for the error."""
    if not isinstance(text, str):
        return text
    try:
        return float(text) if text.strip() else None
    except ValueError:
        return text
