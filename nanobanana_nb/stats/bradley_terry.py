"""Ranks from votes on pairs: the model of Bradley and Terry, with intervals. Pure numbers.

Each item has a strength p, and i is preferred to j with probability p_i / (p_i + p_j). The
strengths are found by the MM algorithm of D. R. Hunter, MM algorithms for generalized
Bradley-Terry models, Annals of Statistics 32 (2004), 384-406. A tie is half a win for each.
Every item has besides tied with an imaginary one of strength 1, so that there is an answer
where somebody won always, or where two groups never met; it draws strengths together a little.
Intervals come from the curvature of the likelihood (Fisher's information) at its maximum.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nanobanana_nb.text.terminal import printed

PRIOR = 1.0  # ties with the imaginary item
Z95 = 1.959964  # 95 % of a normal distribution, both sides
_CLOSE = 1e-9
_MOST_ROUNDS = 10_000
Point = tuple[str, str, float]  # one item, the other, and the first one's part of the point
Counts = Mapping[str, Mapping[str, float]]
Matrix = list[list[float]]


@printed
@dataclass(frozen=True)
class Standing:
    """One item: `score` is the chance that it is preferred to the average of all.

    `low` and `high` hold the score with 95 %; `votes` are those that it was in.
    """

    name: str
    score: float
    low: float
    high: float
    votes: int


@printed
@dataclass(frozen=True)
class Ranking:
    """Items from the best to the worst; `best` is the first where the votes suffice to say so."""

    standings: tuple[Standing, ...]
    votes: int
    best: str | None


def ranked(names: Sequence[str], points: Sequence[Point]) -> Ranking:
    """Return the items as the votes rank them; without votes all stand alike.

    The first is the best where each other one differs from it with 95 %.
    """
    games = _games(points)
    strengths = _strengths(names, games, _wins(points))
    logs = [math.log(strengths[name]) for name in names]
    spread = inverse(_information(names, strengths, games))
    counts = [sum(name in point[:2] for point in points) for name in names]
    found = [Standing(name, *_interval(n, logs, spread), counts[n]) for n, name in enumerate(names)]
    order = sorted(range(len(names)), key=lambda n: -logs[n])
    best = order[0] if order and _leads(order, logs, spread) else None
    standings = tuple(found[n] for n in order)
    return Ranking(standings, len(points), None if best is None else names[best])


def _games(points: Iterable[Point]) -> Counts:
    found: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for one, other, _ in points:
        found[one][other] += 1
        found[other][one] += 1
    return found


def _wins(points: Iterable[Point]) -> Mapping[str, float]:
    found: dict[str, float] = defaultdict(float)
    for one, other, share in points:
        found[one] += share
        found[other] += 1 - share
    return found


def _strengths(names: Sequence[str], games: Counts, wins: Mapping[str, float]) -> dict[str, float]:
    """Return the strengths that make the votes the most likely; each round comes closer."""
    found = dict.fromkeys(names, 1.0)
    for _ in range(_MOST_ROUNDS):
        new = {name: _better(name, found, games, wins) for name in names}
        moved = max((abs(math.log(new[n] / found[n])) for n in names), default=0.0)
        found = new
        if moved < _CLOSE:
            break
    return found


def _better(
    name: str, found: Mapping[str, float], games: Counts, wins: Mapping[str, float]
) -> float:
    own = found[name]
    played = sum(count / (own + found[other]) for other, count in games.get(name, {}).items())
    return (wins.get(name, 0.0) + PRIOR / 2) / (played + PRIOR / (own + 1))


def _information(names: Sequence[str], strengths: Mapping[str, float], games: Counts) -> Matrix:
    """Return the curvature of the likelihood over the logarithms of the strengths."""
    place = {name: n for n, name in enumerate(names)}
    found = [[0.0] * len(names) for _ in names]
    for name, n in place.items():
        found[n][n] += PRIOR * _weight(strengths[name], 1.0)
        for other, count in games.get(name, {}).items():
            weight = count * _weight(strengths[name], strengths[other])
            found[n][n] += weight
            found[n][place[other]] -= weight
    return found


def _weight(one: float, other: float) -> float:
    return one * other / (one + other) ** 2


def inverse(matrix: Matrix) -> Matrix:
    """Return the inverse of a positive definite matrix (elimination of Gauss and Jordan)."""
    size = len(matrix)
    rows = [[*row, *(float(n == m) for m in range(size))] for n, row in enumerate(matrix)]
    for n, pivot in enumerate(rows):
        scale = pivot[n]
        pivot[:] = [value / scale for value in pivot]
        for m, row in enumerate(rows):
            if m != n and row[n]:
                factor = row[n]
                row[:] = [a - factor * b for a, b in zip(row, pivot, strict=True)]
    return [row[size:] for row in rows]


def _interval(n: int, logs: Sequence[float], spread: Matrix) -> tuple[float, float, float]:
    """Return the chance against the average and its interval."""
    size = len(logs)
    away = logs[n] - sum(logs) / size
    weights = [float(m == n) - 1 / size for m in range(size)]
    pairs = ((a * b, n, m) for n, a in enumerate(weights) for m, b in enumerate(weights))
    error = math.sqrt(max(0.0, sum(weight * spread[i][j] for weight, i, j in pairs)))
    low, high = away - Z95 * error, away + Z95 * error
    return _chance(away), _chance(low), _chance(high)


def _chance(away: float) -> float:
    return 1 / (1 + math.exp(-away))


def _leads(order: Sequence[int], logs: Sequence[float], spread: Matrix) -> bool:
    """Whether the first is farther from each of the others than chance would have it."""
    first, *others = order
    return bool(others) and all(
        logs[first] - logs[n] > Z95 * math.sqrt(_between(first, n, spread)) for n in others
    )


def _between(n: int, m: int, spread: Matrix) -> float:
    return max(0.0, spread[n][n] + spread[m][m] - 2 * spread[n][m])
