"""Nothing below a running cell moves: heights of its output, watched until the result is there."""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import OpenNotebook
from tests.browser.notebook_files import notebook_of
from tests.browser.notebook_page import NotebookPage

pytestmark = pytest.mark.browser
pytest.importorskip("anywidget")

MOST_STEP = 8  # pixels that the eye takes for rest
VALUE = 44  # pixels of one more output: the value of a cell that was detached is its job
SETUP = "%load_ext nanobanana_nb\n%config NanobananaMagics.simulator_speed = 0.4"
LONG = "with a newspaper that is three days old, a thermos of tea and a very small umbrella"
PLANS = {
    "one": "A heron by a lake, {tag}",
    "long one": f"A heron by a lake {LONG}, seen by another heron {LONG}, {{tag}}",
    "grid": "A {{animal}} by a lake, {{style}}, {tag}\n---\nanimal: cat | heron | hare | fox\n"
    "style: woodcut | oil",
    "wide": "A {{animal}} by a lake, {tag}\n---\nanimal: cat | heron\naspect_ratio: 21:9 | 16:9",
    "failed": "A {{animal}} by a lake, {{style}}, {tag}\n---\nanimal: cat | heron [fail] | hare\n"
    "style: woodcut | oil",
    "repeats": "-n 2|A {{animal}} by a lake, {tag}\n---\nanimal: cat | heron | hare | fox | owl",
    "list": "-n 7|A heron by a lake, {tag}",
    "long list": f"A {{{{heron|fox [fail]|hare}}}} by a lake {LONG}, {{tag}}",
    "sixty": "-n 2 --yes|A {{animal}} by a lake, {{style}}, {tag}\n---\n"
    "animal: cat | heron | hare | fox | owl | fish\n"
    "style: woodcut | oil | ink | pastel | pixel art",
    "sixty failed": "-n 15 --yes|A {{heron|fox [fail]|hare [fail]|owl}} by a lake, {tag}",
}
WIDTHS = (600, 900, 1400)
DAILY = {("failed", 900), ("long one", 600)}  # the others run by hand
# The height of the cell at each frame, from the first tile of the board on.
_WATCH = """() => {
  const cell = document.querySelectorAll('.jp-CodeCell')[1];
  const heights = window.heights = [];
  const look = () => {
    if (heights !== window.heights) return;
    const drawn = cell.querySelector('.nanobanana-board table');
    const height = Math.round(cell.getBoundingClientRect().height);
    if ((heights.length || drawn) && heights.at(-1) !== height) {
      heights.push(height);
      window.moved = performance.now();
    }
    requestAnimationFrame(look);
  };
  look();
}"""
_RESTS = """() => window.cellsEnded && performance.now() - window.moved > 1000
  && !document.querySelector('.nanobanana-board')"""
_LETS_GO = """() => [...document.querySelectorAll('.jp-OutputArea')]
  .every(area => !area.style.minHeight)"""

Act = Callable[[NotebookPage], None]


def _cases(names: dict[str, Any], daily: set[tuple[str, int]]) -> list[Any]:
    cases = [(name, width) for name in names for width in WIDTHS]
    return [pytest.param(*c, marks=() if c in daily else pytest.mark.slow) for c in cases]


def _press(notebook: NotebookPage, *names: str) -> None:
    """Press these buttons of the cell, the first one when an image is there."""
    cell = notebook.code_cell(1)
    cell.locator("[data-look]").first.wait_for()
    for name in names:
        button = cell.get_by_role("button", name=name)
        button.click()
        button.wait_for(state="detached")
        notebook.page.wait_for_function(_RESTS)


ENDS: dict[str, tuple[str, Act]] = {
    "Stop": ("failed", lambda notebook: _press(notebook, "Stop")),
    "Fetch": ("grid", lambda notebook: _press(notebook, "Stop", "Fetch them")),
    "Detach": ("list", lambda notebook: _press(notebook, "Detach")),
}


def _notebook(folder: Path, plan: str) -> Path:
    words = PLANS[plan].format(tag=folder.name)
    options, _, prompt = words.partition("|") if words.startswith("-") else ("", "", words)
    return notebook_of(folder, SETUP, f"%%nanobanana {options}\n{prompt}")


def _watch(
    notebook: NotebookPage, picture: Path, width: int, act: Act | None = None, value: int = 0
) -> None:
    """Run all cells: until nothing moves any more, no step is above 8 pixels.

    Args:
        act: what a person does meanwhile.
        value: pixels of the output that comes in the end beside the result.
    """
    notebook.page.set_viewport_size({"width": width, "height": 900})
    notebook.page.evaluate(_WATCH)
    notebook.start_all()
    if act is not None:
        act(notebook)
    notebook.page.wait_for_function(_RESTS, timeout=240_000)
    notebook.picture(picture, of=notebook.code_cell(1))
    heights = notebook.page.evaluate("window.heights")
    sys.stdout.write(f"\n{picture.stem}: {heights}\n")
    steps = [abs(b - a) for a, b in pairwise(heights)]
    assert max(steps, default=0) <= MOST_STEP + value, heights
    assert notebook.problems == []


@pytest.mark.parametrize(("plan", "width"), _cases(PLANS, DAILY))
def test_nothing_below_moves(
    open_notebook: OpenNotebook, tmp_path: Path, screenshots: Path, plan: str, width: int
) -> None:
    """From the first sight of the board until its result stands."""
    notebook = open_notebook(_notebook(tmp_path, plan))
    _watch(notebook, screenshots / f"steady-{plan}-{width}.png", width)


@pytest.mark.parametrize(("end", "width"), _cases(ENDS, {("Fetch", 900)}))
def test_nothing_below_moves_when_it_ends_sooner(
    open_notebook: OpenNotebook, tmp_path: Path, screenshots: Path, end: str, width: int
) -> None:
    """Stop and Detach leave what is here in the place of the board; Fetch them, a board again."""
    plan, act = ENDS[end]
    notebook = open_notebook(_notebook(tmp_path, plan))
    value = VALUE if end == "Detach" else 0
    _watch(notebook, screenshots / f"steady-{end}-{width}.png", width, act, value)


def test_another_width_has_its_own_height(open_notebook: OpenNotebook, tmp_path: Path) -> None:
    """The room that a board had in a wide window is not kept in a narrow one."""
    notebook = open_notebook(_notebook(tmp_path, "list"))
    _watch(notebook, tmp_path / "steady-wide.png", 1400)
    notebook.page.set_viewport_size({"width": 900, "height": 900})
    notebook.page.wait_for_function(_LETS_GO)
