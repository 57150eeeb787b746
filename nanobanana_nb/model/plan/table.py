"""Rows of values that go together, as a frame or a file has them: one combination a row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from os import PathLike
from typing import Any, Protocol

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.prompt.variables import is_missing, plain_value
from nanobanana_nb.text.names import spelled


class Frame(Protocol):
    """A frame of pandas or Polars."""

    @property
    def columns(self) -> Any: ...


class Column(Protocol):
    """A series of pandas or Polars, or an array."""

    @property
    def dtype(self) -> Any: ...


Tabular = Frame | Column | Sequence[Any] | PathLike[str]  # a text is the path of a file
PROMPT = "prompt"  # the column that is the whole prompt where there is no template


class Table(Mapping[str, Any]):
    """The columns of a table by their names; a value that is missing is None.

    `together` are the names of the columns, `index` what the rows are called. Axes that are crossed
    with the rows stand behind the columns.

    Args:
        columns: each with a value for each row, as they were given.
        index: what each row is called where it comes from, () where rows have no names.
    """

    def __init__(self, columns: Mapping[Any, Sequence[Any]], index: Sequence[Any] = ()) -> None:
        self._columns = {_name(name): _values(values) for name, values in columns.items()}
        if len(self._columns) < len(columns):
            raise InputError("Two columns of the table have the same name")
        self.index = tuple(index)
        self.together = tuple(self._columns)

    @classmethod
    def of_rows(cls, rows: Iterable[Mapping[Any, Any]]) -> Table:
        """Return the table of records; what one lacks and another has is missing in it."""
        rows = list(rows)
        names = dict.fromkeys(name for row in rows for name in row)
        return cls({name: [row.get(name) for row in rows] for name in names})

    def crossed_with(self, axes: Mapping[str, Any]) -> Table:
        """Return the table with axes whose values each of its rows is made with."""
        if twice := [name for name in axes if spelled(name) in self._columns]:
            raise InputError(f"{twice[0]} is a column of the table and an axis too")
        table = Table(self._columns, self.index)
        table._columns = {**self._columns, **axes}
        return table

    def __getitem__(self, name: str) -> Any:
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)

    def check_filled(self, names: Iterable[str]) -> None:
        """Refuse a row that has nothing for a place of the prompt.

        Raises:
            InputError: it tells the row and the place.
        """
        for name in set(names) & set(self.together):
            values = self._columns[name]
            if None in values:
                row = values.index(None)
                where = f"index {self.index[row]}" if self.index else f"row {row + 1}"
                raise InputError(
                    f"The table has no {name} at {where}",
                    action="Fill it in, or leave the row out.",
                )


def _name(name: Any) -> str:
    if not isinstance(name, str):
        raise InputError(
            f"A column of the table is called {name!r}",
            action="Its name is a place of the prompt or an input field of the model.",
        )
    return spelled(name)


def _values(values: Iterable[Any]) -> tuple[Any, ...]:
    """Return the values of a column as Python has them, None for what is missing.

    Where one is missing, pandas has made floats of whole numbers, and they become whole again.
    """
    plain = [None if is_missing(v) else v for v in map(plain_value, values)]
    present = [value for value in plain if value is not None]
    were_whole = len(present) < len(plain) and all(
        isinstance(value, float) and value.is_integer() for value in present
    )
    return tuple(int(v) if were_whole and v is not None else v for v in plain)
