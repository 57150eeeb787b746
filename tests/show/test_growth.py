"""More of a grid: only what is missing is run."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.plan.limits import RunLimits
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.show.grid import ImageGrid
from tests.show.conftest import failed, generation, planned, waiting


class Recorder:
    """A runner that makes every image and remembers what it was asked for."""

    def __init__(self) -> None:
        self.plans: list[Plan] = []

    def __call__(
        self, plan: Plan, limits: RunLimits, on_start: Callable[[ImageGrid], object] = bool
    ) -> ImageGrid:
        """Return a finished image for each cell."""
        self.plans.append(plan)
        grid = ImageGrid([_made(cell.request) for cell in plan.cells], plan)
        on_start(grid)
        return grid

    def keep(self, plan: Plan) -> int | None:
        """Give every plan one number."""
        return 7

    @property
    def prompts(self) -> list[str]:
        """The prompts of all that was run."""
        return [cell.request.prompt for plan in self.plans for cell in plan.cells]


@dataclass(frozen=True)
class Grown(Plan):
    """A plan that becomes `larger`, whichever way it grows."""

    larger: Plan | None = None

    def extend(self, values: object = None, /, **named: object) -> Plan:
        """Return the larger plan."""
        assert values or named
        return self._larger()

    def repeat(self, times: int) -> Plan:
        """Return the larger plan."""
        assert times > 1
        return self._larger()

    def complete(self) -> Plan:
        """Return the larger plan."""
        return self._larger()

    def _larger(self) -> Plan:
        assert self.larger is not None
        return self.larger


def _made(request: object) -> Generation:
    return generation(Path("new.png"), request=request)


def _grid(runner: Recorder | None, *, lost: tuple[int, ...] = ()) -> ImageGrid:
    plan = planned("A {n}", n=["cat", "hare", "owl"])
    made = [
        failed(request=cell.request) if i in lost else _made(cell.request)
        for i, cell in enumerate(plan.cells)
    ]
    return ImageGrid(made, plan, runner=runner)


def test_only_the_failed_are_asked_for_again() -> None:
    """They come into their places in the same grid; the others are not touched."""
    run = Recorder()
    grid = _grid(run, lost=(1,))
    others, part, pivot = (grid[0], grid[2]), grid[1:], grid.pivot(rows="n")
    assert grid.retry() is grid
    assert run.prompts == ["A hare"]
    assert [g.ok for g in grid] == [True] * 3
    assert (grid[0], grid[2]) == others
    assert grid.number == 7
    assert all(g.ok for g in [*part, *pivot]), "parts and pivots have the same places"


def test_nothing_failed_is_the_same_grid() -> None:
    """A cell that retries can be run again at no cost."""
    run = Recorder()
    grid = _grid(run)
    assert grid.retry() is grid
    assert run.plans == []
    assert _grid(None).retry()


@pytest.mark.parametrize("state", [s for s in State if s is not State.FAILED])
def test_what_did_not_fail_is_not_paid_twice(state: State) -> None:
    """A task that may still be running, or whose outcome is unknown, is left alone."""
    run = Recorder()
    grid = _grid(run, lost=(0,))
    mixed = grid.of([grid[0], waiting(state, request=grid[1].request), grid[2]], grid.plan)
    mixed.retry()
    assert run.prompts == ["A cat"]


def test_a_part_retries_its_own_images() -> None:
    """A slice and a selection know which cells are theirs, and fill them in the whole."""
    run = Recorder()
    grid = _grid(run, lost=(0, 2))
    again = grid.select(n="owl").retry()
    assert (run.prompts, len(again)) == (["A owl"], 1)
    assert [g.ok for g in grid] == [False, True, True]
    assert grid.number is None


def test_images_that_are_in_no_order_are_found_by_request() -> None:
    """A grid that is not as long as its plan runs the right cells."""
    run = Recorder()
    grid = _grid(run, lost=(1,))
    part = ImageGrid([grid[2], grid[1]], grid.plan, runner=run)
    assert [g.request.prompt for g in part.retry()] == ["A owl", "A hare"]
    assert run.prompts == ["A hare"]


def test_without_a_runner_it_says_how() -> None:
    """The error is a way out, and a stranger in the grid is one too."""
    with pytest.raises(InputError, match=r"nothing to run its tasks with.*Run the cell again"):
        _grid(None, lost=(0,)).retry()
    with pytest.raises(InputError, match="has no plan"):
        ImageGrid([failed()], runner=Recorder()).retry()
    grid = _grid(Recorder())
    with pytest.raises(InputError, match="does not hold all its images"):
        ImageGrid([failed(prompt="?")], grid.plan, runner=Recorder()).retry()


@pytest.mark.parametrize(
    "grow",
    [
        lambda grid: grid.extend(n=["owl"]),
        lambda grid: grid.repeat(2),
        lambda grid: grid.complete(),
    ],
)
def test_a_larger_plan_runs_what_is_new(grow: Callable[[ImageGrid], ImageGrid]) -> None:
    """What is held stays; a failure is not bought again without being asked."""
    run = Recorder()
    whole = _grid(run, lost=(1,))
    assert whole.plan is not None
    small = whole.plan.only((0, 1))
    plan = Grown(**vars(small), larger=whole.plan)
    grid = grow(ImageGrid(whole.generations[:2], plan, runner=run).pivot(rows="n"))
    assert run.prompts == ["A owl"]
    assert grid.generations[:2] == whole.generations[:2]
    assert (grid.plan, len(grid), grid.runner) == (whole.plan, 3, run)
    assert grid.view is not None


def test_growing_leaves_the_grid_as_it_was() -> None:
    """Another grid comes of it; what is done to that one later is not done to the old."""
    run = Recorder()
    whole = _grid(run, lost=(1,))
    assert whole.plan is not None
    plan = Grown(**vars(whole.plan.only((0, 1))), larger=whole.plan)
    old = ImageGrid(whole.generations[:2], plan, runner=run)
    more = old.extend(n=["owl"])
    assert (len(old), old.plan, len(more)) == (2, plan, 3)
    more.retry()
    assert [g.ok for g in more] == [True] * 3
    assert [g.ok for g in old] == [True, False]


class Refusing(Recorder):
    """A runner whose tasks are refused, are lost, or end as `image` says."""

    def __init__(self, image: Callable[[object], Generation]) -> None:
        super().__init__()
        self.image = image

    def __call__(
        self, plan: Plan, limits: RunLimits, on_start: Callable[[ImageGrid], object] = bool
    ) -> ImageGrid:
        """Begin, and raise instead of returning the images."""
        self.plans.append(plan)
        images = [self.image(cell.request) for cell in plan.cells]
        on_start(ImageGrid(images, plan, source=Memory(images)))
        raise KeyboardInterrupt


class Memory:
    """Images that may change, without a run or a ledger."""

    def __init__(self, images: list[Generation], moving: bool = False) -> None:
        self.generations = images
        self.moving = moving

    def look(self, indices: object) -> None:
        """Find nothing new."""

    def running(self, index: int) -> bool:
        """Say so of all or none."""
        return self.moving

    def pause(self, seconds: float) -> None:
        """Let the run end."""
        self.moving = False


def test_retry_that_sent_nothing_leaves_the_failure() -> None:
    """Refused or stopped before it was sent, the image has failed as before, and may be retried."""
    run = Refusing(lambda request: waiting(State.PLANNED, request=request))
    grid = _grid(run, lost=(1,))
    before = grid[1]
    with pytest.raises(KeyboardInterrupt):
        grid.retry()
    assert grid[1] is before
    with pytest.raises(KeyboardInterrupt):
        grid.retry()
    assert len(run.plans) == 2


def test_retry_whose_wait_was_stopped_shows_the_new_task() -> None:
    """What was paid is on its way, in the place of the failure: it is not paid once more."""
    run = Refusing(lambda request: waiting(State.DETACHED, request=request))
    grid = _grid(run, lost=(1,))
    with pytest.raises(KeyboardInterrupt):
        grid.retry()
    assert grid[1].state is State.DETACHED
    grid.retry()
    assert len(run.plans) == 1


def test_what_still_runs_comes_into_the_larger_grid_too() -> None:
    """A grid that was grown while it ran shows what comes as the old one does."""
    run = Recorder()
    whole = _grid(run)
    assert whole.plan is not None
    plan = Grown(**vars(whole.plan.only((0, 1))), larger=whole.plan)
    images = [whole[0], waiting(State.RUNNING, request=whole[1].request)]
    source = Memory(images, moving=True)
    old = ImageGrid(images, plan, runner=run, source=source)
    more = old.repeat(2)
    assert (old.running, more.running, more[2:].running) == (True, True, False)
    source.generations[1] = whole[1]
    assert [g.ok for g in more] == [g.ok for g in old] + [True] == [True] * 3
    assert more.wait() is more
    assert not old.running


def test_complete_leaves_alone_what_a_run_is_to_send() -> None:
    """An image that is not sent yet and has its run is no rest."""
    run = Recorder()
    grid = _grid(run)
    assert grid.plan is not None
    plan = Grown(**vars(grid.plan), larger=grid.plan)
    images = [grid[0], replace(grid[1], state=State.PLANNED, path=None), grid[2]]
    ImageGrid(images, plan, runner=run, source=Memory(images, moving=True)).complete()
    assert run.prompts == []
    ImageGrid(images, plan, runner=run, source=Memory(images)).complete()
    assert run.prompts == ["A hare"]


def test_complete_sends_what_was_stopped() -> None:
    """An image that was planned and never sent is part of the rest."""
    run = Recorder()
    grid = _grid(run)
    assert grid.plan is not None
    plan = Grown(**vars(grid.plan), larger=grid.plan)
    stopped = replace(grid[1], state=State.PLANNED, path=None)
    assert all(g.ok for g in ImageGrid([grid[0], stopped, grid[2]], plan, runner=run).complete())
    assert run.prompts == ["A hare"]


def test_a_runner_travels_with_parts_but_not_with_copies() -> None:
    """It is alive: it cannot be written down."""
    grid = _grid(Recorder())
    assert grid[1:].runner is grid["cat"].runner is grid.pivot(rows="n").runner is grid.runner
    assert pickle.loads(pickle.dumps(grid)).runner is None
