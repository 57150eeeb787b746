"""Which groups and items meet next."""

from __future__ import annotations

import random

from nanobanana_nb.stats.contest import GroupContest, Pair

GROUPS = {"a1": "a", "a2": "a", "b1": "b", "b2": "b", "c3": "c"}
TRAITS = {"a1": (1,), "a2": (2,), "b1": (1,), "b2": (2,), "c3": (3,)}


def _new(_: Pair) -> tuple[bool, int]:
    """Nobody has seen anything."""
    return False, 0


def test_who_is_alike_meets() -> None:
    """Of two groups those of one trait; who has nobody alike meets each as near as there is."""
    contest, chance = GroupContest(GROUPS, TRAITS), random.Random(1)
    pairs = {frozenset(contest.pair(_new, chance)) for _ in range(200)}
    alike = {frozenset(("a1", "b1")), frozenset(("a2", "b2"))}
    assert alike <= pairs
    assert all("c3" in pair for pair in pairs - alike)
    assert {frozenset((item, "c3")) for item in GROUPS if item != "c3"} <= pairs


def test_the_strongest_meets_whom_it_has_met_least() -> None:
    """After votes for b on a it is the turn of c; a pair that was seen comes later."""
    contest, chance = GroupContest(GROUPS, TRAITS), random.Random(1)
    contest.count([("b1", "a1", 1.0), ("b2", "a2", 1.0)])
    seen = frozenset(("b1", "c3"))
    pairs = [contest.pair(lambda p: (frozenset(p) == seen, 0), chance) for _ in range(20)]
    assert {frozenset(pair) for pair in pairs} == {frozenset(("b2", "c3"))}


def test_after_the_end_all_groups_meet() -> None:
    """Where one leads, who goes on sees any two."""
    contest, chance = GroupContest(GROUPS, TRAITS), random.Random(1)
    wins = [("a1", rival, 1.0) for rival in ("b1", "c3")] + [("a2", "b2", 1.0), ("a2", "c3", 1.0)]
    contest.count(wins * 15)
    assert contest.leader == "a"
    groups = {frozenset(GROUPS[item] for item in contest.pair(_new, chance)) for _ in range(100)}
    assert len(groups) >= 2
    assert all(len(group) == 2 for group in groups)
