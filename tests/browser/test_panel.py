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
# What an element has that reaches out of the panel; a wall scrolls in itself.
WIDER = """cell => {
  const panel = cell.querySelector('.nb-panel');
  const { right } = panel.getBoundingClientRect();
  const parts = [...panel.querySelectorAll('*')].filter(part => part.checkVisibility());
  return parts.filter(part => part.getBoundingClientRect().right > right + 1)
    .map(part => part.className).slice(0, 5);
}"""
OUT_OF_REACH = """() => {
  const { outputs } = window.jupyterapp.shell.currentWidget.content.model.cells.get(1);
  for (let at = 0; at < outputs.length; at++)
    outputs.get(at).metadata.nanobanana_nb = {};
}"""
# A picture of noise, which nothing makes smaller, dropped or pasted.
GIVE = """async (strip, [kind, name, width, height]) => {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const paint = canvas.getContext('2d');
  const pixels = paint.createImageData(width, height);
  for (let at = 0; at < pixels.data.length; at += 65536)
    crypto.getRandomValues(new Uint8Array(pixels.data.buffer).subarray(at, at + 65536));
  for (let at = 3; at < pixels.data.length; at += 4) pixels.data[at] = 255;
  paint.putImageData(pixels, 0, 0);
  const blob = await new Promise(done => canvas.toBlob(done, 'image/png'));
  const data = new DataTransfer();
  data.items.add(new File([blob], name, { type: 'image/png' }));
  const event = kind === 'drop'
    ? new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true })
    : new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true });
  strip.dispatchEvent(event);
}"""
GIVE_BYTES = """(strip, [name, size]) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(size)], name, { type: 'image/tiff' }));
  const given = { dataTransfer: data, bubbles: true, cancelable: true };
  strip.dispatchEvent(new DragEvent('drop', given));
}"""
# The page scales no picture before the test lets it.
HOLD = """() => {
  const { createImageBitmap } = window;
  const allowed = new Promise(allow => { window.allowScaling = allow; });
  window.createImageBitmap = (...given) => allowed.then(() => createImageBitmap(...given));
}"""
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
        self.tiles = self.cell.locator(".nbp-tile:visible")
        self.strip = self.cell.locator(".nbp-strip")
        self.removes = self.strip.get_by_role("button", name="Remove ")

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
    expect(seen.cell.locator(".nanobanana-board")).to_be_visible()
    _run_last_cell(panel_page)
    expect(panel_page.code_cell(2).get_by_text("the kernel is free").last).to_be_visible()
    expect(seen.button("Stop")).to_be_enabled()
    expect(seen.results.locator("img")).to_have_count(2, timeout=PATIENCE_MS)
    seen.says("2 of 2 done")
    seen.says("2 already in the ledger")
    expect(seen.button("Stop")).to_be_hidden()
    expect(seen.tiles).to_have_count(2)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1400, 900, 600])
def test_panel_can_be_read(
    panel_page: NotebookPage, tmp_path: Path, screenshots: Path, theme: str, width: int
) -> None:
    """In both themes and at any width everything is in sight, and nothing reaches out of it."""
    panel_page.page.set_viewport_size({"width": width, "height": 1100})
    panel_page.set_theme(theme)
    seen = Seen(panel_page)
    seen.field("Prompt").fill(f"a {{style: ink|oil}} heron in {tmp_path.name} {{mood}}")
    seen.says("not defined")
    seen.button("Add axis").click()
    seen.field("Values").fill("calm | stormy")
    seen.says("2 styles × 2 moods = 4 images")
    panel_page.picture(screenshots / f"panel-{theme}-{width}.png")
    assert seen.cell.evaluate(WIDER) == []
    form, walls = (seen.cell.locator(part).bounding_box() for part in (".nb-form", ".nb-walls"))
    assert form is not None
    assert walls is not None
    assert (walls["x"] >= form["x"] + form["width"]) is (width > 900), "beside, or below"
    seen.button("Generate").click()
    expect(seen.cell.locator(".nanobanana-board")).to_be_visible()
    panel_page.picture(screenshots / f"panel-{theme}-{width}-running.png")
    expect(seen.results.locator("img")).to_have_count(4, timeout=PATIENCE_MS)
    panel_page.picture(screenshots / f"panel-{theme}-{width}-done.png", of=seen.cell)
    for tab in ("Grids", "Images"):
        seen.tab(tab)
        expect(seen.tiles.locator("img").first).to_be_visible(timeout=PATIENCE_MS)
        panel_page.picture(screenshots / f"panel-{theme}-{width}-{tab.lower()}.png")
        assert seen.cell.evaluate(WIDER) == []


