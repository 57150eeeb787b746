"""Where images stand in an export: axes, repeats, and the view to begin with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.export.content import content_of
from nanobanana_nb.show.export.places import MOST_COLUMNS, Heads, places_of, view_of
from nanobanana_nb.show.export.tables import tables_of
from nanobanana_nb.show.grid import ImageGrid

from .grids import bought_grid

Made = Callable[..., Generation]


@given(st.lists(st.integers(1, 14), max_size=5))
def test_rows_and_columns_are_two_different_axes(sizes: list[int]) -> None:
    """No axis is both, and a column axis is as wide as a page allows where one is."""
    axes = [Heads(f"a{n}", tuple(map(str, range(size)))) for n, size in enumerate(sizes)]
    rows, cols = view_of(axes)
    names = {axis.name: len(axis.labels) for axis in axes}
    assert rows is None or rows != cols
    assert (len(axes) < 2) or None not in (rows, cols)
    if cols is not None and min(sizes) <= MOST_COLUMNS:
        assert names[cols] <= MOST_COLUMNS


def test_repeats_are_the_last_axis(photos: list[Path]) -> None:
    """Each repeat has its own place behind those of the plan."""
    grid = bought_grid(photos, "{a}", repeats=2, a=["ink", "oil"])
    places = places_of(grid.generations, grid.plan)
    assert [axis.name for axis in places.axes] == ["a", "repeat"]
    assert places.points == ((0, 0), (0, 1), (1, 0), (1, 1))


def test_repeats_of_one_prompt_are_an_axis_without_a_plan(made: Made) -> None:
    """Repeats tell images of the same request apart, and of different ones nothing."""
    again = [made(repeat=n) for n in (1, 2, 3)]
    assert places_of(again, None).points == ((0,), (1,), (2,))
    assert places_of([*again, made(prompt="A hare")], None).axes == ()


def test_an_axis_called_repeat_and_repeats_are_two(photos: list[Path]) -> None:
    """No name is used twice."""
    grid = bought_grid(photos, "{repeat}", repeats=2, repeat=["ink", "oil"])
    names = [axis.name for axis in places_of(grid.generations, grid.plan).axes]
    assert len(set(names)) == 2


def test_images_without_a_cell_have_no_place(photos: list[Path], made: Made) -> None:
    """They come in a list of their own behind the tables."""
    grid = bought_grid(photos, "{a}", a=["ink", "oil"])
    more = ImageGrid([*grid, made(prompt="other")], grid.plan)
    tables = tables_of(content_of(more))
    assert [table.title for table in tables] == ["", "Others"]
    assert tables[1].lines[0][1][0][0].number == 3


@pytest.mark.parametrize("repeats", [1, 3])
@pytest.mark.parametrize("axes", [1, 2, 3, 4])
def test_every_image_stands_in_exactly_one_table(
    photos: list[Path], axes: int, repeats: int
) -> None:
    """However many axes there are, each image is shown once."""
    names = {f"a{n}": ["x", "y", "z"][: 2 + n % 2] for n in range(axes)}
    prompt = " ".join(f"{{{name}}}" for name in names)
    grid = bought_grid(photos, prompt, repeats, **names)
    tables = tables_of(content_of(grid))
    shown = [e.number for t in tables for _, cells in t.lines for cell in cells for e in cell]
    assert sorted(shown) == list(range(1, len(grid) + 1))


def test_further_axes_are_titles(photos: list[Path]) -> None:
    """A table for each value of the third axis, named by it."""
    grid = bought_grid(photos, "{a} {b} {c}", a=["1", "2", "3"], b=["x", "y", "z"], c=["p", "q"])
    assert [table.title for table in tables_of(content_of(grid))] == ["c: p", "c: q"]
