"""Which pair to vote on next: the one that says the most about what is the best. Pure numbers."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache
from itertools import combinations
from typing import Protocol

from nanobanana_nb.stats.group_cells import GroupCells, Traits
from nanobanana_nb.stats.groups import ranked_groups
from nanobanana_nb.stats.likelihood import Point
from nanobanana_nb.stats.race import Race

Pair = tuple[str, str]
Familiarity = Callable[[Pair], tuple[bool, int]]  # whether it was the last one, how often seen


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

    The rival is the contender that has met it the least. Of the items those meet that are alike
    but for the group, those that were seen together the least first.

    Args:
        groups: the group that each item belongs to.
        traits: what else an item is; some items of two groups must be alike in it.
    """

    def __init__(self, groups: Mapping[str, str], traits: Traits) -> None:
        self.items: Collection[str] = groups
        self._groups, self._traits = groups, traits
        self._cells = GroupCells(groups, traits)
        self._pairs = cache(self._cells.pairs)
        self.count(())

    def __len__(self) -> int:
        return len(self._cells.names)

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
        self._ranking = ranked_groups(self._groups, points, self._traits)
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
        names = [standing.name for standing in ranking.standings]
        contenders = [name for name in names if name in ranking.contenders]
        if not ranking.votes or not self._meetable(contenders):
            chance.shuffle(names)
            contenders = [name for name in names if name in contenders]
        pairs = self._meetable(contenders) or self._meetable(names)
        rivals = [pair for pair in pairs if pair[0] == pairs[0][0]]
        return min(rivals, key=lambda pair: self._meetings[frozenset(pair)])

    def _meetable(self, names: Sequence[str]) -> list[Pair]:
        """Return every two of these groups that have items which are alike in all else."""
        return [pair for pair in combinations(names, 2) if self._pairs(*pair)]
