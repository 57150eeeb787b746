"""Sums of squares of a distance table, for any arrangement of labels.

NumPy, where it is there, does many arrangements at once; the sums are the same without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from operator import itemgetter

from nanobanana_nb.stats.distance import Matrix

Block = tuple[int, ...]  # the positions of one stratum
Arrangement = tuple[tuple[int, ...], ...]  # for each stratum the labels of its images


class Squares:
    """Sums of squares of a distance table for any arrangement of labels within its blocks.

    The table is centred in each block (J. C. Gower, "Some distance properties of latent root
    and vector methods used in multivariate analysis", Biometrika 53, 1966).
    """

    def __init__(self, matrix: Matrix, blocks: Sequence[Block]) -> None:
        indices = [i for block in blocks for i in block]
        squared = [[matrix[i][j] ** 2 for j in indices] for i in indices]
        ends = [sum(map(len, blocks[:n])) for n in range(len(blocks) + 1)]
        self._spans = [slice(*pair) for pair in pairwise(ends)]
        half = [self._centred(row) for row in squared]
        columns = [self._centred(column) for column in zip(*half, strict=True)]
        self._table: list[list[float]] = [
            [-value / 2 for value in row] for row in zip(*columns, strict=True)
        ]
        self.tolerance = 1e-9 * sum(row[i] for i, row in enumerate(self._table))

    def of(self, arrangements: Sequence[Arrangement]) -> list[float]:
        """Return for each arrangement the squares of the labels and of the cells together.

        All arrangements have the same labels in each block.
        """
        try:
            return self._at_once(arrangements)
        except ImportError:
            return [self._of(arrangement) for arrangement in arrangements]

    def _at_once(self, arrangements: Sequence[Arrangement]) -> list[float]:
        import numpy

        table = numpy.array(self._table)
        labels = numpy.array([[i for block in blocks for i in block] for blocks in arrangements])
        total = numpy.zeros(len(labels))
        for label in numpy.unique(labels):
            members = (labels == label).astype(float)
            for span in (slice(None), *self._spans):
                part = members[:, span]
                if count := part[0].sum():
                    total += ((part @ table[span, span]) * part).sum(axis=1) / count
        return [float(value) for value in total]

    def _of(self, arrangement: Arrangement) -> float:
        groups: dict[int, list[int]] = {}
        cells: dict[tuple[int, int], list[int]] = {}
        flat = ((n, label) for n, labels in enumerate(arrangement) for label in labels)
        for i, (stratum, label) in enumerate(flat):
            groups.setdefault(label, []).append(i)
            cells.setdefault((stratum, label), []).append(i)
        return sum(map(self._square, groups.values())) + sum(map(self._square, cells.values()))

    def _square(self, members: Sequence[int]) -> float:
        if len(members) == 1:
            return self._table[members[0]][members[0]]
        of_members = itemgetter(*members)
        total: float = sum(sum(of_members(self._table[i])) for i in members)
        return total / len(members)

    def _centred(self, row: Sequence[float]) -> list[float]:
        centred: list[float] = []
        for span in self._spans:
            part = row[span]
            mean = sum(part) / len(part)
            centred += [value - mean for value in part]
        return centred
