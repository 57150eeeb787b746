"""Voilà, whose page has no cells: the panel is a page of its own there."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import WINDOW
from tests.browser.lab import Lab
from tests.browser.notebook_files import notebook_of

pytestmark = pytest.mark.browser

PATIENCE_MS = 60_000
SOURCES = ("import nanobanana_nb", "nanobanana_nb.Panel()")
# Voilà's own page asks the network for its fonts and for MathJax, and misses a shared module.
OF_VOILA = re.compile(r"cdn\.jsdelivr|cdnjs\.cloudflare|shared module|favicon|/static/")


@pytest.fixture
def page(browser: Browser, lab: Lab, tmp_path: Path) -> Iterator[Page]:
    """The page that Voilà makes of a notebook with the panel; at the end it has no error."""
    name = f"voila-{tmp_path.name}.ipynb"
    shutil.copy(notebook_of(tmp_path, *SOURCES), lab.folder / name)
    page = browser.new_page(viewport=WINDOW)  # type: ignore[arg-type]
    problems: list[str] = []
    page.on("console", lambda said: problems.append(f"{said.type}: {said.text} {said.location}"))
    page.on("pageerror", lambda error: problems.append(f"error: {error}"))
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{lab.url}voila/render/{name}?token={lab.token}")
    yield page
    page.close()
    errors = [one for one in problems if one.startswith("error")]
    assert [one for one in errors if not OF_VOILA.search(one)] == []


def test_panel_makes_images(page: Page, tmp_path: Path, screenshots: Path) -> None:
    """The bill follows the typing, Generate shows images, and no button wants a notebook."""
    page.get_by_label("Prompt", exact=True).fill(f"a {{ink|oil}} [square] cat, {tmp_path.name}")
    expect(page.get_by_text("8 credits").first).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("button", name="Generate", exact=True).click()
    expect(page.get_by_text("2 of 2 done")).to_be_visible(timeout=PATIENCE_MS)
    tiles, below = page.locator(".nbp-tile img:visible"), page.locator(".widget-html img:visible")
    for pictures in (tiles, below):
        expect(pictures).to_have_count(2, timeout=PATIENCE_MS)
    expect(page.get_by_text("2 already in the ledger")).to_be_visible(timeout=PATIENCE_MS)
    for name in ("Insert as cell", "Close"):
        expect(page.get_by_role("button", name=name, exact=True)).to_be_hidden()
    screenshots.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=screenshots / "voila.png", full_page=True)
    page.get_by_role("button", name="Copy as cell", exact=True).click()
    expect(page.get_by_label("Cell", exact=True)).to_have_value(re.compile("%%nanobanana"))
    page.get_by_role("tab", name="Images").click()
    page.get_by_label("Search", exact=True).fill(tmp_path.name)
    expect(page.locator(".nbp-tile:visible img")).to_have_count(2, timeout=PATIENCE_MS)
