"""How likely votes on pairs are by the strengths of the items, and how that bends. Pure numbers.

The model is that of Bradley and Terry (see `bradley_terry`), in the logarithms of the strengths.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence

from nanobanana_nb.stats.sparse import SparseMatrix

PRIOR = 0.5  # ties with an imaginary item of strength 1
Point = tuple[str, str, float]  # two items, and the part of the point that the first has


class Likelihood:
    """The votes on items as numbers; `rivals` says how often each item has met which other.

    `wins` are the points of each, those against the imaginary item counted.
    """

    def __init__(self, items: Sequence[str], points: Iterable[Point]) -> None:
        place = {item: n for n, item in enumerate(items)}
        meetings: list[dict[int, float]] = [defaultdict(float) for _ in items]
        self.wins = [PRIOR / 2] * len(items)
        for left, right, share in points:
            one, other = place[left], place[right]
            meetings[one][other] += 1
            meetings[other][one] += 1
            self.wins[one] += share
            self.wins[other] += 1 - share
        self.rivals = [tuple(counts.items()) for counts in meetings]

    def value(self, logs: Sequence[float]) -> float:
        """Return the logarithm of the likelihood, but for a constant."""
        rows = zip(logs, self.wins, self.rivals, strict=True)
        return sum(
            wins * log
            - PRIOR * _log_sum(log, 0.0)
            - sum(count * _log_sum(log, logs[rival]) for rival, count in rivals) / 2
            for log, wins, rivals in rows
        )

    def gradient(self, logs: Sequence[float]) -> list[float]:
        """Return its slope over each logarithm."""
        rows = zip(logs, self.wins, self.rivals, strict=True)
        return [
            wins
            - PRIOR * chance_of(log)
            - sum(count * chance_of(log - logs[rival]) for rival, count in rivals)
            for log, wins, rivals in rows
        ]

    def information(self, logs: Sequence[float]) -> SparseMatrix:
        """Return its curvature (Fisher's information)."""
        rows = []
        for log, rivals in zip(logs, self.rivals, strict=True):
            weights = [(rival, count * _weight(log - logs[rival])) for rival, count in rivals]
            diagonal = PRIOR * _weight(log) + sum([weight for _, weight in weights])
            rows.append((diagonal, [(rival, -weight) for rival, weight in weights]))
        return SparseMatrix(rows)


def chance_of(away: float) -> float:
    """Return how likely one is preferred that lies so far ahead, in logits."""
    return 1 / (1 + math.exp(-away))


def _weight(away: float) -> float:
    chance = chance_of(away)
    return chance * (1 - chance)


def _log_sum(one: float, other: float) -> float:
    """Return the logarithm of the sum of two strengths."""
    return max(one, other) + math.log1p(math.exp(-abs(one - other)))
