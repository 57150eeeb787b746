"""The board of a running job, without a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from nanobanana_nb.errors import Charged, GenerationFailedError
from nanobanana_nb.model.plan import make_plan
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.notebook.board import Board
from nanobanana_nb.notebook.ear import EarWidget
from nanobanana_nb.notebook.status import VIEW
from nanobanana_nb.run.bridge import BRIDGE
from nanobanana_nb.run.job import Job

from .bench import wait_until

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
    found = (one for one in _parts(board) if getattr(one, "description", ""))
    return {button.description: button for button in found}


def _parts(board: Board) -> list[Any]:
    assert board._frame is not None
    return board._frame.parts


def _values(board: Board) -> list[str]:
    """The HTML of head, failures and tiles."""
    assert board._frame is not None
    return [one.value for one in (board._frame.head, board._frame.failed, board._frame.tiles)]


def _say(board: Board, message: Any) -> None:
    """Let the page say something through the ear of the board."""
    (ear,) = (one for one in _parts(board) if isinstance(one, EarWidget))
    ear._handle_custom_msg(message, [])


def _settled(board: Board, job: Job) -> str:
    """Draw until everything stands as it is, and return all of it."""
    for _ in range(4):
        board.draw(job, 1.0)
    return "".join(_values(board))


def test_one_task_has_no_pages(board: Board) -> None:
    """A single task has its line and two buttons, each with its meaning as the tooltip."""
    board.draw(_job(1), 1.0)
    assert list(_named(board)) == ["Stop", "Detach"]
    assert all(button.tooltip for button in _named(board).values())
    assert board._frame is not None
    assert "a &lt;b&gt;cat" in board._frame.head.value
    assert len(_parts(board)) < 16, "few messages for one task"


def test_one_widget_changes_at_a_time(board: Board) -> None:
    """Head, failures and tiles take turns: a draw is one message however many tasks run."""
    job = _job(1000)
    board.draw(job, 0.0)
    seen = [_values(board)]
    for seconds in range(1, 6):
        job.put(seconds, replace(job.generations[seconds], state=State.PENDING))
        board.draw(job, float(10 * seconds))
        seen.append(_values(board))
    changes = [sum(old != new for old, new in zip(a, b, strict=True)) for a, b in pairwise(seen)]
    assert changes == [1] * 5
    assert seen[-1][2] != ""


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
        assert f">{first} to {first + 31};" in _values(board)[2], name
        assert not board.changed


def test_click_on_a_page_is_answered_first(board: Board) -> None:
    """While failures come in, the next draw after the click has the tiles that were asked for."""
    job = _job(80)
    board.draw(job, 0.0)
    _say(board, {"kind": "here"})
    _settled(board, job)
    for number, first in enumerate((33, 49)):
        _failed(job, number)
        _named(board)["Later"].click()
        board.draw(job, 1.0)
        assert f">{first} to {first + 31};" in _values(board)[2]


@pytest.mark.parametrize(("name", "wish"), [("Stop", "stop"), ("Detach", "detach")])
def test_a_click_is_noted_once(board: Board, name: str, wish: str) -> None:
    """A click is a wish; after it neither button can be pressed again."""
    board.draw(_job(1), 0.0)
    _named(board)[name].click()
    assert board.wish == wish
    assert all(_named(board)[other].disabled for other in ("Stop", "Detach"))


def test_closing_leaves_no_widget(board: Board) -> None:
    """Every widget, layout and style that it opened is closed, also when closed twice."""
    board.draw(_job(80), 0.0)
    opened = _parts(board)
    assert len(opened) > 10
    board.close()
    board.close()
    assert all(one.comm is None for one in opened)


def _failed(job: Job, *positions: int, charged: Charged = Charged.NO) -> None:
    for position in positions:
        error = GenerationFailedError("failed", why="blocked: a <hat>", charged=charged)
        one = replace(job.generations[position], state=State.FAILED, error=error, id=position)
        job.put(position, one)
        job.tell(position)


@pytest.fixture
def asked() -> list[list[int]]:
    """What was asked for again."""
    return []


@pytest.fixture
def job(asked: list[list[int]]) -> Job:
    """A job of ten whose run takes further tries."""
    made = _job(10)

    async def again(positions: Any) -> None:
        asked.append(list(positions))

    made.tries_again = again
    return made


@pytest.fixture
def pictured(job: Job, tmp_path: Path) -> Job:
    """A job whose images 2 and 3 are here."""
    Image.new("RGB", (64, 64), "#804020").save(tmp_path / "a.png")
    for position in (2, 3):
        one = job.generations[position]
        job.put(position, replace(one, state=State.SUCCESS, path=tmp_path / "a.png"))
    return job


def test_failures_can_be_tried_again_once_the_page_listens(board: Board, job: Job) -> None:
    """The first few have a row with number, reason and button; before that the reasons stand."""
    _failed(job, 1, 4, 5, 7, 9)
    before = _settled(board, job)
    assert "<button" not in before
    assert "5 failed: " in before
    _say(board, {"kind": "here"})
    after = _settled(board, job)
    assert [f'data-again="{n}"' in after for n in range(10)] == [n in (1, 4, 5) for n in range(10)]
    assert (
        "<bdi>Image 2</bdi></b> failed: <bdi>blocked: a &lt;hat&gt; · no credits were taken"
        in after
    )
    assert "and 2 more failed" in after
    assert "Try all 5 again" in after
    assert "5 failed: " not in after


def test_try_that_pays_once_more_says_so(board: Board, job: Job) -> None:
    """Where credits may have been taken for the failed one, its row says what a try means."""
    _failed(job, 1, charged=Charged.UNKNOWN)
    board.draw(job, 0.0)
    _say(board, {"kind": "here"})
    told = _settled(board, job)
    assert "credits may have been taken · a new try pays once more" in told
    assert "Try all" not in told


def test_presses_ask_again(board: Board, job: Job, asked: list[list[int]]) -> None:
    """One is asked for by its row, all that failed by the last button."""
    _failed(job, 1, 4)
    board.draw(job, 0.0)
    _say(board, {"kind": "again", "position": 4})
    assert board.changed, "it is drawn at once"
    _say(board, {"kind": "all"})
    wait_until(lambda: asked == [[4], [1, 4]])


@pytest.mark.parametrize(
    "message",
    [
        *(None, [], "look", {"kind": "again"}, {"kind": "again", "position": "1"}),
        *({"kind": "again", "position": True}, {"kind": "again", "position": 10}),
        *({"kind": "again", "position": -1}, {"kind": ["again"], "position": 1}),
        *({"kind": "look", "position": 1}, {"kind": "look", "position": 99}),
    ],
)
def test_a_page_may_say_anything(
    board: Board, job: Job, asked: list[list[int]], message: Any
) -> None:
    """What is not of the form, or names no such image, does nothing."""
    board.draw(job, 0.0)
    _say(board, message)
    board.draw(job, 1.0)
    assert board._looking is None
    _failed(job, 1)
    _say(board, {"kind": "all"})
    wait_until(lambda: asked == [[1]])


def test_only_images_can_be_pressed(board: Board, pictured: Job) -> None:
    """Tab leads to the first image, and tiles without one are no buttons."""
    board.draw(pictured, 0.0)
    assert _named(board)["Look closer"].disabled
    assert 'role="button"' not in _settled(board, pictured)
    assert not _named(board)["Look closer"].disabled
    _say(board, {"kind": "here"})
    tiles = _settled(board, pictured)
    assert re.findall(r'data-look="(\d+)" tabindex="(-?\d)"', tiles) == [("2", "0"), ("3", "-1")]


def test_saved_while_it_ran_says_what_to_do(board: Board, bench: Any) -> None:
    """What stands for the widgets in a file names the way to the images, as HTML and as text."""
    board.draw(_job(2), 0.0)
    (shown,) = (one["data"] for one in bench.shell.display_pub.outputs)
    assert "<code>%nanobanana resume</code>" in shown["text/html"]
    assert "%nanobanana resume fetches" in shown["text/plain"]
    assert shown[VIEW]["model_id"]


def _outputs(bench: Any) -> list[dict[str, Any]]:
    return [one["data"] for one in bench.shell.display_pub.outputs]


def test_viewer_opens_where_the_board_is_drawn(board: Board, pictured: Job, bench: Any) -> None:
    """A press is only noted; the next draw opens the viewer on that image, under the cell."""
    board.draw(pictured, 0.0)
    _say(board, {"kind": "look", "position": 3})
    assert len(_outputs(bench)) == 1
    board.draw(pictured, 1.0)
    viewer = board._looking._widget
    assert _outputs(bench)[-1][VIEW]["model_id"] == viewer.model_id
    assert [one["state"] for one in viewer.data["images"]] == ["done", "done"]
    assert viewer.data["start"] == {"image": 1}
    viewer._handle_custom_msg({"kind": "close"}, [])
    assert _outputs(bench)[-1] == {"text/html": "", "text/plain": ""}
    assert viewer.comm is None


def test_second_viewer_takes_the_place_of_the_first(
    board: Board, pictured: Job, bench: Any
) -> None:
    """There is one viewer at a time, whose ratings are those of the images that it shows."""
    board.draw(pictured, 0.0)
    _say(board, {"kind": "look", "position": 3})
    board.draw(pictured, 1.0)
    first = board._looking._widget
    _named(board)["Look closer"].click()
    board.draw(pictured, 2.0)
    assert first.comm is None
    assert [VIEW in data for data in _outputs(bench)[-3:]] == [True, False, True]
    board._looking._close()


def test_viewer_outlives_the_board(board: Board, pictured: Job, bench: Any) -> None:
    """The end of the run closes the board and not what somebody looks at."""
    board.draw(pictured, 0.0)
    _say(board, {"kind": "look", "position": 2})
    board.draw(pictured, 1.0)
    board.close()
    viewer = board._looking._widget
    assert viewer.comm is not None
    viewer._handle_custom_msg({"kind": "close"}, [])
    assert _outputs(bench)[-1] == {"text/html": "", "text/plain": ""}
    assert viewer.comm is None
