"""Parts of a grid by what they are instead of by where they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import TYPE_CHECKING, Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.axis import Axis
from nanobanana_nb.model.variables import sequence
from nanobanana_nb.show.places import Places, matching, places
from nanobanana_nb.show.view import unknown
from nanobanana_nb.show.wording import cut

if TYPE_CHECKING:
    from nanobanana_nb.show.grid import ImageGrid

_BESIDE = " + "  # between the names of axes that go side by side


def selected(grid: ImageGrid, wanted: Mapping[str, Any]) -> list[int]:
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


def with_value(grid: ImageGrid, value: str) -> dict[str, str]:
    """Return the axis that has `value`, with the value.

    Raises:
        InputError: no axis has it, or several.
    """
    found = places(grid.generations, grid.plan)
    known = [axis.name for axis in found.axes if matching(axis, value)]
    if len(known) == 1:
        return {known[0]: value}
    if not known:
        raise unknown("value", value, [label for axis in found.axes for label in axis.labels])
    named = " and ".join(known)
    raise InputError(
        f"{cut(value, 60)} is a value of {named}",
        action=f'Say which: `grid[{{"{cut(known[0], 40)}": ...}}]`.',
    )


def _allowed(found: Places, name: str, wanted: Sequence[Any]) -> tuple[int, set[int]]:
    """Return the number of the axis and which of its values are meant."""
    number, axis = _axis(found, name)
    meant: set[int] = set()
    for value in wanted:
        numbers = matching(axis, value)
        if not numbers:
            raise unknown(name, value, axis.labels)
        meant.update(numbers)
    return number, meant


def _axis(found: Places, name: str) -> tuple[int, Axis]:
    """Return an axis by its name, or by that of one of several side by side."""
    for number, axis in enumerate(found.axes):
        members = axis.name.split(_BESIDE)
        if name == axis.name:
            return number, axis
        if name in members:
            own = tuple(value[members.index(name)] for value in axis.values)
            return number, Axis(name, own, tuple(str(value) for value in own))
    raise unknown("axis", name, found.names)


def _several(name: str, value: Any) -> Sequence[Any]:
    """Return the values that are wanted, of which one may be given alone."""
    if isinstance(value, Set):
        return list(value)
    several = sequence(name, value)
    return [value] if several is None else several
