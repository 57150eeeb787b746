"""Which images of a grid differ in one axis only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from nanobanana_nb.errors import InputError
from nanobanana_nb.stats.permutation import smallest_p
from nanobanana_nb.stats.spread import Cell

Ids = tuple[int, ...]  # for each image a number; equal numbers belong together


@dataclass(frozen=True)
class Contrast:
    """One axis: which value each image has, and which images agree in all other axes.

    `values` are those of the axis as words, by their number.
    """

    name: str
    labels: Ids
    strata: Ids
    values: tuple[str, ...] = ()

    def pairs(self, cells: Sequence[Cell]) -> list[tuple[int, int]]:
        """Return the pairs of cells that differ in this axis only."""
        strata: dict[int, list[int]] = {}
        for n, cell in enumerate(cells):
            strata.setdefault(self.strata[cell[0]], []).append(n)
        return [pair for members in strata.values() for pair in combinations(members, 2)]

    @property
    def is_even(self) -> bool:
        """Whether images that agree in all other axes are as many of each value."""
        sizes = Counter(zip(self.strata, self.labels, strict=True))
        counts: dict[int, set[int]] = {}
        for (stratum, _), count in sizes.items():
            counts.setdefault(stratum, set()).add(count)
        return all(len(own) == 1 for own in counts.values())

    def smallest_p(self, images: int) -> float:
        """Return the least p that a test could give with at least so many `images` a cell."""
        sizes = Counter(zip(self.strata, self.labels, strict=True))
        rows, columns = dict.fromkeys(self.strata), dict.fromkeys(self.labels)
        counts = [[sizes[row, column] for column in columns] for row in rows]
        return smallest_p([[max(count, images) if count else 0 for count in row] for row in counts])


def contrasts(images: Sequence[Mapping[str, str]], names: Iterable[str]) -> tuple[Contrast, ...]:
    """Return those of the `names` of which the images have several values.

    Axes that never part are one, named `a + b`.

    Raises:
        InputError: an image lacks the value of an axis that others have.
    """
    axes = _axes(images, names)
    contrasts = []
    for labels, members in axes.items():
        others = [other for other in axes if other is not labels]
        strata = _ids(tuple(other[i] for other in others) for i in range(len(images)))
        firsts = [labels.index(label) for label in range(max(labels) + 1)]
        values = tuple(" + ".join(images[i][name] for name in members) for i in firsts)
        contrasts.append(Contrast(" + ".join(members), labels, strata, values))
    return tuple(contrasts)


def cells_of(contrasts: Sequence[Contrast], count: int) -> tuple[Cell, ...]:
    """Return the positions of the images that have the same value on every axis."""
    if not contrasts:
        return (tuple(range(count)),) if count else ()
    cells: dict[tuple[int, int], list[int]] = {}
    for i, place in enumerate(zip(contrasts[0].labels, contrasts[0].strata, strict=True)):
        cells.setdefault(place, []).append(i)
    return tuple(map(tuple, cells.values()))


def _axes(images: Sequence[Mapping[str, str]], names: Iterable[str]) -> dict[Ids, list[str]]:
    """Return the names of each axis, by which images have which of its values."""
    axes: dict[Ids, list[str]] = {}
    for name in names:
        if any(name not in values for values in images):
            raise InputError(f"An image has no value for {name!r}", why="others have one")
        ids = _ids(values[name] for values in images)
        if len(set(ids)) > 1:
            axes.setdefault(ids, []).append(name)
    return axes


def _ids(values: Iterable[Hashable]) -> Ids:
    ids: dict[Hashable, int] = {}
    return tuple(ids.setdefault(value, len(ids)) for value in values)
