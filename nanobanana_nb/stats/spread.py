"""Mean distances within and between the cells of a grid, with their standard errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import sqrt
from statistics import fmean, variance

from nanobanana_nb.stats.distance import Matrix
from nanobanana_nb.text.terminal import printed

Cell = tuple[int, ...]  # the positions of the images that ask for the same


@printed
@dataclass(frozen=True)
class Mean:
    """A mean and its standard error, which is None where too few images tell it."""

    value: float
    error: float | None = None

    def __str__(self) -> str:
        return f"{self.value:.3f}" + ("" if self.error is None else f" ± {self.error:.3f}")


def within(matrix: Matrix, cells: Sequence[Cell]) -> Mean | None:
    """Return how far images of the same cell lie apart; None where each cell has one image.

    The error is the jackknife's, leaving out one image at a time (J. N. Arvesen,
    "Jackknifing U-statistics", Annals of Mathematical Statistics 40, 1969); with two or three
    images a cell it is up to 1.4 times too large, never too small.
    """
    pairs = [(matrix[i][j], i, j) for cell in cells for i, j in combinations(cell, 2)]
    if not pairs:
        return None
    sums: dict[int, list[float]] = {}
    for apart, i, j in pairs:
        sums.setdefault(i, []).append(apart)
        sums.setdefault(j, []).append(apart)
    total = sum(apart for apart, _, _ in pairs)
    rests = [(total - sum(part), len(pairs) - len(part)) for part in sums.values()]
    if not all(count for _, count in rests):
        return Mean(total / len(pairs))
    means = [value / count for value, count in rests]
    return Mean(total / len(pairs), (len(means) - 1) / sqrt(len(means)) * sqrt(variance(means)))


def between(matrix: Matrix, cells: Sequence[Cell], pairs: Sequence[tuple[int, int]]) -> Mean | None:
    """Return how far images of two cells lie apart, the mean over the `pairs` of cells.

    The error is that of the chance within the cells; that one pair of cells lies farther apart
    than another is no chance. Cells of one image, which show no chance, are taken to have as
    much as the others. None where there are no pairs.
    """
    if not pairs:
        return None
    partners: dict[int, list[int]] = {}
    for a, b in pairs:
        partners.setdefault(a, []).append(b)
        partners.setdefault(b, []).append(a)
    shares: dict[int, list[float]] = {}
    for a, others in partners.items():
        means = [[fmean(matrix[i][j] for j in cells[b]) for b in others] for i in cells[a]]
        shares[a] = [sum(row) / len(pairs) for row in means]
    value = sum(map(fmean, shares.values())) / 2
    known = [variance(part) / len(part) for part in shares.values() if len(part) > 1]
    error = sqrt(sum(known) * len(shares) / len(known)) if known else None
    return Mean(value, error)
