"""Items of groups by their places on the other axes: what of two groups can be compared."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from itertools import combinations, product

Traits = Mapping[str, Sequence[Hashable]]  # what else an item is, beside its group
Cells = dict[tuple[Hashable, ...], list[str]]


class GroupCells:
    """The items of each group that are alike in all else.

    Args:
        groups: the group that each item belongs to.
        traits: what else an item is; items without any are alike.
    """

    def __init__(self, groups: Mapping[str, str], traits: Traits) -> None:
        self._items = list(groups)
        self._cells: dict[str, Cells] = {}
        for item, group in groups.items():
            own = self._cells.setdefault(group, {})
            own.setdefault(tuple(traits.get(item, ())), []).append(item)
        self.names = list(self._cells)

    def pairs(self, one: str, other: str) -> list[tuple[str, str]]:
        """Return the items of two groups that differ in nothing else."""
        ours, theirs = self._cells[one], self._cells[other]
        return [p for place in ours if place in theirs for p in product(ours[place], theirs[place])]

    @property
    def unlike(self) -> list[tuple[str, str]]:
        """Every two groups that have no such items."""
        return [two for two in combinations(self.names, 2) if not self.pairs(*two)]

    def difference(self, one: str, other: str) -> list[float]:
        """Return the weights of all items in how much stronger the first of two groups is.

        Each place that both have counts once, whatever the number of its items.
        """
        ours, theirs = self._cells[one], self._cells[other]
        both = [place for place in ours if place in theirs]
        weights = dict.fromkeys(self._items, 0.0)
        for sign, cells in ((1, ours), (-1, theirs)):
            for place in both:
                for item in cells[place]:
                    weights[item] += sign / len(cells[place]) / len(both)
        return list(weights.values())

    def advantage(self, name: str) -> list[float]:
        """Return the weights of all items in how much stronger a group is than the average."""
        rivals = [self.difference(name, other) for other in self.names]
        return [sum(column) / len(rivals) for column in zip(*rivals, strict=True)]
