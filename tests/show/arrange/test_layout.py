"""Pages, rows and columns."""

from __future__ import annotations

from math import prod
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from nanobanana_nb.model.plan.axes import Axis
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.plan.record import Cell
from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.arrange.layout import (
    MOST_TILES,
    Layout,
    arrange,
    layout_of,
    list_pages,
    values_of,
)
from nanobanana_nb.show.arrange.positions import Places
from nanobanana_nb.show.arrange.view import MOST_BESIDE, View, default_view
from nanobanana_nb.show.grid import ImageGrid
from tests.show.conftest import planned, planned_grid


def _layout(grid: ImageGrid) -> Layout:
    return arrange(grid.generations, grid.plan, grid.view)


def _of(sizes: list[int], repeats: int = 1) -> ImageGrid:
    """Return a planned grid whose axes a, b, ... have so many values."""
    names = {"abcd"[n]: [f"{'abcd'[n]}{i}" for i in range(size)] for n, size in enumerate(sizes)}
    plan = planned(" ".join(f"{{{name}}}" for name in names) or "A cat", repeats, **names)
    return ImageGrid([Generation(cell.request) for cell in plan.cells], plan)


def _held(layout: Layout) -> list[int]:
    rows = [row for page in layout.pages for row in page.rows]
    return sorted(i for _, cells in rows for cell in cells for i in cell)


def test_one_axis_gives_columns_that_hold_their_repeats() -> None:
    """Values stand beside each other, and the repeats of each beside each other in its cell."""
    page = _layout(_of([2], repeats=2)).pages[0]
    assert page.columns == (("a0",), ("a1",))
    assert page.rows == (((), ((0, 1), (2, 3))),)
    assert (page.times, page.width) == (2, 4)


def test_repeats_without_room_in_a_row_go_down() -> None:
    """Five times two do not stand beside each other: each repeat has a row of its own."""
    page = _layout(_of([2], repeats=5).pivot(cols="a")).pages[0]
    assert [heading for heading, _ in page.rows] == [(f"repeat {n}",) for n in range(1, 6)]
    assert page.width == 2


@given(st.integers(1, 400))
def test_a_list_fills_its_rows_evenly(count: int) -> None:
    """Each image stands once, in rows alike; the places left over are fewer than the rows."""
    (page,) = list_pages(range(count))
    rows = [cells for _, cells in page.rows]
    assert [i for cells in rows for (i,) in cells] == list(range(count))
    assert {len(cells) for cells in rows[:-1]} <= {page.width}
    assert page.width * len(rows) - count < len(rows)
    most = 4 if 6 < count <= 24 else 6 if count <= MOST_TILES else 10
    assert page.width <= most
    assert count > 6 or len(rows) == 1


def test_many_values_of_one_axis_wrap() -> None:
    """More values than fit beside each other become captioned tiles."""
    found = _layout(_of([MOST_BESIDE + 1]))
    assert (found.pages[0].columns, found.width, found.in_legends) == ((), 4, True)


@pytest.mark.parametrize(
    ("sizes", "repeats", "view"),
    [
        ([], 1, View()),
        ([], 3, View()),
        ([4], 1, View(cols=("a",))),
        ([2, 2], 1, View(("a",), ("b",))),
        ([4, 3], 1, View(("b",), ("a",))),
        ([2, 9], 1, View(("a",), ("b",))),
        ([2, 10], 1, View(("b",), ("a",))),
        ([4], 2, View(cols=("a",))),
        ([4, 3], 2, View(("b",), ("a",))),
        ([9], 2, View(("a",))),
        ([10], 2, View(("a",))),
        ([10], 10, View()),
        ([9, 10], 1, View(("b",), ("a",))),
        ([3, 2, 2], 1, View(("b", "c"), ("a",))),
        ([2, 2], 5, View(("a", "repeat"), ("b",))),
        ([2, 2, 4, 2], 1, View(("b", "d"), ("c",), ("a",))),
        ([2, 2, 4], 2, View(("a", "b"), ("c",))),
        ([1, 3], 1, View(cols=("b",))),
    ],
)
def test_the_arrangement_follows_from_the_lengths(
    sizes: list[int], repeats: int, view: View
) -> None:
    """The longest axis that fits with its repeats goes across, others down, the rest to pages."""
    assert _layout(_of(sizes, repeats)).view == view