def test_stop_history_and_the_cell(panel_page: NotebookPage, tmp_path: Path) -> None:
    """Stop ends the waiting; a tile fills the form again; Insert puts a cell below at once.

    The image takes so long that no message of its end comes in between.
    """
    seen = Seen(panel_page)
    seen.field("Prompt").fill(f"a [slow] kite over {tmp_path.name}")
    seen.field("Ratio").select_option("16:9")
    seen.says("4 credits")
    seen.button("Generate").click()
    expect(seen.cell.locator(".nanobanana-board")).to_be_visible()
    seen.button("Stop").click()
    seen.says("Stopped waiting")
    expect(seen.button("Generate")).to_be_enabled(timeout=PATIENCE_MS)
    seen.field("Prompt").fill("")
    seen.tab("Images")
    seen.field("Search").fill(f"kite {tmp_path.name}")
    expect(seen.tiles).to_have_count(1, timeout=PATIENCE_MS)
    seen.tiles.hover()
    seen.button("Reuse settings").click()
    expect(seen.field("Prompt")).to_have_value(f"a [slow] kite over {tmp_path.name}")
    seen.says("1 already in the ledger")  # its bill takes away what was told before
    seen.button("Copy as cell").click()
    text = f"%%nanobanana -m nano-banana -a 16:9\na [slow] kite over {tmp_path.name}"
    expect(seen.field("Cell")).to_have_value(text)
    seen.button("Insert as cell").click()
    seen.says("The cell stands below this one")
    expect(panel_page.page.locator(".jp-CodeCell")).to_have_count(4)
    saved = panel_page.save()
    assert "".join(saved["cells"][2]["source"]) == text


def test_insert_says_where_a_page_cannot_be_reached(panel_page: NotebookPage) -> None:
    """There the cell comes below the next one that runs."""
    seen = Seen(panel_page)
    seen.field("Prompt").fill("a cat")
    seen.says("4 credits")
    panel_page.page.evaluate(OUT_OF_REACH)
    seen.button("Insert as cell").click()
    seen.says("cannot write into the notebook of this page")
    _run_last_cell(panel_page)
    expect(panel_page.page.locator(".jp-CodeCell")).to_have_count(4, timeout=PATIENCE_MS)


def test_references_from_everywhere(panel_page: NotebookPage, tmp_path: Path) -> None:
    """A tile that is dragged, a file chosen, dropped and pasted, and a link go into one list."""
    seen = Seen(panel_page)
    seen.field("Prompt").fill(f"a [square] cat in {tmp_path.name}")
    seen.says("4 credits")
    seen.button("Generate").click()
    expect(seen.results.locator("img")).to_have_count(1, timeout=PATIENCE_MS)
    seen.tab("Images")
    seen.field("Search").fill(tmp_path.name)
    expect(seen.tiles).to_have_count(1, timeout=PATIENCE_MS)
    seen.tiles.locator("img").drag_to(seen.strip, source_position={"x": 30, "y": 30})
    expect(seen.strip.locator("img")).to_have_count(1)
    seen.tiles.hover()
    seen.button("Use as reference").click()
    file = tmp_path / "sketch.png"
    Image.new("RGB", (32, 32), "teal").save(file)
    with panel_page.page.expect_file_chooser() as chosen:
        seen.button("Upload").click()
    chosen.value.set_files(file)
    expect(seen.strip.locator("img")).to_have_count(2)
    for number, kind in enumerate(("drop", "paste"), start=3):
        seen.strip.evaluate(GIVE, [kind, f"{kind}.png", 40 * number, 40])
        expect(seen.strip.locator("img")).to_have_count(number)
    seen.field("Image").fill("https://images.example/a.png")
    seen.button("Add image").click()
    expect(seen.removes).to_have_count(5)
    expect(seen.strip.locator("img")).to_have_count(4)  # what a link leads to is not fetched
    seen.removes.last.click()
    expect(seen.removes).to_have_count(4)
    seen.says("4 credits")
    assert _ours(panel_page) == []


def test_picture_too_large_for_a_message(panel_page: NotebookPage, tmp_path: Path) -> None:
    """It is scaled in the page, which says so; what the page cannot read is told, and not sent."""
    seen = Seen(panel_page)
    seen.strip.evaluate(GIVE, ["drop", "huge.png", 1500, 1500])
    seen.says("huge.png has")
    seen.says("it was scaled to")
    expect(seen.strip.locator("img")).to_have_count(1, timeout=PATIENCE_MS)
    seen.strip.evaluate(GIVE_BYTES, ["scan.tif", 7_000_000])
    seen.says("type its path")
    seen.strip.evaluate(GIVE_BYTES, ["notes.png", 100])
    seen.says("notes.png")
    expect(seen.strip.locator("img")).to_have_count(1)


