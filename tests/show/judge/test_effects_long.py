"""How often the intervals of means and differences of a score hold the truth."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from itertools import combinations, product
from math import prod

import pytest

from nanobanana_nb.stats import effects
from nanobanana_nb.stats.contrast import Contrast, cells_of, contrasts
from nanobanana_nb.stats.effects import Estimate

DESIGNS = [((2, 2), 2), ((2, 2), 3), ((2,), 4), ((3, 2), 2), ((3,), 3)]
GRIDS = 4000
Draw = Callable[[random.Random, int], float]
# How an image of each value of the first axis is scored, the mean for the values, the least held:
# of all means, of those of the worst value, of the differences.
KINDS: dict[str, tuple[Draw, tuple[int, int, int], tuple[float, float, float]]] = {
    "normal": (lambda draw, _: draw.gauss(0, 1), (0, 0, 0), (0.94, 0.94, 0.94)),
    "exponential": (lambda draw, _: draw.expovariate(1), (1, 1, 1), (0.9, 0.9, 0.94)),
    "growing": (lambda draw, v: (v + 1) * draw.expovariate(1), (1, 2, 3), (0.89, 0.81, 0.9)),
    "uneven": (lambda draw, v: draw.gauss(0, 2 * v + 1), (0, 0, 0), (0.91, 0.8, 0.91)),
}
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.usefixtures("by_hand")]


@pytest.mark.parametrize(("levels", "repeats"), DESIGNS)
@pytest.mark.parametrize("kind", KINDS)
def test_intervals_hold_the_truth(kind: str, levels: tuple[int, ...], repeats: int) -> None:
    """As often as the table in `stats.effects` says, give or take one in a hundred."""
    draw, truth, least = KINDS[kind]
    values = [
        {str(axis): str(value) for axis, value in enumerate(cell)}
        for cell in product(*map(range, levels))
        for _ in range(repeats)
    ]
    axis = contrasts(values, dict.fromkeys(values[0]))[0]
    cells = cells_of(contrasts(values, dict.fromkeys(values[0])), len(values))
    chance = random.Random(prod(levels) * repeats)
    held: list[list[bool]] = [[] for _ in axis.values]
    apart: list[bool] = []
    for _ in range(GRIDS):
        scores = [draw(chance, int(own["0"])) for own in values]
        for label, mean in enumerate(effects.means(axis, cells, scores)):
            held[label].append(_holds(mean, truth[label]))
        apart += _differences_held(axis, effects.differences(axis, cells, scores), truth)
    shares = [sum(own) / GRIDS for own in held]
    measured = (sum(shares) / len(shares), min(shares), sum(apart) / len(apart))
    print(kind, levels, repeats, *(f"{share:.1%}" for share in measured))  # noqa: T201
    assert all(share >= bound for share, bound in zip(measured, least, strict=True))


def _holds(estimate: Estimate, truth: float) -> bool:
    assert estimate.low is not None
    assert estimate.high is not None
    return estimate.low <= truth <= estimate.high


def _differences_held(
    axis: Contrast, differences: Sequence[Estimate], truth: Sequence[int]
) -> list[bool]:
    pairs = combinations(range(len(axis.values)), 2)
    return [
        _holds(difference, truth[b] - truth[a])
        for difference, (a, b) in zip(differences, pairs, strict=True)
    ]
