"""Which points of a grid are made, and which of them first. Points are indices along each axis.

Everything here is arithmetic: the same axes and the same seed give the same points.
"""

from __future__ import annotations

import hashlib
import heapq
import itertools
import random
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.prompt import value_syntax
from nanobanana_nb.text.doors import words

MOST_CELLS = 10_000
_MOST_COMBINATIONS = 10**300  # more than a float holds cannot be drawn from
Point = tuple[int, ...]


@dataclass(frozen=True)
class Choice:
    """How many of a grid's combinations are made, and how often each.

    `sample` are drawn with `seed`, each with all its repeats; a `scout` makes what shows each
    value once, and that once.
    """

    repeats: int = 1
    sample: int | None = None
    scout: bool = False
    seed: int = 0

    @property
    def times(self) -> range:
        """The numbers of the repeats that are made."""
        return range(1, 2 if self.scout else self.repeats + 1)

    def points(self, sizes: Sequence[int]) -> list[Point]:
        """Return the combinations to make, in the order of the grid.

        Raises:
            InputError: they are none, or too many.
        """
        self.check(sizes)
        if self.sample is None:
            return diagonal(sizes) if self.scout else all_points(sizes)
        points = random_points(sizes, self.sample, self.seed)
        return sorted(cover(points)) if self.scout else points

    def check(self, sizes: Sequence[int]) -> None:
        """Refuse what cannot be made, before anything is built.

        Raises:
            InputError: it is nothing, or too much.
        """
        if self.repeats < 1:
            what = f"repeats (-n) cannot be {value_syntax.figure(self.repeats)}"
            raise InputError(what, action="At least one.")
        if self.sample is not None and self.sample < 1:
            what = f"A sample of {value_syntax.figure(self.sample)} is none"
            raise InputError(what, action="Draw at least one.")
        whole = prod(sizes)
        count = max(sizes, default=1) if self.scout else whole
        count = count if self.sample is None else min(self.sample, whole)
        count *= 1 if self.scout else self.repeats
        if count > MOST_CELLS:
            raise InputError(
                f"That would be {value_syntax.figure(count)} images",
                action=f"At most {MOST_CELLS:,} at once; {_part()}.",
            )
        if self.sample is not None and whole > _MOST_COMBINATIONS:
            raise InputError("There are too many combinations to draw from", action="Vary less.")


def _part() -> str:
    return words(
        "--sample or --scout makes a part",
        python="sample=N or scout=True makes a part",
        panel="leave out values, or make a cell of it: that takes a sample",
    )


def all_points(sizes: Sequence[int]) -> list[Point]:
    """Return every point, the last axis running fastest."""
    return list(itertools.product(*map(range, sizes)))


def random_points(sizes: Sequence[int], count: int, seed: int) -> list[Point]:
    """Return `count` points at random, in the order of the grid; all of them if there are fewer.

    Only `Random.random` is used, whose sequence Python promises to keep for a seed.
    """
    total = prod(sizes)
    if count >= total:
        return all_points(sizes)
    chance = random.Random(seed)
    left_out = count > total // 2
    chosen: set[int] = set()
    while len(chosen) < (total - count if left_out else count):
        chosen.add(min(int(chance.random() * total), total - 1))
    numbers = [n for n in range(total) if n not in chosen] if left_out else sorted(chosen)
    return [_point(n, sizes) for n in numbers]


def seed_for(*parts: object) -> int:
    """Return a seed that is the same whenever the same is asked for."""
    digest = hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:4], "big") >> 1


def diagonal(sizes: Sequence[int], start: Sequence[int] = ()) -> list[Point]:
    """Return the fewest points that show each value once, in the order of the grid.

    With `start`, each value from there on is shown, beside the others in turn.
    """
    first = tuple(start) or (0,) * len(sizes)
    new = [size - begin for size, begin in zip(sizes, first, strict=True)]
    steps = range(max(new, default=1))
    points = {
        tuple(b + k % n if n else k % s for s, b, n in zip(sizes, first, new, strict=True))
        for k in steps
    }
    return sorted(points)


def cover(points: Sequence[Point]) -> list[Point]:
    """Return few of the points that show each of their values at least once.

    Greedy: next is the point that shows most values not seen yet, the earliest among equals
    (Chvátal, "A greedy heuristic for the set-covering problem", 1979). For a whole grid these
    are as few as can be.
    """
    covered: set[tuple[int, int]] = set()
    values = {value for point in points for value in enumerate(point)}
    queue = [(-len(points[0]), n) for n in range(len(points))] if points else []
    chosen: list[Point] = []
    while len(covered) < len(values):
        gain, n = heapq.heappop(queue)
        fresh = set(enumerate(points[n])) - covered
        if len(fresh) == -gain:
            covered |= fresh
            chosen.append(points[n])
        elif fresh:
            heapq.heappush(queue, (-len(fresh), n))
    return chosen


def early_first(cells: Sequence[tuple[Point, int]]) -> tuple[int, ...]:
    """Return the order in which to run cells, given the point and repeat of each.

    First a few that show each value once, then the rest of the first repeats, then the others.
    """
    points = list(dict.fromkeys(point for point, _ in cells))
    early = {point: n for n, point in enumerate(cover(points))}
    earliest: dict[Point, int] = {}
    for point, repeat in cells:
        earliest[point] = min(repeat, earliest.get(point, repeat))
    ranks = [
        (0, early[point], index)
        if point in early and repeat == earliest[point]
        else (1, repeat, index)
        for index, (point, repeat) in enumerate(cells)
    ]
    return tuple(index for _, _, index in sorted(ranks))


def _point(number: int, sizes: Sequence[int]) -> Point:
    point = []
    for size in reversed(sizes):
        number, index = divmod(number, size)
        point.append(index)
    return tuple(reversed(point))
