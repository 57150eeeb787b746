"""What HTML, text and picture of one display have in common, computed once and handed to each."""

from __future__ import annotations

from dataclasses import dataclass

from nanobanana_nb.model.opinion import Rating
from nanobanana_nb.show.arrange.data import GridData
from nanobanana_nb.show.arrange.layout import Layout, arrange
from nanobanana_nb.show.html.summary import Summary, summary
from nanobanana_nb.show.judge.opinions import shown_ratings


@dataclass(frozen=True)
class Display:
    """A grid as it stands at one moment: where its images go, what is said of them, its ratings."""

    grid: GridData
    layout: Layout
    summary: Summary
    ratings: tuple[Rating, ...]


def display_of(grid: GridData) -> Display:
    """Return what the forms of `grid` need. Reads the ratings; opens no image."""
    layout = arrange(grid.generations, grid.plan, grid.view)
    ratings = tuple(shown_ratings(grid))
    return Display(grid, layout, summary(grid, layout, ratings), ratings)
