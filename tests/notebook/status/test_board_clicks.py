"""What is pressed on the tiles and rows of a board, without a page."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from nanobanana_nb.errors import Charged
from nanobanana_nb.model.result import State
from nanobanana_nb.notebook.page.output import VIEW
from nanobanana_nb.notebook.status.board import Board
from nanobanana_nb.run.job import Job
from nanobanana_nb.show.live.clickable import PAYS_AGAIN
from tests.html_reader import Page
from tests.notebook.bench import wait_until
from tests.notebook.status.boards import fail, job_of, named, say, settled, values, words

pytest.importorskip("anywidget")


@pytest.fixture
def asked() -> list[list[int]]:
    """What was asked for again."""
    return []


@pytest.fixture
def job(asked: list[list[int]]) -> Job:
    """A job of ten whose run takes further tries."""
    return tried(job_of(10), asked)


def tried(job: Job, asked: list[list[int]]) -> Job:
    """Let the run of a job take further tries, which are noted."""

    async def again(positions: Any) -> None:
        asked.append(list(positions))

    job._state.tries_again = again
    return job


@pytest.fixture
def pictured(job: Job, tmp_path: Path) -> Job:
    """A job whose images 2 and 3 are here."""
    Image.new("RGB", (64, 64), "#804020").save(tmp_path / "a.png")
    for position in (2, 3):
        one = job.generations[position]
        job._state.generations[position] = replace(
            one, state=State.SUCCESS, path=tmp_path / "a.png"
        )
    return job


def test_failures_can_be_tried_again_once_the_page_listens(board: Board, job: Job) -> None:
    """Each in its own tile, beside the reason, and all by one button; before, reasons stand."""
    fail(job, 1, 4, 5, 7, 9)
    before = settled(board, job)
    assert "<button" not in before
    assert words(values(board)[0]).startswith("5 of 10 · 5 failed · ")
    assert "#0 failed blocked: a <hat> · no credits were taken #1" in words(values(board)[2])
    say(board, {"kind": "here"})
    after = settled(board, job)
    assert [f'data-again="{n}"' in after for n in range(10)] == [
        n in (1, 4, 5, 7, 9) for n in range(10)
    ]
    tile = "#0 failed Try again blocked: a <hat> · no credits were taken #1"
    assert tile in words(values(board)[2])
    assert "· Try all 5 again" in words(values(board)[0])
    assert values(board)[1] == ""


def test_failures_of_a_row_have_rows(board: Board, asked: list[list[int]]) -> None:
    """Small tiles have no room: the first few have a row with number, reason and button."""
    job = tried(job_of(80), asked)
    fail(job, 1, 4, 5, 7, 9)
    before = settled(board, job)
    assert "<button" not in before
    assert "5 failed: " in before
    say(board, {"kind": "here"})
    after = settled(board, job)
    assert [f'data-again="{n}"' in after for n in range(10)] == [n in (1, 4, 5) for n in range(10)]
    assert "<bdi>#1</bdi></b> failed: <bdi>blocked: a &lt;hat&gt; · no credits were taken" in after
    assert "and 2 more failed" in after
    assert "Try all 5 again" in after
    assert "5 failed: " not in after


@pytest.mark.parametrize("count", [10, 80])
def test_try_that_pays_once_more_says_so(board: Board, asked: list[list[int]], count: int) -> None:
    """Where credits may have been taken for the failed one, the board says what a try means."""
    job = tried(job_of(count), asked)
    fail(job, 1, charged=Charged.UNKNOWN)
    board.draw(job, 0.0)
    say(board, {"kind": "here"})
    html = settled(board, job)
    assert "credits may have been taken" in words(html)
    assert "Try all" not in html
    titles = [one.get("title", "") for tag, one in Page(html).elements if tag == "button"]
    row = "credits may have been taken · a new try pays once more"
    assert row in words(html) if count > 60 else PAYS_AGAIN in titles[0]


def test_presses_ask_again(board: Board, job: Job, asked: list[list[int]]) -> None:
    """One is asked for by its row, all that failed by the last button."""
    fail(job, 1, 4)
    board.draw(job, 0.0)
    say(board, {"kind": "again", "position": 4})
    assert board.changed, "it is drawn at once"
    say(board, {"kind": "all"})
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
    say(board, message)
    board.draw(job, 1.0)
    assert board._viewer is None
    fail(job, 1)
    say(board, {"kind": "all"})
    wait_until(lambda: asked == [[1]])


def test_only_images_can_be_pressed(board: Board, pictured: Job) -> None:
    """Tab leads to the first image, and tiles without one are no buttons."""
    board.draw(job_of(10), 0.0)
    assert named(board)["Look closer"].disabled
    assert 'role="button"' not in settled(board, pictured)
    assert not named(board)["Look closer"].disabled
    say(board, {"kind": "here"})
    tiles = settled(board, pictured)
    assert re.findall(r'data-look="(\d+)" tabindex="(-?\d)"', tiles) == [("2", "0"), ("3", "-1")]


def test_saved_while_it_ran_says_what_to_do(board: Board, bench: Any) -> None:
    """What stands for the widgets in a file names the way to the images, as HTML and as text."""
    board.draw(job_of(2), 0.0)
    (shown,) = (one["data"] for one in bench.shell.display_pub.outputs)
    assert "<code>%nanobanana resume</code>" in shown["text/html"]
    assert "%nanobanana resume fetches" in shown["text/plain"]
    assert shown[VIEW]["model_id"]


def _outputs(bench: Any) -> list[dict[str, Any]]:
    return [one["data"] for one in bench.shell.display_pub.outputs]


def test_viewer_opens_where_the_board_is_drawn(board: Board, pictured: Job, bench: Any) -> None:
    """A press is only noted; the next draw opens the viewer on that image, under the cell."""
    board.draw(pictured, 0.0)
    say(board, {"kind": "look", "position": 3})
    assert len(_outputs(bench)) == 1
    board.draw(pictured, 1.0)
    viewer = board._viewer._open.widget
    assert _outputs(bench)[-1][VIEW]["model_id"] == viewer.model_id
    states = [one["state"] for one in viewer.data["images"]]
    assert states == ["not sent"] * 2 + ["done"] * 2 + ["not sent"] * 6, "each in its place"
    assert viewer.data["start"] == {"image": 3}
    viewer._handle_custom_msg({"kind": "close"}, [])
    assert _outputs(bench)[-1] == {"text/html": "", "text/plain": ""}
    assert viewer.comm is None


def test_second_viewer_takes_the_place_of_the_first(
    board: Board, pictured: Job, bench: Any
) -> None:
    """There is one viewer at a time, whose ratings are those of the images that it shows."""
    board.draw(pictured, 0.0)
    say(board, {"kind": "look", "position": 3})
    board.draw(pictured, 1.0)
    first = board._viewer._open.widget
    named(board)["Look closer"].click()
    board.draw(pictured, 2.0)
    assert first.comm is None
    assert [VIEW in data for data in _outputs(bench)[-3:]] == [True, False, True]
    board._viewer._open.close()


def test_viewer_outlives_the_board(board: Board, pictured: Job, bench: Any) -> None:
    """The end of the run closes the board and not what somebody looks at."""
    board.draw(pictured, 0.0)
    say(board, {"kind": "look", "position": 2})
    board.draw(pictured, 1.0)
    board.close()
    viewer = board._viewer._open.widget
    assert viewer.comm is not None
    viewer._handle_custom_msg({"kind": "close"}, [])
    assert _outputs(bench)[-1] == {"text/html": "", "text/plain": ""}
    assert viewer.comm is None


def test_click_on_a_page_is_answered_first(board: Board) -> None:
    """While failures come in, the next draw after the click has the tiles that were asked for."""
    job = job_of(80)
    board.draw(job, 0.0)
    say(board, {"kind": "here"})
    settled(board, job)
    for number, first in enumerate((32, 48)):
        fail(job, number)
        named(board)["Later"].click()
        board.draw(job, 1.0)
        assert f">#{first} to #{first + 31};" in values(board)[2]
