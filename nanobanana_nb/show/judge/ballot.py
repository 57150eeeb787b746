"""A blind vote: pairs of images without labels, sides by chance, one after the other."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.opinion import LEFT, RIGHT, TIE, Vote
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.arrange.data import GridData, Votes

MOST_PAIRS = 200
OUTCOMES = (LEFT, RIGHT, TIE)


@dataclass(frozen=True)
class Pair:
    """Two images that are seen side by side."""

    left: Generation
    right: Generation


class Ballot:
    """The pairs that a person votes on, in an order in which each image comes up equally often.

    Pairs that this person voted on before are left out. Each vote is written down at once.

    Raises:
        InputError: there are not two different images.
    """

    def __init__(
        self, grid: GridData, votes: Votes, voter: str = "", seed: int | None = None
    ) -> None:
        images = list({g.sha256: g for g in grid if g.ok and g.sha256}.values())
        if len(images) < 2:
            raise InputError("A vote wants two different images", action="")
        known = votes.get([g.sha256 for g in images if g.sha256])
        done = {frozenset((v.left, v.right)) for v in known if v.voter == voter}
        self._pairs = _pairs(images, done, random.Random(seed))
        self._votes, self._voter, self._at = votes, voter, 0

    @property
    def now(self) -> Pair | None:
        """The pair that is to be voted on, None at the end."""
        return self._pairs[self._at] if self._at < len(self._pairs) else None

    @property
    def number(self) -> int:
        """Which pair that is, from 1 on."""
        return self._at + 1

    def __len__(self) -> int:
        return len(self._pairs)

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
        assert pair.left.sha256 is not None
        assert pair.right.sha256 is not None
        self._votes.put(Vote(pair.left.sha256, pair.right.sha256, outcome, self._voter))
        self._at += 1

    def back(self) -> None:
        """Go to the pair before, to vote on it once more."""
        self._at = max(0, self._at - 1)


def _pairs(
    images: Sequence[Generation], done: set[frozenset[str]], chance: random.Random
) -> list[Pair]:
    """Return pairs in rounds in which each image comes up once (the circle method)."""
    ring: list[Generation | None] = [*images, *([None] if len(images) % 2 else [])]
    chance.shuffle(ring)
    pairs: list[Pair] = []
    for _ in range(len(ring) - 1):
        half = len(ring) // 2
        pairs += _round(ring[:half], ring[half:][::-1], done, chance)
        ring = [ring[0], ring[-1], *ring[1:-1]]
    return pairs[:MOST_PAIRS]


def _round(
    first: Sequence[Generation | None],
    second: Sequence[Generation | None],
    done: set[frozenset[str]],
    chance: random.Random,
) -> list[Pair]:
    pairs = []
    for a, b in zip(first, second, strict=True):
        if a is None or b is None or {a.sha256, b.sha256} in done:
            continue
        left, right = (a, b) if chance.random() < 0.5 else (b, a)
        pairs.append(Pair(left, right))
    chance.shuffle(pairs)
    return pairs
