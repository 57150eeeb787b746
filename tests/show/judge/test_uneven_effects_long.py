"""How often a score is said to be moved where its means are equal and its spreads are not."""

from __future__ import annotations

import pytest

from tests.show.judge.simulated_scores import Counts, uneven_alarms

GRIDS = 2000
# How many images of each value, in each row what all other axes agree in.
DESIGNS: dict[str, Counts] = {
    "6 | 6": [(6, 6)],
    "3 | 9": [(3, 9)],
    "10 | 30": [(10, 30)],
    "4 | 4 | 4": [(4, 4, 4)],
    "3 | 3 | 9": [(3, 3, 9)],
    "2 × (3 | 3)": [(3, 3), (3, 3)],
    "2 × (2 | 6)": [(2, 6), (2, 6)],
    "2 × (1 | 5)": [(1, 5), (1, 5)],
}
# By scores and which value varies five times as much: the most alarms where counts are equal, and
# where they are not.
KINDS = {
    ("normal", "equal"): (0.065, 0.065),
    ("exponential", "equal"): (0.065, 0.065),
    ("yes or no", "equal"): (0.065, 0.065),
    ("normal", "first"): (0.15, 0.08),
    ("normal", "last"): (0.15, 0.08),
    ("exponential", "first"): (0.22, 0.17),
    ("exponential", "last"): (0.22, 0.1),
}
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900), pytest.mark.usefixtures("by_hand")]


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize(("noise", "spread"), KINDS)
def test_false_alarms_of_unequal_spreads(design: str, noise: str, spread: str) -> None:
    """As often as the table in `stats.welch` says: the first or the last value varies most."""
    counts = DESIGNS[design]
    deviations = [1.0] * len(counts[0])
    if spread != "equal":
        deviations[0 if spread == "first" else -1] = 5.0
    moved, unclear = uneven_alarms(counts, deviations, noise, GRIDS)
    print(f"{design} {noise} {spread}: {moved:.1%}, or spread {unclear:.1%}")  # noqa: T201
    is_even = len({count for row in counts for count in row}) == 1
    assert moved <= KINDS[noise, spread][0 if is_even else 1]


@pytest.mark.parametrize("design", DESIGNS)
def test_what_is_still_seen(design: str) -> None:
    """Effects of one and of two deviations of the noise, where all spread alike."""
    counts = DESIGNS[design]
    each = [
        uneven_alarms(counts, [1.0] * len(counts[0]), "normal", 1000, effect)
        for effect in (1.0, 2.0)
    ]
    print(f"{design}:", *(f"{a:.0%} and {b:.0%}" for a, b in each))  # noqa: T201
    assert each[1][0] >= each[0][0]
