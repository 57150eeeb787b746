"""When to look at a task next: when it is likely enough to have finished since."""

from __future__ import annotations

import math
from statistics import NormalDist

MEDIAN_S = 12.0  # a prior for tasks whose durations nobody has seen yet
SIGMA = 0.6
CHANCE = 0.2  # look when the task has finished since the last look with this probability
SHORTEST_S = 0.5
FIRST_S = 1.0  # the first look comes early: it tells a waiting task from a running one
LONGEST_S = 3.0
AT_ONCE_S = 0.02


def next_look_s(age_s: float, pace: float = 1.0) -> float:
    """Return the seconds to wait before the next look at a task of this age.

    The gap follows the hazard of a log-normal duration: long while the task is young,
    short around the usual duration, longer again for a late one.

    Args:
        pace: durations as a multiple of the real service's; 0 for tasks that end at once.
    """
    if pace <= 0:
        return AT_ONCE_S
    if age_s <= 0:
        return max(AT_ONCE_S, FIRST_S * pace)
    age = age_s / pace
    gap = _age_at(_done_by(age) + CHANCE * (1 - _done_by(age))) - age
    return max(AT_ONCE_S, min(LONGEST_S, max(SHORTEST_S, gap)) * pace)


_NORMAL = NormalDist(math.log(MEDIAN_S), SIGMA)


def _done_by(age_s: float) -> float:
    return _NORMAL.cdf(math.log(age_s)) if age_s > 0 else 0.0


def _age_at(share: float) -> float:
    return math.exp(_NORMAL.inv_cdf(min(max(share, 1e-9), 1 - 1e-9)))
