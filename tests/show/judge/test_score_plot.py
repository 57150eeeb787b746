"""What a plot of a score says is what the table and the words say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pytest
from matplotlib import pyplot
from matplotlib.axes import Axes

from nanobanana_nb.errors import InputError
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.judge.score_chance import score_chance
from nanobanana_nb.show.judge.score_plot import plot
from tests.show.conftest import planned_grid

mpl.use("agg")
LEVELS = {("dog", "oil"): 10.0, ("cat", "oil"): 5.0, ("cat", "ink"): 100.0}
Scored = tuple[ImageGrid, list[float | None]]


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    """Close the figures of a test."""
    yield
    pyplot.close("all")


def scored(photos: list[Path], levels: dict[tuple[str, str], float], repeats: int = 4) -> Scored:
    """Return a grid of animals in styles, and scores; a combination without a level has none."""
    names = [list(dict.fromkeys(pair[n] for pair in levels)) for n in (0, 1)]
    grid = planned_grid(photos, "A {animal}, {style}", repeats, animal=names[0], style=names[1])
    scores: list[float | None] = []
    for n, cell in enumerate(grid.plan.cells):
        values = dict(cell.values)
        level = levels.get((values["animal"], values["style"]))
        scores.append(None if level is None else level + n * 37 % 10 / 20)
    return grid, scores


def diamonds(axes: Axes) -> list[Any]:
    """Return the means that are drawn."""
    return [line for line in axes.lines if line.get_marker() == "D" and len(line.get_xdata())]


def test_a_plot_has_the_numbers_of_the_table(photos: list[Path]) -> None:
    """Where a combination is missing, of the images that are alike else."""
    grid, scores = scored(photos, LEVELS)
    axes = plot(grid, "animal", "q", scores)
    means = score_chance(grid, "q", scores)["animal"].means
    drawn = [float(mean.get_ydata()[0]) for mean in diamonds(axes)]
    assert drawn == [mean.value for mean in means]
    assert drawn == [pytest.approx(10, abs=0.5), pytest.approx(5, abs=0.5)]
    assert axes.get_title().splitlines()[0] == "means where all else is alike"


def test_means_of_unlike_images_are_hollow(photos: list[Path]) -> None:
    """And the plot says what they are of."""
    pairs = [("dog", "oil"), ("cat", "oil"), ("cat", "ink"), ("ox", "ink")]
    grid, scores = scored(photos, {pair: float(n) for n, pair in enumerate(pairs)})
    axes = plot(grid, "animal", "q", scores)
    assert {mean.get_markerfacecolor() for mean in diamonds(axes)} == {"none"}
    assert "differ in other axes" in axes.get_title()


def test_another_axis_that_acts_is_named(photos: list[Path]) -> None:
    """As the intervals are of the repeats, and show nothing of it; with its hue it is seen."""
    levels = {("dog", "oil"): 10.0, ("cat", "oil"): 10.0, ("dog", "ink"): 5.0, ("cat", "ink"): 5.0}
    grid, scores = scored(photos, levels)
    first, *_ = plot(grid, "animal", "q", scores).get_title().splitlines()
    assert first == 'style moves it too: hue="style"'
    assert "moves it" not in plot(grid, "animal", "q", scores, "style").get_title()
    own = pyplot.subplots()[1]
    own.set_title("mine")
    assert plot(grid, "animal", "q", scores, ax=own).get_title() == "mine"


def test_axes_that_never_part_are_no_other(photos: list[Path]) -> None:
    """What goes with the axis of the plot is not named beside it."""
    grid, scores = scored(photos, {("dog", "oil"): 1.0, ("cat", "ink"): 9.0})
    assert "moves it" not in plot(grid, "animal", "q", scores).get_title()


@pytest.mark.parametrize("ax", [5, pyplot, "x"])
def test_what_is_no_axes_is_one_error(photos: list[Path], ax: Any) -> None:
    """It says what `ax` is."""
    grid, scores = scored(photos, LEVELS)
    with pytest.raises(InputError, match="ax is axes of Matplotlib"):
        plot(grid, "animal", "q", scores, ax=ax)


def test_the_marks_are_explained_and_hide_no_interval(photos: list[Path]) -> None:
    """Intervals lie over what they are of; the title says what is what, and of how many."""
    grid, scores = scored(photos, {("dog", "oil"): 10.0, ("cat", "oil"): 5.0})
    axes = plot(grid, "animal", "q", scores)
    assert "diamond: mean, line: 95 %, dot: image; n = 8" in axes.get_title()
    intervals = [line for line in axes.lines if line.get_linestyle() == "-"]
    others = [line for line in axes.lines if line.get_linestyle() != "-"]
    assert intervals
    lowest = min(line.get_zorder() for line in intervals)
    assert lowest > max(line.get_zorder() for line in others)
    with pytest.raises(InputError, match="by and hue are both animal"):
        plot(grid, "animal", "q", scores, hue="animal")
