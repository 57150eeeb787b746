"""The browser, the lab, its pages and where pictures go."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from tests.browser.lab import Lab, running_lab
from tests.browser.notebook_page import Notebook7Page, NotebookPage

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WINDOW = {"width": 1280, "height": 900}
ENVIRON = {"NANOBANANA_PROVIDER": "simulator", "NANOBANANA_SIMULATOR_SPEED": "0.25"}

OpenNotebook = Callable[[Path], NotebookPage]

_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport]:
    """Remember that a test failed: what it leaves in its tab is not known."""
    report = yield
    item.stash[_FAILED] = item.stash.get(_FAILED, False) or report.failed
    return report


def _chromium() -> str | None:
    named = os.environ.get("NANOBANANA_CHROMIUM")
    if named:
        return named
    if Path("/usr/bin/chromium").exists():
        return "/usr/bin/chromium"
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)


# Playwright's own loop runs in this thread while it is open: not longer than these tests.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium without a window; where there is none the test is skipped, in CI it fails."""
    executable = _chromium()
    if executable is None:
        reason = "no chromium: install Debian's package or set NANOBANANA_CHROMIUM"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """One JupyterLab for all these tests; its kernels use the simulator, four times as fast."""
    scratch = tmp_path_factory.mktemp("lab")
    home = {"NANOBANANA_HOME": str(scratch / "home")}
    with running_lab(scratch, {**ENVIRON, **home}) as lab:
        yield lab


@pytest.fixture(scope="package")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One profile of the browser for all notebooks: what JupyterLab is made of is loaded once."""
    context = browser.new_context(viewport=WINDOW, device_scale_factor=1)  # type: ignore[arg-type]
    yield context
    context.close()


@pytest.fixture(scope="package")
def lab_tab(context: BrowserContext) -> LabTab:
    """The browser tab in which one notebook after the other is opened."""
    return LabTab(context)


@pytest.fixture
def open_notebook(
    lab_tab: LabTab, lab: Lab, request: pytest.FixtureRequest
) -> Iterator[OpenNotebook]:
    """Opens a copy of a notebook in JupyterLab."""
    with _opening(lab_tab, lab, NotebookPage, request.node) as opened:
        yield opened


@pytest.fixture
def open_in_notebook7(
    lab_tab: LabTab, lab: Lab, request: pytest.FixtureRequest
) -> Iterator[OpenNotebook]:
    """Opens a copy of a notebook in a tab of its own, in Notebook 7."""
    with _opening(lab_tab, lab, Notebook7Page, request.node) as opened:
        yield opened


class LabTab:
    """A tab with JupyterLab that stays from test to test, unless something is left in it."""

    def __init__(self, context: BrowserContext) -> None:
        self._context = context
        self._page: Page | None = None

    def take(self, kind: type[NotebookPage]) -> Page:
        """Return the tab that stays, or a new one where it is taken or shows something else."""
        if kind is Notebook7Page or self._page is None:
            return self._context.new_page()
        page, self._page = self._page, None
        return page

    def tidy(self, opened: Sequence[NotebookPage], *, keep: bool) -> None:
        """Close all that a test opened, but for its first tab with JupyterLab where it passed."""
        for notebook in opened:
            try:
                notebook.leave()
            except (AssertionError, Error):  # its tab is closed below
                continue
            if keep and self._page is None and not isinstance(notebook, Notebook7Page):
                notebook.page.set_viewport_size(WINDOW)  # type: ignore[arg-type]
                self._page = notebook.page
        for page in self._context.pages:
            if page is not self._page:
                page.close()
        self._context.clear_permissions()


@contextmanager
def _opening(
    tab: LabTab, lab: Lab, kind: type[NotebookPage], item: pytest.Item
) -> Iterator[OpenNotebook]:
    opened: list[NotebookPage] = []

    def open_copy(notebook: Path) -> NotebookPage:
        name = f"{notebook.stem}-{len(list(lab.folder.iterdir()))}.ipynb"
        shutil.copy(notebook, lab.folder / name)
        opened.append(kind(tab.take(kind), lab, name))
        return opened[-1]

    yield open_copy
    tab.tidy(opened, keep=not item.stash.get(_FAILED, False))


@pytest.fixture
def screenshots(tmp_path: Path) -> Path:
    """The folder for screenshots: NANOBANANA_SCREENSHOTS, or the test's own."""
    return Path(os.environ.get("NANOBANANA_SCREENSHOTS") or tmp_path / "screenshots")
