"""Tables from what a person has in hand: frames, series, records, lists, files."""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.model import arguments
from nanobanana_nb.model.plan.table import PROMPT, Table
from nanobanana_nb.model.prompt.variables import sequence
from nanobanana_nb.text.table_text import file_text, table_rows
from nanobanana_nb.text.terminal import cut

ENDINGS = (".csv", ".tsv", ".json", ".jsonl")


def is_table(value: Any) -> bool:
    """Whether a value that stands where a prompt may stand is a table and no text."""
    if isinstance(value, str | os.PathLike):
        path = str(value)
        written = isinstance(value, str)
        return path.lower().endswith(ENDINGS) and not (written and re.search(r"\s", path))
    return not isinstance(value, bytes | Mapping) and (_is_frame(value) or _is_listed(value))


def holds_records(value: Any) -> bool:
    """Whether a value has named columns: it is a frame, or a list of records."""
    records = isinstance(value, list | tuple) and bool(value)
    return _is_frame(value) or (records and all(isinstance(row, Mapping) for row in value))


def table(value: Any, places: Sequence[str] = (PROMPT,)) -> Table:
    """Return the table that a value holds.

    Args:
        value: a frame of pandas or Polars, a series, a list of records or of values, or the path
            of a CSV, TSV, JSON or JSONL file.
        places: of the prompt: a list without a name is for the only one.

    Raises:
        InputError: it holds no rows, or does not say what they are for.
    """
    if isinstance(value, Table):
        return value
    if isinstance(value, str | os.PathLike):
        rows = Table.of_rows(_records(Path(value).expanduser()))
    elif _is_frame(value):
        rows = _of_frame(value)
    elif holds_records(value):
        rows = Table.of_rows(value)
    else:
        rows = _of_list(value, places)
    if not rows or not len(next(iter(rows.values()))):
        raise InputError("The table has no rows", action="Each of its rows is an image.")
    return rows


def prompts(value: Any) -> Table:
    """Return a table whose column `prompt` says what each image shows.

    Raises:
        InputError: it has none.
    """
    rows = table(value)
    if PROMPT not in rows:
        raise InputError(
            f"The table has no column {PROMPT}",
            action="Give a prompt before it that names its columns: `sweep('A {bird}', df)`.",
        )
    rows.check_filled([PROMPT])
    for prompt in rows[PROMPT]:
        arguments.prompt(prompt)
    return rows


def _is_frame(value: Any) -> bool:
    return not isinstance(value, type) and hasattr(value, "columns") and hasattr(value, "shape")


def _is_listed(value: Any) -> bool:
    return isinstance(value, list | tuple) or (
        getattr(value, "ndim", None) == 1 and hasattr(value, "__len__")
    )


def _of_frame(frame: Any) -> Table:
    names = list(frame.columns)
    if twice := [name for n, name in enumerate(names) if name in names[:n]]:
        raise InputError(f"Two columns of the table are called {twice[0]}")
    return Table({name: list(frame[name]) for name in names}, _index(frame))


def _of_list(value: Any, places: Sequence[str]) -> Table:
    name = getattr(value, "name", None)
    if name not in places:
        if len(places) != 1:
            names = ", ".join(places) or "none"
            raise InputError(
                "The list does not say which place of the prompt it is for",
                why=f"the places are: {names}",
                action="Give a dict, `{'NAME': [...]}`, or a table with a column for each.",
            )
        name = places[0]
    values = sequence(str(name), value)
    if values is None:
        raise arguments.refusal("axes", "a dict of names and their values, or a table", value)
    return Table({name: values}, _index(value))


def _index(value: Any) -> tuple[Any, ...]:
    """Return what pandas calls the rows."""
    index = getattr(value, "index", None)
    return () if index is None or callable(index) else tuple(index)


def _records(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a file; an empty field is missing."""
    ending = path.suffix.lower()
    try:
        text = file_text(path.read_bytes())
        if ending == ".json":
            rows = json.loads(text)
        elif ending == ".jsonl":
            rows = [json.loads(line) for line in text.splitlines() if line.strip()]
        else:
            rows = [row.cells for row in table_rows(text)]
    except OSError as error:
        why = error.strerror or type(error).__name__
    except (ValueError, RecursionError, csv.Error) as error:
        why = cut(error, 120)
    else:
        if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
            return [{name: None if v == "" else v for name, v in row.items()} for row in rows]
        why = "it is no list of records"
    raise InputError(f"The table {cut(path, 80)} cannot be read", why=why, action="")
