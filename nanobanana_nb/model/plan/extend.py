"""A plan with other cells: a part, the rest, further values, further repeats.

A cell that the plan has stays as it is, so that what was paid for it is found again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.model import arguments
from nanobanana_nb.model.indices import position
from nanobanana_nb.model.plan import design
from nanobanana_nb.model.plan.axes import Axis
from nanobanana_nb.model.plan.axis_values import unknown_axis, values_from
from nanobanana_nb.model.plan.design import Choice, Point
from nanobanana_nb.model.plan.record import Cell, P, PlanRecord
from nanobanana_nb.model.plan.requests import Requests

Spot = tuple[Point, int]  # where a cell stands: its point and the number of its repeat


def only(plan: P, numbers: Iterable[int]) -> P:
    """Return the plan of these cells alone."""
    count = len(plan.cells)
    indices = sorted({position(n, count) for n in arguments.wholes("numbers", numbers)})
    return replace(plan, cells=tuple(plan.cells[n] for n in indices), scout=False)


def complete(plan: P) -> P:
    """Return the plan with the cells that it left out."""
    sizes = [len(axis) for axis in plan.axes]
    choice = Choice(plan.repeats, plan.sample, seed=plan.sample_seed or 0)
    spots = _spots(choice, sizes)
    if plan.sample is not None and not set(spots) - set(_by_spot(plan)):
        choice = Choice(plan.repeats)
        spots = _spots(choice, sizes)
        plan = replace(plan, sample=None, sample_seed=None)
    return _with(replace(plan, scout=False), plan.axes, spots)


def rest(plan: P) -> P:
    """Return the cells that `complete` adds."""
    whole, old = complete(plan), _by_spot(plan)
    missing = [n for n, cell in enumerate(whole.cells) if _spot(cell) not in old]
    return only(whole, missing)


def extended(plan: P, values: Mapping[str, Any]) -> P:
    """Return the plan with further values of its axes."""
    if plan.sample is not None:
        raise InputError(
            "A sample is not extended", action="Complete it, or plan again with the new values."
        )
    axes = _longer(plan.axes, values)
    sizes, old = [len(axis) for axis in axes], [len(axis) for axis in plan.axes]
    choice = Choice(plan.repeats, scout=plan.scout)
    choice.check(sizes)
    points = design.diagonal(sizes, old) if plan.scout else design.all_points(sizes)
    new = [p for p in points if any(n >= size for n, size in zip(p, old, strict=True))]
    return _with(plan, axes, [*_by_spot(plan), *((p, n) for p in new for n in choice.times)])


def repeated(plan: P, times: int) -> P:
    """Return the plan in which each combination that it has is made `times` times."""
    arguments.check(times=times)
    times, old = int(times), _by_spot(plan)
    points = dict.fromkeys(cell.point for cell in plan.cells)
    Choice(max(1, len(points) * times)).check([])
    spots = [(point, n) for point in points for n in range(1, times + 1)]
    if not set(spots) - set(old):
        raise InputError(
            f"Each combination is made {plan.repeats} times already",
            action="Say how often it is to be made in all, more than that.",
        )
    more = replace(plan, repeats=max(times, plan.repeats), scout=False)
    return _with(more, plan.axes, [*old, *spots])


def _with(plan: P, axes: tuple[Axis, ...], spots: Iterable[Spot]) -> P:
    """Return the plan with cells at these spots, those that it has as they are."""
    old, requests = _by_spot(plan), _requests(plan, axes)
    for cell in plan.cells:
        requests.know(cell)
    cells: list[Cell] = []
    for point, number in sorted(set(spots)):
        if (point, number) in old:
            cells.append(old[point, number])
        else:
            cells += requests.cells(point, [number])
    notes = tuple(dict.fromkeys((*plan.notes, *requests.notes)))
    return replace(plan, cells=tuple(cells), axes=axes, notes=notes)


def _requests(plan: PlanRecord, axes: tuple[Axis, ...]) -> Requests:
    recipe = plan.recipe
    if recipe is None or (recipe.private and not recipe.prompt):
        raise InputError(
            "This plan does not know how it was made",
            why="its prompt was kept out of the record" if recipe else "it is a list of tasks",
            action="Make the plan again from its prompt.",
        )
    return Requests(recipe, axes)


def _longer(axes: tuple[Axis, ...], values: Mapping[str, Any]) -> tuple[Axis, ...]:
    """Return the axes with the further values at their ends."""
    known = {name: n for n, axis in enumerate(axes) for name in axis.names}
    for name in values:
        if name not in known:
            raise unknown_axis(name, known)
    longer = list(axes)
    for n in sorted({known[name] for name in values}):
        axis = axes[n]
        members = {name: values_from(name, values.get(name, ())) for name in axis.names}
        side_by_side = len(members) > 1
        more = Axis.coupled(members).values if side_by_side else members[axis.name]
        longer[n] = axis.extended(more)
    return tuple(longer)


def _by_spot(plan: PlanRecord) -> dict[Spot, Cell]:
    return {_spot(cell): cell for cell in plan.cells}


def _spot(cell: Cell) -> Spot:
    return cell.point, cell.request.repeat


def _spots(choice: Choice, sizes: list[int]) -> list[Spot]:
    return [(point, n) for point in choice.points(sizes) for n in choice.times]
