"""A board without a page: its widgets are touched, and the page speaks through its listener."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace
from typing import Any

from nanobanana_nb.errors import Charged, GenerationFailedError
from nanobanana_nb.model.plan.builder import make_plan
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.notebook.status.board import Board
from nanobanana_nb.notebook.status.click_listener import ClickListener
from nanobanana_nb.run.job import Job
from nanobanana_nb.run.loop.background_loop import BRIDGE
from nanobanana_nb.run.run_state import RunState
from tests.html_reader import Page


def job_of(count: int) -> Job:
    """A job of so many images, none of which is asked for."""
    plan = make_plan("a <b>cat", provider="crun", model="nano-banana", repeats=count)
    state = RunState(plan, [Generation(cell.request) for cell in plan.cells])
    return Job(state, Future(), BRIDGE)


def named(board: Board) -> dict[str, Any]:
    """The buttons of a board by their names."""
    found = (one for one in parts(board) if getattr(one, "description", ""))
    return {button.description: button for button in found}


def parts(board: Board) -> list[Any]:
    """Every widget of an open board, with its layout and style."""
    assert board._frame is not None
    return board._frame.parts


def values(board: Board) -> list[str]:
    """The HTML of head, failures and tiles."""
    assert board._frame is not None
    return [one.value for one in (board._frame.head, board._frame.failed, board._frame.tiles)]


def words(html: str) -> str:
    """The text of a board's HTML."""
    return Page(html).text


def say(board: Board, message: Any) -> None:
    """Let the page say something through the listener of the board."""
    (listener,) = (one for one in parts(board) if isinstance(one, ClickListener))
    listener._handle_custom_msg(message, [])


def settled(board: Board, job: Job) -> str:
    """Draw until everything stands as it is, and return all of it."""
    for _ in range(4):
        board.draw(job, 1.0)
    return "".join(values(board))


def fail(job: Job, *positions: int, charged: Charged = Charged.NO) -> None:
    """Let images fail."""
    for position in positions:
        error = GenerationFailedError("failed", why="blocked: a <hat>", charged=charged)
        one = replace(job.generations[position], state=State.FAILED, error=error, id=position)
        job._state.generations[position] = one
        job._state.tell(position)
