"""The strengths that fit votes best: nothing near them fits better."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from nanobanana_nb.stats.likelihood import Likelihood
from nanobanana_nb.stats.newton import maximum, newton_steps

NAMES = [str(n) for n in range(8)]


def _likelihood(seed: int, count: int) -> Likelihood:
    chance = random.Random(seed)
    pairs = [sorted(chance.sample(NAMES, 2)) for _ in range(count)]
    return Likelihood(NAMES, [(a, b, chance.choice([1.0, 1.0, 0.5])) for a, b in pairs])


@pytest.mark.parametrize("count", [0, 1, 10, 400])
def test_at_the_maximum_the_slope_is_nothing(count: int) -> None:
    """Also where the first has won always."""
    likelihood = _likelihood(count, count)
    assert likelihood.gradient(maximum(likelihood)) == pytest.approx([0.0] * 8, abs=1e-5)


def test_slope_and_curvature_are_those_of_the_value() -> None:
    """As small steps of the value and of the slope show them."""
    likelihood, logs, small = _likelihood(3, 40), [n / 3 - 1 for n in range(8)], 1e-5
    for n, row in enumerate(likelihood.information(logs).dense()):
        near = [[log + sign * small * (m == n) for m, log in enumerate(logs)] for sign in (1, -1)]
        above, below = map(likelihood.value, near)
        assert (above - below) / 2 / small == pytest.approx(likelihood.gradient(logs)[n], abs=1e-5)
        slopes = zip(*map(likelihood.gradient, near), strict=True)
        assert [(b - a) / 2 / small for a, b in slopes] == pytest.approx(row, abs=1e-5)


def test_steps_keep_what_shall_stay_and_never_lose() -> None:
    """From far away, too: the weighted sum is that of before, the likelihood only grows."""
    likelihood, logs = _likelihood(5, 60), [5.0, -5.0] * 4
    weights = [0.25, -0.25] * 4
    values = []
    for _ in range(30):
        values.append(likelihood.value(logs))
        steps = newton_steps(likelihood, logs, weights)
        logs = [log + step for log, step in zip(logs, steps, strict=True)]
        assert sum(w * log for w, log in zip(weights, logs, strict=True)) == pytest.approx(10)
    assert all(b > a - 1e-9 for a, b in pairwise(values))
