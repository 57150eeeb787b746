"""Keys with modifiers belong to the notebook, whatever of ours has the focus."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.notebook_page import NotebookPage
from tests.browser.test_buttons import looking  # noqa: F401  a grid, the viewer and a vote

pytestmark = pytest.mark.browser
pytest.importorskip("anywidget")

_ACTIVE = "() => window.jupyterapp.shell.currentWidget.content.activeCellIndex"
_COUNT = "n => window.jupyterapp.shell.currentWidget.content.widgets[n].model.executionCount"


@pytest.mark.parametrize(("cell", "focus"), [(3, ".nb-vote"), (2, ".nb-viewer .nb-open")])
def test_shift_enter_runs_the_cell(
    looking: NotebookPage,  # noqa: F811
    cell: int,
    focus: str,
) -> None:
    """Shift+Enter runs the cell and goes on to the next; no vote is cast, no image opened."""
    page = looking.page
    before = page.evaluate(_COUNT, cell)
    looking.code_cell(cell).locator(focus).first.focus()
    page.keyboard.press("Shift+Enter")
    page.wait_for_function(f"n => ({_COUNT})(n) > {before}", arg=cell)
    looking.wait_until_idle()
    assert page.evaluate(_ACTIVE) in (cell, cell + 1)
    expect(looking.code_cell(3).locator(".nb-vote [role=status]")).to_contain_text("Pair 1.")
    expect(page.locator(".nb-viewer dialog[open]")).to_have_count(0)


def test_shift_and_an_arrow_cast_no_vote(looking: NotebookPage) -> None:  # noqa: F811
    """Arrows with a modifier are no vote; without one they are."""
    vote = looking.code_cell(3).locator(".nb-vote")
    vote.focus()
    for key in ("Shift+ArrowLeft", "Control+ArrowLeft", "Alt+ArrowDown", "Shift+Backspace"):
        looking.page.keyboard.press(key)
    expect(vote.get_by_role("status")).to_contain_text("Pair 1.")
    vote.focus()
    looking.page.keyboard.press("ArrowLeft")
    expect(vote.get_by_role("status")).to_contain_text("Pair 2.")
