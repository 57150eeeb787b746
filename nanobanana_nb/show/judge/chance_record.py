"""What was measured of a grid about chance, before it is shown."""

from __future__ import annotations

from dataclasses import dataclass, field

from nanobanana_nb.stats.spread import Mean
from nanobanana_nb.stats.verdict import AxisChance


@dataclass(frozen=True)
class ChanceRecord:
    """What a grid says about chance: its axes in order, and how far repeats lie apart.

    `images` were measured, `left_out` were not, since they failed or cannot be read. `variable`
    is what a person calls the grid, empty where nobody has it, `measures` are what was looked at,
    `score` is the name of the score that was, empty where the pictures were.
    """

    axes: tuple[AxisChance, ...]
    within: Mean | None
    images: int
    left_out: int = 0
    variable: str = field(default="", compare=False)
    measures: tuple[str, ...] = ()
    score: str = ""
