"""Every button of panel, board, viewer and vote is pressed, and does what it says."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.button_coverage import mistold, unpressed
from tests.browser.conftest import OpenNotebook
from tests.browser.notebook_files import notebook_of, problems_of_ours
from tests.browser.notebook_page import NotebookPage
from tests.browser.test_board import _first_tile
from tests.browser.test_panel import Seen

pytestmark = pytest.mark.browser

SETUP = """%load_ext nanobanana_nb
%config NanobananaMagics.simulator_speed = {speed}"""
MODES = {
    "Blink (b)": "blink",
    "Fade (f)": "fade",
    "Difference (d)": "difference",
    "Side by side (p)": "pair",
    "Slider (s)": "slider",
}
SCALE = "image => new DOMMatrix(getComputedStyle(image).transform).a"


def test_each_listed_button_has_its_test() -> None:
    """The list of buttons and the tests that press them go together."""
    assert mistold() == []


def test_panel(open_notebook: OpenNotebook, tmp_path: Path) -> None:
    """Axes are added, moved and removed, a large bill wants a second click, history goes on."""
    notebook = open_notebook(notebook_of(tmp_path, SETUP.format(speed=0), "%nanobanana panel"))
    notebook.run_all()
    seen, shown = Seen(notebook), notebook.code_cell(1).locator(".jp-Cell-outputArea")
    seen.field("Prompt").fill(f"a [fail] {{a}} {{b}} in {tmp_path.name}")
    seen.says("not defined")
    _change_axes(seen)
    assert unpressed("panel", shown) == []
    seen.field("Repeats").fill("26")
    seen.says("104 credits")
    seen.button("Generate").click()
    seen.button("Generate for 104 credits").wait_for()
    assert unpressed("panel", shown) == []
    seen.button("Generate for 104 credits").click()
    seen.says("26 failed")
    expect(seen.button("Generate")).to_be_enabled()
    seen.field("Repeats").fill("20")
    seen.says("80 credits")
    seen.button("Generate").click()
    seen.says("20 failed")
    seen.tab("Images")
    seen.field("Search").fill(tmp_path.name)
    expect(seen.tiles).to_have_count(40)
    assert unpressed("panel", shown) == []
    seen.button("Show more").click()
    expect(seen.tiles).to_have_count(46)
    assert problems_of_ours(notebook) == []


def _change_axes(seen: Seen) -> None:
    for number, values in enumerate(("x", "y")):
        seen.button("Add axis").click()
        seen.field("Values").nth(number).fill(values)
    expect(seen.field("Axis").first).to_have_value("a")
    seen.field("Axis").last.fill("b")
    seen.button("Up").last.click()
    expect(seen.field("Axis").first).to_have_value("b")
    seen.button("Down").first.click()
    expect(seen.field("Axis").first).to_have_value("a")
    seen.button("Add axis").click()
    expect(seen.button("Remove")).to_have_count(3)
    seen.button("Up").last.click()
    expect(seen.field("Axis").nth(1)).to_have_value("")
    seen.button("Up").nth(1).click()
    expect(seen.field("Axis").first).to_have_value("")
    seen.button("Remove").first.click()
    expect(seen.button("Remove")).to_have_count(2)
    expect(seen.field("Axis").first).to_have_value("a")


def _board(notebook: NotebookPage) -> Locator:
    notebook.start_all()
    return notebook.code_cell(1).locator(".nanobanana-board")


def test_board_of_many(open_notebook: OpenNotebook, tmp_path: Path) -> None:
    """Follow goes back to the tiles that run now."""
    plan = f"%%nanobanana -n 200 --yes\nA heron [fail], {tmp_path.name}"
    notebook = open_notebook(notebook_of(tmp_path, SETUP.format(speed=1), plan))
    board = _board(notebook)
    board.get_by_text(re.compile(r"to #\d+; \d+ more")).first.wait_for()
    assert unpressed("board", board) == []
    first = _first_tile(board)
    board.get_by_role("button", name="Later").click()
    _until(notebook, lambda: _first_tile(board) > first + 20)
    board.get_by_role("button", name="Follow").click()
    _until(notebook, lambda: _first_tile(board) <= first + 20)
    board.get_by_role("button", name="Stop").click()
    notebook.wait_until_idle()


def test_board_with_failures(open_notebook: OpenNotebook, tmp_path: Path) -> None:
    """All that failed is asked for again at once, while the rest goes on."""
    plan = f"%%nanobanana\nA {{kite [slow]|hare [fail]}}, {{red|blue}}, {tmp_path.name}"
    notebook = open_notebook(notebook_of(tmp_path, SETUP.format(speed=0.3), plan))
    board = _board(notebook)
    board.get_by_role("button", name="Try all 2 again").wait_for()
    assert unpressed("board", board) == []
    board.get_by_role("button", name="Try all 2 again").click()
    expect(board.get_by_role("button", name="Try again")).to_have_count(0, timeout=3000)
    board.get_by_role("button", name="Stop").click()
    notebook.wait_until_idle()


def _until(notebook: NotebookPage, condition: Callable[[], bool]) -> None:
    """Wait a while for what only Python can tell."""
    for _ in range(100):
        if condition():
            return
        notebook.page.wait_for_timeout(100)  # between two looks at the condition
    raise AssertionError("it did not come about")


@pytest.fixture
def looking(open_notebook: OpenNotebook, tmp_path: Path) -> NotebookPage:
    """A grid of four, the viewer on it, and a vote."""
    plan = f"%%nanobanana -o found\nA [square] {{cat|kite}}, {{ink|oil}}, {tmp_path.name}"
    cells = (SETUP.format(speed=0), plan, "found.compare()", 'found.vote("Ann")')
    notebook = open_notebook(notebook_of(tmp_path, *cells))
    notebook.run_all()
    return notebook


def test_viewer(looking: NotebookPage) -> None:
    """Grid, one image, two images: each button is pressed and its effect is seen."""
    viewer = looking.code_cell(2).locator(".nb-viewer")
    _press_grid(viewer)
    _press_image(viewer)
    _press_comparison(viewer)
    _button(viewer, "Clear the marks").click()
    expect(viewer.locator(".nb-marked")).to_have_count(0)
    _button(viewer, "Close the viewer").click()
    expect(viewer).to_have_count(0)
    assert problems_of_ours(looking) == []


def _button(shown: Locator, name: str) -> Locator:
    return shown.get_by_role("button", name=name, exact=True)


def _press_grid(viewer: Locator) -> None:
    head = viewer.locator("thead th")
    expect(head).to_have_text(["ink", "oil"])  # as under the cell
    for words in (["cat", "kite"], ["ink", "oil"]):
        _button(viewer, "Swap rows and columns (x)").click()
        expect(head).to_have_text(words)
    _button(viewer, "Show the keys (?)").click()
    keys = viewer.get_by_role("dialog", name="Keys")
    assert unpressed("viewer", keys) == []
    _button(keys, "Close (Esc)").click()
    expect(keys).to_have_count(0)


def _press_image(viewer: Locator) -> None:
    _button(viewer, "Open cat · ink, done").click()
    dialog = viewer.get_by_role("dialog", name="Image")
    assert unpressed("viewer", dialog) == []
    title = dialog.get_by_role("heading")
    for name, title_then in (
        ("Image to the right", "cat · oil"),
        ("Image to the left", "cat · ink"),
    ):
        _button(dialog, name).click()
        expect(title).to_have_text(title_then)
    _press_zoom(dialog)
    for stars in range(5, 0, -1):
        _button(dialog, f"{stars} of 5 stars ({stars})").click()
        expect(dialog.locator(".nb-stars [aria-label*='of 5'][aria-pressed=true]")).to_have_count(
            stars
        )
    _button(dialog, "Favourite (f)").click()
    expect(_button(dialog, "Favourite (f)")).to_have_text("♥")
    _button(dialog, "Use as reference (r)").click()
    expect(dialog.get_by_label("Cell", exact=True)).to_be_visible()
    assert unpressed("viewer", dialog) == []
    _button(dialog, "Put this away").click()
    expect(dialog.get_by_label("Cell", exact=True)).to_have_count(0)
    _button(dialog, "Mark to compare (c)").click()
    expect(dialog.get_by_label("Mark", exact=True)).to_have_text("A")
    _button(dialog, "Close (Esc)").click()
    expect(dialog).to_have_count(0)


def _press_zoom(dialog: Locator) -> None:
    picture = dialog.locator(".nb-layer img").first
    for name, scale in (("Larger (+)", 1.25), ("Smaller (-)", 1), ("Larger (+)", 1.25)):
        _button(dialog, name).click()
        assert picture.evaluate(SCALE) == pytest.approx(scale)
    _button(dialog, "Whole image (0)").click()
    assert picture.evaluate(SCALE) == pytest.approx(1)
    figure = dialog.get_by_role("button", name=re.compile("^Zoom "))
    _button(dialog, "Real pixels (z)").click()
    expect(figure).to_have_text("100 %")
    figure.click()
    assert picture.evaluate(SCALE) == pytest.approx(1)


def _press_comparison(viewer: Locator) -> None:
    _button(viewer, "Compare cat · oil, done").click()
    dialog = viewer.get_by_role("dialog", name="Compare two images")
    for name, mode in MODES.items():
        _button(dialog, name).click()
        expect(dialog.locator(".nb-stage")).to_have_attribute("data-mode", mode)
        assert unpressed("viewer", dialog) == []
        if mode == "blink":
            _button(dialog, "Pause or go on (Space)").click()
            expect(_button(dialog, "Pause or go on (Space)")).to_have_text("Go on")
    _press_zoom(dialog)
    first = dialog.locator(".nb-side").first
    expect(first).to_contain_text("ink")
    _button(dialog, "Swap A and B (x)").click()
    expect(first).to_contain_text("oil")
    _press_sides(dialog)
    _button(dialog, "Close (Esc)").click()
    assert unpressed("viewer", viewer) == []
    _button(viewer, "Compare A and B").click()
    _button(dialog, "Close (Esc)").click()
    expect(dialog).to_have_count(0)


def _press_sides(dialog: Locator) -> None:
    """Each side in turn goes on to an image, and back to where it was."""
    for side, change, on, back in (
        (0, "Change A (a)", "Next image as A (↓)", "Earlier image as A (↑)"),
        (1, "Change B (a)", "Next image as B (↓)", "Earlier image as B (↑)"),
    ):
        _button(dialog, change).click()
        caption = dialog.locator(".nb-side dl").nth(side)
        before = caption.inner_text()
        _button(dialog, on).click()
        expect(caption).not_to_have_text(before)
        assert unpressed("viewer", dialog) == []
        _button(dialog, back).click()
        expect(caption).to_have_text(before, use_inner_text=True)


def test_vote(looking: NotebookPage) -> None:
    """Each way to vote goes on, Back goes back, and the ranks take the place of the vote."""
    vote = looking.code_cell(3).locator(".nb-vote")
    assert unpressed("vote", vote) == []
    ways = (
        ("The left one is better", 2),
        ("The right one is better", 3),
        ("The left one is better (←)", 4),
        ("The right one is better (→)", 5),
        ("Vote on the last pair again (Backspace)", 4),
        ("Neither is better (↓)", 5),
    )
    for name, number in ways:
        _button(vote, name).click()
        expect(vote.get_by_role("status")).to_contain_text(f"Pair {number}.")
    _button(vote, "Show the ranks").click()
    expect(vote).to_have_count(0)
    assert problems_of_ours(looking) == []
