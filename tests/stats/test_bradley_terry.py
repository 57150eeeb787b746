"""Ranks from votes: the numbers, and what they leave open."""

from __future__ import annotations

import itertools
import math
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nanobanana_nb.stats.bradley_terry import Ranking, ranked
from nanobanana_nb.stats.groups import ranked_groups
from nanobanana_nb.stats.likelihood import Point

NAMES = ("a", "b", "c", "d")
_PAIRS = st.sampled_from(list(itertools.permutations(NAMES, 2)))
_POINTS = st.lists(
    st.tuples(_PAIRS, st.sampled_from([0.0, 0.5, 1.0])).map(lambda v: (*v[0], v[1])), max_size=40
)


def by_name(ranking: Ranking) -> dict[str, tuple[float, float, float]]:
    """The numbers of each item."""
    return {s.name: (s.score, s.low, s.high) for s in ranking.standings}


def simulated(count: int, votes: int, step: float, chance: random.Random) -> list[Point]:
    """Votes on items whose strengths are that many steps of the logarithm apart."""
    pairs = itertools.cycle(itertools.combinations(range(count), 2))
    found = []
    for i, j in itertools.islice(pairs, votes):
        wins = chance.random() < 1 / (1 + math.exp(step * (i - j)))
        found.append((str(i), str(j), float(wins)))
    return found


@pytest.mark.long
@given(_POINTS)
def test_numbers_are_sound(points: list[Point]) -> None:
    """Every interval holds its score, the order is that of the scores, none is lost."""
    ranking = ranked(NAMES, points)
    assert sorted(s.name for s in ranking.standings) == list(NAMES)
    scores = [s.score for s in ranking.standings if s.votes]
    assert scores == sorted(scores, reverse=True)
    assert all(s.votes for s in ranking.standings[: len(scores)]), "those without votes come last"
    assert sum(2 * s.wins + s.ties for s in ranking.standings) == 2 * len(points)
    assert all(0 < s.low <= s.score <= s.high < 1 for s in ranking.standings)
    assert sum(s.votes for s in ranking.standings) == 2 * len(points)


@pytest.mark.long
@given(_POINTS, st.randoms())
def test_order_and_sides_of_votes_do_not_matter(points: list[Point], chance: random.Random) -> None:
    """The same votes in another order, with left and right changed, give the same ranks."""
    turned = [(b, a, 1 - share) for a, b, share in points]
    chance.shuffle(turned)
    one, other = by_name(ranked(NAMES, points)), by_name(ranked(NAMES, turned))
    for name in NAMES:
        assert other[name] == pytest.approx(one[name], abs=1e-6)


@pytest.mark.long
@given(_POINTS)
def test_the_other_way_round(points: list[Point]) -> None:
    """Where every vote is turned into its opposite, every score is."""
    one = by_name(ranked(NAMES, points))
    other = by_name(ranked(NAMES, [(a, b, 1 - share) for a, b, share in points]))
    for name in NAMES:
        score, low, high = one[name]
        assert other[name] == pytest.approx((1 - score, 1 - high, 1 - low), abs=1e-6)


@pytest.mark.long
@settings(max_examples=50)
@given(_POINTS, st.sampled_from(NAMES[1:]))
def test_one_more_win_does_not_harm(points: list[Point], loser: str) -> None:
    """An item that wins once more is not liked less."""
    before = by_name(ranked(NAMES, points))["a"][0]
    assert by_name(ranked(NAMES, [*points, ("a", loser, 1.0)]))["a"][0] > before - 1e-6


def test_two_items_have_the_known_answer() -> None:
    """The likelihood's maximum, the imaginary item in it, solved by hand: p/q and their spread."""
    ranking = ranked(("a", "b"), [("a", "b", 1.0)] * 3 + [("a", "b", 0.0)])
    a = by_name(ranking)["a"][0]
    strength = a / (1 - a)  # the two lie as far from the average as each other
    assert strength**2 < 3, "drawn together a little"
    # 3 + 1/4 = 4 p / (p + q) + p / (p + 1) / 2, with q = 1 / p
    share = strength**2 / (strength**2 + 1)
    assert pytest.approx(4 * share + strength / (strength + 1) / 2) == 3.25


def test_without_votes_all_are_alike() -> None:
    """Everything is possible, and nothing is best."""
    ranking = ranked(NAMES, [])
    assert {s.score for s in ranking.standings} == {0.5}
    assert ranking.best is None
    assert ranked((), []).standings == ()


@pytest.mark.long
def test_an_effect_is_found_and_its_size_is_in_the_interval() -> None:
    """Known strengths: the best is told, and nine of ten intervals hold the truth."""
    chance, held, best = random.Random(7), 0, 0
    for _ in range(60):
        ranking = ranked(("0", "1", "2"), simulated(3, 60, 1.5, chance))
        best += ranking.best == "0"
        for standing in ranking.standings:
            truth = 1 / (1 + math.exp(-1.5 * (1 - int(standing.name))))
            held += standing.low <= truth <= standing.high
    assert best >= 30
    assert held >= 0.9 * 180


@pytest.mark.long
def test_two_hundred_images_are_ranked_soon() -> None:
    """With ten votes each: the kernel waits for it when a vote ends."""
    chance, names = random.Random(1), [str(n) for n in range(200)]
    pairs = [sorted(chance.sample(range(200), 2)) for _ in range(2000)]
    points = [(names[i], names[j], float(chance.random() < (j - i) / 200)) for i, j in pairs]
    ranked(names, points[:100])
    begin = time.process_time()
    ranked(names, points)
    ranked_groups({name: str(int(name) % 4) for name in names}, points)
    assert time.process_time() - begin < 1
