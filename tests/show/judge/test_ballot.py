"""Which pairs a person votes on, and when that ends."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from nanobanana_nb.errors import InputError
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.model.opinion import Vote
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.judge.ballot import MOST_PAIRS, Ballot
from nanobanana_nb.show.judge.image_values import image_values
from nanobanana_nb.show.judge.ranks import ranks
from nanobanana_nb.stats.groups import ranked_groups
from tests.show.judge.memory_opinions import KeptVotes
from tests.show.judge.simulated_votes import (
    held,
    images,
    light_points,
    outcome,
    uneven_images,
    value_points,
    valued_images,
)

Made = Callable[..., Generation]


def _vote(ballot: Ballot, count: int) -> list[frozenset[str]]:
    """Prefer the lower number so many times; return the pairs."""
    pairs = []
    for _ in range(count):
        if (pair := ballot.now) is None:
            break
        pairs.append(pair.hashes)
        left, right = str(pair.left.sha256), str(pair.right.sha256)
        ballot.say("left" if int(left) < int(right) else "right")
    return pairs


def test_no_pair_comes_twice_before_others() -> None:
    """The strongest meets each other one; the winner of each pair stays."""
    pairs = _vote(Ballot(images(6), KeptVotes(), seed=1), 5)
    assert len(set(pairs)) == 5
    assert set().union(*pairs) == set("012345")
    assert all(one & other for one, other in pairwise(pairs))


def test_contenders_are_what_is_seen_again() -> None:
    """Who has lost too often does not come up; no pair follows itself."""
    pairs = _vote(Ballot(images(6), KeptVotes(), seed=1), 100)
    assert all(one != other for one, other in pairwise(pairs[:-12]))
    assert Counter(sha for pair in pairs for sha in pair)["0"] > len(pairs) / 2


def test_sides_are_of_chance() -> None:
    """An image stands on either side in about half of its pairs."""
    left = total = 0
    for seed in range(100):
        votes = KeptVotes()
        _vote(Ballot(images(4), votes, seed=seed), 6)
        left += sum(vote.left == "0" for vote in votes.known.values())
        total += sum("0" in (vote.left, vote.right) for vote in votes.known.values())
    assert 0.4 < left / total < 0.6


def test_the_vote_ends_where_one_leads_and_can_go_on() -> None:
    """Nobody is asked any more; Back and Go on ask again; who comes again sees the end."""
    votes = KeptVotes()
    ballot = Ballot(images(4), votes, "Ann", seed=1)
    length = len(_vote(ballot, 100))
    assert 18 <= length <= 30
    assert ballot.now is None
    assert ballot.contenders == 1
    assert Ballot(images(4), votes, "Ann").now is None
    ballot.back()
    assert ballot.number == length
    ballot.say("tie")
    ballot.resume()
    assert len(_vote(ballot, 30)) == 30
    assert ballot.now is not None


def test_a_pair_has_rounds(grid_votes: tuple[Ballot, KeptVotes]) -> None:
    """What is seen again is another vote; going back replaces the last one."""
    ballot, votes = grid_votes
    for outcome_ in ("left", "right", "tie"):
        ballot.say(outcome_)
    ballot.back()
    ballot.say("left")
    assert [vote.round for vote in votes.known.values()] == [1, 2, 3]
    assert [vote.outcome for vote in votes.known.values()] == ["left", "right", "left"]


def test_two_open_votes_of_one_person_both_count(grid_votes: tuple[Ballot, KeptVotes]) -> None:
    """Who opens a second one does not overwrite the first; going back changes one's own vote."""
    ballot, votes = grid_votes
    other = Ballot(images(2), votes, "Ann")
    for open_vote in (ballot, other):
        open_vote.say("tie")
    assert [vote.round for vote in votes.known.values()] == [1, 2]
    ballot.back()
    ballot.say("left")
    assert sorted(vote.outcome for vote in votes.known.values()) == ["left", "tie"]


