"""What an axis does to a score: the mean of each of its values, and how far these lie apart.

The mean of a value is that of its cells (images that ask for the same), each counted once. Where
combinations are missing it is of those cells that every other value has too, as else it would tell
of the other axes; two values are compared in the cells that both have. An interval is Student's,
with the variance of all repeats together. Simulated, 4,000 grids each of 2 × 2 × 2, 2 × 2 × 3,
2 × 4, 3 × 2 × 2 and 3 × 3 images, the last factor the repeats
(`pytest -m slow -s -k test_effects_long`):

=====================================  ====================  =============
scores                                 means held, and       differences
                                       those of the worst    held
                                       value
=====================================  ====================  =============
normal                                 95 %, 95 %            95 %
skewed (exponential)                   91 to 94 %, 91 %      95 to 96 %
skewed, means and spread 1, 2 and 3    90 to 92 %, 82 %      92 to 93 %
normal, deviations 1, 3 and 5          92 to 93 %, 82 %      92 to 93 %
=====================================  ====================  =============

With the variance of each value alone the means of exponential scores were held in 88 to 90 %, by
intervals that were half as wide again.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean

from nanobanana_nb.stats.contrast import Contrast
from nanobanana_nb.stats.spread import Cell
from nanobanana_nb.stats.student import quantile
from nanobanana_nb.text.terminal import printed


@printed
@dataclass(frozen=True)
class Estimate:
    """A mean score, or a difference of two, and where it lies with 95 %.

    `name` is the value of the axis, or `oil - ink`. `low` and `high` are None where no repeats
    show how far scores lie apart by chance: there are none, or all have the same score. `images`
    are those that it is the mean of.
    """

    name: str
    value: float
    low: float | None
    high: float | None
    images: int


@dataclass(frozen=True)
class Noise:
    """What chance does to one image: its variance, and from how many differences that is known."""

    variance: float
    freedom: int


def means(axis: Contrast, cells: Sequence[Cell], scores: Sequence[float]) -> tuple[Estimate, ...]:
    """Return the mean score of each value of the axis, in the order of `axis.values`."""
    chance = noise(cells, scores)
    labels = [axis.labels[cell[0]] for cell in cells]
    alike = cells_alike(cells, labels, [axis.strata[cell[0]] for cell in cells]) or cells
    groups: dict[int, list[Cell]] = {}
    for cell in alike:
        groups.setdefault(axis.labels[cell[0]], []).append(cell)
    return tuple(
        group_mean(axis.values[label], groups[label], scores, chance) for label in sorted(groups)
    )


def cells_alike(
    cells: Sequence[Cell], groups: Sequence[Hashable], others: Sequence[Hashable]
) -> list[Cell]:
    """Return the cells whose place on the other axes is in every group; none if there is none.

    Args:
        groups: in which each cell is.
        others: where each stands on the other axes.
    """
    present: dict[Hashable, set[Hashable]] = {}
    for group, other in zip(groups, others, strict=True):
        present.setdefault(other, set()).add(group)
    count = len(set(groups))
    pairs = zip(cells, others, strict=True)
    return [cell for cell, other in pairs if len(present[other]) == count]


def differences(
    axis: Contrast, cells: Sequence[Cell], scores: Sequence[float]
) -> tuple[Estimate, ...]:
    """Return for every two values how much higher the scores of the second are.

    Two values that no two images have, which agree in all other axes, are left out.
    """
    return tuple(_differences(axis, cells, scores, noise(cells, scores)).values())


def moderators(
    axis: Contrast, others: Sequence[Contrast], cells: Sequence[Cell], scores: Sequence[float]
) -> tuple[str, ...]:
    """Return the other axes on whose values it clearly depends how much this one does.

    A difference is clearly another one where the intervals of 95 % do not meet.
    """
    chance = noise(cells, scores)
    names = []
    for other in others:
        shifts: dict[tuple[int, int], list[Estimate]] = {}
        for label in set(other.labels):
            own = [cell for cell in cells if other.labels[cell[0]] == label]
            for pair, estimate in _differences(axis, own, scores, chance).items():
                shifts.setdefault(pair, []).append(estimate)
        if any(_are_apart(shift) for shift in shifts.values()):
            names.append(other.name)
    return tuple(names)


def _are_apart(estimates: Sequence[Estimate]) -> bool:
    """Whether an interval ends below where another one begins."""
    lows = [e.low for e in estimates if e.low is not None]
    highs = [e.high for e in estimates if e.high is not None]
    return bool(lows and highs) and max(lows) > min(highs)


def _differences(
    axis: Contrast, cells: Sequence[Cell], scores: Sequence[float], chance: Noise
) -> dict[tuple[int, int], Estimate]:
    estimates = {}
    for a, b, both in value_pairs(axis, cells):
        parts = [(sign, own[label]) for own in both for sign, label in ((-1.0, a), (1.0, b))]
        name = f"{axis.values[b]} - {axis.values[a]}"
        estimates[a, b] = _estimate(name, parts, scores, chance)
    return estimates


def value_pairs(
    axis: Contrast, cells: Sequence[Cell]
) -> Iterator[tuple[int, int, list[dict[int, Cell]]]]:
    """Yield every two values with the cells by value that agree in all other axes, if any do."""
    strata: dict[int, dict[int, Cell]] = {}
    for cell in cells:
        strata.setdefault(axis.strata[cell[0]], {})[axis.labels[cell[0]]] = cell
    for a, b in combinations(sorted(set(axis.labels)), 2):
        if both := [own for own in strata.values() if a in own and b in own]:
            yield a, b, both


def group_mean(
    name: str, cells: Sequence[Cell], scores: Sequence[float], chance: Noise
) -> Estimate:
    """Return the mean of cells, each counted once."""
    return _estimate(name, [(1.0, cell) for cell in cells], scores, chance)


def noise(cells: Sequence[Cell], scores: Sequence[float]) -> Noise:
    """Return how far repeats lie apart, the variance of all these cells together."""
    freedom = sum(len(cell) - 1 for cell in cells)
    centres = [fmean(scores[i] for i in cell) for cell in cells]
    squares = sum(
        (scores[i] - centre) ** 2 for cell, centre in zip(cells, centres, strict=True) for i in cell
    )
    return Noise(squares / freedom if freedom else 0.0, freedom)


def _estimate(
    name: str, parts: Sequence[tuple[float, Cell]], scores: Sequence[float], chance: Noise
) -> Estimate:
    """Return the sum of the cells' means, each with its sign, by the number of those added."""
    count = sum(sign > 0 for sign, _ in parts)
    value = sum(sign * fmean(scores[i] for i in cell) for sign, cell in parts) / count
    images = sum(len(cell) for _, cell in parts)
    if not chance.variance:
        return Estimate(name, value, None, None, images)
    error = math.sqrt(chance.variance * sum(1 / len(cell) for _, cell in parts)) / count
    reach = quantile(chance.freedom) * error
    return Estimate(name, value, value - reach, value + reach, images)
