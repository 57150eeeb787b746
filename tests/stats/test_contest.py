"""Which groups and items meet next."""

from __future__ import annotations

import random

from nanobanana_nb.stats.contest import GroupContest, Pair

GROUPS = {"a1": "a", "a2": "a", "b1": "b", "b2": "b", "b3": "b", "c3": "c"}
TRAITS = {"a1": (1,), "a2": (2,), "b1": (1,), "b2": (2,), "b3": (3,), "c3": (3,)}


def _new(_: Pair) -> tuple[bool, int]:
    """Nobody has seen anything."""
    return False, 0


def test_who_is_alike_meets() -> None:
    """Of two groups those of one trait; groups that are nowhere alike do not meet."""
    contest, chance = GroupContest(GROUPS, TRAITS), random.Random(1)
    pairs = {frozenset(contest.pair(_new, chance)) for _ in range(200)}
    assert pairs == {frozenset(two) for two in (("a1", "b1"), ("a2", "b2"), ("b3", "c3"))}


def test_the_strongest_meets_whom_it_has_met_least() -> None:
    """After votes for b on a it is the turn of c."""
    contest, chance = GroupContest(GROUPS, TRAITS), random.Random(1)
    contest.count([("b1", "a1", 1.0), ("b2", "a2", 1.0)])
    pairs = {frozenset(contest.pair(_new, chance)) for _ in range(20)}
    assert pairs == {frozenset(("b3", "c3"))}


def test_after_the_end_all_groups_meet() -> None:
    """Where one leads, who goes on sees any two that are alike."""
    contest, chance = GroupContest(GROUPS, TRAITS), random.Random(1)
    contest.count([("b1", "a1", 1.0), ("b2", "a2", 1.0), ("b3", "c3", 1.0)] * 15)
    assert contest.leader == "b"
    groups = {frozenset(GROUPS[item] for item in contest.pair(_new, chance)) for _ in range(100)}
    assert groups == {frozenset("ab"), frozenset("bc")}
