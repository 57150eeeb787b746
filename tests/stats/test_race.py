"""Who can still be the best: what the bets promise, proved by every course that votes can take."""

from __future__ import annotations

import itertools
import math

import pytest

from nanobanana_nb.stats.race import OUT, Race


def test_without_votes_all_can_be_the_best() -> None:
    """One alone leads nobody."""
    assert Race("abc").contenders == ["a", "b", "c"]
    assert Race("abc").leader is None
    assert Race("a").leader is None


def test_bets_on_fair_votes_are_fair() -> None:
    """Over all courses of eight votes on equal items the mean of each evidence is one at most."""
    courses = list(itertools.product((0.0, 1.0), repeat=8))
    pairs = list(itertools.islice(itertools.cycle(["ab", "bc", "ac"]), 8))
    sums = dict.fromkeys("abc", 0.0)
    unequal = 0.0
    for course in courses:
        race = Race("abc", [(*pair, share) for pair, share in zip(pairs, course, strict=True)])
        unequal += math.exp(race._unequal)
        for item in sums:
            sums[item] += math.exp(race._evidence[item])
    assert unequal / len(courses) == pytest.approx(1)
    assert all(value / len(courses) == pytest.approx(1) for value in sums.values())


def test_a_tie_is_never_evidence() -> None:
    """It lets a bet shrink, so that ties cannot put anybody out."""
    race = Race("ab", [("a", "b", 1.0)] * 5)
    before = race._evidence["b"]
    race.add("a", "b", 0.5)
    assert race._evidence["b"] < before
    assert Race("ab", [("a", "b", 0.5)] * 500).contenders == ["a", "b"]


def test_sides_do_not_matter() -> None:
    """The same votes with left and right changed are the same race."""
    points = [("a", "b", 1.0), ("b", "c", 0.0), ("a", "c", 0.5), ("c", "a", 1.0)]
    one, other = Race("abc", points), Race("abc", [(b, a, 1 - share) for a, b, share in points])
    assert other.strengths == pytest.approx(one.strengths)
    assert other._evidence == pytest.approx(one._evidence)


def test_who_loses_always_is_out() -> None:
    """After seven votes or so, not after five: 2 to the power of 5 is more than 20, a bet less."""
    race = Race("ab")
    votes = 0
    while race.leader is None:
        race.add("a", "b", 1.0)
        votes += 1
    assert race.leader == "a"
    assert race._evidence["b"] >= OUT
    assert 6 <= votes <= 9
