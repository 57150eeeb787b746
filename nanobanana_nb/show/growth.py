"""More of a grid: what failed once again, new values, further repeats, the rest of a plan.

The grid itself cannot run anything. It is given a runner, as it is given its links, and what
is paid is what the runner's plan holds: only the images that the grid does not have.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Self

from nanobanana_nb.errors import ForgottenError, InputError
from nanobanana_nb.model import arguments
from nanobanana_nb.model.plan.limits import BY_ARGUMENT, RunLimits
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.show.arrange.data import G, GridData, Runner, with_places
from nanobanana_nb.show.arrange.view import View
from nanobanana_nb.show.places import Place, is_running

_BY_HAND = "Run the cell again: what is done is kept, and only the rest is paid."


class Growth(GridData):
    """The part of `ImageGrid` that asks for more images."""

    def retry(self, *, max_credits: float | None = None, yes: bool = False) -> Self:
        """Ask for the failed images once again, in their places, and return this grid.

        It costs what those images cost, nothing if none failed. What fails again says why in its
        place, as in a cell of which some fail.

        Args:
            max_credits: the most that it may cost, and a yes to any bill up to that.
            yes: run it however large the bill is; without it a large one sends nothing.

        Raises:
            NanobananaError: nothing was sent, or the grid has not one image in the end.

        Examples:
            >>> grid.retry(max_credits=8) is grid
            True
        """
        return retried(self, _limits(max_credits, yes))

    def extend(
        self,
        values: Mapping[str, Any] | None = None,
        /,
        *,
        max_credits: float | None = None,
        yes: bool = False,
        **named: Any,
    ) -> Self:
        """Return another grid with further values on the axes; the new images alone are paid.

        Args:
            values: the same for axes whose names are no Python names.
            named: for each axis a further value or a list of them.
            max_credits: the most that it may cost; this and `yes` are as for `retry`.

        Raises:
            InputError: there is no such axis, or it has the value.

        Examples:
            >>> more = grid.extend(style="pastel", max_credits=8)
            >>> len(more), len(more["pastel"])
            (6, 2)
        """
        more = {**arguments.axes(values, "values"), **named}
        return _larger_grid(self, _plan(self).extend(more), self.places, _limits(max_credits, yes))

    def repeat(self, times: int, *, max_credits: float | None = None, yes: bool = False) -> Self:
        """Return another grid with each combination `times` times in all; new images are paid.

        Args:
            max_credits: the most that it may cost; this and `yes` are as for `retry`.

        Raises:
            InputError: they are made so often already.

        Examples:
            >>> more = grid.repeat(3)
            >>> len(more), len(grid)
            (6, 4)
        """
        return _larger_grid(self, _plan(self).repeat(times), self.places, _limits(max_credits, yes))

    def complete(self, *, max_credits: float | None = None, yes: bool = False) -> Self:
        """Make what a scout, a sample or a stop left out, at its price; return all in another grid.

        Args:
            max_credits: the most that it may cost; this and `yes` are as for `retry`.

        Examples:
            >>> axes = {"animal": ["cat", "owl"], "style": ["ink", "oil"]}
            >>> scout = sweep("A {animal}, {style}", axes, scout=True)
            >>> whole = scout.complete()
            >>> len(scout), len(whole)
            (2, 4)
        """
        pairs = zip(self, self.places, strict=True)
        places = [p for image, p in pairs if image.state is not State.PLANNED or is_running([p])]
        return _larger_grid(self, _plan(self).complete(), places, _limits(max_credits, yes))


def may_be_retried(generation: Generation) -> bool:
    """Whether an image may be asked for again just so. What is unknown is a person's to decide."""
    is_forgotten = isinstance(generation.error, ForgottenError)
    return generation.state is State.FAILED and not is_forgotten


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
        grid.view = _unsorted(grid.view)
        for i, newer in zip(failed, begun.places, strict=True):
            grid.places[i].retry_at(newer)
        return grid

    run(plan.only(failed), limits, filled)
    grid.number = grid.number or run.keep(plan)
    return grid


def _larger_grid(grid: G, plan: Plan, places: Iterable[Place], limits: RunLimits) -> G:
    """Return the images of a larger plan: those that are held, and the rest run.

    They have places of their own, so that what is done to one grid is not done to the other.
    """
    run = _runner(grid)
    held = {p.now().request.fingerprint(): Place(p.now(), p.at) for p in places}
    marks = [cell.request.fingerprint() for cell in plan.cells]
    missing = [i for i, mark in enumerate(marks) if mark not in held]
    view = _unsorted(grid.view)

    def filled(begun: GridData) -> G:
        new = iter(begun.places)
        return with_places(grid, [held.get(mark) or next(new) for mark in marks], plan, view)

    begun = run(plan.only(missing), limits, filled) if missing else GridData(())
    larger = filled(begun)
    larger.number = run.keep(plan)
    return larger


def _unsorted(view: View | None) -> View | None:
    """Return the arrangement once new images have come: these have no place in an order yet."""
    return None if view is not None and view.by else view


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


def _limits(max_credits: float | None, yes: bool) -> RunLimits:
    return RunLimits(max_credits=max_credits, yes=yes, to_confirm=BY_ARGUMENT)
