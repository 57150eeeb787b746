"""The axes that a person puts down and across the table, by their names."""

from __future__ import annotations

from collections.abc import Sequence

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.plan.axes import Axis
from nanobanana_nb.model.plan.axis_values import unknown_axis

REPEAT = "repeat"  # the name of what tells equal requests apart, beside the axes


def chosen(
    axes: tuple[Axis, ...], rows: Sequence[str], cols: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the axes that go down and those that go across.

    Raises:
        InputError: there is no such axis, or it would go both ways.
    """
    down, across = _side(axes, rows), _side(axes, cols)
    if both := [name for name in down if name in across]:
        action = "Name it for rows or for cols; the other side takes what is left."
        raise InputError(f"The axis {both[0]} cannot go down and across", action=action)
    return down, across


def _side(axes: tuple[Axis, ...], names: Sequence[str]) -> tuple[str, ...]:
    """Return the axes that are meant by their name or by the name of a member.

    Raises:
        InputError: there is no such axis.
    """
    whole = {name: axis.name for axis in axes for name in (axis.name, *axis.names)}
    known = {**whole, REPEAT: REPEAT}
    for name in names:
        if name not in known:
            raise unknown_axis(name, known)
    return tuple(dict.fromkeys(known[name] for name in names))
