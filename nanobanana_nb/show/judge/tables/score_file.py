"""A file with the scores of a grid: a table as CSV, or JSON."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.score import one_line
from nanobanana_nb.show.arrange.columns import error_column
from nanobanana_nb.show.arrange.data import GridData
from nanobanana_nb.show.html.wording import cut
from nanobanana_nb.show.judge.tables.image_labels import NUMBER, SHA256, ImageLabels
from nanobanana_nb.show.judge.tables.score_table import Row, scores_of_rows
from nanobanana_nb.text.table_text import file_text, table_rows

ENDINGS = (".csv", ".tsv", ".txt", ".json")
_DIGITS = re.compile(r"\s*[+-]?[\d.,]+\s*$")


def scores_in(
    path: Path, name: str | None, grid: GridData, own_columns: Collection[str]
) -> tuple[str, Any]:
    """Return the name of a score, and its values by the images that the rows name.

    Rows of numbers that stand alone go by the order.

    Args:
        name: of the column that has the score, where there are several.
        own_columns: what a table of this grid has anyway, besides its scores.

    Raises:
        InputError: the file cannot be read, or does not say what is the score of which image.
    """
    content = _content(path)
    if not isinstance(content, list) or not all(isinstance(row, Row) for row in content):
        return name or path.stem, content
    if path.suffix.lower() != ".json" and content:
        _check_names(path, list(content[0].cells), grid)
    return scores_of_rows(path.name, content, name, grid, own_columns)


def _check_names(path: Path, headers: Sequence[str], grid: GridData) -> None:
    """Check that the first line has names: one of an image or of numbers would be lost.

    Raises:
        InputError: it is such a line.
    """
    labels = ImageLabels(grid.generations)
    image = next((h for h in headers if h and labels.kind("", [h]) not in (None, NUMBER)), None)
    if image is None and not all(_DIGITS.match(header) for header in headers):
        return
    why = f"its first line names an image, {cut(image, 60)}" if image else "it begins with numbers"
    action = "Write a line with their names above it: `file, rater 1`."
    raise InputError(f"{cut(path.name, 60)} has no names of columns", why=why, action=action)


def _content(path: Path) -> Any:
    """Return the rows of a table, or whatever JSON holds."""
    try:
        text = file_text(path.expanduser().read_bytes())
        if path.suffix.lower() != ".json":
            rows = table_rows(text, path.stem)
            return [Row(r.where, {one_line(h): c for h, c in r.cells.items()}) for r in rows]
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
        content = [_scores_of(image) for image in images]
    if isinstance(content, list) and content and all(isinstance(r, dict) for r in content):
        lines = ({one_line(name): cell for name, cell in row.items()} for row in content)
        return [Row(f"row {n}", line) for n, line in enumerate(lines, start=1)]
    return content


def _scores_of(image: dict[str, Any]) -> dict[str, Any]:
    """Return the scores of an image in an export of ours, and why it has none."""
    reasons = image.get("score_errors", {}).items()
    errors = {error_column(name): reason for name, reason in reasons}
    return {SHA256: image["sha256"], **image.get("scores", {}), **errors}
