"""The browser, the lab, its pages and where pictures go."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from .lab import Lab, running_lab
from .notebook_page import Notebook7Page, NotebookPage

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WINDOW = {"width": 1280, "height": 900}
ENVIRON = {"NANOBANANA_PROVIDER": "simulator", "NANOBANANA_SIMULATOR_SPEED": "0.25"}

OpenNotebook = Callable[[Path], NotebookPage]


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


@pytest.fixture
def open_notebook(context: BrowserContext, lab: Lab) -> Iterator[OpenNotebook]:
    """Opens a copy of a notebook in a tab of its own, in JupyterLab."""
    with _opening(context, lab, NotebookPage) as opened:
        yield opened


@pytest.fixture
def open_in_notebook7(context: BrowserContext, lab: Lab) -> Iterator[OpenNotebook]:
    """Opens a copy of a notebook in a tab of its own, in Notebook 7."""
    with _opening(context, lab, Notebook7Page) as opened:
        yield opened


@contextmanager
def _opening(context: BrowserContext, lab: Lab, kind: type[NotebookPage]) -> Iterator[OpenNotebook]:
    opened: list[NotebookPage] = []

    def open_copy(notebook: Path) -> NotebookPage:
        name = f"{notebook.stem}-{len(list(lab.folder.iterdir()))}.ipynb"
        shutil.copy(notebook, lab.folder / name)
        opened.append(kind(context.new_page(), lab, name))
        return opened[-1]

    yield open_copy
    for page in opened:
        page.call("kernelmenu:shutdown")
    for tab in context.pages:
        tab.close()
    context.clear_permissions()


@pytest.fixture
def screenshots(tmp_path: Path) -> Path:
    """The folder for screenshots: NANOBANANA_SCREENSHOTS, or the test's own."""
    return Path(os.environ.get("NANOBANANA_SCREENSHOTS") or tmp_path / "screenshots")
