"""The panel in a real page: every button is pressed, and what is left in the file is looked at."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, TimeoutError, expect

from tests.browser.conftest import OpenNotebook
from tests.browser.notebook_files import notebook_of, outputs_of
from tests.browser.notebook_page import NotebookPage

pytestmark = pytest.mark.browser

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
PATIENCE_MS = 60_000
NAME = """(() => {
  const one = document.activeElement;
  return (one.getAttribute('aria-label') || one.labels?.[0]?.innerText || one.innerText).trim();
})()"""
CELLS = ("%load_ext nanobanana_nb", "%nanobanana panel", "print('the kernel is free')")


@pytest.fixture
def panel_page(open_notebook: OpenNotebook, tmp_path: Path) -> NotebookPage:
    """A notebook with an open panel, and one more cell below it."""
    page = open_notebook(notebook_of(tmp_path, *CELLS))
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

    def reload(self) -> None:
        """Load the page anew; once more where JupyterLab did not wait for the panel.

        It gives a kernel four seconds to name its widgets, which a busy machine can exceed: the
        page has the panel's twin then.
        """
        self.page.reload()
        field = self.field("Prompt")
        try:
            field.wait_for(state="attached", timeout=PATIENCE_MS / 3)
        except TimeoutError:
            self.page.reload()
            field.wait_for(state="attached")


def _ours(page: NotebookPage) -> list[str]:
    """Problems of the page that are not JupyterLab's own."""
    others = re.compile(r"/lab/api/|/api/(kernels|sessions|contents)|favicon|/static/")
    return [problem for problem in page.problems if not others.search(problem)]


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


def test_stop_history_and_the_cell(panel_page: NotebookPage, tmp_path: Path) -> None:
    """Stop ends the waiting; History fills the form again; Insert puts a cell below the next.

    The image takes so long that no message of its end comes in between.
    """
    seen = Seen(panel_page)
    seen.field("Prompt").fill(f"a [slow] kite over {tmp_path.name}")
    seen.field("Ratio").select_option("16:9")
    seen.says("4 credits")
    seen.button("Generate").click()
    seen.says("1 running")
    seen.button("Stop").click()
    seen.says("Stopped waiting")
    expect(seen.button("Generate")).to_be_enabled(timeout=PATIENCE_MS)
    seen.field("Prompt").fill("")
    seen.tab("History")
    seen.field("Search").fill(f"kite {tmp_path.name}")
    expect(seen.button("Reuse settings")).to_have_count(1, timeout=PATIENCE_MS)
    seen.button("Reuse settings").click()
    expect(seen.field("Prompt")).to_have_value(f"a [slow] kite over {tmp_path.name}")
    seen.button("Copy as cell").click()
    text = f"%%nanobanana -m nano-banana -a 16:9\na [slow] kite over {tmp_path.name}"
    expect(seen.field("Cell")).to_have_value(text)
    seen.button("Insert as cell").click()
    seen.says("below the next cell")
    _run_last_cell(panel_page)
    expect(panel_page.page.locator(".jp-CodeCell")).to_have_count(4, timeout=PATIENCE_MS)
    saved = panel_page.save()
    assert "".join(saved["cells"][3]["source"]) == text