@given(st.lists(st.integers(1, 14), max_size=5))
def test_rows_and_columns_are_different_axes(sizes: list[int]) -> None:
    """No axis is on two sides, and a column axis is as wide as a page allows where one is."""
    axes = tuple(Axis.of(f"a{n}", tuple(range(size))) for n, size in enumerate(sizes))
    longest = range(max(sizes, default=0))
    points = tuple(tuple(min(i, size - 1) for size in sizes) for i in longest)
    view = default_view(Places(axes, points))
    varying = [size for size in sizes if size > 1]
    assert len(set(view.names)) == len(view.names)
    assert len(varying) < 2 or (view.rows and view.cols)
    if view.cols and min(varying) <= MOST_BESIDE:
        assert len(axes[int(view.cols[0][1:])]) <= MOST_BESIDE


@given(st.lists(st.integers(1, 12), max_size=3), st.integers(1, 12))
@example([1, 10, 10], 1)
def test_no_row_is_wider_than_nine(sizes: list[int], repeats: int) -> None:
    """Repeats counted; only an axis that is longer itself, with no shorter one, may be wider."""
    assume(prod(sizes) * repeats <= MOST_TILES)
    grid = _of(sizes, repeats)
    varying = [size for size in sizes if size > 1]  # one value alone has no side
    assert _layout(grid).width <= max(MOST_BESIDE, min(varying, default=0))


def test_a_nested_heading_has_a_line_a_level() -> None:
    """The outer axis comes first and changes last."""
    page = _layout(_of([2, 2, 3])).pages[0]
    outer = [heading for heading, _ in page.rows]
    assert outer == [("a0", "b0"), ("a0", "b1"), ("a1", "b0"), ("a1", "b1")]
    assert [column[0] for column in page.columns] == ["c0", "c1", "c2"]


_SIDES = st.sampled_from(["rows", "cols", "pages", None])


@pytest.mark.long
@given(
    st.lists(st.integers(1, 3), max_size=4),
    st.integers(1, 2),
    st.lists(_SIDES, min_size=5, max_size=5),
)
def test_every_image_has_one_place_whatever_the_pivot(
    sizes: list[int], repeats: int, sides: list[str | None]
) -> None:
    """Nothing is lost and nothing is drawn twice, and each stands under its own headings."""
    assume(prod(sizes) * repeats <= MOST_TILES)  # more than that are not drawn at once
    grid = _of(sizes, repeats)
    asked: dict[str, list[str]] = {}
    for name, side in zip([*"abcd"[: len(sizes)], "repeat"], sides, strict=False):
        asked.setdefault(side or "", []).append(name)
    asked.pop("", None)
    found = _layout(grid.pivot(**asked))
    assert _held(found) == list(range(len(grid)))
    for page in found.pages:
        for heading, cells in page.rows:
            columns = page.columns or ((),) * len(cells)
            for column, cell in zip(columns, cells, strict=True):
                for i in cell:
                    told = dict(
                        zip(found.view.names, (*page.heading, *heading, *column), strict=True)
                        if found.view.names
                        else ()
                    )
                    assert told.items() <= found.values[i].items()


def test_a_sample_leaves_gaps_and_loses_nothing() -> None:
    """Cells that were never asked for are empty places."""
    grid = _of([3, 3])
    plan = grid.plan
    assert plan is not None
    kept = (0, 4, 8)
    part = Plan(tuple(plan.cells[i] for i in kept), plan.prompt, plan.axes)
    found = arrange([grid[i] for i in kept], part)
    assert _held(found) == [0, 1, 2]
    assert sum(not cell for _, cells in found.pages[0].rows for cell in cells) == 6


@pytest.mark.long
def test_an_image_that_the_plan_does_not_know_stands_apart(photos: list[Path]) -> None:
    """It has a heading of its own instead of a wrong one."""
    grid = planned_grid(photos, "A {n}", n=["cat", "hare"])
    stranger = Generation(GenerationRequest("crun", "google/nano-banana", "A dog"))
    found = arrange([*grid, stranger], grid.plan)
    assert found.pages[0].columns == (("cat",), ("hare",), ("other",))
    assert found.values[2] == {}


