"""Parts of a grid by what they are instead of by where they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.plan.axes import Axis
from nanobanana_nb.model.prompt.variables import sequence
from nanobanana_nb.show.arrange.data import GridData
from nanobanana_nb.show.arrange.positions import Places, matching, places
from nanobanana_nb.show.arrange.view import unknown, whole
from nanobanana_nb.show.html.wording import cut
from nanobanana_nb.text.names import spelled


def selected(grid: GridData, wanted: Mapping[str, Any]) -> list[int]:
    """Return the positions of the images that have, on each axis named, one of the values.

    Raises:
        InputError: there is no such axis or value.
    """
    found = places(grid.generations, grid.plan)
    allowed = [_allowed(found, name, _several(name, value)) for name, value in wanted.items()]
    return [
        i
        for i, point in enumerate(found.points)
        if all(point[axis] in numbers for axis, numbers in allowed)
    ]


def with_value(grid: GridData, value: str) -> dict[str, str]:
    """Return the axis that has `value`, with the value; of axes side by side each is one.

    Raises:
        InputError: no axis has it, or several.
    """
    found = places(grid.generations, grid.plan)
    axes = {
        name: part_of(found, name)[1] for axis in found.axes for name in (axis.name, *axis.names)
    }
    known = [name for name, axis in axes.items() if matching(axis, value)]
    if len(known) == 1:
        return {known[0]: value}
    if not known:
        raise unknown("value", value, [label for axis in axes.values() for label in axis.labels])
    named = " and ".join(known)
    raise InputError(
        f"{cut(value, 60)} is a value of {named}",
        action=f'Say which: `grid[{{"{cut(known[0], 40)}": ...}}]`.',
    )


def _allowed(found: Places, name: str, wanted: Sequence[Any]) -> tuple[int, set[int]]:
    """Return the number of the axis and which of its values are meant."""
    number, axis = part_of(found, name)
    meant: set[int] = set()
    for value in wanted:
        numbers = matching(axis, value)
        if not numbers:
            raise unknown(name, value, axis.labels)
        meant.update(numbers)
    return number, meant


def part_of(found: Places, name: str) -> tuple[int, Axis]:
    """Return an axis by its name, or one of several side by side with its own values.

    Raises:
        InputError: there is no such axis.
    """
    meant = whole(found, name)
    if meant not in found.names:  # `repeat`, of which there is one
        raise unknown("axis", name, found.names)
    number = found.names.index(meant)
    axis, own = found.axes[number], spelled(name)
    if own == axis.name:
        return number, axis
    place = axis.names.index(own)
    values = tuple(value[place] for value in axis.values)
    return number, Axis(own, values, tuple(map(str, values)))


def _several(name: str, value: Any) -> Sequence[Any]:
    """Return the values that are wanted, of which one may be given alone."""
    if isinstance(value, Set):
        return list(value)
    several = sequence(name, value)
    return [value] if several is None else several
