"""The board of a running job, without a page."""

from __future__ import annotations

import random
import re
from dataclasses import replace

import pytest

from nanobanana_nb.model.result import State
from nanobanana_nb.notebook.status.board import Board
from tests.notebook.status.boards import fail, job_of, named, parts, say, values, words

pytest.importorskip("ipywidgets")


def test_one_task_has_no_pages(board: Board) -> None:
    """A single task has its line and two buttons, each with its meaning as the tooltip."""
    board.draw(job_of(1), 1.0)
    assert list(named(board)) == ["Stop", "Detach"]
    assert all(button.tooltip for button in named(board).values())
    assert board._frame is not None
    assert "a &lt;b&gt;cat" in board._frame.head.value
    assert len(parts(board)) < 24, "few messages for one task"


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("listens", [True, False])
def test_headline_and_tiles_tell_the_same(board: Board, seed: int, listens: bool) -> None:
    """In each draw what the headline counts is what stands in the tiles, whatever happens."""
    chance, job = random.Random(seed), job_of(12)
    board.draw(job, 0.0)
    if listens:
        say(board, {"kind": "here"})
    for second in range(1, 6):
        for position in chance.sample(range(12), 4):
            state = chance.choice([State.PENDING, State.RUNNING, State.DETACHED, State.UNKNOWN])
            job._state.generations[position] = replace(job.generations[position], state=state)
        fail(job, chance.randrange(12))
        board.draw(job, float(second))
        head, failures, tiles = map(words, values(board))
        ended = re.findall(r"\b(?:failed|unknown)\b", tiles)
        assert head.startswith(f"{len(ended)} of 12 ·")
        for word in ("stopped", "unknown", "failed"):
            count = len(re.findall(rf"\b{word}\b", tiles))
            assert (f"· {count} {word}" in head) == (count > 0)
        assert failures == ""


@pytest.mark.parametrize("count", [1, 12, 1000])
def test_only_what_has_changed_is_sent(board: Board, count: int) -> None:
    """While nothing happens to any task a draw is one line, however many there are."""
    job = job_of(count)
    board.draw(job, 0.0)
    say(board, {"kind": "here"})
    board.draw(job, 1.0)
    before = values(board)
    board.draw(job, 10.0)
    changes = [old != new for old, new in zip(before, values(board), strict=True)]
    assert changes == [True, False, False]
    job._state.generations[0] = replace(job.generations[0], state=State.PENDING)
    board.draw(job, 20.0)
    assert values(board)[2] != before[2]


def test_pages_stay_inside(board: Board) -> None:
    """Later at the end and Earlier at the beginning stay there; Follow goes back to the front."""
    job = job_of(80)
    board.draw(job, 0.0)
    for name, first in (
        *(("Later", 32), ("Later", 48), ("Later", 48), ("Earlier", 16)),
        *(("Earlier", 0), ("Earlier", 0), ("Later", 32), ("Follow", 0)),
    ):
        named(board)[name].click()
        assert board.changed
        board.draw(job, 1.0)
        assert f">#{first} to #{first + 31};" in values(board)[2], name
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
