"""More of a grid: what failed once again, new values, further repeats, the rest of a plan.

The grid itself cannot run anything. It is given a runner, as it is given its links, and what
is paid is what the runner's plan holds: only the images that the grid does not have.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.plan.limits import RunLimits
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.show.arrange.data import G, GridData, Runner, with_places
from nanobanana_nb.show.places import Place, is_running

_BY_HAND = "Run the cell again: what is done is kept, and only the rest is paid."


def may_be_retried(generation: Generation) -> bool:
    """Whether an image may be asked for again just so. What is unknown is a person's to decide."""
    return generation.state is State.FAILED


def retried(grid: G, limits: RunLimits) -> G:
    """Ask once again for the failed images of a grid, in their places, and return the grid.

    However the wait ends, the places show what became of the new tasks.

    Raises:
        InputError: the grid has no plan, or nothing to run it with.
    """
    failed = [i for i, g in enumerate(grid) if may_be_retried(g)]
    if not failed:
        return grid
    plan, run = _whole_plan(grid), _runner(grid)

    def filled(begun: GridData) -> G:
        for i, newer in zip(failed, begun.places, strict=True):
            grid.places[i].retry_at(newer)
        return grid

    run(plan.only(failed), limits, filled)
    grid.number = grid.number or run.keep(plan)
    return grid


def extended(grid: G, values: Mapping[str, Sequence[Any]], limits: RunLimits) -> G:
    """Return a grid with further values on its axes; only what is new is run.

    Raises:
        InputError: no such axis, or it has one of the values.
    """
    return _larger_grid(grid, _plan(grid).extend(values), grid.places, limits)


def repeated(grid: G, count: int, limits: RunLimits) -> G:
    """Return a grid with `count` images of each combination; only what is new is run.

    Raises:
        InputError: it has as many already.
    """
    return _larger_grid(grid, _plan(grid).repeat(count), grid.places, limits)


def completed(grid: G, limits: RunLimits) -> G:
    """Return a grid with all images of its plan; what was left out or not sent is run."""
    pairs = zip(grid, grid.places, strict=True)
    places = [p for image, p in pairs if image.state is not State.PLANNED or is_running([p])]
    return _larger_grid(grid, _plan(grid).complete(), places, limits)


def _larger_grid(grid: G, plan: Plan, places: Iterable[Place], limits: RunLimits) -> G:
    """Return the images of a larger plan: those that are held, and the rest run.

    They have places of their own, so that what is done to one grid is not done to the other.
    """
    run = _runner(grid)
    held = {p.now().request.fingerprint(): Place(p.now(), p.at) for p in places}
    marks = [cell.request.fingerprint() for cell in plan.cells]
    missing = [i for i, mark in enumerate(marks) if mark not in held]

    def filled(begun: GridData) -> G:
        new = iter(begun.places)
        return with_places(grid, [held.get(mark) or next(new) for mark in marks], plan, grid.view)

    begun = run(plan.only(missing), limits, filled) if missing else GridData(())
    larger = filled(begun)
    larger.number = run.keep(plan)
    return larger


def _runner(grid: GridData) -> Runner:
    if grid.runner is None:
        raise InputError("This grid has nothing to run its tasks with", action=_BY_HAND)
    return grid.runner


def _plan(grid: GridData) -> Plan:
    if grid.plan is None:
        raise InputError("This grid has no plan, so nothing more can be made of it")
    return grid.plan


def _whole_plan(grid: GridData) -> Plan:
    """Return the plan with one cell for each image, in their order."""
    plan = _plan(grid)
    if len(plan.cells) == len(grid):
        return plan
    known = {cell.request.fingerprint(): cell for cell in plan.cells}
    cells = [known.get(g.request.fingerprint()) for g in grid]
    if any(cell is None for cell in cells):
        raise InputError("The plan of this grid does not hold all its images", action=_BY_HAND)
    return replace(plan, cells=tuple(cell for cell in cells if cell is not None))
