"""Axes on other sides, and parts by axis value."""

from __future__ import annotations

import copy
import pickle
from dataclasses import replace
from pathlib import Path

import pytest

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.plan.axes import Axis
from nanobanana_nb.model.plan.record import Cell
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.arrange.layout import arrange
from nanobanana_nb.show.arrange.positions import places
from nanobanana_nb.show.arrange.selection import part_of
from nanobanana_nb.show.arrange.view import View
from nanobanana_nb.show.grid import ImageGrid
from tests.show.conftest import planned, planned_grid


@pytest.fixture
def grid(photos: list[Path]) -> ImageGrid:
    """Two styles, three animals, twice each."""
    names = {"style": ["ink", "oil"], "animal": ["cat", "hare", "owl"]}
    return planned_grid(photos, "{style} {animal}", repeats=2, **names)


@pytest.mark.long
@pytest.mark.parametrize(
    ("sides", "view"),
    [
        ({"rows": "animal"}, View(("animal",), ("style",))),
        ({"cols": "style"}, View(("animal",), ("style",))),
        ({"pages": "repeat"}, View(("style",), ("animal",), ("repeat",))),
        ({"rows": "style", "cols": "repeat"}, View(("style",), ("repeat",), ("animal",))),
        ({"rows": "style", "cols": "animal"}, View(("style",), ("animal",))),
        ({"cols": ["style", "animal"]}, View(("repeat",), ("style", "animal"))),
        ({"rows": ["repeat", "style", "animal"]}, View(("repeat", "style", "animal"))),
    ],
)
def test_an_axis_that_is_not_named_gets_a_free_side(
    grid: ImageGrid, sides: dict[str, list[str]], view: View
) -> None:
    """Across and down first, pages where both are taken; repeats down where no cell has room."""
    assert grid.pivot(**sides).view == view


def test_a_pivot_is_another_view_of_the_same_images(grid: ImageGrid) -> None:
    """Images, plan and the first grid stay; no name at all gives the first view back."""
    turned = grid.pivot(rows="animal", cols="style")
    assert turned.generations == grid.generations
    assert (grid.view, turned.pivot()) == (None, grid)
    assert turned != grid
    assert turned.pivot(rows="style").view != turned.view


def test_a_view_travels(grid: ImageGrid) -> None:
    """Parts and copies are arranged like the whole."""
    turned = grid.pivot(rows="animal", cols="style")
    assert turned[2:].view == turned["ink"].view == turned.view
    assert copy.deepcopy(turned).view == pickle.loads(pickle.dumps(turned)).view == turned.view


def test_a_view_follows_the_axes_that_are_there(grid: ImageGrid) -> None:
    """An axis that a part has lost is left out, one that has come is added."""
    once = ImageGrid(grid.select(repeat=1).generations, grid.plan, view=View(("style",)))
    assert arrange(once.generations, once.plan, once.view).view.pages == ("animal",)
    for cols, rows in (("animal",), ("style",)), (("style", "animal"), ("repeat",)):
        view = View(rows if "repeat" not in rows else (), cols)
        assert arrange(grid.generations, grid.plan, view).view.rows == rows


@pytest.mark.parametrize(
    ("sides", "said"),
    [
        ({"rows": "stile"}, "no axis stile. Did you mean style?"),
        ({"cols": "zzz"}, "no axis zzz. It has style, animal, repeat."),
        ({"rows": "style", "cols": ["animal", "style"]}, "style cannot be on two sides"),
        ({"rows": ["style", "style"]}, "style cannot be on two sides"),
    ],
)
def test_a_wrong_side_says_what_there_is(
    grid: ImageGrid, sides: dict[str, list[str]], said: str
) -> None:
    """The nearest names, or all."""
    with pytest.raises(InputError) as caught:
        grid.pivot(**sides)
    assert said in str(caught.value)


def test_a_grid_without_axes_has_none_to_turn() -> None:
    """The error does not list nothing."""
    with pytest.raises(InputError, match=r"no axis style\.$"):
        ImageGrid([]).pivot(rows="style")


def test_a_plan_may_ask_for_its_sides(grid: ImageGrid) -> None:
    """What the person said with the prompt holds until a pivot."""
    plan = copy.copy(grid.plan)
    object.__setattr__(plan, "rows", ("animal",))
    object.__setattr__(plan, "cols", ())
    assert arrange(grid.generations, plan).view == View(("animal",), ("style",))
    other = View(("style", "repeat"), ("animal",))
    assert arrange(grid.generations, plan, other).view == other


