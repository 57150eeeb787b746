"""Panel, board, viewer, vote and the exported page by the rules of axe-core."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

from nanobanana_nb.show.export import export
from tests.browser.axe import AxeError, axe_source, install, serious
from tests.browser.conftest import OpenNotebook
from tests.browser.notebook_files import notebook_of
from tests.browser.notebook_page import NotebookPage
from tests.browser.test_panel import PATIENCE_MS, Seen
from tests.browser.test_viewer import grid_of
from tests.browser.viewer_page import Show, show, viewer_data  # noqa: F401

pytestmark = pytest.mark.browser

THEMES = ("light", "dark")
WIDTHS = (1200, 600)
FAST = "%load_ext nanobanana_nb\n%config NanobananaMagics.simulator_speed = 0"
SLOW = "%load_ext nanobanana_nb\n%config NanobananaMagics.simulator_speed = 1"


@pytest.fixture(scope="package")
def axe() -> str:
    """The script of axe-core; where it cannot be had the test is skipped, in CI it fails."""
    try:
        return axe_source()
    except AxeError as error:
        pytest.fail(str(error)) if os.environ.get("CI") else pytest.skip(str(error))


def _everywhere(notebook: NotebookPage, part: Locator, *, least: int) -> list[str]:
    """Return what is wrong with a part of the page in either theme, wide or narrow."""
    found: list[str] = []
    for theme in THEMES:
        notebook.set_theme(theme)
        for width in WIDTHS:
            notebook.page.set_viewport_size({"width": width, "height": 1100})
            found += [f"{theme}, {width}: {one}" for one in serious(part, least=least)]
    return found


def test_panel(open_notebook: OpenNotebook, tmp_path: Path, axe: str) -> None:
    """The panel with axes, references, results and the cell; then each of its walls."""
    notebook = open_notebook(notebook_of(tmp_path, FAST, "%nanobanana panel"))
    notebook.run_all()
    install(notebook.page, axe)
    seen, shown = Seen(notebook), notebook.code_cell(1).locator(".jp-Cell-outputArea")
    seen.field("Prompt").fill(f"a {{style: ink|oil}} heron, {tmp_path.name} {{mood}}")
    seen.says("not defined")
    assert serious(shown, least=10) == []
    seen.button("Add axis").click()
    seen.field("Values").fill("calm | stormy")
    seen.says("= 4 images")
    seen.button("Generate").click()
    expect(seen.results.locator("img")).to_have_count(4, timeout=PATIENCE_MS)
    seen.says("4 already in the ledger")
    seen.field("Image").fill("https://images.example/a.png")
    seen.button("Add image").click()
    seen.button("Copy as cell").click()
    expect(seen.field("Cell")).to_be_visible()
    assert _everywhere(notebook, shown, least=15) == []
    for tab in ("Images", "Grids"):
        seen.tab(tab)
        expect(seen.tiles.locator("img").first).to_be_visible(timeout=PATIENCE_MS)
        seen.tiles.first.hover()
        assert _everywhere(notebook, shown, least=10) == []


def test_board(open_notebook: OpenNotebook, tmp_path: Path, axe: str) -> None:
    """The status of a plan while it runs, with its tiles and buttons."""
    plan = f"%%nanobanana\nA {{cat [fail]|heron [slow]}}, {{ink|oil}}, {tmp_path.name}"
    notebook = open_notebook(notebook_of(tmp_path, SLOW, plan))
    install(notebook.page, axe)
    notebook.start_all()
    stop = notebook.code_cell(1).get_by_role("button", name="Stop")
    stop.wait_for()
    board = notebook.code_cell(1).locator(".nanobanana-board")
    assert _everywhere(notebook, board, least=4) == []
    board.get_by_role("button", name="Try again").first.wait_for()
    assert serious(board, least=6) == []
    stop.click()
    notebook.wait_until_idle()


def test_grid_viewer_and_vote(open_notebook: OpenNotebook, tmp_path: Path, axe: str) -> None:
    """The result under a cell, the viewer with its dialogs, and the vote."""
    plan = f"%%nanobanana -o found\nA {{cat|heron [fail]}}, {{ink|oil}}, {tmp_path.name}"
    cells = (FAST, plan, "found.compare()", 'found.vote("Ann")')
    notebook = open_notebook(notebook_of(tmp_path, *cells))
    notebook.run_all()
    install(notebook.page, axe)
    for index, least in ((1, 3), (2, 8), (3, 1)):
        shown = notebook.code_cell(index).locator(".jp-Cell-outputArea")
        assert _everywhere(notebook, shown, least=least) == []
    viewer = notebook.code_cell(2).locator(".nb-viewer")
    for open_it in (".nb-open", "[aria-label^='Show the keys']"):
        viewer.locator(open_it).first.click()
        notebook.page.keyboard.press("r")  # the cell of the next step, where an image is open
        assert _everywhere(notebook, viewer.locator("dialog"), least=2) == []
        notebook.page.keyboard.press("Escape")


@pytest.mark.parametrize("scheme", THEMES)
def test_exported_page(browser: Browser, tmp_path: Path, axe: str, scheme: str) -> None:
    """The page that stands alone, as a whole, and each of its dialogs."""
    page = browser.new_page()
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(export(grid_of(tmp_path), tmp_path / "x.html").as_uri())
    install(page, axe)
    html = page.locator("html")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert serious(html, least=5) == []
    for keys in (("Enter",), ("?",), ("c", "ArrowRight", "c")):
        page.locator(".nb-open").first.focus()
        for key in keys:
            page.keyboard.press(key)
        expect(page.locator("dialog")).to_be_visible()
        assert serious(html, least=5) == []
        page.keyboard.press("Escape")
        expect(page.locator("dialog")).to_have_count(0)
    page.close()


@pytest.mark.parametrize("scheme", THEMES)
def test_viewer_that_searches_and_orders(show: Show, axe: str, scheme: str) -> None:  # noqa: F811
    """A table of which a part is dim, a list by a score, and the keys over a comparison."""
    ratings = {"1": {"stars": 4, "favourite": True, "note": "soft"}}
    page = show(viewer_data(ratings=ratings, scores={"sharpness": {"1": 0.5}}))
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": 600, "height": 900})
    install(page, axe)
    viewer = page.locator("html")
    page.get_by_role("combobox", name="Score", exact=True).select_option(label="sharpness")
    page.get_by_role("searchbox").fill("heron")
    assert serious(viewer, least=8) == []
    page.get_by_role("combobox", name="Order", exact=True).select_option(label="sharpness")
    page.locator(".nb-tile").first.hover()
    assert serious(viewer, least=8) == []
    page.locator(".nb-open").first.focus()
    for key in ("c", "ArrowRight", "c", "?"):
        page.keyboard.press(key)
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    assert serious(viewer, least=5) == []
