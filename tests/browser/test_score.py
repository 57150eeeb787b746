"""Scores in JupyterLab: the line while a function is at work, and the table of what it gave."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenNotebook
from tests.browser.notebook_files import notebook_of

pytestmark = pytest.mark.browser

GRID = """
import time
from pathlib import Path
import nanobanana_nb
grid = nanobanana_nb.sweep("A {animal: cat|hare}, {style: ink|oil}", repeats=2)
calls = []
def on_brand(image):
    calls.append(image)
    if len(calls) == 4:
        while not Path("go").exists():
            time.sleep(0.05)
    if len(calls) == 6:
        raise RuntimeError("no logo to look at")
    return image.getpixel((8, 8))[0] / 7
"""
CELLS = (GRID, "grid.score(on_brand)", 'grid.sort("on_brand", descending=True)')


def test_scores_under_their_cell(
    open_notebook: OpenNotebook, tmp_path: Path, screenshots: Path
) -> None:
    """The line says how far it is and then how many there are; table and sorted list follow."""
    notebook = open_notebook(notebook_of(tmp_path, *CELLS))
    notebook.start_all()
    cell = notebook.code_cell(1)
    expect(cell).to_contain_text("on_brand: 3 of 8 images", timeout=60_000)
    for theme in ("dark", "light"):
        notebook.set_theme(theme)
        notebook.picture(screenshots / f"progress-{theme}.png", of=cell)
    (notebook.file.parent / "go").touch()
    notebook.wait_until_idle()
    expect(cell).to_contain_text("on_brand: 8 of 8 images · 1 failed · ")
    expect(cell).to_contain_text("failed: RuntimeError: no logo to look at")
    expect(notebook.code_cell(2)).to_contain_text("on_brand ")
    for theme in ("dark", "light"):
        notebook.set_theme(theme)
        for name, n in (("scores", 1), ("sorted", 2)):
            notebook.picture(screenshots / f"{name}-{theme}.png", of=notebook.code_cell(n))
