"""Strengths that fit votes best while two groups of items are equal. Pure numbers.

The likelihood of Bradley and Terry's model curves at most as it does where all are equal, so that
steps by that curvature never make it smaller (D. Böhning and B. G. Lindsay, Monotonicity of
quadratic-approximation algorithms, Annals of the Institute of Statistical Mathematics 40, 1988).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from nanobanana_nb.stats.bradley_terry import PRIOR, Point, inverse

_CLOSE = 1e-4
_MOST_ROUNDS = 300


class EqualMeans:
    """Tests whether the mean logarithms of the strengths of two groups are equal.

    Args:
        logs: those that fit the votes best.
    """

    def __init__(self, items: Sequence[str], points: Sequence[Point], logs: Sequence[float]):
        place = {item: n for n, item in enumerate(items)}
        self._points = [(place[left], place[right], share) for left, right, share in points]
        self._most_likely = self._likelihood(logs)
        information = [[0.0] * len(items) for _ in items]
        for n, row in enumerate(information):
            row[n] = PRIOR / 4
        for left, right, _ in self._points:
            for n, m, sign in ((left, left, 1), (right, right, 1), (left, right, -1)):
                information[n][m] += sign / 4
            information[right][left] -= 1 / 4
        self._spread = inverse(information)

    def statistic(self, first: Sequence[int], other: Sequence[int]) -> tuple[float, float]:
        """Return twice the logarithm of the ratio of likelihoods, and the difference's variance."""
        size = len(self._spread)
        weights = [(n in first) / len(first) - (n in other) / len(other) for n in range(size)]
        pull = [_product(row, weights) for row in self._spread]
        variance = _product(pull, weights)
        logs = [0.0] * size
        for _ in range(_MOST_ROUNDS):
            gradient = self._gradient(logs)
            steps = [_product(row, gradient) for row in self._spread]
            excess = _product(steps, weights) / variance
            steps = [step - excess * back for step, back in zip(steps, pull, strict=True)]
            logs = [value + step for value, step in zip(logs, steps, strict=True)]
            if max(map(abs, steps)) < _CLOSE:
                break
        return 2 * (self._most_likely - self._likelihood(logs)), variance

    def _likelihood(self, logs: Sequence[float]) -> float:
        votes = sum(
            share * _log_chance(logs[left] - logs[right])
            + (1 - share) * _log_chance(logs[right] - logs[left])
            for left, right, share in self._points
        )
        return votes + PRIOR / 2 * sum(_log_chance(x) + _log_chance(-x) for x in logs)

    def _gradient(self, logs: Sequence[float]) -> list[float]:
        gradient = [PRIOR * (0.5 - math.exp(_log_chance(value))) for value in logs]
        for left, right, share in self._points:
            surprise = share - math.exp(_log_chance(logs[left] - logs[right]))
            gradient[left] += surprise
            gradient[right] -= surprise
        return gradient


def _log_chance(away: float) -> float:
    return -math.log1p(math.exp(-away))


def _product(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))
