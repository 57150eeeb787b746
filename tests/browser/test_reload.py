"""A page that is loaded anew in the middle: what was running comes, and is in the saved file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenNotebook
from tests.browser.notebook_files import exported, notebook_of, outputs_of
from tests.browser.notebook_page import NotebookPage
from tests.browser.test_panel import PATIENCE_MS, WIDGET_VIEW, Seen, _ours

pytestmark = pytest.mark.browser
pytest.importorskip("anywidget")

SETUP = """%load_ext nanobanana_nb
%config NanobananaMagics.simulator_speed = {speed}"""
PANEL = "%nanobanana panel"
UNMARKED = """() => {
  const { outputs } = window.jupyterapp.shell.currentWidget.content.model.cells.get(1);
  outputs.set(1, { output_type: 'display_data', data: { 'text/plain': 'another' }, metadata: {} });
}"""


@pytest.fixture
def panel_page(open_notebook: OpenNotebook, tmp_path: Path) -> NotebookPage:
    """A notebook with an open panel, whose images take about seven seconds each."""
    page = open_notebook(notebook_of(tmp_path, SETUP.format(speed=0.5), PANEL))
    page.run_all()
    return page


def _widgets_in(saved: Any) -> list[Any]:
    return [output for output in outputs_of(saved) if WIDGET_VIEW in output.get("data", {})]


def _results(page: NotebookPage) -> Locator:
    return page.code_cell(1).locator(".jp-OutputArea-child").last


def test_run_goes_on_through_a_reload(
    panel_page: NotebookPage, tmp_path: Path, screenshots: Path
) -> None:
    """Begun before and finished after, its images stand below the panel and in the saved file."""
    seen = Seen(panel_page)
    prompt = f"a {{style: ink|oil}} heron in {tmp_path.name}"
    seen.field("Prompt").fill(prompt)
    seen.says("8 credits")
    seen.button("Generate").click()
    seen.cell.locator(".nanobanana-runs").first.wait_for()
    seen.reload()
    expect(_results(panel_page).locator("img")).to_have_count(2, timeout=PATIENCE_MS)
    seen.says("2 already in the ledger")
    panel_page.picture(screenshots / "reload-done.png", of=panel_page.code_cell(1))
    inside = panel_page.code_cell(1).locator(".nb-panel .widget-html img:visible")
    assert inside.count() == 0, "in their output, and not as a result in the panel too"
    assert "image/jpeg" in json.dumps(outputs_of(panel_page.save()))
    seen.button("Close").click()
    seen.says("The panel is closed")
    saved = panel_page.save()
    assert _widgets_in(saved) == []
    assert any("image/jpeg" in output.get("data", {}) for output in outputs_of(saved))
    assert tmp_path.name not in json.dumps(saved["metadata"])
    assert "widgets" not in saved["metadata"]
    panel_page.reload()
    expect(panel_page.pictures()).to_have_count(2)
    assert _ours(panel_page) == []


def test_images_stand_in_the_panel_where_their_output_is_gone(
    panel_page: NotebookPage, tmp_path: Path
) -> None:
    """A page whose file does not have the output any more shows them inside the panel."""
    seen = Seen(panel_page)
    seen.field("Prompt").fill(f"a [square] cat in {tmp_path.name}")
    seen.says("4 credits")
    panel_page.page.evaluate(UNMARKED)
    seen.reload()
    seen.button("Generate").click()
    expect(seen.cell.locator(".widget-html img:visible")).to_have_count(1, timeout=PATIENCE_MS)
    assert _ours(panel_page) == []


@pytest.mark.parametrize(
    "cell",
    ["%%nanobanana\nA {{ink|oil}} heron, {name}", "grid = generate('A heron, {name}', repeats=2)"],
    ids=["awaited", "blocking"],
)
def test_cell_goes_on_through_a_reload(
    open_notebook: OpenNotebook, tmp_path: Path, cell: str
) -> None:
    """The images of a cell that ran meanwhile stand under it, with no widget left."""
    begin = f"{SETUP.format(speed=0.7)}\nfrom nanobanana_nb import generate"
    page = open_notebook(notebook_of(tmp_path, begin, cell.format(name=tmp_path.name), "1 + 1"))
    page.start_all()
    page.code_cell(1).locator(".nanobanana-runs").first.wait_for()
    page.reload(wait=False)
    expect(page.code_cell(1).locator("img")).to_have_count(2, timeout=PATIENCE_MS)
    saved = page.save()
    assert _widgets_in(saved) == []
    assert any("image/jpeg" in output.get("data", {}) for output in outputs_of(saved))
    assert _ours(page) == []


def test_viewer_is_closed_after_a_reload(open_notebook: OpenNotebook, tmp_path: Path) -> None:
    """The page that was loaded has it again; the file has the static result, open and closed.

    The comparison that opened by itself stands in the page, before and after.
    """
    plan = f"%%nanobanana -o found\nA {{cat|heron}}, {tmp_path.name}"
    sources = (SETUP.format(speed=0), plan, "found.compare(0, 1)", "found.vote()")
    page = open_notebook(notebook_of(tmp_path, *sources))
    page.run_all()
    expect(page.code_cell(2).get_by_role("dialog")).to_be_visible()
    page.reload()
    expect(page.code_cell(2).get_by_role("dialog")).to_be_visible()
    expect(page.page.locator("dialog:modal")).to_have_count(0)
    page.code_cell(2).get_by_role("button", name="All images").click()
    expect(page.code_cell(2).locator(".nb-viewer .nb-open").first).to_be_visible()
    for cell, close in ((2, "Close the viewer"), (3, "Show the ranks")):
        (output,) = page.save()["cells"][cell]["outputs"]
        assert {"text/html", "text/plain"} == set(output["data"])
        page.code_cell(cell).get_by_role("button", name=close).click()
        expect(page.code_cell(cell).locator(".nb-viewer")).to_have_count(0)
    saved = page.save()
    assert _widgets_in(saved) == []
    assert "<ins>" in json.dumps(saved["cells"][2]["outputs"])
    assert "Nobody has voted" in json.dumps(saved["cells"][3]["outputs"])
    assert _ours(page) == []


def test_saved_with_everything_open_it_reads_well(panel_page: NotebookPage, tmp_path: Path) -> None:
    """The page that nbconvert makes of it says what was open there, in words."""
    saved = panel_page.save()
    assert _widgets_in(saved) == []
    html = exported(saved)
    assert "A panel is open here" in html
    assert "widget-view" not in html.split("</head>")[1]


def test_two_tabs_of_one_notebook(panel_page: NotebookPage, tmp_path: Path) -> None:
    """The panel works in both, and the images come in both."""
    seen = Seen(panel_page)
    seen.field("Prompt").fill(f"a [square] cat in {tmp_path.name}")
    seen.says("4 credits")
    panel_page.save()
    other = panel_page.second_tab()
    there = Seen(other)
    expect(there.field("Prompt")).to_have_value(f"a [square] cat in {tmp_path.name}")
    there.button("Generate").click()
    for page in (panel_page, other):
        expect(_results(page).locator("img")).to_have_count(1, timeout=PATIENCE_MS)
        Seen(page).says("1 of 1 done")
    seen.button("Close").click()
    there.says("The panel is closed")
    assert _widgets_in(other.save()) == []
    assert _ours(panel_page) == []
    assert _ours(other) == []


def test_two_panels_and_a_cell_at_once(open_notebook: OpenNotebook, tmp_path: Path) -> None:
    """Each panel has its own prompt and images, and the cell that runs has its own."""
    cell = f"%%nanobanana\nan owl in {tmp_path.name}"
    sources = (SETUP.format(speed=0.5), PANEL, PANEL, cell)
    page = open_notebook(notebook_of(tmp_path, *sources))
    page.run_all()
    panels = [Seen(page), Seen(page)]
    panels[1].cell = page.code_cell(2)
    for seen, word in zip(panels, ("first", "second"), strict=True):
        seen.field("Prompt").fill(f"a {word} [square] cat, {{ink|oil}}, {tmp_path.name}")
        seen.says("8 credits")
        seen.button("Generate").click()
    page.code_cell(3).locator(".jp-InputArea-editor").click()
    page.call("notebook:run-cell")
    for seen, word in zip(panels, ("first", "second"), strict=True):
        below = seen.cell.locator(".jp-OutputArea-child").last
        expect(below.locator("img")).to_have_count(2, timeout=PATIENCE_MS)
        expect(below).to_contain_text(word)
        seen.says("2 already in the ledger")
        seen.button("Close").click()
        seen.says("The panel is closed")
    expect(page.code_cell(3).locator("img")).to_have_count(1, timeout=PATIENCE_MS)
    assert _widgets_in(page.save()) == []
    assert _ours(page) == []
