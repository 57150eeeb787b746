"""The quickstart as a person meets it: run, watched, looked at, closed and opened again."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator

from tests.browser.conftest import OpenNotebook
from tests.browser.notebook_files import notebook_of
from tests.browser.notebook_page import NotebookPage

pytestmark = pytest.mark.browser

QUICKSTART = Path(__file__).resolve().parents[2] / "notebooks" / "01_quickstart.ipynb"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
OPENS = re.compile(r"\A(%nanobanana panel|grid\.compare\()")
STATUS = ".jp-OutputArea-output .widget-html"


@pytest.fixture
def small_notebook(tmp_path: Path) -> Path:
    """Two cells: load the extension, and one prompt of its own for each test."""
    prompt = f"a heron at dawn, {tmp_path.name}"  # else the ledger would have it already
    sources = ("%load_ext nanobanana_nb", f"%%nanobanana -a 16:9 -o herons\n{prompt}")
    return notebook_of(tmp_path, *sources)


@pytest.fixture
def results_alone(tmp_path: Path) -> Path:
    """The quickstart without the cells that leave a viewer and a panel open."""
    notebook = json.loads(QUICKSTART.read_text(encoding="utf-8"))
    cells = notebook["cells"]
    closed = [cell for cell in cells if not OPENS.search("".join(cell["source"]))]
    assert len(closed) == len(cells) - 2
    file = tmp_path / "results_alone.ipynb"
    file.write_text(json.dumps({**notebook, "cells": closed}), encoding="utf-8")
    return file


def _ours(notebook: NotebookPage) -> list[str]:
    """Problems of the page that our outputs may have caused; loading errors are ours as well."""
    return [problem for problem in notebook.problems if not _of_jupyterlab(problem)]


def _of_jupyterlab(problem: str) -> bool:
    """Whether JupyterLab reports it about itself, with or without our outputs."""
    return bool(re.search(r"/lab/api/|/api/(kernels|sessions|contents)|favicon|/static/", problem))


def _code_cells(saved: Any) -> list[Any]:
    return [cell for cell in saved["cells"] if cell["cell_type"] == "code"]


def _natural_widths(pictures: Locator) -> list[int]:
    widths: list[int] = pictures.evaluate_all("images => images.map(one => one.naturalWidth)")
    return widths


def test_quickstart_from_opening_to_reopening(
    open_notebook: OpenNotebook, results_alone: Path, screenshots: Path
) -> None:
    """Run All shows pictures in every theme; saved and loaded anew, the page shows the same."""
    notebook = open_notebook(results_alone)
    notebook.call("notebook:clear-all-cell-outputs")
    assert notebook.pictures().count() == 0
    notebook.run_all()
    count = notebook.pictures().count()
    assert count > 0
    for theme in ("dark", "light"):
        notebook.set_theme(theme)
        notebook.pictures().first.scroll_into_view_if_needed()
        notebook.picture(screenshots / f"quickstart-{theme}.png")
    notebook.reload()
    notebook.pictures().first.wait_for()
    assert notebook.pictures().count() == count
    assert all(_natural_widths(notebook.pictures()))
    assert notebook.page.locator(STATUS).count() == 0
    notebook.picture(screenshots / "quickstart-reloaded.png")
    assert _ours(notebook) == []


def _run_anew(notebook: NotebookPage) -> tuple[Any, list[Any]]:
    """Run all cells, the outputs cleared first; return what is then saved, and its outputs."""
    notebook.call("notebook:clear-all-cell-outputs")
    notebook.run_all()
    saved = notebook.save()
    assert all(cell["execution_count"] for cell in _code_cells(saved)), "every cell was run"
    return saved, [output for cell in saved["cells"] for output in cell.get("outputs", [])]


def test_quickstart_with_viewer_and_panel_comes_to_its_end(open_notebook: OpenNotebook) -> None:
    """Run All ends without an error, with both open; a saved one says what stood in its place."""
    notebook = open_notebook(QUICKSTART)
    _, outputs = _run_anew(notebook)
    assert [o for o in outputs if o["output_type"] == "error"] == []
    widgets = [o["data"] for o in outputs if WIDGET_VIEW in o.get("data", {})]
    assert all("text/html" in data for data in widgets)
    assert _ours(notebook) == []


def test_quickstart_is_saved_clean(open_notebook: OpenNotebook, results_alone: Path) -> None:
    """Run All comes to the end; what is saved has no widget, no error and no key, and is small."""
    notebook = open_notebook(results_alone)
    saved, outputs = _run_anew(notebook)
    assert any("image/jpeg" in output.get("data", {}) for output in outputs)
    assert [o for o in outputs if WIDGET_VIEW in o.get("data", {})] == []
    assert "HTMLModel" not in json.dumps(saved["metadata"]), "no state of widgets either"
    assert [o for o in outputs if o["output_type"] == "error"] == []
    assert re.search(r"\bak_[A-Za-z0-9]{32}\b", json.dumps(saved)) is None
    assert notebook.file.stat().st_size < 1_000_000


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_status_shows_and_makes_way(
    open_notebook: OpenNotebook, small_notebook: Path, screenshots: Path, theme: str
) -> None:
    """While the task runs its state is visible; then the picture stands in the same place."""
    notebook = open_notebook(small_notebook)
    notebook.set_theme(theme)
    notebook.start_all()
    status = notebook.code_cell(1).locator(STATUS)
    status.locator("..").locator(".nanobanana-runs").first.wait_for()
    notebook.picture(screenshots / f"status-{theme}.png")
    notebook.wait_until_idle()
    assert status.count() == 0
    assert len(notebook.outputs(1)) == 1
    assert notebook.pictures().count() == 1
    assert "heron" in (notebook.pictures().get_attribute("alt") or "")
    notebook.picture(screenshots / f"status-{theme}-after.png")


def test_result_is_readable_in_both_themes(
    open_notebook: OpenNotebook, small_notebook: Path, screenshots: Path
) -> None:
    """The caption takes the theme's text colour: it stands out from the page in both themes."""
    notebook = open_notebook(small_notebook)
    notebook.run_all()
    caption = notebook.code_cell(1).get_by_text("google/nano-banana").last
    lightness = {}
    for theme in ("dark", "light"):
        notebook.set_theme(theme)
        notebook.picture(screenshots / f"result-{theme}.png", of=notebook.code_cell(1))
        colour = caption.evaluate("element => getComputedStyle(element).color")
        numbers = [float(number) for number in re.findall(r"[\d.]+", colour)[:3]]
        lightness[theme] = sum(numbers) / 3 / (1 if max(numbers) <= 1 else 255)
    assert lightness["dark"] > 0.5 > lightness["light"]


