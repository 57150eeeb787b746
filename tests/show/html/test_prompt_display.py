"""What a grid is called: by the prompt that was sent, the same in page, text, status and file."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import Any

import pytest

from nanobanana_nb.model.result import State
from nanobanana_nb.show.export.content import content_of
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.live.status_line import status_html, status_text
from tests.show.conftest import planned, waiting

PRIVATE = "(the prompt was kept private)"


def of_plan(
    prompt: str, repeats: int = 1, state: State = State.RUNNING, **names: list[str]
) -> ImageGrid:
    """Return a grid of images on their way, each with the request of its cell."""
    plan = planned(prompt, repeats, **names)
    return ImageGrid([waiting(state, request=cell.request) for cell in plan.cells], plan)


def shown(grid: ImageGrid) -> list[str]:
    """Return the texts of a grid and of its status: as text, and as a page that is read."""
    bundle = grid._repr_mimebundle_()
    told: dict[str, Any] = {"elapsed_s": 1.0, "plan": grid.plan}
    pages = [bundle["text/html"]] + [status_html(grid.generations, **told)] * (len(grid) == 1)
    texts = [bundle["text/plain"], status_text(grid.generations, **told)]
    return [*texts, *(html.unescape(re.sub("<[^>]*>", "", page)) for page in pages)]


@pytest.mark.parametrize("repeats", [1, 3])
def test_prompt_that_was_sent(repeats: int) -> None:
    """Images of one prompt show it filled in, and not what was written."""
    grid = of_plan("A {style} cat", repeats, style=["ink"])
    for text in shown(grid):
        assert "A ink cat" in text
        assert "{style}" not in text
    content = content_of(grid)
    assert (content.title, content.prompt) == ("A ink cat", "A ink cat")
    assert content.plan is not None
    assert content.plan["prompt"] == "A {style} cat"


def test_prompt_as_it_was_written() -> None:
    """Where several prompts were sent, what was written stands for all of them."""
    grid = of_plan("A {style} cat", style=["ink", "oil"])
    for text in shown(grid):
        assert "A {style} cat" in text
    assert content_of(grid).title == "A {style} cat"
    assert content_of(ImageGrid(grid.generations)).title == "Images"


@pytest.mark.parametrize("repeats", [1, 3])
def test_private_prompt(repeats: int) -> None:
    """A prompt that is not known here is said to be private, and is no empty line."""
    grid = of_plan("A cat", repeats)
    hidden = [replace(g, request=replace(g.request, prompt="", private=True)) for g in grid]
    for text in shown(ImageGrid(hidden)):
        assert PRIVATE in text
    assert content_of(ImageGrid(hidden, grid.plan)).title == "Images"