def test_references_from_all_three_places(panel_page: NotebookPage, tmp_path: Path) -> None:
    """An image of the history, an uploaded file and a link go into the same list."""
    seen = Seen(panel_page)
    seen.field("Prompt").fill(f"a [square] cat in {tmp_path.name}")
    seen.says("4 credits")
    seen.button("Generate").click()
    expect(seen.results.locator("img")).to_have_count(1, timeout=PATIENCE_MS)
    seen.tab("History")
    seen.field("Search").fill(tmp_path.name)
    expect(seen.button("Use as reference")).to_have_count(1, timeout=PATIENCE_MS)
    seen.button("Use as reference").click()
    file = tmp_path / "sketch.png"
    Image.new("RGB", (32, 32), "teal").save(file)
    with panel_page.page.expect_file_chooser() as chosen:
        seen.cell.get_by_role("button", name="Upload").click()
    chosen.value.set_files(file)
    seen.says("sketch-")
    seen.field("Image").fill("https://images.example/a.png")
    seen.button("Add image").click()
    seen.says("https://images.example/a.png")
    expect(seen.button("Remove")).to_have_count(3)
    seen.button("Remove").last.click()
    expect(seen.button("Remove")).to_have_count(2)
    seen.says("4 credits")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_images_are_looked_at_in_the_panel(
    panel_page: NotebookPage, tmp_path: Path, screenshots: Path, theme: str
) -> None:
    """Look closer opens the viewer below; an image becomes a reference by its key; it closes."""
    panel_page.set_theme(theme)
    seen = Seen(panel_page)
    seen.field("Prompt").fill(f"a [square] {{cat|heron}} in {tmp_path.name}")
    seen.says("8 credits")
    expect(seen.button("Look closer")).to_be_disabled()
    seen.button("Generate").click()
    expect(seen.results.locator("img")).to_have_count(2, timeout=PATIENCE_MS)
    seen.button("Look closer").click()
    viewer = seen.cell.locator(".nb-viewer")
    expect(viewer.locator(".nb-open img")).to_have_count(2)
    panel_page.picture(screenshots / f"panel-looking-{theme}.png", of=seen.cell)
    viewer.locator(".nb-open").nth(1).click()
    panel_page.page.keyboard.press("r")
    expect(viewer.get_by_role("dialog")).to_contain_text("among the panel's images now")
    panel_page.picture(screenshots / f"panel-looking-used-{theme}.png")
    panel_page.page.keyboard.press("Escape")
    expect(seen.button("Remove")).to_have_count(1)
    viewer.get_by_role("button", name="Close the viewer").click()
    expect(viewer).to_have_count(0)
    seen.tab("History")
    seen.field("Search").fill(f"heron {tmp_path.name}")
    expect(seen.button("Look closer")).to_have_count(1, timeout=PATIENCE_MS)
    seen.button("Look closer").click()
    expect(viewer.get_by_role("dialog", name="Image")).to_be_visible()
    panel_page.page.keyboard.press("Escape")
    panel_page.picture(screenshots / f"panel-looking-history-{theme}.png", of=seen.cell)
    seen.button("Close").first.click()
    seen.says("The panel is closed")
    expect(viewer).to_have_count(0)
    assert _ours(panel_page) == []


def test_closed_panel_leaves_its_images_and_nothing_else(
    panel_page: NotebookPage, tmp_path: Path
) -> None:
    """In the saved file no widget and nothing that was typed but the result; it opens again."""
    seen = Seen(panel_page)
    prompt = f"a [square] cat in {tmp_path.name}"
    seen.field("Prompt").fill(prompt)
    seen.says("4 credits")
    seen.button("Generate").click()
    expect(seen.results.locator("img")).to_have_count(1, timeout=PATIENCE_MS)
    seen.says("1 already in the ledger")
    seen.field("Prompt").fill("a secret that was only typed")
    seen.says("4 credits")
    seen.button("Close").click()
    seen.says("The panel is closed")
    saved = panel_page.save()
    assert [o for o in outputs_of(saved) if WIDGET_VIEW in o.get("data", {})] == []
    assert "secret" not in json.dumps(saved)
    assert prompt not in json.dumps(saved["metadata"])
    assert any("image/jpeg" in output.get("data", {}) for output in outputs_of(saved))
    panel_page.reload()
    expect(panel_page.pictures()).to_have_count(1)
    assert _ours(panel_page) == []


def test_panel_lives_through_a_reload(panel_page: NotebookPage, tmp_path: Path) -> None:
    """After the page is loaded anew the panel stands there, and its buttons work."""
    seen = Seen(panel_page)
    seen.field("Prompt").fill(f"a [square] cat in {tmp_path.name}")
    seen.says("4 credits")
    seen.reload()
    expect(seen.field("Prompt")).to_have_value(f"a [square] cat in {tmp_path.name}")
    seen.button("Generate").click()
    seen.says("1 of 1 done")
    seen.button("Close").click()
    expect(seen.button("Close")).to_have_count(0)


def test_keyboard_reaches_everything(panel_page: NotebookPage) -> None:
    """Tab goes from the prompt to Generate, and each stop on the way has a name."""
    seen = Seen(panel_page)
    seen.field("Prompt").fill("a cat")
    seen.says("4 credits")
    names: list[str] = []
    while "Generate" not in names and len(names) < 30:
        panel_page.page.keyboard.press("Tab")
        names.append(panel_page.page.evaluate(NAME))
    assert names[-1] == "Generate"
    assert {"Model", "Ratio", "Format", "Repeats", "Add axis", "Image"} <= set(names)
    assert "" not in names
