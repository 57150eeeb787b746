"""Student's distribution: how many standard errors an interval reaches to each side."""

from __future__ import annotations

import math
from functools import lru_cache

_STEPS = 200  # of Simpson's rule, an even number
_HALVINGS = 40


@lru_cache(maxsize=1024)
def quantile(freedom: float, level: float = 0.95) -> float:
    """Return what `level` of all values lie within, both sides of 0, with `freedom` of at least 1.

    With t = √freedom · tan a the share of values below is the area under the power freedom - 1
    of the cosine, which halving finds.
    """
    whole = math.sqrt(math.pi) * math.exp(math.lgamma(freedom / 2) - math.lgamma((freedom + 1) / 2))
    low, high = 0.0, math.pi / 2
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if 2 * _area(middle, freedom - 1) < level * whole:
            low = middle
        else:
            high = middle
    return math.sqrt(freedom) * math.tan(low)


def _area(end: float, power: float) -> float:
    """Return the area under cos(a) ** power from 0 to `end`."""
    step = end / _STEPS
    heights = [math.pow(max(math.cos(n * step), 0.0), power) for n in range(_STEPS + 1)]
    return step / 3 * (heights[0] + 4 * sum(heights[1::2]) + 2 * sum(heights[2:-1:2]) + heights[-1])
