"""Looking closely and voting in JupyterLab, by keys and mouse, and what is left afterwards."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenNotebook
from tests.browser.notebook_files import notebook_of
from tests.browser.notebook_page import NotebookPage
from tests.browser.test_quickstart import WIDGET_VIEW

pytestmark = pytest.mark.browser
pytest.importorskip("anywidget")

SETUP = """%load_ext nanobanana_nb
%config NanobananaMagics.simulator_speed = 0"""
PLAN = "%%nanobanana -o found\nA {{cat|heron}}, {{ink|oil}}, {name}"


@pytest.fixture
def notebook(open_notebook: OpenNotebook, tmp_path: Path) -> NotebookPage:
    """A grid of four, the viewer on two of them, a vote, and what came of both."""
    plan = PLAN.format(name=tmp_path.name)
    sources = (SETUP, plan, "found.compare(0, 1)", 'found.vote("Ann")')
    after = ("found.ratings()", "found.ranks().ranking.votes")
    return open_notebook(notebook_of(tmp_path, *sources, *after))


def _compare(notebook: NotebookPage) -> Locator:
    """Use the comparison and the stars of the viewer; return the viewer."""
    viewer = notebook.code_cell(2).locator(".nb-viewer").first
    dialog = viewer.get_by_role("dialog", name="Compare two images")
    expect(dialog).to_be_visible()
    _stands_in_the_page(notebook, dialog)
    for key, mode in (("b", "blink"), ("f", "fade"), ("d", "difference"), ("p", "pair")):
        notebook.page.keyboard.press(key)
        expect(dialog.locator(".nb-stage")).to_have_attribute("data-mode", mode)
    notebook.page.keyboard.press("Escape")
    viewer.locator(".nb-open").nth(1).click()
    notebook.page.keyboard.press("4")
    expect(viewer.get_by_role("button", name="4 of 5 stars (4)")).to_have_text("★")
    notebook.page.keyboard.press("f")
    notebook.page.keyboard.press("Escape")
    return viewer


def _stands_in_the_page(notebook: NotebookPage, dialog: Locator) -> None:
    """It covers nothing and took no focus; `w` gives it the window, keys work after a click."""
    assert not dialog.evaluate("node => node.matches(':modal')")
    assert not dialog.evaluate("node => node.contains(document.activeElement)")
    expect(dialog.get_by_role("button", name="Close (Esc)")).to_be_hidden()
    expect(notebook.code_cell(2).locator(".nb-open").first).to_be_hidden()
    dialog.get_by_role("button", name="Fade (f)").click()
    notebook.page.keyboard.press("s")
    expect(dialog.locator(".nb-stage")).to_have_attribute("data-mode", "slider")
    notebook.page.keyboard.press("w")
    assert dialog.evaluate("node => node.matches(':modal')")
    expect(dialog.get_by_role("button", name="All images")).to_be_hidden()


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_looked_at_rated_voted_and_closed(
    notebook: NotebookPage, screenshots: Path, theme: str
) -> None:
    """Every key does its work, the kernel has what was said, and no widget is left."""
    notebook.set_theme(theme)
    notebook.run_all()
    viewer = _compare(notebook)
    notebook.picture(screenshots / f"looking-{theme}.png")
    viewer.get_by_role("button", name="Close the viewer").click()
    expect(notebook.code_cell(2).locator(".nb-viewer")).to_have_count(0)
    expect(notebook.code_cell(2).locator("ins").first).to_be_visible()
    _vote(notebook, screenshots / f"voting-{theme}.png")
    for cell in (4, 5):
        notebook.code_cell(cell).locator(".jp-InputArea-editor").click()
        notebook.call("notebook:run-cell")
        notebook.wait_until_idle()
    assert "stars=4, favourite=True" in notebook.code_cell(4).inner_text()
    assert "6" in notebook.code_cell(5).locator(".jp-OutputArea").inner_text()
    notebook.save()
    assert _widgets_in(notebook.file) == []
    assert notebook.problems == []


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_next_step_is_offered(notebook: NotebookPage, screenshots: Path, theme: str) -> None:
    """`r` and the button give the text of a cell; Copy takes it, Insert puts it below the next."""
    notebook.set_theme(theme)
    notebook.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    notebook.run_all()
    viewer = notebook.code_cell(2).locator(".nb-viewer").first
    viewer.get_by_role("button", name="All images").click()
    expect(viewer.get_by_role("dialog")).to_have_count(0)
    viewer.get_by_role("button", name="Open heron · ink").focus()
    notebook.page.keyboard.press("r")
    text = viewer.get_by_role("textbox", name="Cell")
    expect(text).to_have_value(re.compile("^%%nanobanana .*-i nanobanana_images/a-heron-ink"))
    notebook.picture(screenshots / f"next-step-{theme}.png", of=viewer)
    viewer.get_by_role("button", name="Put this away").click()
    expect(text).to_have_count(0)
    expect(viewer.get_by_role("button", name="Open heron · ink")).to_be_focused()
    viewer.locator(".nb-open").first.click()
    dialog = viewer.get_by_role("dialog", name="Image")
    dialog.get_by_role("button", name="Use as reference (r)").click()
    expect(text).to_have_value(re.compile("-i nanobanana_images/a-cat-ink"))
    notebook.picture(screenshots / f"next-step-image-{theme}.png")
    dialog.get_by_role("button", name="Copy the cell").click()
    expect(dialog.get_by_text("Copied")).to_be_visible()
    offered = text.input_value()
    assert notebook.page.evaluate("navigator.clipboard.readText()") == offered
    dialog.get_by_role("button", name="Put it below the next cell").click()
    expect(dialog.get_by_text("below the next cell that you run")).to_be_visible()
    notebook.page.keyboard.press("?")
    expect(viewer.get_by_text("use the image as reference")).to_be_visible()
    notebook.page.keyboard.press("Escape")
    notebook.page.keyboard.press("Escape")
    notebook.code_cell(5).locator(".jp-InputArea-editor").click()
    notebook.call("notebook:run-cell")
    expect(notebook.page.locator(".jp-CodeCell")).to_have_count(7)
    assert "".join(notebook.save()["cells"][6]["source"]) == offered
    assert notebook.problems == []


def test_search_and_stars_outlive_a_reload(notebook: NotebookPage) -> None:
    """A page that is loaded anew asks for the same, and has the stars that were given meanwhile."""
    notebook.run_all()
    viewer = notebook.code_cell(2).locator(".nb-viewer")
    viewer.get_by_role("button", name="All images").click()
    viewer.get_by_role("searchbox").fill("heron")
    notebook.page.keyboard.press("Enter")
    notebook.page.keyboard.press("4")
    given = viewer.locator(".nb-given").filter(has_text="★")
    expect(given).to_have_text("★★★★☆")
    notebook.reload()
    viewer.get_by_role("button", name="All images").click()
    expect(viewer.get_by_role("searchbox")).to_have_value("heron")
    expect(viewer.locator(".nb-count")).to_have_text("2 of 4")
    expect(given).to_have_text("★★★★☆")
    assert notebook.problems == []


def _vote(notebook: NotebookPage, screenshot: Path) -> None:
    vote = notebook.code_cell(3).locator(".nb-vote")
    status = vote.get_by_role("status")
    expect(status).to_contain_text("Pair 1. 0 votes so far. About 12 give a first answer")
    assert "heron" not in vote.inner_text()
    notebook.picture(screenshot, of=vote)
    vote.focus()
    for number, key in enumerate(("ArrowLeft", "ArrowRight", "ArrowDown", "ArrowLeft"), 2):
        notebook.page.keyboard.press(key)
        expect(status).to_contain_text(f"Pair {number}.")
    notebook.page.keyboard.press("Backspace")
    expect(status).to_contain_text("Pair 4.")
    for number in (5, 6):
        vote.get_by_role("button", name="The right one is better").first.click()
        expect(status).to_contain_text(f"Pair {number}.")
    vote.get_by_role("button", name="Neither is better").click()
    expect(status).to_contain_text("Pair 7.")
    vote.get_by_role("button", name="Show the ranks").click()
    expect(vote).to_have_count(0)
    expect(notebook.code_cell(3)).to_contain_text("Bradley and Terry")


def _widgets_in(file: Path) -> list[str]:
    saved = json.loads(file.read_text(encoding="utf-8"))
    outputs = [output for cell in saved["cells"] for output in cell.get("outputs", [])]
    return [str(output) for output in outputs if WIDGET_VIEW in output.get("data", {})]
