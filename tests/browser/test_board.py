"""The status board as a person uses it: watched, clicked, paged, and gone in the end."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator

from tests.browser.conftest import OpenNotebook
from tests.browser.notebook_files import notebook_of
from tests.browser.notebook_page import NotebookPage
from tests.browser.test_quickstart import WIDGET_VIEW, _ours

pytestmark = pytest.mark.browser

SETUP = """%load_ext nanobanana_nb
%config NanobananaMagics.simulator_speed = {speed}
animal = ["cat", "heron", "octopus", "hare [fail]"]
style = ["woodcut", "watercolour", "35 mm photo"]"""


@pytest.fixture
def board_notebook(tmp_path: Path) -> Path:
    """A plan of twelve images, three of which fail, and the line that waits for jobs."""
    plan = f"%%nanobanana -o found\nA {{animal}} with a newspaper, {{style}}, {tmp_path.name}"
    return notebook_of(tmp_path, SETUP.format(speed=1), plan, "%nanobanana wait")


@pytest.fixture
def large_notebook(tmp_path: Path) -> Path:
    """A plan of a thousand images, which come as fast as they can."""
    speed = "%load_ext nanobanana_nb\n%config NanobananaMagics.simulator_speed = 0"
    plan = f"%%nanobanana -n 1000 --yes\nA heron [fail], {tmp_path.name}"
    return notebook_of(tmp_path, speed, plan)


def _start(notebook: NotebookPage) -> Locator:
    """Run all cells but for the last look at jobs; the board, once its buttons are there."""
    notebook.start_all()
    board = notebook.code_cell(1).locator(".nanobanana-board")
    board.get_by_role("button", name="Stop").wait_for()
    return board


def _top(part: Locator) -> float:
    box = part.bounding_box()
    assert box is not None
    return box["y"]


def _first_tile(board: Locator) -> int:
    """Return the number of the first tile of the page that is shown."""
    found = re.search(r"#(\d+) to #\d+; [\d,]+ more", board.inner_text())
    assert found is not None
    return int(found[1])


def _widgets_in(saved: Any) -> list[Any]:
    outputs = [output for cell in saved["cells"] for output in cell.get("outputs", [])]
    found = [output for output in outputs if WIDGET_VIEW in output.get("data", {})]
    return found + (["state"] if "ButtonModel" in json.dumps(saved["metadata"]) else [])


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_board_fills_and_stops(
    open_notebook: OpenNotebook, board_notebook: Path, screenshots: Path, theme: str
) -> None:
    """Pictures and errors come while it runs; Stop ends it while tasks are on their way."""
    notebook = open_notebook(board_notebook)
    notebook.set_theme(theme)
    board = _start(notebook)
    board.locator("img").first.wait_for()
    board.get_by_text("failed", exact=True).first.wait_for()
    board.get_by_text("left").first.wait_for()
    notebook.picture(screenshots / f"board-{theme}.png", of=notebook.code_cell(1))
    stop = board.get_by_role("button", name="Stop")
    growing = (board.locator("img").first, board.get_by_text("failed", exact=True).first)
    assert all(_top(stop) < _top(part) for part in growing), "what grows moves no button"
    stop.click()
    notebook.wait_until_idle()
    assert board.count() == 0
    told = " ".join(notebook.outputs(1))
    assert "Stopped." in told
    assert "Interrupt" not in told, "no traceback"
    assert "Fetch them" in notebook.code_cell(1).inner_text()
    assert "%nanobanana resume" in told
    notebook.picture(screenshots / f"board-{theme}-stopped.png", of=notebook.code_cell(1))
    assert _widgets_in(notebook.save()) == []
    assert _ours(notebook) == []


def test_detach_by_keyboard(
    open_notebook: OpenNotebook, board_notebook: Path, screenshots: Path
) -> None:
    """Detach is reached by Tab and pressed by Enter; the next cell waits and shows the pictures."""
    notebook = open_notebook(board_notebook)
    board = _start(notebook)
    board.get_by_role("button", name="Stop").focus()
    notebook.page.keyboard.press("Tab")
    notebook.page.keyboard.press("Enter")
    detached = notebook.code_cell(1).get_by_text("Detached")
    detached.wait_for()
    notebook.picture(screenshots / "board-detached.png", of=notebook.code_cell(1))
    notebook.wait_until_idle()
    assert notebook.code_cell(2).locator("img").count() == 9
    assert _widgets_in(notebook.save()) == []
    assert _ours(notebook) == []


def test_narrow_window_shows_it_all(
    open_notebook: OpenNotebook, board_notebook: Path, screenshots: Path
) -> None:
    """At 600 pixels the board wraps: its buttons are inside the window."""
    notebook = open_notebook(board_notebook)
    notebook.page.set_viewport_size({"width": 600, "height": 900})
    board = _start(notebook)
    board.locator("img").first.wait_for()
    notebook.picture(screenshots / "board-600.png")
    for name in ("Stop", "Detach"):
        box = board.get_by_role("button", name=name).bounding_box()
        assert box is not None
        assert box["x"] + box["width"] < 600
    board.get_by_role("button", name="Stop").click()
    notebook.wait_until_idle()


def test_a_thousand_tiles_stay_usable(
    open_notebook: OpenNotebook, large_notebook: Path, screenshots: Path
) -> None:
    """With a thousand tasks at full speed each click on a page of tiles is answered in time."""
    notebook = open_notebook(large_notebook)
    board = _start(notebook)
    board.get_by_text(re.compile(r"to #\d+; \d+ more")).first.wait_for()
    for name, direction in (("Later", 1), ("Later", 1), ("Earlier", -1), ("Later", 1)):
        before = _first_tile(board)
        board.get_by_role("button", name=name).click()
        notebook.page.wait_for_timeout(1000)  # a click is answered within a second
        assert (_first_tile(board) - before) * direction > 0, f"{name} from {before}"
    notebook.picture(screenshots / "board-1000.png", of=notebook.code_cell(1))
    board.get_by_role("button", name="Stop").click()
    notebook.wait_until_idle()
    assert _widgets_in(notebook.save()) == []