def test_parts_are_chosen_by_value(grid: ImageGrid) -> None:
    """One value or several, of one axis or of more; repeats count as well."""
    assert list(grid["ink"]) == list(grid[:6])
    assert list(grid.select(style="oil", repeat=2)) == [grid[7], grid[9], grid[11]]
    assert len(grid.select(animal=["cat", "owl"])) == 8
    assert grid[{"style": "ink", "animal": "hare", "repeat": 2}].one is grid[3]
    assert grid.select({"style": "ink"}, animal="hare", repeat="repeat 2").one is grid[3]


def test_a_part_knows_its_own_cells(grid: ImageGrid) -> None:
    """Headings and links of a part are those of its images."""
    part = ImageGrid(grid.generations, grid.plan, links=lambda _: "x.png").select(animal="owl")
    assert part.plan is not None
    assert [dict(cell.values)["animal"] for cell in part.plan.cells] == ["owl"] * 4
    assert part.href(part[0]) == "x.png"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"stlye": "ink"}, "no axis stlye. Did you mean style?"),
        ({"style": "inc"}, "no style inc. Did you mean ink?"),
        ({"style": ["ink", 7]}, "no style 7. It has ink, oil."),
    ],
)
def test_what_is_not_there_is_an_error(
    grid: ImageGrid, values: dict[str, object], said: str
) -> None:
    """An empty grid would hide the slip."""
    with pytest.raises(InputError) as caught:
        grid.select(values)
    assert said in str(caught.value)


def test_a_value_alone_must_be_of_one_axis(photos: list[Path]) -> None:
    """Where two axes have it, the person says which."""
    grid = planned_grid(photos, "{sky} {sea}", sky=["blue", "red"], sea=["blue", "green"])
    assert len(grid["red"]) == 2
    with pytest.raises(InputError, match=r'blue is a value of sky and sea.*grid\[\{"sky"'):
        grid["blue"]
    with pytest.raises(InputError, match=r"no value gren\. Did you mean green"):
        grid["gren"]


def test_numbers_and_truths_are_told_apart() -> None:
    """True is not the value 1, and a number is found as itself and as its heading."""
    plan = planned("{n}", n=[1, 2])
    grid = ImageGrid([Generation(cell.request) for cell in plan.cells], plan)
    assert grid.select(n=2).one is grid.select(n="2").one is grid[1]
    with pytest.raises(InputError, match="no n True"):
        grid.select(n=True)


def test_axes_side_by_side_are_chosen_by_either_name() -> None:
    """`style + ratio` has the values of both."""
    plan = planned("{style}", style=["ink", "oil"])
    axis = Axis("style + ratio", (("ink", "1:1"), ("oil", "16:9")), ("ink + 1:1", "oil + 16:9"))
    cells = tuple(
        Cell(cell.request, (*cell.values, ("ratio", ratio)), cell.point)
        for cell, ratio in zip(plan.cells, ("1:1", "16:9"), strict=True)
    )
    plan = replace(plan, cells=cells, axes=(axis,))
    grid = ImageGrid([Generation(cell.request) for cell in cells], plan)
    assert grid.select(ratio="16:9").one is grid.select(style="oil").one is grid[1]
    assert grid["oil + 16:9"].one is grid[1]
    assert grid.pivot(rows="style + ratio").view == View(("style + ratio",))


@pytest.fixture
def zipped(photos: list[Path]) -> ImageGrid:
    """Two colours, and three styles side by side with three ratios."""
    lines = "style: woodcut | oil | wax\naspect_ratio: 1:1 | 16:9 | 4:3\nzip: style, aspect_ratio"
    return planned_grid(photos, f"A {{colour: red|blue}} heron, {{style}}\n---\n{lines}")


def test_a_part_of_axes_side_by_side_is_named_alone(zipped: ImageGrid) -> None:
    """Its name and its values stand for the axis wherever that is clear."""
    both = "style + aspect_ratio"
    view = arrange(zipped.pivot(rows="style", cols="colour").generations, zipped.plan).view
    assert both in view.names
    assert len(zipped.select(style="woodcut")) == len(zipped["woodcut"]) == 2
    assert len(zipped["16:9"]) == len(zipped.select({both: "oil + 16:9"})) == 2
    assert zipped.plan is not None
    assert len(zipped.plan.extend(colour=["green"]).cells) == 9


def test_parts_of_one_axis_cannot_be_on_two_sides(zipped: ImageGrid) -> None:
    """One sentence tells why."""
    with pytest.raises(InputError, match="side by side"):
        zipped.pivot(rows="style", cols="aspect_ratio")


def test_a_part_has_its_own_values(zipped: ImageGrid) -> None:
    """What ranks `by` a part ranks those."""
    found = places(zipped.generations, zipped.plan)
    assert part_of(found, "style")[1].labels == ("woodcut", "oil", "wax")
    assert part_of(found, "aspect-ratio")[1].labels == ("1:1", "16:9", "4:3")
