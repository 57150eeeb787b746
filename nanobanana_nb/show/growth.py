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
from nanobanana_nb.show.arrange.data import G, GridData

_BY_HAND = "Run the cell again: what is done is kept, and only the rest is paid."


def may_be_retried(generation: Generation) -> bool:
    """Whether an image may be asked for again just so. What is unknown is a person's to decide."""
    return generation.state is State.FAILED


def retried(grid: G, limits: RunLimits) -> G:
    """Return the grid with its failed images asked for once again; as it is if none failed.

    Raises:
        InputError: the grid has no plan, or nothing to run it with.
    """
    lost = [i for i, g in enumerate(grid) if may_be_retried(g)]
    if not lost:
        return grid
    return _run(grid, _whole_plan(grid), dict(enumerate(grid)), lost, limits)


def extended(grid: G, values: Mapping[str, Sequence[Any]], limits: RunLimits) -> G:
    """Return the grid with further values on its axes; only what is new is run.

    Raises:
        InputError: no such axis, or it has one of the values.
    """
    return _larger_grid(grid, _plan(grid).extend(values), grid, limits)


def repeated(grid: G, count: int, limits: RunLimits) -> G:
    """Return the grid with `count` images of each combination; only what is new is run.

    Raises:
        InputError: it has as many already.
    """
    return _larger_grid(grid, _plan(grid).repeat(count), grid, limits)


def completed(grid: G, limits: RunLimits) -> G:
    """Return the grid with all images of its plan; what was left out or not sent is run."""
    images = (g for g in grid if g.state is not State.PLANNED)
    return _larger_grid(grid, _plan(grid).complete(), images, limits)


def _larger_grid(grid: G, plan: Plan, images: Iterable[Generation], limits: RunLimits) -> G:
    """Return the images of a larger plan: those that are held, and the rest run."""
    by_request = {g.request.fingerprint(): g for g in images}
    marks = [cell.request.fingerprint() for cell in plan.cells]
    known = {i: by_request[mark] for i, mark in enumerate(marks) if mark in by_request}
    missing = [i for i in range(len(plan.cells)) if i not in known]
    return _run(grid, plan, known, missing, limits)


def _run(
    grid: G,
    plan: Plan,
    known: Mapping[int, Generation],
    missing: Sequence[int],
    limits: RunLimits,
) -> G:
    """Run the cells that are missing and return all images in the order of the plan."""
    images = dict(known)
    run = grid.runner
    if run is None:
        raise InputError("This grid has nothing to run its tasks with", action=_BY_HAND)
    if missing:
        images |= dict(zip(missing, run(plan.only(missing), limits).generations, strict=True))
    return grid.of([images[i] for i in range(len(plan.cells))], plan, grid.view, run.keep(plan))


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
