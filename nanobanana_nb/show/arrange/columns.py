"""The columns of a table of images, where names that people chose meet those of the record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Rows = Sequence[Mapping[str, Any]]


def columns(names: Iterable[str], kind: str, taken: Iterable[str]) -> dict[str, str]:
    """Return the column of each name: itself, or `state (axis)` where the record has a `state`."""
    used, result = set(taken), dict[str, str]()
    for name in names:
        column = name
        while column in used:
            column = f"{column} ({kind})"
        used.add(column)
        result[name] = column
    return result


def names_of(rows: Rows) -> list[str]:
    """Return all names, in the order in which they first come."""
    return list(dict.fromkeys(name for row in rows for name in row))


def is_covered(name: str, rows: Rows, others: Rows) -> bool:
    """Whether `others` have all that `rows` have under this name, as `model` where it varies."""
    pairs = zip(rows, others, strict=True)
    return all(name in other and row[name] == other[name] for row, other in pairs if name in row)
