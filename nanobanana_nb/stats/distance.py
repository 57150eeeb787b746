"""How far apart two pictures look, by their features.

The distance is the root of the mean squared difference of their points: 0 where they are the
same, 1 between black and white.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from nanobanana_nb.errors import InputError

Matrix = tuple[tuple[float, ...], ...]


def distance(a: Sequence[float], b: Sequence[float]) -> float:
    """Return how far apart two pictures look, 0 for the same.

    Raises:
        InputError: one has more features than the other.
    """
    if len(a) != len(b):
        raise InputError(f"{len(a)} features cannot be compared with {len(b)}")
    return math.dist(a, b)


def distances(pictures: Sequence[Sequence[float]]) -> Matrix:
    """Return the distance of every picture to every other, as a symmetric table."""
    half = [[distance(a, b) for b in pictures[:i]] for i, a in enumerate(pictures)]
    count = range(len(pictures))
    return tuple(tuple(half[max(i, j)][min(i, j)] if i != j else 0.0 for j in count) for i in count)
