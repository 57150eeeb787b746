"""Grids whose chance and effects are known, as features that no picture needs."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import product, zip_longest

from nanobanana_nb.images.features import Views
from nanobanana_nb.show.judge.chance import Chance, Item, chance_of
from nanobanana_nb.stats.verdict import Verdict

SIZE = 12  # numbers that stand for one picture, each with noise of standard deviation 1


def simulated(
    seed: int, levels: Sequence[int], repeats: int, effects: Sequence[float] = (), views: int = 1
) -> list[Item]:
    """Return the images of a crossed grid: noise, and a shift for each value of each axis.

    Several views see a part of the features each.

    The shifts of one axis have the standard deviation `effects` gives, in units of the noise;
    an axis without one does nothing.
    """
    chooser = random.Random(seed)
    sized = zip_longest(levels, effects, fillvalue=0.0)
    shifts = [[_noise(chooser, size) for _ in range(int(level))] for level, size in sized]
    return [
        (
            {f"axis{k}": f"value{v}" for k, v in enumerate(cell)},
            _parts(_sum([_noise(chooser, 1), *(shifts[k][v] for k, v in enumerate(cell))]), views),
        )
        for cell in product(*map(range, levels))
        for _ in range(repeats)
    ]


def uneven(seed: int, counts: Sequence[int], deviations: Sequence[float]) -> list[Item]:
    """Return as many images of each value as counted, with the noise of each value."""
    chooser = random.Random(seed)
    return [
        ({"axis0": f"value{v}"}, _parts(_noise(chooser, deviation), 1))
        for v, (count, deviation) in enumerate(zip(counts, deviations, strict=True))
        for _ in range(count)
    ]


def uneven_alarms(counts: Sequence[int], deviations: Sequence[float], grids: int) -> float:
    """Return the share of grids in which values that differ in their spread are an effect."""
    several = (uneven(seed, counts, deviations) for seed in range(grids))
    return sum(bool(found(chance_of(items))) for items in several) / grids


def found(chance: Chance) -> list[str]:
    """Return the axes that are called an effect."""
    return [axis.name for axis in chance.axes if axis.verdict is Verdict.EFFECT]


def share_found(
    levels: Sequence[int], repeats: int, effects: Sequence[float], grids: int, views: int = 1
) -> float:
    """Return in which share of simulated grids the first axis is found, any where none works."""
    hits = 0
    for seed in range(grids):
        names = found(chance_of(simulated(seed, levels, repeats, effects, views)))
        hits += "axis0" in names if effects else bool(names)
    return hits / grids


def _noise(chooser: random.Random, size: float) -> tuple[float, ...]:
    return tuple(chooser.gauss(0, size) for _ in range(SIZE))


def _parts(features: tuple[float, ...], views: int) -> Views:
    size = SIZE // views
    return tuple(("features", features[n * size : (n + 1) * size]) for n in range(views))


def _sum(parts: Sequence[Sequence[float]]) -> tuple[float, ...]:
    return tuple(map(sum, zip(*parts, strict=True)))
