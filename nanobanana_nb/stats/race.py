"""Who can still be the best after votes on pairs, however the pairs were chosen. Pure numbers.

Each image bets that it is not the best. Before a vote an image that is thought to lose with
chance q > 1/2 stakes on that: its evidence is multiplied by 2 q where it loses, by 2 (1 - q) where
it wins, and by the root of both where they are alike. The best image wins at least every second
vote whoever its rival is, so its evidence is a supermartingale that starts at 1, and it ever
reaches 20 with at most 5 % (J. Ville, Étude critique de la notion de collectif, 1939; A. Ramdas
and others, Game-theoretic statistics and safe anytime-valid inference, Statistical Science 38,
2023). This holds though somebody looks after every vote, chooses the next pair by what was
seen, and stops at will. At 20 an image is out; the last one in the race leads.

Where all images are equal each vote is a fair coin, and the bets on all votes together are a
martingale, too: nobody leads before it has reached 20, so that of equal images one is named with
at most 5 %. Of several that are best and equal one is named with at most 10 %.

How likely an image is to lose is what the votes before say: each strength is a normal variable
of its own, which a vote moves (the approximation of M. E. Glickman, Parameter estimation in large
dynamic paired comparison experiments, Applied Statistics 48, 1999).

Simulated with pairs chosen by the ballot (`pytest -m slow -s -k votes`). Of 1,000 votes of 100
pairs on equal images, looked at after each pair, one was named in 2.0 % with 2 images, and in
none with 3, 6 and 12. How many of 100 votes of at most 200 pairs named a leader, and after how
many pairs half of all votes had done so:

=====================================  =========  =========  =========  =========
strengths, in logits                   2 images   6          12         24
=====================================  =========  =========  =========  =========
one ahead by 1                         100 %, 41  48 %       1 %        0 %
one ahead by 1.5                       100 %, 19  99 %, 96   47 %       0 %
one ahead by 2                         100 %, 12  100 %, 65  96 %, 136  0 %
one ahead by 3                         100 %, 8   100 %, 44  100 %, 89  73 %, 186
normal, standard deviation 1.5         83 %, 14   62 %, 96   49 %       14 %
normal, standard deviation 2.5         91 %, 8    77 %, 58   65 %, 111  44 %
two ahead by 1.5, alike                0 %        3 %        1 %        0 %
=====================================  =========  =========  =========  =========

Of 2 or 5 people who voted one after the other on two equal images, 40 pairs each, 2.4 and 3.2 % saw
a leader in their own votes, and all votes together ever named one in 3.0 and 3.9 % of 1,000 groups.

One that was not the best was named in at most 1 %. After three pairs for each image the strongest
was the best in 56 to 93 % of votes on 6 to 24 images (of those three kinds: ahead by 2, normal);
with drawn pairs in 35 to 84 %, with each pair once before any twice in 38 to 86 %.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Sequence
from typing import Generic, TypeVar

OUT = math.log(20)  # 5 %, by Ville's inequality
VARIANCE = 2.25  # of strengths, in logits, before any vote
Item = TypeVar("Item", bound=Hashable)


class Race(Generic[Item]):
    """The strengths of items and the evidence against each, vote by vote.

    Args:
        items: what is voted on.
        points: the votes in their order: two items, and the part of the point that the first has.
    """

    def __init__(self, items: Sequence[Item], points: Iterable[tuple[Item, Item, float]] = ()):
        self.strengths = dict.fromkeys(items, 0.0)
        self._variances = dict.fromkeys(items, VARIANCE)
        self._evidence = dict.fromkeys(items, 0.0)
        self._unequal = self._highest = 0.0
        self.contenders = list(self.strengths)
        for left, right, share in points:
            self.add(left, right, share)

    @property
    def leader(self) -> Item | None:
        """The last contender, once it is certain that the items are not equal."""
        alone = len(self.contenders) == 1 < len(self.strengths)
        return self.contenders[0] if alone and self._highest >= OUT else None

    def add(self, left: Item, right: Item, share: float) -> None:
        """Count a vote: the bets of both are settled, then the strengths move."""
        chance = self._chance(left, right)
        gain = _gain(chance, share)
        self._unequal += gain
        self._highest = max(self._highest, self._unequal)
        loser = right if chance > 0.5 else left  # the other one expects to win, and bets nothing
        self._evidence[loser] += gain
        if self._evidence[loser] >= OUT and loser in self.contenders:
            self.contenders.remove(loser)
        self._move(left, right, chance, share)

    def information(self, left: Item, right: Item) -> float:
        """Return how much a vote on two would say of how far apart they are."""
        chance = self._chance(left, right)
        return (self._variances[left] + self._variances[right]) * chance * (1 - chance)

    def _chance(self, left: Item, right: Item) -> float:
        """Return with which chance the left one is expected to win."""
        away = self.strengths[left] - self.strengths[right]
        return 1 / (1 + math.exp(-away * self._damping(left, right)))

    def _damping(self, left: Item, right: Item) -> float:
        """Return by how much uncertain strengths draw a chance towards one half."""
        variance = self._variances[left] + self._variances[right]
        return 1 / math.sqrt(1 + math.pi * variance / 8)

    def _move(self, left: Item, right: Item, chance: float, share: float) -> None:
        damping = self._damping(left, right)
        curvature = damping**2 * chance * (1 - chance)
        weight = 1 + curvature * (self._variances[left] + self._variances[right])
        for item, surprise in ((left, share - chance), (right, chance - share)):
            variance = self._variances[item]
            self.strengths[item] += variance * damping * surprise / weight
            self._variances[item] = variance * (1 - variance * curvature / weight)


def _gain(chance: float, share: float) -> float:
    """Return by how much the logarithm of a bet on that chance grows with a vote."""
    return math.log(2) + share * math.log(chance) + (1 - share) * math.log(1 - chance)
