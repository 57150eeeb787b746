"""How well raters agree: published numbers, and how often the interval holds the truth."""

from __future__ import annotations

import random

import pytest

from nanobanana_nb.stats.agreement import alpha

# Krippendorff, Content Analysis: four coders, twelve units, some left out.
CODERS: list[list[float | None]] = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]


@pytest.mark.parametrize(("metric", "published"), [("interval", 0.849), ("ordinal", 0.815)])
def test_the_published_example_has_the_published_alpha(metric: str, published: float) -> None:
    """Four coders of twelve units, of which one is rated by one of them alone."""
    result = alpha(CODERS, metric)
    assert result.alpha == pytest.approx(published, abs=5e-4)
    assert (result.units, result.ratings) == (11, 40)
    assert result.low < result.alpha < result.high <= 1


def test_a_shift_of_all_scores_changes_nothing() -> None:
    """Large numbers with small differences lose no digits."""
    moved = [[None if r is None else r + 1e9 for r in own] for own in CODERS]
    assert alpha(moved).alpha == pytest.approx(alpha(CODERS).alpha)


def test_ranks_do_not_ask_how_far_apart_the_scores_are() -> None:
    """Any growing function of the scores has the same ordinal alpha."""
    curved = [[None if r is None else r**5 for r in own] for own in CODERS]
    assert alpha(curved, "ordinal") == alpha(CODERS, "ordinal")
    assert alpha(curved).alpha != pytest.approx(alpha(CODERS).alpha)


def test_the_same_from_all_is_one_and_opposites_are_below_chance() -> None:
    """The ends of the scale."""
    assert alpha([[1, 2, 3], [1, 2, 3]]).alpha == 1
    assert alpha([[1, 2, 3], [3, 2, 1]]).alpha < 0


@pytest.mark.parametrize("raters", [[[1, 1], [1, 1]], [[1, None], [None, 2]], [[], []]])
def test_nothing_to_agree_on_has_no_alpha(raters: list[list[float | None]]) -> None:
    """Equal scores only, or no unit with two of them."""
    assert alpha(raters).alpha is None
    assert alpha(raters).low is None


@pytest.mark.long
@pytest.mark.parametrize(("units", "raters"), [(10, 4), (20, 2), (50, 4)])
def test_the_interval_holds_the_truth(units: int, raters: int) -> None:
    """Of 500 samples with alpha 0.8 at least nine in ten."""
    held = sum(_holds(seed, units, raters) for seed in range(500))
    assert held / 500 >= 0.9


def _holds(seed: int, units: int, raters: int) -> bool:
    chooser = random.Random(seed)
    truth = [chooser.gauss(0, 2) for _ in range(units)]
    result = alpha([[t + chooser.gauss(0, 1) for t in truth] for _ in range(raters)])
    return result.low is not None and result.low <= 0.8 <= result.high
