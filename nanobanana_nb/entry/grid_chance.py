"""What a grid says about chance: it may take long, with a function of one's own above all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nanobanana_nb.entry.front import front
from nanobanana_nb.run.scoring.measuring import Measuring, awaiting
from nanobanana_nb.show.arrange.data import GridData
from nanobanana_nb.show.judge import chance as judged
from nanobanana_nb.show.judge.chance import Chance


def chance(
    grid: GridData, features: Callable[..., Any] | None, distance: Callable[..., float] | None
) -> Chance:
    """Measure the images of a grid on a thread of its own, and show how far it is.

    Raises:
        InputError: as `show.judge.chance.chance` does.
    """
    count = len(judged.comparable(grid))
    noun = "image" if distance is None else "pair"
    steps = count if distance is None else count * (count - 1) // 2

    features, distance = (own and awaiting(own) for own in (features, distance))

    def measure(step: Callable[[], None]) -> Chance:
        return judged.chance(grid, features, distance, step)

    return front().follow_work(Measuring("chance", steps, measure, noun))
