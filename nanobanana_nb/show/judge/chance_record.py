"""What was measured of a grid about chance, before it is shown."""

from __future__ import annotations

from dataclasses import dataclass, field

from nanobanana_nb.stats.spread import Mean
from nanobanana_nb.stats.verdict import AxisChance


@dataclass(frozen=True)
class Gaps:
    """What of a grid was not measured and can be: `unscored` images are here, `failed` are not.

    `asked` images there would be of each combination at least.
    """

    unscored: int = 0
    failed: int = 0
    asked: int = 0


@dataclass(frozen=True)
class ChanceRecord:
    """What a grid says about chance: its axes in order, and how far repeats lie apart.

    `images` were measured, `left_out` were not, since they failed or cannot be read. `variable`
    is what a person calls the grid, empty where nobody has it, `measures` are what was looked at,
    `score` is the name of the score that was, empty where the pictures were; `is_constant` says
    that all images have the same. `reasons` are why a function of one's own gave images no numbers.
    """

    axes: tuple[AxisChance, ...]
    within: Mean | None
    images: int
    left_out: int = 0
    variable: str = field(default="", compare=False)
    measures: tuple[str, ...] = ()
    score: str = ""
    gaps: Gaps = field(default=Gaps(), compare=False)
    is_constant: bool = False
    reasons: tuple[str, ...] = ()