@pytest.mark.long
def test_a_part_of_a_plan_finds_its_values_by_request(photos: list[Path]) -> None:
    """Images in another order or number than the plan's still get their own headings."""
    grid = planned_grid(photos, "A {n}", n=["cat", "hare", "owl"])
    assert grid.plan is not None
    mixed = ImageGrid([grid[2], grid[0]], grid.plan)
    assert values_of(mixed.generations, mixed.plan) == ({"n": "owl"}, {"n": "cat"})


def test_a_value_may_be_called_other() -> None:
    """The word for unknown images is no reserved value."""
    plan = planned("A {n}", n=["other", "x"])
    assert values_of([Generation(c.request) for c in plan.cells], plan)[0] == {"n": "other"}


def test_what_is_beyond_the_limit_is_counted() -> None:
    """The layout holds the first images and says how many it leaves out."""
    found = _layout(_of([MOST_TILES + 5]))
    assert (len(found.visible), found.hidden, found.rest) == (MOST_TILES, 5, f"grid[{MOST_TILES}:]")


def test_how_many_are_drawn_is_a_parameter() -> None:
    """Without a limit all have a place, and with a smaller one fewer pages are whole."""
    found = _layout(_of([3, 8, 7]).pivot(pages="a"))
    every = layout_of(found.places, found.view, [])
    assert (_held(every), every.hidden, every.rest) == (list(range(168)), 0, "")
    few = layout_of(found.places, found.view, [1], 60)
    assert (len(few.visible), few.hidden, few.rest) == (55, 112, 'grid.select(a="a1")')


def test_a_large_table_is_cut_at_a_whole_value() -> None:
    """Twelve by eleven do not fit: eleven by eleven do not either, ten whole rows do."""
    found = _layout(_of([12, 11]))
    assert (len(found.visible), found.hidden, found.rest) == (110, 22, "grid[110:]")
    assert all(cell for _, cells in found.pages[0].rows for cell in cells)


def test_pages_are_shown_whole_and_the_next_is_named() -> None:
    """The command shows just the page that comes next."""
    grid = _of([3, 8, 7]).pivot(pages="a")
    found = _layout(grid)
    assert [page.heading for page in found.pages] == [("a0",), ("a1",)]
    assert (found.hidden, found.rest) == (56, 'grid.select(a="a2")')
    assert len(grid.select(a="a2")) == 56


def test_an_odd_value_is_left_out_of_the_command() -> None:
    """What is offered can be copied: no quote of a value breaks out of it."""
    plan = planned("{a} {b}", a=["x", 'y") or ("'], b=[str(n) for n in range(80)])
    found = _layout(ImageGrid([Generation(c.request) for c in plan.cells], plan).pivot(pages="a"))
    assert found.rest == "grid.select(...)"


def test_a_plan_without_points_is_a_list_of_strangers() -> None:
    """Cells that do not say where they stand are drawn all the same."""
    requests = [GenerationRequest("crun", "m", f"A cat {n}") for n in range(3)]
    plan = Plan(tuple(map(Cell, requests)), axes=(Axis.of("n", (1, 2, 3)),))
    assert _held(arrange([Generation(r) for r in requests], plan)) == [0, 1, 2]


@pytest.mark.parametrize(
    ("models", "heads"),
    [
        (["nano-banana-pro", "nano-banana-2"], ["pro", "2"]),
        (["nano-banana-2", "nano-banana-2-lite"], ["nano-banana-2", "nano-banana-2-lite"]),
        (["nano-banana", "nano-banana-2"], ["nano-banana", "nano-banana-2"]),
        (["imagen", "nano-banana"], ["imagen", "nano-banana"]),
    ],
)
def test_models_are_headed_by_what_differs(models: list[str], heads: list[str]) -> None:
    """What all names begin with is left out, unless nothing would be left of one."""
    plan = planned("A cat in {model}", model=models)
    grid = ImageGrid([Generation(cell.request) for cell in plan.cells], plan)
    (page,) = _layout(grid).pages
    assert [column[0] for column in page.columns] == heads
    assert [values["model"] for values in _layout(grid).values] == models
