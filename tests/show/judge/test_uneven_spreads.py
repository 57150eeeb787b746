"""Scores and pictures of which one value has fewer, or more that vary, than another."""

from __future__ import annotations

import random

import pytest

from nanobanana_nb.show.judge.score_chance import ScoreItem, score_chance_of
from nanobanana_nb.stats.squares import spread_weights
from nanobanana_nb.stats.verdict import Verdict
from tests.show.judge import simulated_features
from tests.show.judge.simulated_scores import uneven_alarms, uneven_scores

WIDE = "axis0 changes the mean or the spread of q: as many images of each value would tell which."


def of_values(scores: dict[str, list[float]]) -> list[ScoreItem]:
    """Return the scores of each style."""
    return [({"style": style}, score) for style, own in scores.items() for score in own]


@pytest.mark.long
def test_few_images_that_vary_much_are_rarely_an_effect() -> None:
    """A test of the pooled variance calls one in 31 % of such grids; the long form has more."""
    moved, _ = uneven_alarms([(3, 9)], (5.0, 1.0), "normal", 200)
    assert moved <= 0.08 + 3 * 0.019


@pytest.mark.long
def test_unequal_counts_alone_make_no_more_alarms() -> None:
    """Where all spread alike the test is exact, whatever the counts are."""
    alarms = uneven_alarms([(3, 9)], (1.0, 1.0), "exponential", 200)
    assert sum(alarms) <= 0.05 + 3 * 0.016


def test_few_pictures_that_vary_much_are_rarely_an_effect() -> None:
    """A test of the pooled variance calls one in 63 % of such grids."""
    assert simulated_features.uneven_alarms((3, 9), (3.0, 1.0), 40) <= 0.08 + 3 * 0.043


def test_what_may_be_spread_is_called_so() -> None:
    """Three images around the same mean, far apart, beside nine that lie close."""
    unclear = score_chance_of(uneven_scores(2, [(3, 9)], (5, 1), "normal"), "q")
    assert unclear["axis0"].p <= 0.05
    assert unclear.sentence == WIDE
    assert "effect on mean or spread" in unclear._repr_mimebundle_()["text/html"]
    assert set(unclear.to_frame()["conclusion"]) == {"effect on mean or spread"}


def test_a_clear_mean_is_an_effect_of_any_counts() -> None:
    """Eight apart, with a deviation of one; and without any."""
    draw = random.Random(3)
    apart = {"ink": [draw.gauss(0, 1) for _ in "123"], "oil": [draw.gauss(8, 1) for _ in range(9)]}
    assert score_chance_of(of_values(apart), "q")["style"].verdict is Verdict.EFFECT
    same = of_values({"ink": [0.0] * 3, "oil": [1.0] * 9})
    assert score_chance_of(same, "q").sentence == "style moves q: ink 0, oil 1."


def test_a_value_without_repeats_has_no_spread_to_go_by() -> None:
    """It may lie far off as it varies much, which one image cannot show."""
    draw = random.Random(1)
    items = of_values({"ink": [90.0], "oil": [draw.gauss(0, 1) for _ in range(30)]})
    one = score_chance_of(items, "q")["style"]
    assert one.p <= 0.05
    assert one.verdict is Verdict.MEAN_OR_SPREAD


@pytest.mark.parametrize(
    ("arrangement", "weights"),
    [
        (((0, 0, 1, 1),), {0: 1, 1: 1}),
        (((0, 0, 0, 1, 1, 1), (0, 0, 1, 1)), {0: 1, 1: 1}),
        (((0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1),), {0: 3.75, 1: 0.3125}),
    ],
)
def test_spread_counts_by_how_much_of_it_lies_between(
    arrangement: tuple[tuple[int, ...], ...], weights: dict[int, float]
) -> None:
    """Of equal counts alike; of three images beside nine twelve times as much."""
    assert spread_weights(arrangement) == pytest.approx(weights)
