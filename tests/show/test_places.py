"""Places of a grid: what is shown is read where the run writes it."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Iterable

import pytest

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.show.grid import ImageGrid
from tests.show.conftest import failed, planned, waiting


class Record:
    """The images of a run: what is asked about them is noted, and what it learns comes in."""

    def __init__(self, images: list[Generation]) -> None:
        self.generations = images
        self.looks: list[list[int]] = []
        self.to_come: dict[int, Generation] = {}

    def look(self, indices: Iterable[int]) -> None:
        """Put into the list what has come."""
        self.looks.append(list(indices))
        for index, image in self.to_come.items():
            self.generations[index] = image

    def running(self, index: int) -> bool:
        """Whether an image runs."""
        return self.generations[index].state is State.RUNNING

    def pause(self, seconds: float) -> None:
        """Let all that runs come to its end."""
        for index, image in enumerate(self.generations):
            if image.state is State.RUNNING:
                self.to_come[index] = failed(request=image.request)


@pytest.fixture
def record() -> Record:
    """Three images that run."""
    cells = planned("A {n}", n=["cat", "hare", "owl"]).cells
    return Record([waiting(State.RUNNING, request=cell.request) for cell in cells])


@pytest.fixture
def grid(record: Record) -> ImageGrid:
    """Their grid."""
    plan = planned("A {n}", n=["cat", "hare", "owl"])
    return ImageGrid(record.generations, plan, source=record)


def test_what_comes_is_seen_when_it_is_asked_for(grid: ImageGrid, record: Record) -> None:
    """In the grid, in its text and in each form of it."""
    assert "running" in repr(grid)
    record.to_come[1] = failed(request=grid[1].request)
    assert grid[1].state is State.FAILED
    assert "failed" in repr(grid)
    assert "failed" in grid._repr_mimebundle_()["text/html"]
    assert grid.counts()["failed"] == 1
    assert [g.state.value for g in grid["hare"]] == ["failed"]


def test_a_part_looks_for_its_own(grid: ImageGrid, record: Record) -> None:
    """What others of the grid do is not asked for its sake."""
    part = grid[1:]
    record.looks.clear()
    assert part[0].state is State.RUNNING
    assert record.looks == [[1, 2]]


def test_length_is_no_question(grid: ImageGrid, record: Record) -> None:
    """Neither length nor parts, plan and number look anything up."""
    record.looks.clear()
    assert (len(grid), len(grid[1:]), bool(grid), grid.number) == (3, 2, True, None)
    assert grid.plan is not None
    assert record.looks == []


def test_one_form_is_of_one_moment(grid: ImageGrid, record: Record) -> None:
    """However many steps the drawing takes, its summary and its tiles tell the same."""
    record.looks.clear()
    grid._repr_mimebundle_()
    repr(grid)
    assert record.looks == [[0, 1, 2]] * 2


@pytest.mark.parametrize("copied", [copy.copy, lambda g: pickle.loads(pickle.dumps(g))])
def test_copies_stay_as_they_are(grid: ImageGrid, record: Record, copied: object) -> None:
    """A copy is the state of the moment, and belongs to no run."""
    assert callable(copied)
    again = copied(grid)
    assert again == grid
    record.to_come[0] = failed(request=grid[0].request)
    assert again != grid
    assert not again.running
    assert grid.running


def test_waiting_ends_when_nothing_runs(grid: ImageGrid) -> None:
    """A grid that belongs to no run has nothing to wait for."""
    assert grid.wait() is grid
    assert [g.state for g in grid] == [State.FAILED] * 3
    assert ImageGrid([waiting(State.RUNNING)]).wait().one.state is State.RUNNING


@pytest.mark.parametrize("timeout", [-1, "1", float("nan"), True, 1j])
def test_what_is_no_time_is_refused(grid: ImageGrid, timeout: object) -> None:
    """In one sentence."""
    with pytest.raises(InputError, match="timeout"):
        grid.wait(timeout)  # type: ignore[arg-type]


def test_no_time_at_all_is_one_look(grid: ImageGrid) -> None:
    """It says how it stands."""
    assert grid.wait(0).running