def test_nothing_is_paid_before_its_picture_is_there(
    panel_page: NotebookPage, tmp_path: Path, screenshots: Path
) -> None:
    """Ctrl+Enter right after a paste makes nothing; the image that is made then has it."""
    seen, keys = Seen(panel_page), panel_page.page.keyboard
    coming = seen.strip.get_by_text("coming", exact=True)
    seen.field("Prompt").fill(f"a [square] cat in {tmp_path.name}")
    seen.says("4 credits")
    panel_page.page.evaluate(HOLD)
    seen.strip.evaluate(GIVE, ["paste", "huge.png", 1500, 1500])
    keys.press("Control+Enter")
    expect(seen.cell.get_by_text("A picture is on its way")).to_have_count(2)
    expect(coming).to_be_visible()
    panel_page.picture(screenshots / "panel-picture-coming.png", of=seen.cell)
    seen.strip.evaluate(GIVE, ["drop", "other.png", 1500, 1500])
    expect(coming).to_have_count(2)
    seen.removes.last.click()
    expect(coming).to_have_count(1)
    panel_page.page.evaluate("window.allowScaling()")
    expect(seen.strip.locator("img")).to_have_count(1, timeout=PATIENCE_MS)
    expect(coming).to_have_count(0)
    seen.says("4 credits")
    expect(seen.cell.get_by_text("A picture is on its way")).to_have_count(0)
    expect(seen.button("Stop")).to_be_hidden()
    keys.press("Control+Enter")
    expect(seen.results.locator("img")).to_have_count(1, timeout=PATIENCE_MS)
    seen.says("1 of 1 done")
    seen.button("Copy as cell").click()
    expect(seen.field("Cell")).to_have_value(re.compile("-i .*huge"))
    assert _ours(panel_page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_images_are_looked_at_in_the_panel(
    panel_page: NotebookPage, tmp_path: Path, screenshots: Path, theme: str
) -> None:
    """A tile opens the viewer; an image becomes a reference by its key; it closes."""
    panel_page.set_theme(theme)
    seen = Seen(panel_page)
    seen.field("Prompt").fill(f"a [square] {{cat|heron}} in {tmp_path.name}")
    seen.says("8 credits")
    seen.button("Generate").click()
    expect(seen.results.locator("img")).to_have_count(2, timeout=PATIENCE_MS)
    expect(seen.tiles.locator("img")).to_have_count(2)
    seen.tiles.nth(1).locator("img").click()
    viewer = seen.cell.locator(".nb-viewer")
    expect(viewer.get_by_role("dialog", name="Image")).to_be_visible(timeout=PATIENCE_MS)
    panel_page.page.keyboard.press("r")
    expect(viewer.get_by_role("dialog")).to_contain_text("among the panel's images now")
    panel_page.picture(screenshots / f"panel-looking-used-{theme}.png")
    panel_page.page.keyboard.press("Escape")
    expect(seen.strip.locator("img")).to_have_count(1)
    panel_page.picture(screenshots / f"panel-looking-{theme}.png", of=seen.cell)
    viewer.get_by_role("button", name="Close the viewer").click()
    expect(viewer).to_have_count(0)
    seen.tab("Images")
    seen.field("Search").fill(f"heron {tmp_path.name}")
    expect(seen.tiles).to_have_count(1, timeout=PATIENCE_MS)
    seen.tiles.hover()
    seen.button("Look closer").click()
    expect(viewer.get_by_role("dialog", name="Image")).to_be_visible(timeout=PATIENCE_MS)
    panel_page.page.keyboard.press("Escape")
    seen.tab("Grids")
    seen.tiles.first.hover()
    seen.button("Show below").first.click()
    seen.says("below the panel")
    seen.button("Close").first.click()
    seen.says("The panel is closed")
    expect(viewer).to_have_count(0)
    assert _ours(panel_page) == []


def test_more_of_the_same(panel_page: NotebookPage, tmp_path: Path) -> None:
    """After a run one press makes four more, whose bill stands on the button."""
    seen = Seen(panel_page)
    seen.field("Prompt").fill(f"a [square] cat in {tmp_path.name}")
    seen.says("4 credits")
    panel_page.page.keyboard.press("Control+Enter")
    expect(seen.results.locator("img")).to_have_count(1, timeout=PATIENCE_MS)
    expect(panel_page.page.locator(".jp-CodeCell")).to_have_count(3)
    seen.button("4 more (16 credits)").click()
    expect(seen.results.locator("img")).to_have_count(5, timeout=PATIENCE_MS)
    expect(seen.field("Repeats")).to_have_value("5")
    assert _ours(panel_page) == []


def test_wall_by_keyboard(panel_page: NotebookPage, tmp_path: Path) -> None:
    """One stop of the Tab key; arrows go from tile to tile, Tab through the actions of one."""
    seen = Seen(panel_page)
    seen.field("Prompt").fill(f"a [fail] {{a|b|c|d|e|f|g|h}} in {tmp_path.name}")
    seen.says("32 credits")
    seen.button("Generate").click()
    seen.says("8 failed")
    seen.tab("Images")
    seen.field("Search").fill(tmp_path.name)
    expect(seen.tiles).to_have_count(8, timeout=PATIENCE_MS)
    stops = seen.cell.locator(".nbp-tile:visible button[tabindex='0']")
    expect(stops).to_have_count(1)
    stops.focus()
    keys = panel_page.page.keyboard
    for key, place in (("ArrowRight", 1), ("End", 7), ("ArrowLeft", 6), ("Home", 0)):
        keys.press(key)
        expect(seen.tiles.nth(place).locator("button")).to_be_focused()
    keys.press("ArrowDown")
    keys.press("Enter")
    expect(seen.field("Prompt")).not_to_have_value("")
    expect(seen.tiles.locator("button:focus")).to_have_count(1)


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
    seen.says("4 credits")
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
    assert {"Model", "Ratio", "Format", "Repeats", "Add axis", "Upload", "Image"} <= set(names)
    assert "" not in names