def test_original_opens(open_notebook: OpenNotebook, small_notebook: Path) -> None:
    """`open original` opens the full image, larger than its thumbnail."""
    notebook = open_notebook(small_notebook)
    notebook.run_all()
    small = max(_natural_widths(notebook.pictures()))
    notebook.code_cell(1).get_by_text("open original").click()
    original = notebook.page.locator(".jp-ImageViewer img")
    original.wait_for()
    notebook.page.wait_for_function(
        "() => document.querySelector('.jp-ImageViewer img').naturalWidth > 0"
    )
    assert _natural_widths(original)[0] > small
    notebook.call("application:close")


def test_interrupt_by_the_stop_button(
    open_notebook: OpenNotebook, small_notebook: Path, screenshots: Path
) -> None:
    """The stop button ends the wait; what stays tells how to fetch the picture, and it works."""
    notebook = open_notebook(small_notebook)
    notebook.start_all()
    notebook.code_cell(1).locator(".nanobanana-runs").first.wait_for()
    notebook.call("notebook:interrupt-kernel")
    notebook.wait_until_idle()
    assert "resume" in " ".join(notebook.outputs(1))
    notebook.picture(screenshots / "interrupted.png")
    assert notebook.page.locator(".nanobanana-board").count() == 0
    notebook.run_all()
    assert notebook.pictures().count() == 1
