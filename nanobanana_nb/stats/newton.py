"""The strengths of items that make votes the most likely. Pure numbers.

Newton's steps find them. No step moves two items by more than 1.6 logits against each other: so
far the curvature is known well enough that the likelihood never falls (F. Bach, Self-concordant
analysis for logistic regression, Electronic Journal of Statistics 4, 2010).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from nanobanana_nb.stats.likelihood import PRIOR, Likelihood
from nanobanana_nb.stats.linear import product

CLOSE = 1e-7
MOST_ROUNDS = 500
_FARTHEST = 0.8  # of one item
_EXACT = 1e-5  # of each step: what it misses is left to the next


def maximum(likelihood: Likelihood) -> list[float]:
    """Return the logarithms of the strengths that fit the votes best."""
    logs = _beginning(likelihood)
    for _ in range(MOST_ROUNDS):
        steps = newton_steps(likelihood, logs)
        logs = [log + step for log, step in zip(logs, steps, strict=True)]
        if max(map(abs, steps), default=0.0) < CLOSE:
            break
    return logs


def newton_steps(
    likelihood: Likelihood, logs: Sequence[float], weights: Sequence[float] | None = None
) -> list[float]:
    """Return how far each logarithm moves towards the maximum.

    Args:
        weights: the sum of the logarithms with these weights stays as it is.
    """
    matrix = likelihood.information(logs)
    steps = matrix.solution(likelihood.gradient(logs), _EXACT)
    if weights is not None:
        pull = matrix.solution(weights, _EXACT)
        excess = product(steps, weights) / product(pull, weights)
        steps = [step - excess * back for step, back in zip(steps, pull, strict=True)]
    part = _FARTHEST / max(_FARTHEST, *map(abs, steps)) if steps else 1.0
    return [part * step for step in steps]


def _beginning(likelihood: Likelihood) -> list[float]:
    """Return the logarithms that fit where each item has met average ones."""
    rows = zip(likelihood.wins, likelihood.rivals, strict=True)
    return [math.log(wins / (PRIOR + sum(n for _, n in rivals) - wins)) for wins, rivals in rows]
