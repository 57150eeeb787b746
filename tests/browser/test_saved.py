"""A file that is saved while something of ours is open shows what is static, with no kernel."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenNotebook
from tests.browser.lab import Lab
from tests.browser.notebook_files import (
    WIDGET_STATE,
    exported,
    github_takes,
    notebook_of,
    problems_of_ours,
    widgets_in,
)
from tests.browser.notebook_page import NotebookPage

pytestmark = pytest.mark.browser

SETUP = "%load_ext nanobanana_nb\n%config NanobananaMagics.simulator_speed = 0"
OPENED = ("found.compare()", "found.vote()", "%nanobanana panel")
SLOW = "%config NanobananaMagics.simulator_speed = 20"
COMPARE, VOTE, PANEL, BOARD = 2, 3, 4, 6
TWINS = {VOTE: "A vote is open here", PANEL: "A panel is open here", BOARD: "saved while it ran"}
RESTARTED = "The kernel was restarted: run the cell."
SECRET = "words that were only typed"
NOT_THERE = re.compile("model not found|Loading widget|Error displaying")
WIDGETS = "@jupyter-widgets/jupyterlab-manager:plugin"
TRUSTED = "n => window.jupyterapp.shell.currentWidget.content.model.cells.get(n).trusted"
OPEN_WITHOUT_KERNEL = """async path => {
  const kernelPreference = { shouldStart: false, canStart: false, autoStartDefault: false };
  const { commands } = window.jupyterapp;
  const panel = await commands.execute('docmanager:open', { path, kernelPreference });
  await panel.context.ready;
  await panel.revealed;
  return panel.sessionContext.session?.kernel?.id ?? null;
}"""
CLOSE = "window.jupyterapp.shell.currentWidget.dispose()"

front_ends = pytest.mark.parametrize("front_end", ["open_notebook", "open_in_notebook7"])


def _everything_open(folder: Path) -> Path:
    """Return a notebook with a viewer, a vote, a panel, and a board whose images take long."""
    plan = f"%%nanobanana -o found\nA [square] {{cat|heron}}, {folder.name}"
    board = f"%%nanobanana -n 2\nA [square] {{kite|owl}}, {folder.name}"
    return notebook_of(folder, SETUP, plan, *OPENED, SLOW, board)


def _run_until_open(page: NotebookPage) -> list[Locator]:
    """Run all cells, and return what is open when the last of them runs."""
    page.start_all()
    viewers = [page.code_cell(n).locator(".nb-viewer") for n in (COMPARE, VOTE)]
    panel = page.code_cell(PANEL).get_by_label("Prompt", exact=True)
    panel.fill(SECRET)
    opened = [*viewers, panel, page.code_cell(BOARD).locator(".nanobanana-board")]
    for part in opened:
        expect(part).to_be_visible()
    return opened


def _check_still(cells: Locator) -> None:
    """Check that each cell shows its twin, and nothing that misses a kernel."""
    expect(cells.nth(COMPARE).locator("img")).to_have_count(2)
    for cell, words in TWINS.items():
        expect(cells.nth(cell)).to_contain_text(words)
    expect(cells.get_by_text(NOT_THERE)).to_have_count(0)
    expect(cells.locator(".nb-viewer, .nanobanana-board")).to_have_count(0)


@front_ends
def test_saved_with_everything_open_it_is_static(
    request: pytest.FixtureRequest, front_end: str, tmp_path: Path, screenshots: Path
) -> None:
    """Opened anew, trusted as one's own files are, each cell shows its twin; so elsewhere."""
    opens: OpenNotebook = request.getfixturevalue(front_end)
    page = opens(_everything_open(tmp_path))
    opened = _run_until_open(page)
    saved = page.save()
    for part in opened:
        expect(part).to_be_visible()  # to save closes nothing
    assert widgets_in(saved) == []
    assert "widgets" not in saved["metadata"]
    assert SECRET not in json.dumps(saved)
    pictures = json.dumps(saved["cells"][COMPARE]["outputs"]).count("data:image")
    assert pictures == 2, "each picture once"
    html = exported(saved)
    assert "widget-view" not in html.split("</head>")[1]
    assert all(words in html for words in TWINS.values())
    other = opens(Path(shutil.copy(page.file, tmp_path / "opened.ipynb")))
    assert other.page.evaluate(TRUSTED, COMPARE)
    _check_still(other.page.locator(".jp-CodeCell"))
    other.picture(screenshots / f"saved-{front_end}.png")
    assert problems_of_ours(page) + problems_of_ours(other) == []