def test_a_voter_is_known_by_her_stored_name(tmp_path: Path) -> None:
    """Half a surrogate pair is written as its escape, and found again."""
    ledger = Ledger(tmp_path)
    Ballot(images(2), ledger.votes, "Ann \ud800").say("left")
    assert Ballot(images(2), ledger.votes, "Ann \ud800").votes == 1


def test_images_without_a_file_do_not_come_up(tmp_path: Path) -> None:
    """Nobody votes on an empty side; neither on images nor on values."""
    for by in (None, "value"):
        grid = valued_images(2, 3)
        lost = [replace(g, path=tmp_path / "gone.png") for g in grid[:2]]
        ballot = Ballot(ImageGrid([*lost, *grid[2:]], grid.plan), KeptVotes(), seed=1, by=by)
        assert set().union(*_vote(ballot, 20)) == set("2345")
        assert ballot.lost == 2
    with pytest.raises(InputError, match="2 images left out, without a file"):
        Ballot(ImageGrid(lost), KeptVotes())


@pytest.fixture
def grid_votes() -> tuple[Ballot, KeptVotes]:
    """A ballot on two images, and its votes."""
    votes = KeptVotes()
    return Ballot(images(2), votes, "Ann"), votes


def test_a_wrong_word_is_no_vote(grid_votes: tuple[Ballot, KeptVotes]) -> None:
    """It is refused, and nothing is written; before the first pair there is none."""
    ballot, votes = grid_votes
    with pytest.raises(InputError, match="no vote"):
        ballot.say("up")
    ballot.back()
    assert ballot.number == 1
    assert votes.known == {}


def test_each_voter_goes_her_own_way() -> None:
    """Where others have named a leader she is asked all the same, until her votes name one."""
    votes = KeptVotes()
    for voter in "abcdefghij":
        for rival in "12":
            votes.put(Vote("0", rival, "left", voter))
    ballot = Ballot(images(3), votes, "Ann", seed=1)
    assert (ballot.votes, ballot.contenders) == (0, 3)
    assert 10 < len(_vote(ballot, 100)) < 40
    assert ballot.now is None


def test_alike_for_ever_ends_after_so_many_pairs() -> None:
    """Ties name nobody: the vote ends, and can go on."""
    ballot = Ballot(images(3), KeptVotes(), seed=1)
    while ballot.now:
        ballot.say("tie")
    assert ballot.number == MOST_PAIRS + 1
    ballot.resume()
    assert ballot.now is not None


def test_what_cannot_be_voted_on(made: Made) -> None:
    """Two images that are one, or one alone, make no pair."""
    twins = ImageGrid([made(sha256="a" * 64), made(1, sha256="a" * 64)])
    with pytest.raises(InputError, match="two different"):
        Ballot(twins, KeptVotes())


@pytest.mark.parametrize("by", [None, pytest.param("value", marks=pytest.mark.long)])
def test_two_hundred_images_are_quick(by: str | None) -> None:
    """The next pair of 200 images after 200 votes takes no time that is noticed."""
    chance = random.Random(1)
    ballot = Ballot(valued_images(4, 10, 5), KeptVotes(), seed=1, by=by)
    assert len(ballot) == (200 if by is None else 4)
    ballot.resume()
    for _ in range(60 if by else MOST_PAIRS - 5):
        ballot.say(chance.choice(["left", "right"]))
    begin = time.process_time()
    for _ in range(5):
        ballot.say("tie")
    assert (time.process_time() - begin) / 5 < (0.25 if by else 0.05)


