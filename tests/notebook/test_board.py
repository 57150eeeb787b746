"""The board of a running job, without a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from nanobanana_nb.model.plan import make_plan
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.notebook.board import Board
from nanobanana_nb.run.bridge import BRIDGE
from nanobanana_nb.run.job import Job

pytest.importorskip("ipywidgets")


@pytest.fixture
def board(bench: Any) -> Iterator[Board]:
    """A board in a shell without a page."""
    made = Board("here")
    yield made
    made.close()


def _job(count: int) -> Job:
    plan = make_plan("a <b>cat", provider="crun", model="nano-banana", repeats=count)
    return Job(plan, [Generation(cell.request) for cell in plan.cells], BRIDGE)


def _named(board: Board) -> dict[str, Any]:
    found = (one for one in board._widgets if getattr(one, "description", ""))
    return {button.description: button for button in found}


def test_one_task_has_no_pages(board: Board) -> None:
    """A single task has its line and two buttons, each with its meaning as the tooltip."""
    board.draw(_job(1), 1.0)
    assert list(_named(board)) == ["Stop", "Detach"]
    assert all(button.tooltip for button in _named(board).values())
    assert "a &lt;b&gt;cat" in board._head.value


def test_one_widget_changes_at_a_time(board: Board) -> None:
    """Head and tiles take turns, so that a draw is one message however many tasks run."""
    job = _job(1000)
    board.draw(job, 0.0)
    seen = [(board._head.value, board._tiles.value)]
    for seconds in range(1, 6):
        job.put(seconds, replace(job.generations[seconds], state=State.PENDING))
        board.draw(job, float(10 * seconds))
        seen.append((board._head.value, board._tiles.value))
    changes = [sum(old != new for old, new in zip(a, b, strict=True)) for a, b in pairwise(seen)]
    assert changes == [1] * 5
    assert seen[-1][1] != ""


def test_pages_stay_inside(board: Board) -> None:
    """Later at the end and Earlier at the beginning stay there; Follow goes back to the front."""
    job = _job(80)
    board.draw(job, 0.0)
    for name, first in (
        *(("Later", 33), ("Later", 49), ("Later", 49), ("Earlier", 17)),
        *(("Earlier", 1), ("Earlier", 1), ("Later", 33), ("Follow", 1)),
    ):
        _named(board)[name].click()
        assert board.changed
        board.draw(job, 1.0)
        assert f">{first} to {first + 31};" in board._tiles.value, name
        assert not board.changed


@pytest.mark.parametrize(("name", "wish"), [("Stop", "stop"), ("Detach", "detach")])
def test_a_click_is_noted_once(board: Board, name: str, wish: str) -> None:
    """A click is a wish; after it neither button can be pressed again."""
    board.draw(_job(1), 0.0)
    _named(board)[name].click()
    assert board.wish == wish
    assert all(button.disabled for button in _named(board).values())


def test_closing_leaves_no_widget(board: Board) -> None:
    """Every widget, layout and style that it opened is closed, also when closed twice."""
    board.draw(_job(80), 0.0)
    opened = list(board._widgets)
    assert len(opened) > 10
    board.close()
    board.close()
    assert all(one.comm is None for one in opened)
