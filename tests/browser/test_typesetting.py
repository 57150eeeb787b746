"""MathJax typesets nothing that people wrote: JupyterLab and Notebook 7, trusted and reopened."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenNotebook
from tests.browser.notebook_files import notebook_of
from tests.browser.notebook_page import PATIENCE_MS, NotebookPage

pytestmark = pytest.mark.browser

TEXTS = [
    "a price tag of $5 beside one of $9",
    "$x^2$ and $$\\frac{1}{2}$$",
    "$$",
    "\\(a+b\\) or \\[c\\]",
    "\\begin{equation}e\\end{equation}",
    "\\$3, \\ref{x} and $\\$4$",
    "C:\\new\\table",
]
FORMULA = "from IPython.display import HTML\nHTML('<p>ours: $z^2$</p>')"
CELLS = (
    "%load_ext nanobanana_nb\n%config NanobananaMagics.simulator_speed = 0\n"
    f"texts = {TEXTS!r}\nfailing = [f'{{text}} [fail]' for text in texts[:2]]",
    "%%nanobanana --dry-run --raw\n" + " ".join(TEXTS),
    "%%nanobanana -o grid --rows texts\n{texts} in {FOLDER}",
    "grid.diff(0, 1)",
    "grid[0:1]",
    "%nanobanana history 9",
    "%nanobanana tree {grid[0].id}",
    "%%nanobanana -o failed\n{failing} in {FOLDER}",
    FORMULA,
)
WIDGETS = (
    *CELLS[:1],
    CELLS[2],
    "grid.compare(0, 1)",
    "grid.vote(texts[0])",
    "%nanobanana panel",
    FORMULA,
    "%%nanobanana -o slow\n{texts} [slow] in {FOLDER}",
)
_TYPESET = "() => document.querySelectorAll('.jp-OutputArea mjx-container').length"
_TRUSTED = """() => {
  const { cells } = window.jupyterapp.shell.currentWidget.context.model;
  return [...cells].filter(cell => cell.type === 'code').map(cell => cell.trusted);
}"""


def _notebook(folder: Path, cells: Sequence[str]) -> Path:
    """Write the cells, their prompts new to the ledger."""
    return notebook_of(folder, *(cell.replace("{FOLDER}", folder.name) for cell in cells))


def _run_each(notebook: NotebookPage, count: int) -> None:
    """Run the cells one by one, past those that fail."""
    for _ in range(count):
        notebook.call("notebook:run-cell-and-select-next")
        notebook.wait_until_idle()


def _as_written(notebook: NotebookPage) -> None:
    """Every text of people reads as it was written, and the formula alone is typeset."""
    notebook.page.wait_for_function(f"({_TYPESET})() > 0")
    assert notebook.page.evaluate(_TYPESET) == 1, "the formula that is no text of ours"
    for number in (1, 2):
        shown = " ".join(" ".join(notebook.outputs(number)).split())
        assert [text for text in TEXTS if text not in shown] == []
    for number, text in ((3, "$9 and $$"), (4, TEXTS[0]), (5, TEXTS[1]), (6, TEXTS[0])):
        assert text in " ".join(" ".join(notebook.outputs(number)).split()), number


def _sent(saved: Any, folder: Path) -> Path:
    """Write what was saved as a new file; its signature does not hold for other metadata."""
    saved["metadata"]["sent_by"] = "a stranger"
    file = folder / "sent.ipynb"
    file.write_text(json.dumps(saved), encoding="utf-8")
    return file


@pytest.mark.parametrize("opener", ["open_notebook", "open_in_notebook7"])
def test_texts_stay_as_written(
    opener: str, request: pytest.FixtureRequest, tmp_path: Path, screenshots: Path
) -> None:
    """Bills, captions, headings, lists, trees and errors, where they run and where they are sent.

    A notebook that somebody sent is not trusted: its outputs pass the page's sanitizer.
    """
    open_page: OpenNotebook = request.getfixturevalue(opener)
    notebook = open_page(_notebook(tmp_path, CELLS))
    _run_each(notebook, len(CELLS))
    _as_written(notebook)
    notebook.picture(screenshots / f"as-written-{opener}.png", of=notebook.code_cell(2))
    sent = open_page(_sent(notebook.save(), tmp_path))
    assert not any(sent.page.evaluate(_TRUSTED))
    _as_written(sent)
    sent.picture(screenshots / f"as-written-{opener}-sent.png", of=sent.code_cell(2))


def test_widgets_typeset_nothing(
    open_notebook: OpenNotebook, tmp_path: Path, screenshots: Path
) -> None:
    """The viewer, a vote, the panel and the board of a run show texts as they were written."""
    notebook = open_notebook(_notebook(tmp_path, WIDGETS))
    notebook.start_all()
    board = notebook.code_cell(6).locator(".nanobanana-board")
    expect(board).to_be_visible(timeout=PATIENCE_MS)
    notebook.page.wait_for_function(f"({_TYPESET})() > 0")
    expect(notebook.code_cell(2).locator(".nb-viewer").first).to_contain_text(
        TEXTS[0], timeout=PATIENCE_MS
    )
    expect(notebook.code_cell(3).locator(".nb-vote")).to_be_visible(timeout=PATIENCE_MS)
    notebook.wait_until_idle()
    notebook.page.keyboard.press("Escape")  # the comparison of two images
    panel = notebook.code_cell(4)
    panel.get_by_label("Prompt", exact=True).fill("A tag of {price: $5 | $9}, $x^2$")
    expect(panel).to_contain_text("A tag of {price: $5|$9}, $x^2$", timeout=PATIENCE_MS)
    notebook.picture(screenshots / "as-written-widgets.png", of=panel)
    assert notebook.page.evaluate(_TYPESET) == 1, "the formula that is no text of ours"
