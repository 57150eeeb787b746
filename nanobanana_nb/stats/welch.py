"""Whether the values of an axis differ in their means, whatever the spread of each is.

B. L. Welch, "The generalization of 'Student's' problem when several different population variances
are involved", Biometrika 34, 1947: the difference by its error, each value with the variance of its
own repeats.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from statistics import fmean

from nanobanana_nb.stats.contrast import Contrast
from nanobanana_nb.stats.effects import noise, value_pairs
from nanobanana_nb.stats.spread import Cell
from nanobanana_nb.stats.student import quantile


def do_means_differ(axis: Contrast, cells: Sequence[Cell], scores: Sequence[float]) -> bool:
    """Whether two values do at 5 %, in the cells that agree in all other axes.

    A value without repeats has no spread that is known, and differs from none.
    """
    members: dict[int, list[Cell]] = {}
    for cell in cells:
        members.setdefault(axis.labels[cell[0]], []).append(cell)
    noises = {label: noise(own, scores) for label, own in members.items()}
    for a, b, both in value_pairs(axis, cells):
        centres = [[fmean(scores[i] for i in own[label]) for own in both] for label in (a, b)]
        shift = fmean(centres[1]) - fmean(centres[0])
        shares = {n: sum(1 / len(own[n]) for own in both) / len(both) ** 2 for n in (a, b)}
        errors = [(noises[n].variance * share, noises[n].freedom) for n, share in shares.items()]
        if _is_clear(abs(shift), errors):
            return True
    return False


def _is_clear(shift: float, errors: Sequence[tuple[float, int]]) -> bool:
    """Whether a difference is more than chance; each error is a variance, and its freedom."""
    variance = sum(error for error, _ in errors)
    if not all(freedom for _, freedom in errors):
        return False
    if not variance:
        return shift > 0
    freedom = variance**2 / sum(error**2 / own for error, own in errors)
    return shift > quantile(freedom) * sqrt(variance)
