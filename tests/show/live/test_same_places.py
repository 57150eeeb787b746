"""The board and the result: each tile has its place and size before its image is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import prod
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.html import html
from nanobanana_nb.show.live.live_grid import MOST_PLACED, Live, tiles_html
from tests.html_reader import Page
from tests.show.conftest import generation, planned, waiting
from tests.show.forms import grid_html

SHAPES = {"21:9": (84, 36), "16:9": (64, 36), "1:1": (48, 48), "3:4": (36, 48), "9:16": (36, 64)}
OPEN = [State.PLANNED, State.SENT, State.PENDING, State.RUNNING, State.DETACHED, State.SUCCESS]


@pytest.fixture(scope="module")
def shaped(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A small picture of each shape."""
    folder = tmp_path_factory.mktemp("shaped")
    for name, size in SHAPES.items():
        Image.new("RGB", size, "#804020").save(folder / f"{name.replace(':', '-')}.png")
    return {name: folder / f"{name.replace(':', '-')}.png" for name in SHAPES}


@pytest.fixture(scope="module", autouse=True)
def no_chance() -> Iterator[None]:
    """Nothing is concluded about the images: to compare them takes long."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(html, "_chance", lambda grid: [])
        yield


@dataclass(frozen=True)
class Asked:
    """A grid that a person may ask for."""

    sizes: list[int]
    repeats: int
    shapes: list[str]

    @property
    def count(self) -> int:
        """How many images it has."""
        return prod(self.sizes) * self.repeats * max(1, len(self.shapes))

    def grid(self, pictures: dict[str, Path], done: list[bool], state: State) -> ImageGrid:
        """The grid as far as it is done."""
        axes = {"abc"[n]: [f"{'abc'[n]}{i}" for i in range(m)] for n, m in enumerate(self.sizes)}
        lines = f"\n---\naspect_ratio: {' | '.join(self.shapes)}" if self.shapes else ""
        prompt = " ".join(f"{{{name}}}" for name in axes) or "A cat"
        plan = planned(f"{prompt}{lines}", self.repeats, **axes)
        images: list[Generation] = []
        for n, cell in enumerate(plan.cells):
            shape = str(cell.request.parameter("aspect_ratio") or "1:1")
            width, height = SHAPES[shape]
            here = {"request": cell.request, "width": 12 * width, "height": 12 * height}
            image = generation(pictures[shape], n, **here)
            empty = waiting(state, request=cell.request, height=None)
            images.append(image if done[n % len(done)] else empty)
        return ImageGrid(images, plan)


ASKED = st.builds(
    Asked,
    st.lists(st.integers(1, 12), max_size=3),
    st.integers(1, 6),
    st.lists(st.sampled_from(list(SHAPES)), max_size=3, unique=True),
).filter(lambda asked: 1 < asked.count <= MOST_PLACED)


def _boxes(page: str) -> list[tuple[int, float]]:
    """The width of each tile and its height as a part of it, in the order of the page."""
    boxes: list[tuple[int, float]] = []
    most = 0
    for tag, values in Page(page).elements:
        looks = values.get("style", "")
        if tag == "img":
            most, height = int(values["width"]), int(values["height"])
            assert f"width:100%;max-width:{most}px;height:auto" in looks
            boxes.append((most, round(100 * height / most, 2)))
        elif looks.startswith("width:100%;max-width:"):
            most = int(looks.split(":")[2].removesuffix("px"))
        elif looks.startswith("height:0;padding-bottom:"):
            boxes.append((most, float(looks.split("%")[0].split(":")[2])))
    return boxes


def _legends(page: str) -> list[str]:
    """The small text under each tile, line by line."""
    return re.findall(r'<div style="margin:2px 0 0 0">(.*?)</div>', page)


STAGES = st.sampled_from([[False], [True]]) | st.lists(st.booleans(), min_size=1, max_size=7)


@pytest.mark.long
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
@given(ASKED, STAGES, st.sampled_from(OPEN), st.booleans())
def test_nothing_moves_when_the_result_comes(
    shaped: dict[str, Path], asked: Asked, done: list[bool], state: State, clickable: bool
) -> None:
    """At first, in the middle and at the end: the same tables, boxes and legends."""
    result = grid_html(asked.grid(shaped, [True], state))
    tables = re.findall(r"<table [^>]*table-layout:fixed[^>]*>", result)
    grid = asked.grid(shaped, done, state)
    board = str(tiles_html(grid.generations, grid.plan, 0, Live(clickable=clickable)))
    assert _boxes(board) == _boxes(result)
    assert len(_boxes(board)) == len(grid)
    assert _legends(board) == _legends(result)
    assert re.findall(r"<table [^>]*table-layout:fixed[^>]*>", board) == tables
    heads = [re.findall(r"<th.*?</th>", page) for page in (board, result)]
    assert heads[0] == heads[1]


def test_a_part_that_was_paid_before_changes_no_box(shaped: dict[str, Path]) -> None:
    """Images of the ledger are there at once, and the others come beside them."""
    grid = Asked([3], 2, []).grid(shaped, [True, False], State.RUNNING)
    images = [replace(g, cached=g.ok, credits=0 if g.ok else None) for g in grid]
    boxes = _boxes(str(tiles_html(images, grid.plan, 0, Live())))
    assert boxes == _boxes(grid_html(Asked([3], 2, []).grid(shaped, [True], State.RUNNING)))
