"""The panel in a real page: every button is pressed, and what is left in the file is looked at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import v4
from playwright.sync_api import Locator, expect

from .conftest import OpenNotebook
from .notebook_page import NotebookPage

pytestmark = pytest.mark.browser

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
PATIENCE_MS = 60_000
CELLS = ("%load_ext nanobanana_nb", "%nanobanana panel", "print('the kernel is free')")


@pytest.fixture
def panel_page(open_notebook: OpenNotebook, tmp_path: Path) -> NotebookPage:
    """A notebook with an open panel, and one more cell below it."""
    notebook = v4.new_notebook(  # type: ignore[no-untyped-call]
        cells=[v4.new_code_cell(source) for source in CELLS],  # type: ignore[no-untyped-call]
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    file = tmp_path / "panel.ipynb"
    nbformat.write(notebook, file)  # type: ignore[no-untyped-call]
    page = open_notebook(file)
    page.run_all()
    return page


class Seen:
    """The panel of a page, by what a person reads on it."""

    def __init__(self, page: NotebookPage) -> None:
        self.page = page
        self.cell = page.code_cell(1)
        self.results = self.cell.locator(".jp-OutputArea-child").last

    def button(self, name: str) -> Locator:
        return self.cell.get_by_role("button", name=name, exact=True)

    def field(self, label: str) -> Locator:
        return self.cell.get_by_label(label, exact=True)

    def tab(self, name: str) -> None:
        self.cell.get_by_role("tab", name=name).click()

    def says(self, words: str) -> None:
        expect(self.cell.get_by_text(words).first).to_be_visible(timeout=PATIENCE_MS)


def _outputs(saved: Any) -> list[Any]:
    return [output for cell in saved["cells"] for output in cell.get("outputs", [])]


def _run_last_cell(page: NotebookPage) -> None:
    page.code_cell(2).locator(".jp-InputArea-editor").click()
    page.call("notebook:run-cell")


def test_a_prompt_becomes_images(panel_page: NotebookPage, tmp_path: Path) -> None:
    """The bill follows the typing; another cell runs meanwhile; the images come below."""
    seen = Seen(panel_page)
    seen.field("Prompt").fill(f"a {{style: ink|oil}} heron in {tmp_path.name}")
    seen.says("2 styles = 2 images")
    seen.says("8 credits")
    seen.says("axes: style (2)")
    seen.button("Generate").click()
    seen.says("of 8 credits")
    _run_last_cell(panel_page)
    expect(panel_page.code_cell(2).get_by_text("the kernel is free").last).to_be_visible()
    expect(seen.button("Stop")).to_be_enabled()
    expect(seen.results.locator("img")).to_have_count(2, timeout=PATIENCE_MS)
    seen.says("2 done")
    seen.says("2 already in the ledger")
    expect(seen.button("Stop")).to_be_disabled()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1200, 600])
def test_panel_can_be_read(
    panel_page: NotebookPage, tmp_path: Path, screenshots: Path, theme: str, width: int
) -> None:
    """In both themes and in a narrow window everything is in sight, with words that stand out."""
    panel_page.page.set_viewport_size({"width": width, "height": 1100})
    panel_page.set_theme(theme)
    seen = Seen(panel_page)
    seen.field("Prompt").fill(f"a {{style: ink|oil}} heron in {tmp_path.name} {{mood}}")
    seen.says("not defined")
    seen.button("Add axis").click()
    seen.field("Values").fill("calm | stormy")
    seen.says("2 styles × 2 moods = 4 images")
    panel_page.picture(screenshots / f"panel-{theme}-{width}.png")
    seen.button("Generate").click()
    expect(seen.results.locator("img").first).to_be_visible(timeout=PATIENCE_MS)
    panel_page.picture(screenshots / f"panel-{theme}-{width}-running.png")
    expect(seen.results.locator("img")).to_have_count(4, timeout=PATIENCE_MS)
    panel_page.picture(screenshots / f"panel-{theme}-{width}-done.png", of=seen.cell)
    seen.tab("History")
    seen.says("Reuse settings")
    panel_page.picture(screenshots / f"panel-{theme}-{width}-history.png")
