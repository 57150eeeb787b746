"""What names an image as a contact sheet does: its value of each axis, and which repeat it is."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.score import is_blank, one_line
from nanobanana_nb.show.arrange.data import GridData
from nanobanana_nb.show.arrange.positions import REPEAT, cells_of
from nanobanana_nb.show.arrange.records import unscored_records
from nanobanana_nb.show.html.wording import DOT, cut
from nanobanana_nb.show.judge.tables.image_labels import numbers_at
from nanobanana_nb.text.table_text import FORMULA_TEXT

_AS_FLOAT = re.compile(r"(-?\d+)\.0+")  # how pandas and Excel write a whole number
_HEADING = re.compile(rf"{REPEAT} (?=\d+$)")


class AxisLabels:
    """The images of a grid by the values under those headers that are axes of it.

    `names` are these headers, none where an image would not be certain.
    """

    def __init__(self, grid: GridData, headers: Collection[str]) -> None:
        cells = cells_of(grid.generations, grid.plan)
        axes = {name: None for cell in cells if cell for name, _ in cell.values} | {REPEAT: None}
        rows = unscored_records(grid)
        names = tuple(name for name in axes if name in headers and rows and name in rows[0])
        places = {_words(row, names): place for place, row in enumerate(rows)}
        self.names = names if len(places) == len(rows) else ()
        self._places = places

    def place(self, row: Mapping[str, Any]) -> int | None:
        """Return where the image of a row stands; None where there is no such."""
        return self._places.get(_words(row, self.names))

    def numbers(
        self, rows: Sequence[Mapping[str, Any]], values: Sequence[float | None]
    ) -> dict[int, float | None]:
        """Return the values by place.

        Raises:
            InputError: a row is for no image, or there are two for one.
        """
        pairs = [
            pair for pair in zip(rows, values, strict=True) if any(_words(pair[0], self.names))
        ]
        labels = [DOT.join(_words(row, self.names)) for row, _ in pairs]
        places = [self.place(row) for row, _ in pairs]
        if None in places:
            unknown = cut(labels[places.index(None)], 80)
            why = f"it has none with these values of {cut(', '.join(self.names), 80)}"
            raise InputError(f"{unknown} names no image of this grid", why=why, action="")
        return numbers_at(places, [value for _, value in pairs], labels)


def _words(row: Mapping[str, Any], names: Sequence[str]) -> tuple[str, ...]:
    return tuple(_word(row.get(name)) for name in names)


def _word(value: Any) -> str:
    text = "" if is_blank(value) else one_line(FORMULA_TEXT.sub("", str(value)))
    whole = _AS_FLOAT.fullmatch(text)
    return whole[1] if whole else _HEADING.sub("", text)
