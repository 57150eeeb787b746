"""Which number of credits can be one: what is none of them is not known.

200 credits are one US dollar.
"""

from __future__ import annotations

import math
from typing import Any

MOST_PRICE = 100_000.0  # 500 dollars for one image, ten thousand times what the dearest one costs
PLAUSIBLE = 4.0  # public prices of one model differ by up to 2.4 times with the size of its image
DEAREST = 16.0  # what the dearest image of these models costs by the public prices
FEW = 4  # so many images go together at their price: a small run is not made one by one
MARGIN = 2.0  # so many times its price counts beyond the few what a charge has kept
MOST_BALANCE = 1e12  # a balance has no price to be compared with: only what is absurd is refused


def plausible(credits: Any, most: float = MOST_PRICE) -> float | None:
    """Return credits that are finite, not negative and at most `most`; None for anything else.

    A charge below zero would open every limit, and one without measure every sum.
    """
    if isinstance(credits, bool) or not isinstance(credits, int | float):
        return None
    return float(credits) if math.isfinite(credits) and 0 <= credits <= most else None


def unproven(price: float) -> float:
    """Return what an image may cost whose price no charge has kept yet, however small it is."""
    return max(price * PLAUSIBLE, DEAREST)


def margin(together: int) -> float:
    """Return how many times its price an image counts that is on its way with others."""
    return MARGIN if together > FEW else 1.0


def price_of(credits: Any) -> float | None:
    """Return a price that was told: one that is absurdly high counts as the highest there can be.

    It is then asked about like any other that is high.
    """
    most = isinstance(credits, int | float) and credits > MOST_PRICE
    return MOST_PRICE if most else plausible(credits)


def balance_of(credits: Any) -> float | None:
    """Return a balance that was told: of an account that is overdrawn nothing is left."""
    overdrawn = isinstance(credits, int | float) and -MOST_BALANCE <= credits < 0
    return 0.0 if overdrawn else plausible(credits, MOST_BALANCE)
