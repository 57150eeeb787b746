"""Nothing below a running cell moves: heights of its output, watched until the result is there."""

from __future__ import annotations

import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import OpenNotebook
from tests.browser.notebook_files import notebook_of
from tests.browser.notebook_page import NotebookPage

pytestmark = [pytest.mark.browser, pytest.mark.slow]  # twenty seconds each
pytest.importorskip("anywidget")

MOST_STEP = 8  # pixels that the eye takes for rest
SETUP = "%load_ext nanobanana_nb\n%config NanobananaMagics.simulator_speed = 0.4"
PLANS = {
    "one": "A heron by a lake, {tag}",
    "grid": "A {{animal}} by a lake, {{style}}, {tag}\n---\nanimal: cat | heron | hare | fox\n"
    "style: woodcut | oil",
    "wide": "A {{animal}} by a lake, {tag}\n---\nanimal: cat | heron\naspect_ratio: 21:9 | 16:9",
    "failed": "A {{animal}} by a lake, {{style}}, {tag}\n---\nanimal: cat | heron [fail] | hare\n"
    "style: woodcut | oil",
    "repeats": "-n 2|A {{animal}} by a lake, {tag}\n---\nanimal: cat | heron | hare | fox | owl",
    "list": "-n 7|A heron by a lake, {tag}",
    "sixty": "-n 2 --yes|A {{animal}} by a lake, {{style}}, {tag}\n---\n"
    "animal: cat | heron | hare | fox | owl | fish\n"
    "style: woodcut | oil | ink | pastel | pixel art",
}
# The height of the cell at each frame, from the first tile of the board on.
_WATCH = """() => {
  const cell = document.querySelectorAll('.jp-CodeCell')[1];
  const heights = window.heights = [];
  const look = () => {
    if (heights !== window.heights) return;
    const board = cell.querySelector('.nanobanana-board');
    const drawn = board && board.querySelector('table');
    const height = Math.round(cell.getBoundingClientRect().height);
    if (window.heights.length || drawn) {
      if (window.heights.at(-1) !== height) window.heights.push(height);
    }
    requestAnimationFrame(look);
  };
  look();
}"""


def _heights(notebook: NotebookPage) -> list[int]:
    """Run all cells, and return the heights that the cell had one after the other."""
    notebook.page.evaluate(_WATCH)
    notebook.start_all()
    notebook.page.wait_for_function("window.cellsEnded", timeout=240_000)
    notebook.wait_until_idle()
    notebook.page.wait_for_timeout(1500)
    heights: Any = notebook.page.evaluate("window.heights")
    return [int(height) for height in heights]


@pytest.mark.parametrize("width", [900, 1400])
@pytest.mark.parametrize("name", PLANS)
def test_nothing_below_moves(
    open_notebook: OpenNotebook, tmp_path: Path, screenshots: Path, name: str, width: int
) -> None:
    """From the first sight of the board until its result stands, no step is above 8 pixels."""
    words = PLANS[name].format(tag=tmp_path.name)
    options, _, prompt = words.partition("|") if words.startswith("-") else ("", "", words)
    notebook = open_notebook(notebook_of(tmp_path, SETUP, f"%%nanobanana {options}\n{prompt}"))
    notebook.page.set_viewport_size({"width": width, "height": 900})
    heights = _heights(notebook)
    notebook.picture(screenshots / f"steady-{name}-{width}.png", of=notebook.code_cell(1))
    sys.stdout.write(f"\n{name} at {width}: {heights}\n")
    assert len(heights) > 0, "a board was seen"
    steps = [abs(b - a) for a, b in pairwise(heights)]
    assert max(steps, default=0) <= MOST_STEP, heights
    assert notebook.problems == []