def test_a_file_saved_meanwhile_has_the_images_that_came(
    open_notebook: OpenNotebook, tmp_path: Path, screenshots: Path
) -> None:
    """The tiles of the board as they stand, with nothing to press and no seconds that grow old."""
    plan = f"%%nanobanana -n 2\nA [square] {{cat|kite [slow]}}, {tmp_path.name}"
    page = open_notebook(notebook_of(tmp_path, SETUP.replace("= 0", "= 1"), plan))
    page.start_all()
    board = page.code_cell(1).locator(".nanobanana-board")
    board.locator("[data-look] img").nth(1).wait_for()
    saved = page.save()
    page.picture(screenshots / "saved-meanwhile.png")
    board.get_by_role("button", name="Stop").click()
    html = exported(saved).split("</head>")[1]
    assert widgets_in(saved) == []
    assert "saved while it ran" in html
    assert html.count("data:image/webp") == 2
    assert html.count(">waiting<") == 2
    assert not re.search("data-(look|since|again)|<button|tabindex", "".join(_html_of(saved, 1)))
    page.wait_until_idle()
    assert problems_of_ours(page) == []


def _html_of(saved: Any, cell: int) -> list[str]:
    outputs = saved["cells"][cell]["outputs"]
    return ["".join(output["data"]["text/html"]) for output in outputs if "data" in output]


def test_opened_without_a_kernel_it_is_static(
    open_notebook: OpenNotebook, lab: Lab, tmp_path: Path, screenshots: Path
) -> None:
    """JupyterLab with "No Kernel" shows each twin, where widgets are "Loading" for ever."""
    page = open_notebook(_everything_open(tmp_path))
    _run_until_open(page)
    page.save()
    copied = lab.folder / f"alone-{page.file.name}"
    shutil.copy(page.file, copied)
    assert page.page.evaluate(OPEN_WITHOUT_KERNEL, copied.name) is None
    assert page.page.evaluate(TRUSTED, COMPARE)
    _check_still(page.page.locator(".jp-NotebookPanel:visible .jp-CodeCell"))
    page.picture(screenshots / "saved-alone.png")
    page.page.evaluate(CLOSE)


@front_ends
def test_restarted_kernel_leaves_no_dead_widget(
    request: pytest.FixtureRequest, front_end: str, tmp_path: Path, screenshots: Path
) -> None:
    """An open panel becomes one line, all else its twin; run again, the panel is there."""
    opens: OpenNotebook = request.getfixturevalue(front_end)
    page = opens(_everything_open(tmp_path))
    _run_until_open(page)
    page.restart_kernel()
    expect(page.code_cell(PANEL).locator(".jp-OutputArea-output")).to_have_text([RESTARTED, ""])
    expect(page.code_cell(COMPARE).locator("img")).to_have_count(2)
    expect(page.code_cell(VOTE)).to_contain_text(TWINS[VOTE])
    expect(page.code_cell(BOARD)).to_contain_text("The kernel was restarted while it ran")
    expect(page.page.locator(".nb-viewer, .nanobanana-board, .jupyter-widgets")).to_have_count(0)
    page.picture(screenshots / f"restarted-{front_end}.png")
    assert widgets_in(page.save()) == []
    for cell in (0, PANEL):
        page.code_cell(cell).locator(".jp-InputArea-editor").click()
        page.call("notebook:run-cell")
    expect(page.code_cell(PANEL).get_by_label("Prompt", exact=True)).to_be_visible()
    assert problems_of_ours(page) == []


def test_state_that_jupyterlab_saves_has_nothing_of_ours(
    open_notebook: OpenNotebook, lab: Lab, tmp_path: Path
) -> None:
    """Where it is set to save the state of widgets, those of others stay, as GitHub wants them."""
    slider = "import ipywidgets\nipywidgets.IntSlider(description='mine')"
    plan = "%%nanobanana -o found\nA [square] cat"
    file = notebook_of(tmp_path, SETUP, plan, *OPENED[::2], slider)
    lab.put_setting(WIDGETS, {"saveState": True})
    try:
        page = open_notebook(file)
        page.reload()
        page.run_all()
        page.code_cell(3).get_by_label("Prompt", exact=True).fill(SECRET)
        expect(page.code_cell(4).locator(".widget-slider")).to_be_visible()
        saved = page.save()
    finally:
        lab.put_setting(WIDGETS, {"saveState": False})
    state = saved["metadata"]["widgets"][WIDGET_STATE]["state"]
    names = sorted(model["model_name"] for model in state.values())
    assert names == ["IntSliderModel", "LayoutModel", "SliderStyleModel"]
    assert github_takes(saved)
    assert SECRET not in json.dumps(saved)
    page.call("kernelmenu:shutdown")
    page.reload()
    expect(page.code_cell(4).locator(".widget-slider")).to_be_visible()
