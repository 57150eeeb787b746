"""How far a table of distances is parted by labels, for any arrangement of them.

The share is that of the squares between the labels in the squares between and within. What lies
within is the spread of each label, weighted by how much of it comes to lie between by chance (M. J.
Anderson, D. C. I. Walsh, K. R. Clarke, R. N. Gorley and E. Guerra-Castro, "Some solutions to the
multivariate Behrens-Fisher problem for dissimilarity-based analyses", Australian & New Zealand
Journal of Statistics 59, 2017; of numbers, M. B. Brown and A. B. Forsythe 1974): otherwise few
images that vary much would pass for an effect beside many that vary little. With as many images of
each label in each block the weights are 1, and the share is that of PERMANOVA.

NumPy, where it is there, does many arrangements at once; the shares are the same without it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from operator import itemgetter

from nanobanana_nb.stats.distance import Matrix

Block = tuple[int, ...]  # the positions of one stratum
Arrangement = tuple[tuple[int, ...], ...]  # for each stratum the labels of its images
_NOTHING = 1e-9  # of all squares


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
        self._diagonal = [row[i] for i, row in enumerate(self._table)]
        self._least = _NOTHING * sum(self._diagonal)

    def of(self, arrangements: Sequence[Arrangement]) -> list[float]:
        """Return for each arrangement the share of the labels and of the cells together.

        All arrangements have the same labels in each block.
        """
        if self._least <= 0:  # all images are alike
            return [0.0] * len(arrangements)
        weights = spread_weights(arrangements[0])
        try:
            return self._at_once(arrangements, weights)
        except ImportError:
            return [self._of(arrangement, weights) for arrangement in arrangements]

    def _at_once(
        self, arrangements: Sequence[Arrangement], weights: dict[int, float]
    ) -> list[float]:
        import numpy

        table, diagonal = numpy.array(self._table), numpy.array(self._diagonal)
        labels = numpy.array([[i for block in blocks for i in block] for blocks in arrangements])
        between, total = numpy.zeros(len(labels)), numpy.zeros(len(labels))
        for label, weight in weights.items():
            members = (labels == label).astype(float)
            for span in (slice(None), *self._spans):
                part = members[:, span]
                if count := part[0].sum():
                    square = ((part @ table[span, span]) * part).sum(axis=1) / count
                    between += square
                    if span != slice(None):
                        total += square + weight * (part @ diagonal[span] - square)
        return [float(share) for share in between / numpy.maximum(total, self._least)]

    def _of(self, arrangement: Arrangement, weights: dict[int, float]) -> float:
        groups: dict[int, list[int]] = {}
        cells: dict[tuple[int, int], list[int]] = {}
        flat = ((n, label) for n, labels in enumerate(arrangement) for label in labels)
        for i, (stratum, label) in enumerate(flat):
            groups.setdefault(label, []).append(i)
            cells.setdefault((stratum, label), []).append(i)
        between, total = sum(map(self._square, groups.values())), 0.0
        for (_, label), members in cells.items():
            square = self._square(members)
            within = sum(self._diagonal[i] for i in members) - square
            between += square
            total += square + weights[label] * within
        return between / max(total, self._least)

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


def spread_weights(arrangement: Arrangement) -> dict[int, float]:
    """Return how much the squares within each label count: 1 where all are as many.

    A label without repeats is taken to spread as much as the others.
    """
    blocks = [Counter(block) for block in arrangement]
    sizes: Counter[int] = sum(blocks, Counter())
    freedom = {label: sum(b[label] - 1 for b in blocks if label in b) for label in sizes}
    parts = {label: _chance_between(label, blocks, sizes) for label in sizes}
    whole = sum(parts.values())
    unknown = sum(part for label, part in parts.items() if not freedom[label]) / whole
    return {
        label: unknown + sum(freedom.values()) * part / whole / max(1, freedom[label])
        for label, part in parts.items()
    }


def _chance_between(label: int, blocks: Sequence[Counter[int]], sizes: Counter[int]) -> float:
    """Return how often the variance of a label is expected in the squares between, by chance."""
    expected = 0.0
    for block in blocks:
        count, size = block[label], block.total()
        shares = {other: n / size for other, n in block.items() if other != label}
        own = (1 - count / size) ** 2 / sizes[label]
        others = sum(share**2 / sizes[other] for other, share in shares.items())
        expected += (count > 0) * (1 - count / size) + count * (own + others)
    return expected
