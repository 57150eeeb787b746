"""What HTML, text and picture of one display have in common, computed once and handed to each."""

from __future__ import annotations

from dataclasses import dataclass

from nanobanana_nb.errors import LedgerError
from nanobanana_nb.model.opinion import Rating
from nanobanana_nb.show.arrange.data import GridData
from nanobanana_nb.show.arrange.layout import Layout, arrange
from nanobanana_nb.show.html.summary import Summary, order_marks, summary


@dataclass(frozen=True)
class Display:
    """A grid as it stands at one moment: where its images go, and what is said of them."""

    grid: GridData
    layout: Layout
    summary: Summary


def display_of(grid: GridData) -> Display:
    """Return what the forms of `grid` need: no stars or scores while the ledger cannot be read.

    Opens no image.
    """
    layout = arrange(grid.generations, grid.plan, grid.view)
    try:
        ratings = grid.ratings()
        marks = order_marks(grid, layout.view.by) if layout.view.by else []
    except LedgerError:
        ratings, marks = [Rating()] * len(grid.places), []
    return Display(grid, layout, summary(grid, layout, ratings, marks))