def test_pairs_for_an_axis_differ_in_it_alone() -> None:
    """Each pair is of two values, in one place; all places come up, and all values."""
    pairs = _vote(Ballot(valued_images(3, 4), KeptVotes(), seed=1, by="value"), 9)
    numbers = [sorted(map(int, pair)) for pair in pairs]
    assert all(a // 3 == b // 3 and a % 3 != b % 3 for a, b in numbers)
    assert {a // 3 for a, _ in numbers} == {0, 1, 2, 3}
    assert {n % 3 for pair in numbers for n in pair} == {0, 1, 2}


def test_a_vote_on_an_axis_ends_where_a_value_leads() -> None:
    """It goes on where asked, and a vote on images has its own end."""
    votes, grid = KeptVotes(), valued_images(2, 3)
    ballot, chance = Ballot(grid, votes, "Ann", seed=1, by="value"), random.Random(3)
    while pair := ballot.now:
        left = int(str(pair.left.sha256)) % 2
        ballot.say("left" if (left == 1) == (chance.random() < 0.9) else "right")
    assert 7 <= ballot.votes < 60
    assert (len(ballot), ballot.contenders) == (2, 1)
    ranks_of_values = ranks(grid, ballot.own_votes, "value")
    assert ranks_of_values.best == "1"
    assert f"1 leads after {ballot.votes} pairs by 1 person" in ranks_of_values.sentence
    ballot.resume()
    assert ballot.now is not None
    assert Ballot(grid, votes, "Ann").now is not None
    assert Ballot(grid, votes, "Bob", by="value").votes == 0


def test_an_axis_that_cannot_be_voted_on() -> None:
    """There is none of the name, or it has one value: one sentence says so."""
    with pytest.raises(InputError, match=r"no axis colour.*It has place, value"):
        Ballot(valued_images(2, 2), KeptVotes(), by="colour")
    with pytest.raises(InputError, match=r"two values of value.*have 0"):
        Ballot(valued_images(1, 3), KeptVotes(), by="value")


@pytest.mark.long
def test_equal_values_seldom_name_a_leader() -> None:
    """The short form of `test_votes_long`: at most 5 % of 60, give or take."""
    groups = {str(n): str(n % 2) for n in range(4)}
    runs = [ranked_groups(groups, value_points([0.0] * 4, 2, 50, seed)) for seed in range(60)]
    assert sum(ranking.best is not None for ranking in runs) <= 60 * (0.05 + 2 * 0.03)


@pytest.mark.long
@pytest.mark.parametrize("by", ["style", None])
def test_an_uneven_axis_does_not_carry_its_value(by: str | None) -> None:
    """Who likes night, where ink has no night, seldom names oil; however the pairs were chosen."""
    axis = image_values(uneven_images(), "style")
    runs = [
        ranked_groups(axis.values, light_points(by, 40, seed), axis.traits) for seed in range(30)
    ]
    assert sum(ranking.best is not None for ranking in runs) <= 3


def test_a_vote_on_an_uneven_axis_pairs_what_is_alike() -> None:
    """Oil by night has no like image of ink, and does not come up."""
    grid = uneven_images()
    axis = image_values(grid, "style")
    for pair in _vote(Ballot(grid, KeptVotes(), seed=1, by="style"), 20):
        assert len({axis.traits[sha256] for sha256 in pair}) == 1


def test_values_that_are_nowhere_alike_cannot_be_compared() -> None:
    """By day all is ink, by night all is oil: neither vote nor ranks pretend."""
    grid = uneven_images()
    part = ImageGrid([*grid[:2], *grid[6:]], grid.plan)
    with pytest.raises(InputError, match=r"style cannot be compared.*differ in it alone"):
        Ballot(part, KeptVotes(), by="style")


@pytest.mark.long
@pytest.mark.parametrize("count", [2, 3])
def test_equal_images_seldom_name_a_leader(count: int) -> None:
    """The short form of `test_votes_long`: at most 5 % of 120, give or take, and intervals hold."""
    runs = [outcome([0.0] * count, 60, seed)[1] for seed in range(120)]
    assert sum(ranking.best is not None for ranking in runs) <= 120 * (0.05 + 2 * 0.02)
    assert sum(held([0.0] * count, ranking) for ranking in runs) >= 0.9 * count * 120


@pytest.mark.long
def test_a_clear_leader_is_named() -> None:
    """Ahead by three logits it is named in each of 20 votes, after about 40 pairs of six."""
    runs = [outcome([3.0] + [0.0] * 5, 200, seed) for seed in range(20)]
    assert {ranking.best for _, ranking in runs} == {"0"}
    assert 30 < sum(length for length, _ in runs) / 20 < 50
