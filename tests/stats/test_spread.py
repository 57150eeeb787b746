"""Means and their errors."""

from __future__ import annotations

import statistics

import pytest

from nanobanana_nb.show.judge.chance import chance_of
from nanobanana_nb.stats import spread
from nanobanana_nb.stats.distance import distances
from nanobanana_nb.stats.spread import Mean
from tests.show.judge.simulated_features import simulated

LINE = distances([(0.0,), (1.0,), (10.0,), (14.0,)])


def test_within_is_the_mean_of_pairs_of_the_same_cell() -> None:
    """1 apart in one cell and 4 in the other."""
    found = spread.within(LINE, [(0, 1), (2, 3)])
    assert found is not None
    assert found.value == 2.5
    assert found.error == pytest.approx(3 / 4 * 12**0.5)  # the jackknife of 4, 4, 1 and 1


def test_within_needs_two_of_a_cell() -> None:
    """Single images tell nothing, and one pair tells no error."""
    assert spread.within(LINE, [(0,), (1,), (2,), (3,)]) is None
    assert spread.within(LINE, [(0, 1), (2,), (3,)]) == Mean(1.0, None)


def test_between_is_the_mean_over_pairs_of_cells() -> None:
    """From 0 and 1 to 10 and 14: 11.5 on average."""
    found = spread.between(LINE, [(0, 1), (2, 3)], [(0, 1)])
    assert found is not None
    assert found.value == 11.5
    assert found.error == pytest.approx((0.5 / 2 + 8 / 2) ** 0.5)


def test_between_without_repeats_has_no_error() -> None:
    """Two images have a distance and no sign of its chance; no pair has no distance."""
    assert spread.between(LINE, [(0,), (2,)], [(0, 1)]) == Mean(10.0, None)
    assert spread.between(LINE, [(0,), (2,)], []) is None


def test_a_mean_is_written_with_its_error() -> None:
    """Three decimals, and no error where none is known."""
    assert str(Mean(0.3149, 0.0201)) == "0.315 ± 0.020"
    assert str(Mean(0.5)) == "0.500"


@pytest.mark.long
def test_the_errors_are_about_as_large_as_the_chance() -> None:
    """Over many grids the mean error of `between` is the spread; of `within` it is not less."""
    grids = [chance_of(simulated(seed, (3, 2), 3)) for seed in range(60)]
    between, within = [g.axes[0].between for g in grids], [g.within for g in grids]
    assert 0.75 < _calibration(between) < 1.35
    assert 0.9 < _calibration(within) < 1.8


def _calibration(means: list[Mean | None]) -> float:
    errors = [m.error for m in means if m is not None and m.error is not None]
    return statistics.fmean(errors) / statistics.stdev(m.value for m in means if m is not None)
