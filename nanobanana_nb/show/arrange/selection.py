"""Parts of a grid by what they are instead of by where they stand."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.plan.axes import Axis
from nanobanana_nb.model.prompt.variables import sequence
from nanobanana_nb.show.arrange.data import GridData
from nanobanana_nb.show.arrange.positions import Places, matching, places
from nanobanana_nb.show.arrange.view import unknown, whole
from nanobanana_nb.show.html.wording import cut
from nanobanana_nb.text.names import spelled


def selected(grid: GridData, named: Mapping[str, Any]) -> list[int]:
    """Return the positions of the images that have, on each axis named, one of the values.

    Raises:
        InputError: there is no such axis or value.
    """
    grid_places = places(grid.generations, grid.plan)
    allowed = [_value_numbers(grid_places, name, value) for name, value in named.items()]
    return [
        i
        for i, point in enumerate(grid_places.points)
        if all(point[axis] in numbers for axis, numbers in allowed)
    ]


def with_value(grid: GridData, value: str) -> dict[str, str]:
    """Return the axis that has `value`, with the value; of axes side by side each is one.

    Raises:
        InputError: no axis has it, or several.
    """
    grid_places = places(grid.generations, grid.plan)
    axes = {
        name: part_of(grid_places, name)[1]
        for axis in grid_places.axes
        for name in (axis.name, *axis.names)
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


def _value_numbers(grid_places: Places, name: str, value: Any) -> tuple[int, set[int]]:
    """Return the number of the axis and which of its values are meant, one or several."""
    values = list(value) if isinstance(value, Set) else sequence(name, value)
    number, axis = part_of(grid_places, name)
    allowed: set[int] = set()
    for target in [value] if values is None else values:
        numbers = matching(axis, target)
        if not numbers:
            raise unknown(name, target, axis.labels)
        allowed.update(numbers)
    return number, allowed


def part_of(grid_places: Places, name: str) -> tuple[int, Axis]:
    """Return an axis by its name, or one of several side by side with its own values.

    Raises:
        InputError: there is no such axis.
    """
    whole_name = whole(grid_places, name)
    if whole_name not in grid_places.names:  # `repeat`, of which there is one
        raise unknown("axis", name, grid_places.names)
    number = grid_places.names.index(whole_name)
    axis, part = grid_places.axes[number], spelled(name)
    if axis.name in (name, part):
        return number, axis
    place = axis.names.index(part)
    values = tuple(value[place] for value in axis.values)
    return number, Axis(part, values, tuple(map(str, values)))
