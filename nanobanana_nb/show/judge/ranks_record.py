"""What ranks are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nanobanana_nb.show.arrange.data import GridData
from nanobanana_nb.stats.bradley_terry import Ranking


@dataclass(frozen=True)
class Subject:
    """An image that is ranked: its number in the grid, its hash and its axis values in words."""

    number: int
    sha256: str
    label: str


@dataclass(frozen=True, repr=False, eq=False)
class RanksRecord:
    """The ranks of the images of a grid, or of the values of an axis.

    `subjects` are the images by their names in the ranking; values have none. `variable` is what
    the grid is called, `notes` are sentences on what the ranking does not show, `by` is the axis.
    """

    grid: GridData
    ranking: Ranking
    voters: int
    subjects: Mapping[str, Subject]
    variable: str = "grid"
    notes: tuple[str, ...] = ()
    by: str = ""
