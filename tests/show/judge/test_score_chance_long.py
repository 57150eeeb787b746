"""How often the test of a score is wrong and how often it sees, and what its intervals hold."""

from __future__ import annotations

import pytest

from nanobanana_nb.show.judge.score_chance import score_chance_of
from tests.show.judge.simulated_scores import false_alarms, share_of_effects, simulated_scores

DESIGNS = [((2,), 4), ((3,), 3), ((2, 2), 3), ((3, 2), 2), ((3, 2), 3), ((2, 2, 2), 2)]
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.usefixtures("by_hand")]


@pytest.mark.parametrize(("levels", "repeats"), DESIGNS)
def test_score_chance_in_numbers(levels: tuple[int, ...], repeats: int) -> None:
    """At most 5 % false alarms of 1,000 grids, give or take three errors; power in 300."""
    alarms = [false_alarms(levels, repeats, noise, 1000) for noise in ("normal", "exponential")]
    power = [share_of_effects(levels, repeats, effect, 300) for effect in (1.0, 2.0, 4.0)]
    print(levels, repeats, *(f"{share:.1%}" for share in (*alarms, *power)))  # noqa: T201
    assert max(alarms) <= 0.05 + 3 * 0.007
    assert power == sorted(power)


@pytest.mark.parametrize("noise", ["normal", "exponential"])
@pytest.mark.parametrize(("levels", "repeats"), [((2, 2), 2), ((2, 2), 3), ((3,), 3), ((3, 2), 2)])
def test_intervals_hold_the_truth(levels: tuple[int, ...], repeats: int, noise: str) -> None:
    """At least nine in ten of those of means and of differences, in 1,000 grids."""
    held: dict[str, list[bool]] = {"means": [], "differences": []}
    for seed in range(1000):
        axis = score_chance_of(simulated_scores(seed, levels, repeats, noise=noise), "x")["axis0"]
        held["means"] += [m.low <= 0 <= m.high for m in axis.means]
        held["differences"] += [d.low <= 0 <= d.high for d in axis.differences]
    shares = {name: sum(own) / len(own) for name, own in held.items()}
    print(levels, repeats, noise, shares)  # noqa: T201
    assert min(shares.values()) >= 0.9
