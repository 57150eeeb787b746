"""Ranks of groups of items, as the values of an axis are, from votes on pairs of the items.

The strength of a group is the mean of those of its items (see `bradley_terry`). Of two groups those
count that are alike in all else: where an axis is uneven, images of a place that one value alone
has would tell of the place. Of 1,000 votes of 100 pairs by somebody who likes night in 85 % and
tosses a coin for the style, where no image of ink by night is here, 3.4 % named a style. Counting
how often a group wins would not do either: the best item is voted on more often than others, and
whatever group it is in would seem the best. In simulations of equal groups of three or four unequal
items, of which those that still could win were shown, such counts named a group in 71 to 81 %.

One group leads another where the votes are that much more likely with the strengths that fit them
best than with the best ones that make the two groups equal: at the bound of H. Robbins
(Statistical methods related to the law of the iterated logarithm, Annals of Mathematical
Statistics 41, 1970), which a normal variable ever passes with 5 %, whenever somebody looks.

Simulated with pairs that the ballot chose for the values of an axis, looked at after each of up to
100 pairs (`pytest -m slow -s -k groups`). Of 1,000 votes on equal values a value was named in 2.9 %
with 2 values of 2 images, in 3.5 % with 2 of 3, in 0.2 % with 3 of 4. How many other votes named
one, 80 of each kind and up to 150 pairs, and after how many pairs half of them had done so, items
lying s around the mean of their group:

==============  ============  =====================  ===================
groups × items  equal, s 1.5  one ahead by 1, s 0.5  one ahead by 2, s 1
==============  ============  =====================  ===================
2 × 2           2 %           99 %, 34               100 %, 12
2 × 3           0 %           100 %, 34              100 %, 16
3 × 4           0 %           94 %, 80               100 %, 34
==============  ============  =====================  ===================

A worse group was never named, and 92 to 100 % of the intervals held the truth. Of pairs that were
chosen to find the best image, or drawn, fewer than half named a group that was ahead by 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import itemgetter

from nanobanana_nb.stats.bradley_terry import Ranking, ranked, standings_of
from nanobanana_nb.stats.group_cells import GroupCells, Traits
from nanobanana_nb.stats.group_means import GroupMeans
from nanobanana_nb.stats.likelihood import Likelihood, Point


def ranked_groups(
    groups: Mapping[str, str], points: Sequence[Point], traits: Traits | None = None
) -> Ranking:
    """Return the groups as the votes on their items rank them.

    Two groups are compared in the items that are alike in all else (see `group_cells`). The first
    is the best where it leads each other one. Votes within a group help to tell how strong its
    items are, and are not counted. Groups of one item each are ranked as items are.

    Args:
        groups: the group that each item belongs to.
        traits: what else an item is.
    """
    cells = GroupCells(groups, traits or {})
    names = cells.names
    between = [(groups[left], groups[right], share) for left, right, share in points]
    if len(names) == len(groups) and not cells.unlike:
        return ranked(names, between)
    means = GroupMeans(Likelihood(list(groups), points), [cells.advantage(n) for n in names])
    apart = [point for point in between if point[0] != point[1]]
    standings = standings_of(names, means.values, means.spread, apart)
    first = max(zip(means.values, names, strict=True), key=itemgetter(0))[1]
    rivals = [n for n in names if n != first and not _leads(first, n, cells, means)]
    best = None if rivals or len(names) < 2 else first
    contenders = tuple(name for name in names if name in (first, *rivals))
    return Ranking(standings, len(apart), best, contenders)


def _leads(first: str, other: str, cells: GroupCells, means: GroupMeans) -> bool:
    """Whether the first is better; of two that are nowhere alike none is."""
    return bool(cells.pairs(first, other)) and means.is_ahead(cells.difference(first, other))
