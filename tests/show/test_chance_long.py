"""How often the measure is wrong and how often it sees, counted over many grids."""

from __future__ import annotations

import pytest

from .simulated import share_found

DESIGNS = [((2,), 4), ((3,), 3), ((3, 2), 2), ((3, 2), 3), ((4, 3), 2), ((2, 2, 2), 2)]
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.mark.parametrize(("levels", "repeats"), DESIGNS)
def test_false_alarms_of_a_thousand_grids(levels: tuple[int, ...], repeats: int) -> None:
    """Where nothing acts, at most 5 % are false alarms, give or take three errors of the rate."""
    share = share_found(levels, repeats, (), 1000)
    print(f"{levels} × {repeats}: {share:.1%} false alarms")  # noqa: T201
    assert share <= 0.05 + 3 * 0.007


@pytest.mark.parametrize(("levels", "repeats"), DESIGNS)
def test_effects_found_in_three_hundred_grids(levels: tuple[int, ...], repeats: int) -> None:
    """A larger effect is found more often, one as large as the noise nearly surely."""
    shares = [share_found(levels, repeats, (effect,), 300) for effect in (0.5, 0.75, 1.0)]
    print(f"{levels} × {repeats}: found", *(f"{share:.0%}" for share in shares))  # noqa: T201
    assert shares == sorted(shares)
    assert shares[-1] > 0.9
