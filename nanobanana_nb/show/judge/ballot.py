"""A blind vote: pairs of images without labels, sides by chance, the most telling pair next."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.opinion import LEFT, RIGHT, TIE, Vote
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.arrange.data import GridData
from nanobanana_nb.show.arrange.opinion_tables import Votes
from nanobanana_nb.stats.race import Race

MOST_PAIRS = 200  # without a leader, or 10 for each image where that is more
OUTCOMES = (LEFT, RIGHT, TIE)


@dataclass(frozen=True)
class Pair:
    """Two images that are seen side by side, by this person for the `round`-th time."""

    left: Generation
    right: Generation
    round: int = 1

    @property
    def hashes(self) -> frozenset[str]:
        """Which two images these are, whatever their sides."""
        return frozenset((_hash(self.left), _hash(self.right)))


class Ballot:
    """The pairs that a person votes on: the strongest contender, and a rival.

    The rival is the one that this person has seen the least beside it; of those alike the one
    about which a vote says the most. Each vote is written down at once. The vote ends where one
    image leads, and after 200 pairs or more; `resume` goes on.

    Raises:
        InputError: there are not two different images.
    """

    def __init__(
        self, grid: GridData, votes: Votes, voter: str = "", seed: int | None = None
    ) -> None:
        self._images = {g.sha256: g for g in grid if g.ok and g.sha256}
        if len(self._images) < 2:
            raise InputError("A vote wants two different images", action="")
        self._votes, self._voter, self._chance = votes, voter, random.Random(seed)
        self._pairs: list[Pair] = []
        self._at, self._endless = 0, False
        self._most = max(MOST_PAIRS, 10 * len(self._images))
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
        """How many different images are voted on."""
        return len(self._images)

    @property
    def contenders(self) -> int:
        """How many of them can still be the best."""
        return len(self._race.contenders)

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
        """Read the votes on these images, of this person and of others."""
        votes = self._votes.get(self._images)
        self.votes = len(votes)
        self._rounds = Counter(
            frozenset((v.left, v.right)) for v in votes if v.voter == self._voter
        )
        self._race = Race(list(self._images), [(v.left, v.right, v.share) for v in votes])

    def _choose(self) -> None:
        """Add the next pair, unless one that is there comes next or the vote has ended."""
        if self._at < len(self._pairs):
            return
        if self._endless or (self._race.leader is None and self._at < self._most):
            self._pairs.append(self._most_telling())

    def _most_telling(self) -> Pair:
        race, rounds = self._race, self._rounds
        going_on = len(race.contenders) < 2
        hashes = list(self._images if going_on else race.contenders)
        self._chance.shuffle(hashes)  # of those alike the first is taken
        first = hashes[0] if going_on else max(hashes, key=race.strengths.__getitem__)
        last = self._pairs[-1].hashes if self._pairs else None

        def order(rival: str) -> tuple[bool, int, float]:
            pair = frozenset((first, rival))
            return pair == last, rounds[pair], -race.information(first, rival)

        rival = min((sha for sha in hashes if sha != first), key=order)
        left, right = (self._images[sha] for sha in self._chance.sample((first, rival), 2))
        return Pair(left, right, rounds[frozenset((first, rival))] + 1)


def _hash(generation: Generation) -> str:
    assert generation.sha256 is not None
    return generation.sha256
