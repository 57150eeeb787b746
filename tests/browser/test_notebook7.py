"""Notebook 7, whose page takes keys before anybody else: cells, board, viewer, vote, panel."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenNotebook
from tests.browser.notebook_files import notebook_of, problems_of_ours, widgets_in
from tests.browser.notebook_page import NotebookPage
from tests.browser.test_panel import PATIENCE_MS, Seen

pytestmark = pytest.mark.browser

SETUP = """%load_ext nanobanana_nb
%config NanobananaMagics.simulator_speed = {speed}"""
MODES = {"b": "blink", "f": "fade", "d": "difference", "p": "pair", "s": "slider"}


def test_looking_and_voting_by_keys(
    open_in_notebook7: OpenNotebook, tmp_path: Path, screenshots: Path
) -> None:
    """Keys that are commands of the notebook (b: a new cell, dd: delete) go to the viewer."""
    plan = f"%%nanobanana -o found\nA {{cat|heron}}, {{ink|oil}}, {tmp_path.name}"
    cells = (SETUP.format(speed=0), plan, "found.compare(0, 1)", 'found.vote("Ann")')
    notebook = open_in_notebook7(notebook_of(tmp_path, *cells))
    notebook.run_all()
    _look(notebook, screenshots)
    _vote(notebook, screenshots)
    expect(notebook.page.locator(".jp-CodeCell")).to_have_count(4)
    assert widgets_in(notebook.save()) == []
    notebook.reload()
    expect(notebook.code_cell(1).locator("img")).to_have_count(4)
    assert problems_of_ours(notebook) == []


def _look(notebook: NotebookPage, screenshots: Path) -> None:
    viewer = notebook.code_cell(2).locator(".nb-viewer").first
    dialog = viewer.get_by_role("dialog", name="Compare two images")
    expect(dialog).to_be_visible()
    dialog.locator(".nb-stage").click()
    for key, mode in MODES.items():
        notebook.page.keyboard.press(key)
        expect(dialog.locator(".nb-stage")).to_have_attribute("data-mode", mode)
    notebook.picture(screenshots / "notebook7-compare.png")
    name, value = (dialog.locator(f"dl {part}").first.bounding_box() for part in ("dt", "dd"))
    assert name is not None
    assert value is not None
    assert name["x"] + name["width"] <= value["x"], "names and values stand beside each other"
    notebook.page.keyboard.press("Escape")
    viewer.locator(".nb-open").first.focus()
    notebook.page.keyboard.press("Enter")
    notebook.page.keyboard.press("3")
    expect(viewer.get_by_role("button", name="3 of 5 stars (3)")).to_have_text("★")
    notebook.page.keyboard.press("Escape")
    viewer.get_by_role("button", name="Close the viewer").click()
    expect(notebook.code_cell(2).locator(".nb-viewer")).to_have_count(0)


def _vote(notebook: NotebookPage, screenshots: Path) -> None:
    vote = notebook.code_cell(3).locator(".nb-vote")
    vote.focus()
    for number, key in enumerate(("ArrowLeft", "ArrowRight", "ArrowDown"), 2):
        notebook.page.keyboard.press(key)
        expect(vote.get_by_role("status")).to_contain_text(f"Pair {number}.")
    notebook.picture(screenshots / "notebook7-vote.png", of=vote)
    vote.get_by_role("button", name="Show the ranks").focus()
    notebook.page.keyboard.press("Enter")
    expect(vote).to_have_count(0)


def test_board_by_keyboard(open_in_notebook7: OpenNotebook, tmp_path: Path) -> None:
    """Arrows and Enter on its tiles open the viewer; Enter on Stop ends it."""
    plan = f"%%nanobanana -n 3\nA [square] {{cat|kite [slow]}}, {tmp_path.name}"
    notebook = open_in_notebook7(notebook_of(tmp_path, SETUP.format(speed=0.5), plan))
    notebook.start_all()
    shown, keyboard = notebook.code_cell(1), notebook.page.keyboard
    board = shown.locator(".nanobanana-board")
    board.locator("[data-look]").nth(1).wait_for()
    board.locator("[data-look]").first.focus()
    for key in ("ArrowDown", "ArrowRight", "Enter"):
        keyboard.press(key)
    expect(shown.locator(".nb-viewer").get_by_role("dialog")).to_be_visible(timeout=PATIENCE_MS)
    keyboard.press("Escape")
    shown.get_by_role("button", name="Close the viewer").click()
    board.get_by_role("button", name="Stop").focus()
    keyboard.press("Enter")
    notebook.wait_until_idle()
    assert "%nanobanana resume" in " ".join(notebook.outputs(1))
    assert widgets_in(notebook.save()) == []
    assert problems_of_ours(notebook) == []


def test_panel_by_keyboard(
    open_in_notebook7: OpenNotebook, tmp_path: Path, screenshots: Path
) -> None:
    """The panel makes its images, Enter presses its buttons, and closed it leaves no widget."""
    cells = (SETUP.format(speed=0), "%nanobanana panel", "1 + 1")
    notebook = open_in_notebook7(notebook_of(tmp_path, *cells))
    notebook.run_all()
    seen = Seen(notebook)
    seen.field("Prompt").fill(f"a {{style: ink|oil}} heron in {tmp_path.name}")
    seen.says("8 credits")
    seen.button("Add axis").focus()
    notebook.page.keyboard.press("Enter")
    expect(seen.button("Remove")).to_have_count(1)
    seen.button("Remove").focus()
    notebook.page.keyboard.press("Space")
    expect(seen.button("Remove")).to_have_count(0)
    seen.button("Generate").focus()
    notebook.page.keyboard.press("Enter")
    expect(seen.results.locator("img")).to_have_count(2, timeout=PATIENCE_MS)
    seen.says("2 already in the ledger")
    notebook.picture(screenshots / "notebook7-panel.png")
    seen.button("Close").click()
    seen.says("The panel is closed")
    assert widgets_in(notebook.save()) == []
    assert problems_of_ours(notebook) == []
