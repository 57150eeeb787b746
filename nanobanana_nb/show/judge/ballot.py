"""A blind vote: pairs of images without labels, sides by chance, the most telling pair next."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, replace

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.opinion import LEFT, RIGHT, TIE, Vote
from nanobanana_nb.model.result import Generation
from nanobanana_nb.privacy.redaction import storable
from nanobanana_nb.show.arrange.data import GridData
from nanobanana_nb.show.arrange.opinion_tables import Votes
from nanobanana_nb.show.html.wording import counted
from nanobanana_nb.show.judge.image_values import image_values
from nanobanana_nb.show.judge.vote_numbers import votes_on
from nanobanana_nb.stats.contest import Contest, GroupContest, ItemContest

MOST_PAIRS = 200  # without a leader, or 10 for each image where that is more
OUTCOMES = (LEFT, RIGHT, TIE)


@dataclass(frozen=True)
class Pair:
    """Two images that are seen side by side; `round` counts this person's votes on them."""

    left: Generation
    right: Generation
    round: int = 0  # it is chosen with the first vote: another open ballot may have come first

    @property
    def hashes(self) -> frozenset[str]:
        """Which two images these are, whatever their sides."""
        return frozenset((_hash(self.left), _hash(self.right)))


class Ballot:
    """The pairs that a person votes on, of images or with `by` of the values of an axis.

    Each pair is the most telling one after her own votes (see `stats.contest`), and each vote is
    written down at once. The vote ends where one leads in them, or after 200 pairs or more;
    `resume` goes on. Of `lost` images the file is gone: they cannot be seen, and do not come up.

    Raises:
        InputError: there are not two different images or values, or no such axis.
    """

    def __init__(
        self,
        grid: GridData,
        votes: Votes,
        voter: str = "",
        seed: int | None = None,
        by: str | None = None,
    ) -> None:
        here = {g.sha256: g for g in grid if g.ok and g.sha256}
        self._images = {sha256: g for sha256, g in here.items() if g.path and g.path.is_file()}
        self.lost = len(here) - len(self._images)
        if len(self._images) < 2:
            why = f"{counted(self.lost, 'image')} left out, without a file" if self.lost else ""
            raise InputError("A vote wants two different images", why=why, action="")
        self.by, self._votes, self._voter = by, votes, storable(voter)
        self._chance = random.Random(seed)
        self._contest = _contest(grid, list(self._images), by)
        self._pairs: list[Pair] = []
        self._at, self._endless = 0, False
        self._most = max(MOST_PAIRS, 10 * len(self._contest))
        self._count()
        self._choose()

    @property
    def now(self) -> Pair | None:
        """The pair that is to be voted on, None at the end."""
        return self._pairs[self._at] if self._at < len(self._pairs) else None

    @property
    def number(self) -> int:
        """Which pair that is, from 1 on."""
        return self._at + 1

    def __len__(self) -> int:
        """How many different images or values are voted on."""
        return len(self._contest)

    @property
    def contenders(self) -> int:
        """How many of them can still be the best."""
        return len(self._contest.contenders)

    @property
    def own_votes(self) -> list[Vote]:
        """What this person said of these images, oldest first."""
        return [vote for vote in self._votes.get(self._images) if vote.voter == self._voter]

    def say(self, outcome: str) -> None:
        """Write the vote on this pair down and go on to the next.

        Raises:
            InputError: it is no outcome.
            LedgerError: it cannot be written.
        """
        if outcome not in OUTCOMES:
            raise InputError(f"{outcome!r} is no vote", action="Say left, right or tie.")
        pair = self.now
        if pair is None:
            return
        pair = self._pairs[self._at] = replace(pair, round=pair.round or self._next_round(pair))
        left, right = _hash(pair.left), _hash(pair.right)
        self._votes.put(Vote(left, right, outcome, self._voter, pair.round))
        self._at += 1
        self._count()
        self._choose()

    def back(self) -> None:
        """Go to the pair before, to vote on it once more."""
        self._at = max(0, self._at - 1)

    def resume(self) -> None:
        """Go on after the end, until the person has enough."""
        self._endless = True
        self._choose()

    def _count(self) -> None:
        """Read the votes of this person: what others said decides nothing for her."""
        votes = self.own_votes
        self.votes = len(votes)
        self._rounds = Counter(frozenset((vote.left, vote.right)) for vote in votes)
        self._contest.count([vote.point for vote in votes_on(self._contest.items, votes)])

    def _choose(self) -> None:
        """Add the next pair, unless one that is there comes next or the vote has ended."""
        if self._at < len(self._pairs):
            return
        if self._endless or (self._contest.leader is None and self._at < self._most):
            pair = self._contest.pair(self._familiarity, self._chance)
            left, right = (self._images[sha256] for sha256 in self._chance.sample(pair, 2))
            self._pairs.append(Pair(left, right))

    def _next_round(self, pair: Pair) -> int:
        votes = (vote for vote in self.own_votes if {vote.left, vote.right} == pair.hashes)
        return max((vote.round for vote in votes), default=0) + 1

    def _familiarity(self, pair: tuple[str, str]) -> tuple[bool, int]:
        """Return whether a pair was the last one, and how often this person has seen it."""
        hashes = frozenset(pair)
        return bool(self._pairs) and hashes == self._pairs[-1].hashes, self._rounds[hashes]


def _contest(grid: GridData, hashes: list[str], by: str | None) -> Contest:
    if by is None:
        return ItemContest(hashes)
    axis = image_values(grid, by, hashes)
    return GroupContest(axis.values, axis.traits)


def _hash(generation: Generation) -> str:
    assert generation.sha256 is not None
    return generation.sha256
