"""Where images stand in an export: axes, repeats, and the view to begin with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nanobanana_nb.model.plan.axes import Axis
from nanobanana_nb.model.plan.builder import make_plan
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.plan.record import Cell
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.arrange.layout import arrange
from nanobanana_nb.show.arrange.positions import places
from nanobanana_nb.show.arrange.view import View
from nanobanana_nb.show.export.content import content_of
from nanobanana_nb.show.export.page import viewer_data
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.sheet import canvas
from nanobanana_nb.show.sheet.sheet_file import drawn, tables_of
from tests.show.export.grids import bought_grid

Made = Callable[..., Generation]


def test_the_persons_sides_are_taken(photos: list[Path]) -> None:
    """What was asked for goes to its side, all of several; names that are no axis do not count."""
    grid = bought_grid(photos, "{a} {b}", a=["1", "2", "3"], b=["x", "y"])
    assert content_of(grid).view == View(("b",), ("a",))
    grid.view = View(("a", "z"), ("b",))
    assert content_of(grid).view == View(("a",), ("b",))
    grid.view = View(("b", "a"))
    assert content_of(grid).view == View(("b", "a"))
    (_, page) = tables_of(content_of(grid))[0]
    assert [heading for heading, _ in page.rows][:2] == [("x", "1"), ("x", "2")]


def test_a_table_without_columns_has_a_line_a_value(photos: list[Path]) -> None:
    """Rows alone are asked for: the values stand before their images, one below the other."""
    grid = bought_grid(photos, "{a}", a=["ink", "oil"])
    grid.view = View(("a",))
    ((_, page),) = tables_of(content_of(grid))
    assert [heading for heading, _ in page.rows] == [("ink",), ("oil",)]
    assert drawn(content_of(grid)).height > 2 * 512


def test_captions_leave_out_what_an_axis_tells(made: Made) -> None:
    """An axis over a parameter is in the headings and not below each image again."""
    axis = Axis.of("aspect_ratio", ("1:1", "16:9"))
    images = [made(n, parameters=(("aspect_ratio", ratio),)) for n, ratio in enumerate(axis.values)]
    cells = tuple(Cell(g.request, (), (n,)) for n, g in enumerate(images))
    content = content_of(ImageGrid(images, Plan(cells, "A cat", (axis,))))
    assert [entry.legend for entry in content.entries] == [(), ()]


@pytest.mark.parametrize("fixed", [{}, {"resolution": "2K"}])
def test_axis_of_words_tells_them_whatever_it_is_called(fixed: dict[str, str]) -> None:
    """A place of the prompt may have a parameter's name: its values are words all the same."""
    service = {"provider": "crun", "model": "nano-banana-pro"}
    axes = {"resolution": ["1K", "2K"]}
    plan = make_plan("Ink in {resolution}", namespace={}, axes=axes, parameters=fixed, **service)
    images = [Generation(replace(cell.request, private=True)) for cell in plan.cells]
    content = content_of(ImageGrid(images, plan))
    assert content.axes == {"resolution": ("value 1", "value 2")}


@pytest.mark.parametrize("name", ["time", "cost", "size"])
def test_an_axis_may_be_called_like_a_fact(photos: list[Path], name: str) -> None:
    """The viewer tells the axis by its name, and what the image has of that name beside it."""
    grid = bought_grid(photos, f"A {{{name}}}", **{name: ["dawn", "night"]})
    captions = [image["caption"] for image in viewer_data(content_of(grid), {})["images"]]
    assert all(name not in caption for caption in captions)
    assert all(f"{name} of the image" in caption for caption in captions)


def test_long_values_stay_apart(photos: list[Path]) -> None:
    """Two values that differ only after their 200th letter have two headings."""
    grid = bought_grid(photos, "{a}", a=["x" * 300 + "1", "x" * 300 + "2"])
    (headings,) = places(grid.generations, grid.plan).headings.values()
    assert len(set(headings)) == 2
    ((_, page),) = tables_of(content_of(grid))
    assert page.columns == arrange(grid.generations, grid.plan).pages[0].columns
    assert page.rows == (((), ((0,), (1,))),)


def test_repeats_are_the_last_axis(photos: list[Path]) -> None:
    """Each repeat has its own place behind those of the plan."""
    grid = bought_grid(photos, "{a}", repeats=2, a=["ink", "oil"])
    content = content_of(grid)
    assert content.axes == {"a": ("ink", "oil"), "repeat": ("1", "2")}
    assert [entry.point for entry in content.entries] == [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_repeats_of_one_prompt_are_an_axis_without_a_plan(made: Made) -> None:
    """Repeats tell images of the same request apart, and of different ones nothing."""
    again = [made(repeat=n) for n in (1, 2, 3)]
    assert content_of(ImageGrid(again)).places.points == ((0,), (1,), (2,))
    assert content_of(ImageGrid([*again, made(prompt="A hare")])).axes == {}


def test_a_list_of_repeats_says_which_is_which(
    photos: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no heading tells images apart, the sheet has the words of the output below each."""
    texts: list[str] = []
    real = canvas.text

    def recording(words: str, *rest: Any, **more: Any) -> Any:
        texts.append(words)
        return real(words, *rest, **more)

    monkeypatch.setattr(canvas, "text", recording)
    drawn(content_of(bought_grid(photos, "A cat", repeats=2)))
    assert [text for text in texts if "repeat" in text] == ["repeat 1", "repeat 2"]


def test_an_axis_called_repeat_and_repeats_are_two(photos: list[Path]) -> None:
    """No name is used twice."""
    grid = bought_grid(photos, "{repeat}", repeats=2, repeat=["ink", "oil"])
    grid_places = places(grid.generations, grid.plan)
    assert grid_places.names == ("repeat", grid_places.repeats)
    assert grid_places.repeats != "repeat"
    assert list(grid["ink"]) == list(grid.select(repeat="ink")) == list(grid[:2])
    assert list(grid["repeat 2"]) == [grid[1], grid[3]]


def test_images_without_a_cell_have_no_place(photos: list[Path], made: Made) -> None:
    """They come in a list of their own behind the tables."""
    grid = bought_grid(photos, "{a}", a=["ink", "oil"])
    more = ImageGrid([*grid, made(prompt="other")], grid.plan)
    tables = tables_of(content_of(more))
    assert [title for title, _ in tables] == ["", "Others"]
    assert tables[1][1].rows == (((), ((2,),)),)


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
    shown = [i for _, p in tables for _, cells in p.rows for cell in cells for i in cell]
    assert sorted(shown) == list(range(len(grid)))


def test_further_axes_are_titles(photos: list[Path]) -> None:
    """Two axes nest down; a table for each value of the fourth, named by it."""
    axes = {"a": ["1", "2", "3"], "b": ["x", "y"], "c": ["p", "q"], "d": ["k", "l"]}
    tables = tables_of(content_of(bought_grid(photos, "{d} {a} {b} {c}", **axes)))
    assert [title for title, _ in tables] == ["d: k", "d: l"]
    assert tables[0][1].columns == (("1",), ("2",), ("3",))
