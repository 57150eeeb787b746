"""Stopped cells in JupyterLab: one line, one button, and the images once they are here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import OpenNotebook
from tests.browser.notebook_files import notebook_with
from tests.browser.notebook_page import NotebookPage
from tests.browser.test_quickstart import WIDGET_VIEW
from tests.fixtures import until
from tests.service import Service, refusing_once

pytestmark = pytest.mark.browser
pytest.importorskip("anywidget")

HERONS = "%%nanobanana -o herons -n 3\na heron"
CODE = "import nanobanana_nb\nowls = nanobanana_nb.generate('an owl', repeats=2)"


@pytest.fixture
def service() -> Iterator[Service]:
    """A service over TCP that refuses the first create; its tasks end when the test says so."""
    with refusing_once() as service:
        yield service


@pytest.fixture
def notebook(open_notebook: OpenNotebook, service: Service, tmp_path: Path) -> NotebookPage:
    """A notebook whose kernel asks that service."""
    cells = (HERONS, "herons.retry()", CODE, "%nanobanana resume")
    return open_notebook(notebook_with(service, tmp_path, *cells))


def _run(notebook: NotebookPage, index: int) -> Locator:
    """Begin with one cell."""
    cell = notebook.code_cell(index)
    cell.locator(".cm-content").click()
    notebook.page.keyboard.press("Control+Enter")
    return cell


def _stop(notebook: NotebookPage, cell: Locator, service: Service, tasks: int) -> None:
    """Interrupt the kernel once the service has so many tasks and the status stands there."""
    cell.get_by_text("Interrupt stops the waiting").wait_for()
    until(lambda: len(service.task_ids()) == tasks)
    notebook.call("kernelmenu:interrupt")
    cell.get_by_role("button", name="Fetch them").wait_for()
    notebook.wait_until_idle()


def _views(notebook: NotebookPage) -> int:
    """How many widgets are in the outputs of the saved file."""
    outputs = [output for cell in notebook.save()["cells"] for output in cell["outputs"]]
    return sum(WIDGET_VIEW in output.get("data", {}) for output in outputs)


def test_cells_that_block_offer_what_is_paid(
    notebook: NotebookPage, service: Service, screenshots: Path
) -> None:
    """A retry shows its whole grid and fetches into it; what a command fetched takes its place."""
    _run(notebook, 0)
    expect(notebook.code_cell(0).locator(".jp-InputPrompt")).to_have_text("[1]:")
    _run(notebook, 1).locator(".nanobanana-board").wait_for()
    expect(notebook.code_cell(1).get_by_text("not sent")).to_have_count(0)
    service.advance(1001.0)
    notebook.wait_until_idle()

    retry = _run(notebook, 2)
    _stop(notebook, retry, service, 3)
    expect(retry.get_by_text("1 paid image is on its way")).to_be_visible()
    expect(retry.locator("img")).to_have_count(2)
    expect(retry.locator(".jp-OutputArea-output")).to_have_count(1)
    notebook.picture(screenshots / "stopped-retry-light.png", of=retry)
    assert _views(notebook) == 0, "a saved file has the twin"
    retry.get_by_role("button", name="Fetch them").click()
    retry.get_by_role("button", name="Stop").wait_for()
    service.advance(1001.0)
    expect(retry.locator("img")).to_have_count(3, timeout=60_000)
    expect(retry.locator(".jp-OutputArea button")).to_have_count(0)

    owls = _run(notebook, 3)
    _stop(notebook, owls, service, 5)
    notebook.set_theme("dark")
    notebook.picture(screenshots / "stopped-generate-dark.png", of=owls)
    _run(notebook, 4)
    service.advance(1001.0)
    expect(owls.locator("img")).to_have_count(2, timeout=60_000)
    expect(owls.get_by_text("Stopped.")).to_have_count(0)
    expect(owls.locator(".jp-OutputArea button")).to_have_count(0)
    notebook.picture(screenshots / "stopped-resumed-dark.png", of=owls)
    assert len(service.creates()) == 6, "nothing is paid again"
    assert _views(notebook) == 0
    assert notebook.problems == []
