"""Where images stand in an export: axes, repeats, and the view to begin with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanobanana_nb.model.plan.axes import Axis
from nanobanana_nb.model.plan.builder import make_plan
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.plan.record import Cell
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.export.axis_headings import MOST_COLUMNS, AxisHeadings, headings_of, view_of
from nanobanana_nb.show.export.content import content_of
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.sheet.sheet_file import drawn
from nanobanana_nb.show.sheet.sheet_tables import tables_of
from tests.show.export.grids import bought_grid

Made = Callable[..., Generation]


@given(st.lists(st.integers(1, 14), max_size=5))
def test_rows_and_columns_are_two_different_axes(sizes: list[int]) -> None:
    """No axis is both, and a column axis is as wide as a page allows where one is."""
    axes = [AxisHeadings(f"a{n}", tuple(map(str, range(size)))) for n, size in enumerate(sizes)]
    rows, cols = view_of(axes)
    names = {axis.name: len(axis.labels) for axis in axes}
    assert rows is None or rows != cols
    assert (len(axes) < 2) or None not in (rows, cols)
    if cols is not None and min(sizes) <= MOST_COLUMNS:
        assert names[cols] <= MOST_COLUMNS


def test_the_persons_sides_are_taken(photos: list[Path]) -> None:
    """What was asked for goes to its side, the innermost of several; unknown names do not count."""
    axes = [AxisHeadings(name, ("1", "2")) for name in "abc"]
    assert view_of(axes, (("b", "a"), ("c",))) == ("a", "c")
    assert view_of(axes, (("b",), ())) == ("b", None)
    assert view_of(axes, (("x",), ("y",))) == view_of(axes)
    grid = bought_grid(photos, "{a} {b}", a=["1", "2", "3"], b=["x", "y"])
    assert content_of(grid).view == ("b", "a")
    grid.view = SimpleNamespace(rows=("a",), cols=("b",))  # type: ignore[attr-defined]
    assert content_of(grid).view == ("a", "b")


def test_a_table_without_columns_has_a_line_a_value(photos: list[Path]) -> None:
    """Rows alone are asked for: the values stand before their images, one below the other."""
    grid = bought_grid(photos, "{a}", a=["ink", "oil"])
    grid.view = SimpleNamespace(rows=("a",), cols=())  # type: ignore[attr-defined]
    (table,) = tables_of(content_of(grid))
    assert [label for label, _ in table.lines] == ["ink", "oil"]
    assert drawn(content_of(grid)).height > 2 * 512


def test_captions_leave_out_what_an_axis_tells(made: Made) -> None:
    """An axis over a parameter is in the headings and not below each image again."""
    axis = Axis.of("aspect_ratio", ("1:1", "16:9"))
    images = [made(n, parameters=(("aspect_ratio", ratio),)) for n, ratio in enumerate(axis.values)]
    cells = tuple(Cell(g.request, (), (n,)) for n, g in enumerate(images))
    content = content_of(ImageGrid(images, Plan(cells, "A cat", (axis,))))
    assert [entry.legend for entry in content.entries] == [("12 s", "4 credits")] * 2


@pytest.mark.parametrize("fixed", [{}, {"resolution": "2K"}])
def test_axis_of_words_tells_them_whatever_it_is_called(fixed: dict[str, str]) -> None:
    """A place of the prompt may have a parameter's name: its values are words all the same."""
    service = {"provider": "crun", "model": "nano-banana-pro"}
    axes = {"resolution": ["1K", "2K"]}
    plan = make_plan("Ink in {resolution}", namespace={}, axes=axes, parameters=fixed, **service)
    places = headings_of([Generation(cell.request) for cell in plan.cells], plan)
    assert [axis.telling for axis in places.axes] == [True]


def test_long_values_stay_apart(photos: list[Path]) -> None:
    """Two values that differ only after their 200th letter have two headings."""
    grid = bought_grid(photos, "{a}", a=["x" * 300 + "1", "x" * 300 + "2"])
    (axis,) = headings_of(grid.generations, grid.plan).axes
    assert len(set(axis.labels)) == 2
    assert len(tables_of(content_of(grid))[0].lines[0][1][0]) == 1


def test_repeats_are_the_last_axis(photos: list[Path]) -> None:
    """Each repeat has its own place behind those of the plan."""
    grid = bought_grid(photos, "{a}", repeats=2, a=["ink", "oil"])
    places = headings_of(grid.generations, grid.plan)
    assert [axis.name for axis in places.axes] == ["a", "repeat"]
    assert places.points == ((0, 0), (0, 1), (1, 0), (1, 1))


def test_repeats_of_one_prompt_are_an_axis_without_a_plan(made: Made) -> None:
    """Repeats tell images of the same request apart, and of different ones nothing."""
    again = [made(repeat=n) for n in (1, 2, 3)]
    assert headings_of(again, None).points == ((0,), (1,), (2,))
    assert headings_of([*again, made(prompt="A hare")], None).axes == ()


def test_an_axis_called_repeat_and_repeats_are_two(photos: list[Path]) -> None:
    """No name is used twice."""
    grid = bought_grid(photos, "{repeat}", repeats=2, repeat=["ink", "oil"])
    names = [axis.name for axis in headings_of(grid.generations, grid.plan).axes]
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
