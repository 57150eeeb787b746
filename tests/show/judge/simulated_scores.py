"""Grids of scores whose effects are known, and how often the test is right about them."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from itertools import product

from nanobanana_nb.show.judge.score_chance import ScoreItem, score_chance_of
from nanobanana_nb.stats.verdict import Verdict
from tests.show.judge.simulated_features import found

Counts = Sequence[Sequence[int]]
DRAWS: dict[str, Callable[[random.Random], float]] = {
    "normal": lambda chooser: chooser.gauss(0, 1),
    "exponential": lambda chooser: chooser.expovariate(1) - 1,
    "yes or no": lambda chooser: float(chooser.random() < 0.5),
}


def simulated_scores(
    seed: int, levels: Sequence[int], repeats: int, effect: float = 0.0, noise: str = "normal"
) -> list[ScoreItem]:
    """Return the scores of a crossed grid, noise of deviation 1, the first axis shifting them."""
    chooser = random.Random(seed)
    shifts = [chooser.gauss(0, 1) * effect for _ in range(levels[0])]
    return [
        (
            {f"axis{k}": f"value{v}" for k, v in enumerate(cell)},
            shifts[cell[0]] + DRAWS[noise](chooser),
        )
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


def uneven_scores(
    seed: int, counts: Counts, deviations: Sequence[float], noise: str, effect: float = 0.0
) -> list[ScoreItem]:
    """Return scores of as many images as each row, a value of axis1, has of each value of axis0.

    Each value of axis0 has a deviation; yes and no are drawn with equal odds, whatever it is.
    """
    chooser = random.Random(seed)
    shifts = [chooser.gauss(0, 1) * effect for _ in deviations]
    return [
        (
            {"axis0": f"value{v}", "axis1": f"value{row}"},
            shifts[v] + deviations[v] * DRAWS[noise](chooser),
        )
        for row, sizes in enumerate(counts)
        for v, count in enumerate(sizes)
        for _ in range(count)
    ]


def uneven_alarms(
    counts: Counts, deviations: Sequence[float], noise: str, grids: int, effect: float = 0.0
) -> tuple[float, float]:
    """Return how often the mean of axis0 is said to act, and how often its mean or its spread."""
    verdicts = [
        score_chance_of(uneven_scores(seed, counts, deviations, noise, effect), "q")[
            "axis0"
        ].verdict
        for seed in range(grids)
    ]
    return tuple(verdicts.count(v) / grids for v in (Verdict.EFFECT, Verdict.MEAN_OR_SPREAD))
