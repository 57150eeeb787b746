"""The room that a board keeps: the words that its result will have under the images."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nanobanana_nb.model.result import State
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.html.display import display_of
from nanobanana_nb.show.html.html import words_html
from nanobanana_nb.show.html.markup import joined
from nanobanana_nb.show.live.foot import foot_html
from tests.html_reader import Page
from tests.show.conftest import planned_grid, waiting
from tests.show.forms import grid_html

ANIMALS = [f"animal {n}" for n in range(20)]
PLANS = {
    "one": ("A heron", 1, {}),
    "long one": ("A heron " * 40, 1, {}),
    "list": ("A heron", 7, {}),
    "grid": ("{a} {b}", 1, {"a": ANIMALS[:3], "b": ["ink", "oil"]}),
    "sixty": ("{a}", 3, {"a": ANIMALS}),
}


def _grids(photos: list[Path], name: str) -> tuple[ImageGrid, ImageGrid]:
    """A grid at its beginning, and at its end."""
    prompt, repeats, names = PLANS[name]
    end = planned_grid(photos, prompt, repeats, **names)
    begin = [waiting(State.PLANNED, request=g.request, task_id=None) for g in end]
    return ImageGrid(begin, end.plan), end


def _lines(html: str) -> list[str]:
    """The text of each line and cell under the images."""
    return [Page(part).text for part in re.split(r"</div>|</td>", html) if Page(part).text]


@pytest.mark.parametrize("name", PLANS)
def test_foot_has_the_lines_of_the_result(photos: list[Path], name: str) -> None:
    """As many lines, none of them shorter: so they wrap no sooner in the result."""
    begin, end = _grids(photos, name)
    foot, result = _lines(foot_html(begin)), _lines(joined(words_html(display_of(end))))
    assert len(foot) >= len(result) > 0
    for here, there in zip(foot, result, strict=False):
        assert len(here) >= len(there)


@pytest.mark.parametrize("repeats", [1, 3])
def test_foot_has_room_for_a_conclusion(photos: list[Path], repeats: int) -> None:
    """Without repeats it is known what will be said; with repeats about how much."""
    plan = ("{a} {b}", repeats)
    end = planned_grid(photos, *plan, a=ANIMALS[:2], b=["ink", "oil"])
    said = _lines(grid_html(end))[-1]
    last = _lines(foot_html(ImageGrid(end.generations, end.plan)))[-1]
    assert last == said if repeats == 1 else len(last) > 100


def test_foot_is_neither_seen_nor_heard(photos: list[Path]) -> None:
    """It is room, with nothing in it for eyes, screen readers and clicks."""
    begin, _ = _grids(photos, "grid")
    _, looks = Page(foot_html(begin)).elements[0]
    assert looks["style"].startswith("visibility:hidden;")
    assert looks["aria-hidden"] == "true"
