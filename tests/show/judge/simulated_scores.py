"""Grids of scores whose effects are known, and how often the test is right about them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import product

from nanobanana_nb.show.judge.score_chance import ScoreItem, score_chance_of
from tests.show.judge.simulated_features import found


def simulated_scores(
    seed: int, levels: Sequence[int], repeats: int, effect: float = 0.0, noise: str = "normal"
) -> list[ScoreItem]:
    """Return the scores of a crossed grid, noise of deviation 1, the first axis shifting them."""
    chooser = random.Random(seed)
    shifts = [chooser.gauss(0, 1) * effect for _ in range(levels[0])]
    draws = {"normal": lambda: chooser.gauss(0, 1), "exponential": lambda: chooser.expovariate(1)}
    return [
        ({f"axis{k}": f"value{v}" for k, v in enumerate(cell)}, shifts[cell[0]] + draws[noise]())
        for cell in product(*map(range, levels))
        for _ in range(repeats)
    ]


def false_alarms(levels: Sequence[int], repeats: int, noise: str, grids: int) -> float:
    """Return the share of grids in which nothing acts and an effect is called."""
    items = (simulated_scores(seed, levels, repeats, noise=noise) for seed in range(grids))
    return sum(bool(found(score_chance_of(own, "score"))) for own in items) / grids


def share_of_effects(levels: Sequence[int], repeats: int, effect: float, grids: int) -> float:
    """Return the share of grids in which the first axis is found."""
    items = (simulated_scores(seed, levels, repeats, effect) for seed in range(grids))
    return sum("axis0" in found(score_chance_of(own, "score")) for own in items) / grids
