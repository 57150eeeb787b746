"""Which pair to vote on next: the one that says the most about what is the best. Pure numbers."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from typing import Protocol

from nanobanana_nb.stats.groups import ranked_groups
from nanobanana_nb.stats.likelihood import Point
from nanobanana_nb.stats.race import Race

Pair = tuple[str, str]
Familiarity = Callable[[Pair], tuple[bool, int]]  # whether it was the last one, how often seen
Traits = Mapping[str, Sequence[Hashable]]


class Contest(Protocol):
    """What a vote is about, and what the votes say of it so far."""

    @property
    def items(self) -> Collection[str]:
        """What is compared."""
        ...

    @property
    def contenders(self) -> Sequence[str]:
        """What can still be the best."""
        ...

    @property
    def leader(self) -> str | None:
        """What is the best, None where it is not certain."""
        ...

    def __len__(self) -> int: ...

    def count(self, points: Sequence[Point]) -> None:
        """Go by these votes from now on."""
        ...

    def pair(self, seen: Familiarity, chance: random.Random) -> Pair:
        """Return two items that are to be compared next."""
        ...


class ItemContest:
    """Which item is the best: the strongest contender meets a rival.

    The rival is the one that was seen the least beside it; of those alike the one about which a
    vote says the most.
    """

    def __init__(self, items: Sequence[str]) -> None:
        self.items: Collection[str] = items
        self.count(())

    def __len__(self) -> int:
        return len(self.items)

    @property
    def contenders(self) -> Sequence[str]:
        """The items that can still be the best."""
        return self._race.contenders

    @property
    def leader(self) -> str | None:
        """The item that is the best."""
        return self._race.leader

    def count(self, points: Sequence[Point]) -> None:
        """Go by these votes from now on."""
        self._race = Race(list(self.items), points)

    def pair(self, seen: Familiarity, chance: random.Random) -> Pair:
        """Return the strongest contender and its rival; any two where there are no contenders."""
        race = self._race
        is_over = len(race.contenders) < 2
        items = list(self.items if is_over else race.contenders)
        chance.shuffle(items)  # of those alike the first is taken
        first = items[0] if is_over else max(items, key=race.strengths.__getitem__)
        pairs = [(first, rival) for rival in items if rival != first]
        return min(pairs, key=lambda pair: (*seen(pair), -race.information(*pair)))


class GroupContest:
    """Which group of items is the best: one of the strongest meets one of a rival.

    The rival is the contender that has met it the least. Of the items those meet that are the
    most alike but for the group, those that were seen together the least first.

    Args:
        groups: the group that each item belongs to.
        traits: what else an item is, in as many respects as the others.
    """

    def __init__(self, groups: Mapping[str, str], traits: Traits) -> None:
        self.items: Collection[str] = groups
        self._groups = groups
        self._members: dict[str, list[str]] = {}
        for item, group in groups.items():
            self._members.setdefault(group, []).append(item)
        self._pairs = cache(lambda one, other: [*self._alike(one, other, traits)])
        self.count(())

    def __len__(self) -> int:
        return len(self._members)

    @property
    def contenders(self) -> Sequence[str]:
        """The groups that can still be the best."""
        return self._ranking.contenders

    @property
    def leader(self) -> str | None:
        """The group that is the best."""
        return self._ranking.best

    def count(self, points: Sequence[Point]) -> None:
        """Go by these votes from now on."""
        self._race = Race(list(self._groups), points)
        self._ranking = ranked_groups(self._groups, points)
        self._meetings = Counter(
            frozenset((self._groups[left], self._groups[right])) for left, right, _ in points
        )

    def pair(self, seen: Familiarity, chance: random.Random) -> Pair:
        """Return two items of different groups; of any where there are no contenders."""
        pairs = list(self._pairs(*self._next_groups(chance)))
        chance.shuffle(pairs)
        return min(pairs, key=lambda pair: (*seen(pair), -self._race.information(*pair)))

    def _next_groups(self, chance: random.Random) -> Pair:
        """Return the strongest contender, and the one that it has met the least."""
        ranking = self._ranking
        is_over = len(ranking.contenders) < 2
        names = [s.name for s in ranking.standings if is_over or s.name in ranking.contenders]
        if is_over or not ranking.votes:
            chance.shuffle(names)
        first, *rest = names
        return first, min(rest, key=lambda name: self._meetings[frozenset((first, name))])

    def _alike(self, one: str, other: str, traits: Traits) -> Iterator[Pair]:
        """Yield of two groups each item with those of the other that are the most alike to it."""
        apart = {
            (a, b): sum(x != y for x, y in zip(traits[a], traits[b], strict=True))
            for a, b in product(self._members[one], self._members[other])
        }
        nearest: dict[str, int] = {}
        for pair, distance in apart.items():
            for item in pair:
                nearest[item] = min(distance, nearest.get(item, distance))
        for (a, b), distance in apart.items():
            if distance in (nearest[a], nearest[b]):
                yield a, b
