"""How often votes name a leader, rightly or not, and how many it takes, counted over many."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import combinations
from statistics import fmean, median

import pytest

from nanobanana_nb.show.judge.ballot import Ballot
from nanobanana_nb.show.judge.image_values import image_values
from nanobanana_nb.stats.groups import ranked_groups
from nanobanana_nb.stats.likelihood import Point
from nanobanana_nb.stats.race import Race
from tests.show.judge.memory_opinions import KeptVotes
from tests.show.judge.simulated_votes import (
    ballot_points,
    held,
    images,
    light_points,
    outcome,
    preferred,
    uneven_images,
    value_points,
)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800), pytest.mark.usefixtures("by_hand")]
Strengths = Callable[[int, random.Random], list[float]]
CASES: dict[str, Strengths] = {
    "equal": lambda n, _: [0.0] * n,
    "spread 1.5": lambda n, chance: [chance.gauss(0, 1.5) for _ in range(n)],
    "spread 2.5": lambda n, chance: [chance.gauss(0, 2.5) for _ in range(n)],
    "one ahead by 1": lambda n, _: [1.0] + [0.0] * (n - 1),
    "one ahead by 1.5": lambda n, _: [1.5] + [0.0] * (n - 1),
    "one ahead by 2": lambda n, _: [2.0] + [0.0] * (n - 1),
    "one ahead by 3": lambda n, _: [3.0] + [0.0] * (n - 1),
    "two ahead by 1.5": lambda n, _: [1.5, 1.5] + [0.0] * (n - 2),
}


@pytest.mark.parametrize("ties", [0.0, 0.3])
@pytest.mark.parametrize("count", [2, 3, 6, 12])
def test_equal_images_name_a_leader_in_few_votes(count: int, ties: float) -> None:
    """Looked at after each of 100 votes, at most 5 % of 1,000 name one; intervals hold."""
    runs = [outcome([0.0] * count, 100, seed, ties)[1] for seed in range(1000)]
    alarms = sum(ranking.best is not None for ranking in runs) / 1000
    holding = sum(held([0.0] * count, ranking) for ranking in runs) / 1000 / count
    print(f"{count}, ties {ties}: {alarms:.1%} named, {holding:.1%} held")  # noqa: T201
    assert alarms <= 0.05
    assert holding >= 0.9


@pytest.mark.parametrize("case", [name for name in CASES if name != "equal"])
@pytest.mark.parametrize("count", [2, 6, 12, 24])
def test_leaders_are_named_rightly(count: int, case: str) -> None:
    """Of 100 votes at most 5 % name one that is not the best; intervals hold the truth."""
    chance, lengths, wrong, named, holding = random.Random(5), [], 0, 0, 0
    for seed in range(100):
        strengths = CASES[case](count, chance)
        length, ranking = outcome(strengths, 200, seed)
        lengths.append(length if ranking.best else 999)
        named += ranking.best is not None
        wrong += ranking.best is not None and strengths[int(ranking.best)] < max(strengths)
        holding += held(strengths, ranking)
    share = holding / count / 100
    print(f"{count}, {case}: {named} %, {wrong} % wrong, {median(lengths)}, {share:.1%}")  # noqa: T201
    assert wrong <= 5
    assert share >= 0.9
    if case.startswith("two") and count > 2:
        assert named <= 10


def _strongest_is_best(strengths: list[float], points: list[Point]) -> bool:
    race = Race([str(n) for n in range(len(strengths))], points)
    first = max(race.strengths, key=race.strengths.__getitem__)
    return strengths[int(first)] == max(strengths)


def _points_in_turn(strengths: list[float], most: int, seed: int) -> list[Point]:
    """Votes on all pairs in an order of chance, none twice before each came once."""
    chance = random.Random(seed)
    every = list(combinations(range(len(strengths)), 2))
    pairs: list[tuple[int, int]] = []
    while len(pairs) < most:
        pairs += chance.sample(every, len(every))
    return [
        (str(a), str(b), preferred(strengths[a], strengths[b], chance)) for a, b in pairs[:most]
    ]


@pytest.mark.parametrize("case", ["spread 1.5", "spread 2.5", "one ahead by 2"])
@pytest.mark.parametrize("count", [6, 12, 24])
def test_telling_pairs_find_the_best_sooner(count: int, case: str) -> None:
    """After three pairs an image the first is the best more often than with other pairs."""
    chance, most = random.Random(6), 3 * count
    ways = (ballot_points, _drawn_points, _points_in_turn)
    right = [0, 0, 0]
    for seed in range(150):
        strengths = CASES[case](count, chance)
        for n, way in enumerate(ways):
            right[n] += _strongest_is_best(strengths, way(strengths, most, seed))
    print(f"{count}, {case}:", *(f"{n / 150:.0%}" for n in right))  # noqa: T201
    assert right[0] > max(right[1:])


def _grouped(count: int, size: int, spread: float, ahead: float, seed: int) -> list[float]:
    """Strengths of items whose groups, every so many items, have equal means but the first."""
    chance = random.Random(seed)
    strengths = [chance.gauss(0, spread) for _ in range(count * size)]
    for group in range(count):
        mean = sum(strengths[group::count]) / size - (ahead if group == 0 else 0)
        strengths[group::count] = [value - mean for value in strengths[group::count]]
    return strengths


def _drawn_points(strengths: list[float], most: int, seed: int) -> list[Point]:
    chance = random.Random(seed)
    pairs = (chance.sample(range(len(strengths)), 2) for _ in range(most))
    return [(str(a), str(b), preferred(strengths[a], strengths[b], chance)) for a, b in pairs]


WAYS = {
    "by value": lambda strengths, count, seed: value_points(strengths, count, 100, seed),
    "by image": lambda strengths, _, seed: ballot_points(strengths, 100, seed),
    "drawn": lambda strengths, _, seed: _drawn_points(strengths, 60, seed),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("spread", "ahead"), [(0, 0), (1.5, 0), (0.5, 1), (1, 2)])
@pytest.mark.parametrize(("count", "size"), [(2, 2), (2, 3), (3, 4)])
def test_groups_are_named_rightly(
    count: int, size: int, spread: float, ahead: float, way: str
) -> None:
    """Equal groups of unequal items name one in at most 5 %, a better one is never another."""
    groups = {str(n): str(n % count) for n in range(count * size)}
    runs = 1000 if way == "by value" and not (spread or ahead) else 200
    best, lengths, holding = [], [], 0
    for seed in range(runs):
        strengths = _grouped(count, size, spread, ahead, seed)
        points = WAYS[way](strengths, count, seed)
        ranking = ranked_groups(groups, points)
        best.append(ranking.best)
        lengths.append(len(points) if ranking.best else 999)
        holding += held([fmean(strengths[n::count]) for n in range(count)], ranking)
    named = sum(name is not None for name in best) / runs
    share = holding / count / runs
    print(  # noqa: T201
        f"{count} × {size}, s {spread}, ahead {ahead}, {way}: {named:.1%}, {median(lengths)},"
        f" {share:.1%}"
    )
    wrong = sum(name is not None and (name != "0" or not ahead) for name in best)
    assert wrong <= 0.05 * runs
    assert share >= 0.9


@pytest.mark.parametrize("by", ["style", None])
def test_an_uneven_axis_does_not_carry_its_value(by: str | None) -> None:
    """Of 1,000 votes by one who likes night, where ink has no night, at most 5 % name a style."""
    axis = image_values(uneven_images(), "style")
    runs = [
        ranked_groups(axis.values, light_points(by, 100, seed), axis.traits) for seed in range(1000)
    ]
    named = sum(ranking.best is not None for ranking in runs) / 1000
    print(f"uneven, by {by or 'image'}: {named:.1%}")  # noqa: T201
    assert named <= 0.05


def _people_on_equal_images(people: int, each: int, seed: int) -> tuple[int, bool]:
    """How many of several people see a leader in their votes, and whether all votes name one.

    They vote one after the other; all votes are looked at after each.
    """
    chance, votes, grid = random.Random(seed), KeptVotes(), images(2)
    race, own, together = Race(["0", "1"]), 0, False
    for voter in range(people):
        ballot = Ballot(grid, votes, str(voter), seed=seed * people + voter)
        while (pair := ballot.now) and ballot.votes < each:
            outcome_ = chance.choice(["left", "right"])
            race.add(str(pair.left.sha256), str(pair.right.sha256), float(outcome_ == "left"))
            together = together or race.leader is not None
            ballot.say(outcome_)
        own += ballot.now is None
    return own, together


@pytest.mark.parametrize("people", [2, 5])
def test_several_people_name_no_leader_of_equal_images(people: int) -> None:
    """Of 1,000 groups at most 5 % name one together, and at most 5 % of the people do alone."""
    runs = [_people_on_equal_images(people, 40, seed) for seed in range(1000)]
    alone = sum(own for own, _ in runs) / people / 1000
    together = sum(all_votes for _, all_votes in runs) / 1000
    print(f"{people} people: {alone:.1%} alone, {together:.1%} together")  # noqa: T201
    assert alone <= 0.05
    assert together <= 0.05
