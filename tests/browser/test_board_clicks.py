"""What is pressed on the tiles and rows of a running board, in JupyterLab."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenNotebook
from tests.browser.notebook_files import notebook_with
from tests.browser.notebook_page import NotebookPage
from tests.browser.test_quickstart import WIDGET_VIEW
from tests.service import Service, refusing_once

pytestmark = pytest.mark.browser
pytest.importorskip("anywidget")

PLAN = """%%nanobanana -o found
A {animal}, {style}
---
animal: cat | heron | hare [slow]
style: woodcut | watercolour"""


@pytest.fixture
def service() -> Iterator[Service]:
    """A service over TCP that refuses the first create; its tasks end when the test says so."""
    with refusing_once() as service:
        yield service


@pytest.fixture
def notebook(open_notebook: OpenNotebook, service: Service, tmp_path: Path) -> NotebookPage:
    """A notebook whose kernel asks that service."""
    return open_notebook(notebook_with(service, tmp_path, PLAN))


def _board(notebook: NotebookPage) -> Locator:
    """Run all cells until a failure can be tried again."""
    notebook.start_all()
    board = notebook.code_cell(1).locator(".nanobanana-board")
    board.get_by_role("button", name="Try again").wait_for()
    return board


def _board_with_images(notebook: NotebookPage, service: Service) -> Locator:
    """Run all cells until a failure can be tried again and three images are here."""
    board = _board(notebook)
    expect(board.get_by_text("not sent")).to_have_count(0)
    service.advance(1001.0)
    _tile(board, 2).wait_for()  # the fourth is here only where one of the hares was refused
    return board


def test_try_again(notebook: NotebookPage, service: Service, screenshots: Path) -> None:
    """A press asks for the failed image once more, and all six images come."""
    board = _board(notebook)
    notebook.picture(screenshots / "pressed-failed-light.png", of=notebook.code_cell(1))
    assert "blocked: a hat" in board.inner_text()
    board.get_by_role("button", name="Try again").dblclick()
    expect(board.get_by_role("button", name="Try again")).to_have_count(0)
    expect(board.get_by_text("not sent")).to_have_count(0)
    service.advance(10_000.0)
    notebook.wait_until_idle()
    expect(notebook.code_cell(1).locator("img")).to_have_count(6)
    assert len(service.creates()) == 7
    assert notebook.problems == []


def _viewer(notebook: NotebookPage) -> Locator:
    return notebook.code_cell(1).locator(".nb-viewer")


def _tile(board: Locator, number: int) -> Locator:
    """The tile of one of the images that are here."""
    return board.locator("[data-look]").nth(number)


def _closed(notebook: NotebookPage) -> None:
    _viewer(notebook).get_by_role("button", name="Close the viewer").click()
    expect(_viewer(notebook)).to_have_count(0)


FOCUSED = "number => document.activeElement.dataset.look === number"


def test_tile_opens_the_viewer(notebook: NotebookPage, service: Service, screenshots: Path) -> None:
    """By mouse, by keys and by the button; closed, it leaves nothing; Stop ends it all in time."""
    board = _board_with_images(notebook, service)
    page = notebook.page
    notebook.set_theme("dark")
    _tile(board, 1).click()
    expect(_viewer(notebook).get_by_role("dialog")).to_be_visible(timeout=20_000)
    notebook.picture(screenshots / "pressed-viewer-dark.png")
    page.keyboard.press("Escape")
    _closed(notebook)

    second = _tile(board, 1).get_attribute("data-look")
    _tile(board, 0).focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function(FOCUSED, arg=second)
    board.get_by_role("button", name="Try again").click()
    expect(board.get_by_role("button", name="Try again")).to_have_count(0)
    focused = board.locator(f'[data-look="{second}"]')
    focused.focus()
    drawn = focused.element_handle()
    service.advance(1001.0)
    page.wait_for_function("tile => !tile.isConnected", arg=drawn)
    page.wait_for_function(FOCUSED, arg=second)
    notebook.picture(screenshots / "pressed-focus-dark.png", of=notebook.code_cell(1))
    page.keyboard.press("Enter")
    expect(_viewer(notebook).get_by_role("dialog")).to_be_visible(timeout=20_000)
    page.keyboard.press("Escape")
    board.get_by_role("button", name="Look closer").click()
    expect(_viewer(notebook).get_by_role("dialog")).to_be_visible(timeout=20_000)
    expect(_viewer(notebook)).to_have_count(1)
    page.keyboard.press("Escape")
    _closed(notebook)

    board.get_by_role("button", name="Stop").click()
    notebook.wait_until_idle()
    expect(notebook.code_cell(1).locator("img").nth(2)).to_be_visible()
    assert _views(notebook) == 0
    assert notebook.problems == []


def test_viewer_stays_when_the_run_ends(
    notebook: NotebookPage, service: Service, screenshots: Path
) -> None:
    """It walks on beside the finished grid, and closed it leaves only the grid."""
    board = _board_with_images(notebook, service)
    _tile(board, 1).click()
    expect(_viewer(notebook).get_by_role("dialog")).to_be_visible()
    service.advance(10_000.0)
    notebook.wait_until_idle()
    expect(board).to_have_count(0)
    dialog = _viewer(notebook).get_by_role("dialog")
    expect(dialog).to_be_visible()
    notebook.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    notebook.picture(screenshots / "pressed-after-light.png", of=notebook.code_cell(1))
    _viewer(notebook).get_by_role("button", name="Close the viewer").click()
    expect(_viewer(notebook)).to_have_count(0)
    expect(notebook.code_cell(1).locator("img")).to_have_count(5)
    notebook.picture(screenshots / "pressed-closed-light.png", of=notebook.code_cell(1))
    assert _views(notebook) == 0
    assert notebook.problems == []


def test_a_stop_offers_what_is_paid(
    notebook: NotebookPage, service: Service, screenshots: Path
) -> None:
    """No traceback; one button fetches all that is on its way, into the places of the grid."""
    board = _board(notebook)
    expect(board.get_by_text("not sent")).to_have_count(0)
    board.get_by_role("button", name="Stop").click()
    notebook.wait_until_idle()
    cell = notebook.code_cell(1)
    expect(cell.get_by_text("5 paid images are on their way")).to_be_visible()
    assert "Interrupt" not in cell.inner_text()
    notebook.picture(screenshots / "stopped-light.png", of=cell)
    assert _views(notebook) == 0, "a saved file has the twin"
    cell.get_by_role("button", name="Fetch them").click()
    cell.get_by_role("button", name="Stop").wait_for()
    service.advance(10_000.0)
    expect(cell.locator("img")).to_have_count(5, timeout=60_000)
    expect(cell.get_by_text("Stopped.")).to_have_count(0)
    expect(cell.locator(".jp-OutputArea button")).to_have_count(0)
    assert len(service.creates()) == 6, "nothing is paid again"
    assert _views(notebook) == 0
    assert notebook.problems == []


def test_viewer_fills_while_the_run_goes_on(notebook: NotebookPage, service: Service) -> None:
    """It has a place for every image from the beginning, and those that come are shown there."""
    board = _board_with_images(notebook, service)
    board.get_by_role("button", name="Look closer").click()
    page = notebook.page
    expect(_viewer(notebook).get_by_role("dialog")).to_be_visible(timeout=20_000)
    page.keyboard.press("Escape")
    tiles = _viewer(notebook).locator(".nb-tile")
    expect(tiles).to_have_count(6)
    before = _viewer(notebook).locator(".nb-tile img").count()
    service.advance(10_000.0)
    notebook.wait_until_idle()
    expect(_viewer(notebook).locator(".nb-tile img")).to_have_count(5)
    assert before < 5
    expect(tiles).to_have_count(6)
    assert notebook.problems == []


def test_file_saved_meanwhile_reads_without_widgets(notebook: NotebookPage) -> None:
    """What stands for the board in a file says that it ran, and how to get its images."""
    board = _board(notebook)
    saved = notebook.save()
    (output,) = saved["cells"][1]["outputs"]
    assert "%nanobanana resume fetches what is paid" in "".join(output["data"]["text/plain"])
    assert "<code>" in "".join(output["data"]["text/html"])
    board.get_by_role("button", name="Stop").click()
    notebook.wait_until_idle()
    assert _views(notebook) == 0


def _views(notebook: NotebookPage) -> int:
    """How many widgets are in the outputs of the saved file."""
    outputs = [output for cell in notebook.save()["cells"] for output in cell["outputs"]]
    return sum(WIDGET_VIEW in output.get("data", {}) for output in outputs)
