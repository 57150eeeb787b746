"""Rows and columns."""

from __future__ import annotations

from pathlib import Path

from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.layout import MOST_TILES, arrange, values_of

from .conftest import planned_grid


def test_one_axis_gives_columns_and_repeats_give_rows(photos: list[Path]) -> None:
    """Values stand beside each other, repeats under each other."""
    grid = planned_grid(photos, "A {n}", repeats=2, n=["cat", "hare"])
    found = arrange(grid.generations, grid.plan)
    assert found.columns == (("cat",), ("hare",))
    assert len(found.rows) == 1
    assert found.rows[0][1] == ((0, 1), (2, 3))


def test_many_values_of_one_axis_wrap(photos: list[Path]) -> None:
    """More values than fit beside each other become captioned tiles."""
    grid = planned_grid(photos, "A {n}", n=[str(n) for n in range(9)])
    found = arrange(grid.generations, grid.plan)
    assert (found.columns, found.width, found.in_captions) == ((), 4, True)


def test_the_longer_of_two_axes_goes_down(photos: list[Path]) -> None:
    """Nine columns do not fit, nine rows do."""
    grid = planned_grid(photos, "{a} {b}", a=["x", "y"], b=[str(n) for n in range(9)])
    found = arrange(grid.generations, grid.plan)
    assert found.columns == (("x",), ("y",))
    assert len(found.rows) == 9


def test_three_axes_are_tiles_with_their_values(photos: list[Path]) -> None:
    """No heading can tell three values, so each caption does."""
    grid = planned_grid(photos, "{a} {b} {c}", a=["1", "2"], b=["3", "4"], c=["5", "6"])
    found = arrange(grid.generations, grid.plan)
    assert found.in_captions
    assert found.values[0] == {"a": "1", "b": "3", "c": "5"}


def test_every_image_has_one_place(photos: list[Path]) -> None:
    """Nothing is lost and nothing is drawn twice, for two axes with repeats."""
    grid = planned_grid(photos, "{a} {b}", repeats=3, a=["1", "2"], b=["3", "4", "5"])
    found = arrange(grid.generations, grid.plan)
    places = sorted(i for _, cells in found.rows for cell in cells for i in cell)
    assert places == list(range(18))


def test_a_part_of_a_plan_finds_its_values_by_request(photos: list[Path]) -> None:
    """Images in another order or number than the plan's still get their own headings."""
    grid = planned_grid(photos, "A {n}", n=["cat", "hare", "owl"])
    assert grid.plan is not None
    mixed = ImageGrid([grid[2], grid[0]], grid.plan)
    assert values_of(mixed.generations, mixed.plan) == ({"n": "owl"}, {"n": "cat"})


def test_what_is_beyond_the_limit_is_counted(photos: list[Path]) -> None:
    """The layout holds the first images and says how many it leaves out."""
    grid = planned_grid(photos, "A {n}", n=[str(n) for n in range(MOST_TILES + 5)])
    found = arrange(grid.generations, grid.plan)
    assert (len(found.values), found.hidden) == (MOST_TILES, 5)
