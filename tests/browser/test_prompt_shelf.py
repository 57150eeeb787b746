"""A prompt is kept and chosen again, and a reference gets its name, in a real page."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.notebook_page import NotebookPage
from tests.browser.test_panel import PATIENCE_MS, Seen, panel_page

__all__ = ["panel_page"]

pytestmark = pytest.mark.browser


def test_kept_chosen_and_named(
    panel_page: NotebookPage,
    tmp_path: Path,
    screenshots: Path,
) -> None:
    """One click each; the model is told the name, and the bill shows it."""
    seen = Seen(panel_page)
    expect(seen.field("Kept prompt")).to_be_hidden()
    prompt = f"a [slow] crane over {tmp_path.name}"
    seen.field("Prompt").fill(prompt)
    seen.says("4 credits")
    seen.button("Generate").click()
    expect(seen.results.locator("img")).to_have_count(1, timeout=PATIENCE_MS)
    expect(seen.tiles).to_have_count(1)
    seen.tiles.hover()
    panel_page.picture(screenshots / "panel-keep.png", of=seen.cell)
    seen.button("Keep prompt").click()
    seen.says("Kept as a-slow-crane-over in prompts.toml.")
    seen.button("Use as reference").click()
    name = seen.strip.get_by_role("textbox")
    name.press_sequentially("Mia")
    name.press("Enter")
    seen.says("Image 1 shows Mia.")
    panel_page.picture(screenshots / "panel-named.png", of=seen.cell)
    seen.field("Prompt").fill("")
    seen.field("Kept prompt").select_option("a-slow-crane-over")
    expect(seen.field("Prompt")).to_have_value(prompt)
    expect(seen.removes).to_have_count(0)
    seen.says("1 already in the ledger")
