"""A file with the scores of a grid: a table as CSV, or JSON."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.html.wording import cut
from nanobanana_nb.show.judge.image_labels import SHA256, TRUST, WAYS, ImageLabels, numbers_at
from nanobanana_nb.text.table_text import TableRow, file_text, table_rows

ENDINGS = (".csv", ".tsv", ".txt", ".json")
_BLANK = frozenset(("", "-", "–", "—", "na", "n/a", "nan", "none", "null"))
_TRUTH = {"true": 1.0, "false": 0.0}
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,(\d+)$")


def scores_in(
    path: Path, name: str | None, images: Sequence[Generation], own_columns: Collection[str]
) -> tuple[str, Any]:
    """Return the name of a score, and its values by the images that the rows name.

    Images are named by any column that does: by what they are, their task or file, or their
    number. Rows that stand alone go by the order.

    Args:
        name: of the column that has the score, where there are several.
        own_columns: what a table of this grid has anyway.

    Raises:
        InputError: the file cannot be read, or does not say what is the score of which image.
    """
    content = _content(path)
    if not isinstance(content, list) or not all(isinstance(row, TableRow) for row in content):
        return name or path.stem, content
    headers = list(dict.fromkeys(header for row in content for header in row.cells))
    labels = ImageLabels(images)
    kinds = {
        header: kind
        for header in headers
        if header != name and (kind := labels.kind(header, _filled(content, header)))
    }
    scores = [h for h in headers if (h not in kinds and h not in own_columns) or h == name]
    column = _column(path, [h for h in scores if _has_numbers(content, h)], headers, name)
    values = [_number(row.cells.get(column), f"{path.name}, {row.where}") for row in content]
    if not kinds and headers == [column]:
        return name or column, values
    return name or column, _by_place(path, content, values, labels, kinds)


def _content(path: Path) -> Any:
    """Return the rows of a table, or whatever JSON holds."""
    try:
        text = file_text(path.expanduser().read_bytes())
        if path.suffix.lower() != ".json":
            return table_rows(text, path.stem)
        return _records(json.loads(text))
    except OSError as error:
        why = error.strerror or type(error).__name__
    except (ValueError, RecursionError, csv.Error) as error:  # it is no JSON, or no table
        why = cut(error, 120)
    except (AttributeError, KeyError, TypeError):
        why = "it is no export of a grid, though it begins as one"
    raise InputError(f"The scores in {cut(path, 80)} cannot be read", why=why, action="")


def _records(content: Any) -> Any:
    """Return the rows of a list of records, as in an export of ours; anything else as it is."""
    if isinstance(content, dict) and "nanobanana_nb" in content:
        images = content["images"]
        content = [{SHA256: image["sha256"], **image.get("scores", {})} for image in images]
    if isinstance(content, list) and content and all(isinstance(r, dict) for r in content):
        return [TableRow(f"row {n}", row) for n, row in enumerate(content, start=1)]
    return content


def _filled(rows: Sequence[TableRow], header: str) -> list[Any]:
    return [cell for row in rows if not _is_blank(cell := row.cells.get(header))]


def _has_numbers(rows: Sequence[TableRow], header: str) -> bool:
    """Whether a number stands in a column: another cell of it may be wrong."""
    for cell in _filled(rows, header):
        try:
            return _number(cell, "") is not None
        except InputError:
            continue
    return False


def _column(path: Path, scores: Sequence[str], headers: Sequence[str], name: str | None) -> str:
    """Return the column with the score: the one of this name, or the only one there is.

    Raises:
        InputError: the name is of none, or there are several.
    """
    if name in headers:
        return str(name)
    if len(scores) == 1:
        return scores[0]
    listed = ", ".join(cut(column, 40) for column in scores[-12:]) or "none"
    what = f"{cut(path.name, 60)} has no column {cut(name, 60)}"
    if name is None:
        what = f"{cut(path.name, 60)} does not say which column has the score"
    action = f"Say name= with one of its columns of numbers: {listed}." if scores else ""
    why = "" if scores else "it has no column of numbers of its own"
    raise InputError(what, why=why, action=action)


def _by_place(
    path: Path,
    rows: Sequence[TableRow],
    values: Sequence[float | None],
    labels: ImageLabels,
    kinds: dict[str, str],
) -> dict[int, float | None]:
    """Return the values by what the rows name the most surely.

    Raises:
        InputError: they name nothing, or an image twice.
    """
    file = cut(path.name, 60)
    if not kinds:
        action = f"{WAYS} Name the column of numbers `number`."
        raise InputError(f"{file} does not say which image a row is for", action=action)
    header, kind = min(kinds.items(), key=lambda item: TRUST.index(item[1]))
    pairs = [(row.cells.get(header), v) for row, v in zip(rows, values, strict=True)]
    named = [(label, value) for label, value in pairs if not _is_blank(label)]
    names = [label for label, _ in named]
    return numbers_at(labels.places(kind, names), [value for _, value in named], names)


def _is_blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and cell.strip().lower() in _BLANK)


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
