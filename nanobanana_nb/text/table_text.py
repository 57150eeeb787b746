"""The text of a table in a file, as Excel and other programs write it."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_DELIMITERS = ",;\t"
FORMULA_TEXT = re.compile(r"^'(?=[=+\-@＝＋－＠])")  # as our CSV has such a text
_DIGITS = re.compile(r"\s*[+-]?[\d.,]+\s*$")


@dataclass(frozen=True)
class TableRow:
    """One row: its cells by the names of their columns, and where it stands, for errors."""

    where: str
    cells: dict[str, Any]


def file_text(data: bytes) -> str:
    """Return the text of a file, in the encoding that it is in."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def table_rows(text: str, numbers_alone: str = "") -> list[TableRow]:
    """Return the rows of a table; what stands most often in its first line parts the columns.

    Args:
        numbers_alone: what the column is called where the file has one, of numbers, and no names.

    Raises:
        ValueError: two columns have the same name, or a row has more fields than there are names.
        csv.Error: it is no table.
    """
    first = next((line for line in text.splitlines() if line.strip()), "")
    hint = re.fullmatch(r"sep=(.)\s*", first)
    delimiter = hint[1] if hint else max(_DELIMITERS, key=first.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    table = [(lines.line_num, cells) for cells in lines if any(cell.strip() for cell in cells)]
    (_, headers), *rows = table[bool(hint) :] or [(0, [])]
    if numbers_alone and len(headers) == 1 and _DIGITS.match(headers[0]):
        headers, rows = [numbers_alone], table[bool(hint) :]
    return _named_cells([FORMULA_TEXT.sub("", header.strip()) for header in headers], rows)


def _named_cells(headers: Sequence[str], rows: Sequence[tuple[int, list[str]]]) -> list[TableRow]:
    if twice := [name for n, name in enumerate(headers) if name and name in headers[:n]]:
        raise ValueError(f"two columns are called {twice[0]}")
    for line, cells in rows:
        if any(cell.strip() for cell in cells[len(headers) :]):
            raise ValueError(
                f"line {line} has {len(cells)} fields and the first line {len(headers)}; one with"
                " a comma is written in quotes"
            )
    return [TableRow(f"line {n}", dict(zip(headers, cells, strict=False))) for n, cells in rows]
