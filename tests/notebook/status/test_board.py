"""The board of a running job, without a page."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from nanobanana_nb.model.result import State
from nanobanana_nb.notebook.status.board import Board
from tests.notebook.status.boards import job_of, named, parts, values

pytest.importorskip("ipywidgets")


def test_one_task_has_no_pages(board: Board) -> None:
    """A single task has its line and two buttons, each with its meaning as the tooltip."""
    board.draw(job_of(1), 1.0)
    assert list(named(board)) == ["Stop", "Detach"]
    assert all(button.tooltip for button in named(board).values())
    assert board._frame is not None
    assert "a &lt;b&gt;cat" in board._frame.head.value
    assert len(parts(board)) < 16, "few messages for one task"


def test_one_widget_changes_at_a_time(board: Board) -> None:
    """Head, failures and tiles take turns: a draw is one message however many tasks run."""
    job = job_of(1000)
    board.draw(job, 0.0)
    seen = [values(board)]
    for seconds in range(1, 6):
        job._state.generations[seconds] = replace(job.generations[seconds], state=State.PENDING)
        board.draw(job, float(10 * seconds))
        seen.append(values(board))
    changes = [sum(old != new for old, new in zip(a, b, strict=True)) for a, b in pairwise(seen)]
    assert changes == [1] * 5
    assert seen[-1][2] != ""


def test_pages_stay_inside(board: Board) -> None:
    """Later at the end and Earlier at the beginning stay there; Follow goes back to the front."""
    job = job_of(80)
    board.draw(job, 0.0)
    for name, first in (
        *(("Later", 33), ("Later", 49), ("Later", 49), ("Earlier", 17)),
        *(("Earlier", 1), ("Earlier", 1), ("Later", 33), ("Follow", 1)),
    ):
        named(board)[name].click()
        assert board.changed
        board.draw(job, 1.0)
        assert f">{first} to {first + 31};" in values(board)[2], name
        assert not board.changed


@pytest.mark.parametrize(("name", "wish"), [("Stop", "stop"), ("Detach", "detach")])
def test_a_click_is_noted_once(board: Board, name: str, wish: str) -> None:
    """A click is a wish; after it neither button can be pressed again."""
    board.draw(job_of(1), 0.0)
    named(board)[name].click()
    assert board.wish == wish
    assert all(named(board)[other].disabled for other in ("Stop", "Detach"))


def test_closing_leaves_no_widget(board: Board) -> None:
    """Every widget, layout and style that it opened is closed, also when closed twice."""
    board.draw(job_of(80), 0.0)
    opened = parts(board)
    assert len(opened) > 10
    board.close()
    board.close()
    assert all(one.comm is None for one in opened)
