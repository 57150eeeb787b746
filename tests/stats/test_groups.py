"""Ranks of groups of items: the mean of the items counts, and not how often they came up."""

from __future__ import annotations

import random

import pytest

from nanobanana_nb.stats.groups import ranked_groups
from tests.show.judge.simulated_votes import ballot_points, preferred

GROUPS = {str(n): "ab"[n % 2] for n in range(6)}


@pytest.mark.long
def test_one_good_item_does_not_carry_its_group() -> None:
    """Equal groups of unequal items, voted on as the ballot has it: at most 5 % name one."""
    named = 0
    for seed in range(40):
        strengths = [2.0, 0.0, -1.0, 0.0, -1.0, 0.0]
        named += ranked_groups(GROUPS, ballot_points(strengths, 60, seed)).best is not None
    assert named <= 2


def test_a_better_group_is_named() -> None:
    """Where all its items are better, and all pairs were seen; the other is no contender."""
    chance, points = random.Random(1), []
    for _ in range(15):
        for ours, theirs in ((a, b) for a in "024" for b in "135"):
            points.append((ours, theirs, preferred(2.0, 0.0, chance)))
    ranking = ranked_groups(GROUPS, points)
    assert ranking.best == "a"
    assert ranking.contenders == ("a",)
    assert ranking.votes == 135
    assert [standing.votes for standing in ranking.standings] == [135, 135]


def test_without_votes_all_groups_are_alike() -> None:
    """Nothing is best, all can be."""
    ranking = ranked_groups(GROUPS, [])
    assert {standing.score for standing in ranking.standings} == {0.5}
    assert ranking.best is None
    assert ranking.contenders == ("a", "b")
