"""Whether the values of an axis differ in their means, whatever the spread of each is.

B. L. Welch, "The generalization of 'Student's' problem when several different population variances
are involved", Biometrika 34, 1947: the difference by its error, each value with the variance of its
own repeats.

A test of permutations alone is exact where all images are drawn alike, and takes a spread for a
mean where few vary much. Simulated, 2,000 grids each in which all means are equal and a value of
the axis varies five times as much as the others: how often the mean of the axis is said to move,
and how often its mean or its spread (`pytest -m slow -s -k uneven_effects_long`).

===================  =============  ============  ============  ============  ============
scores               6 | 6 images   3 | 9         4 | 4 | 4     3 | 3 | 9     2 × (2 | 6)
                     of each value
===================  =============  ============  ============  ============  ============
all vary alike:
normal               5 %            4 %, 1 %      5 %           3 %, 1 %      3 %, 0 %
exponential          5 %            3 %, 0 %      5 %           2 %, 1 %      2 %, 0 %
yes or no            0 %            2 %, 0 %      2 %           3 %, 0 %      1 %, 0 %
the first varies more:
normal               7 %            6 %, 9 %      12 %          6 %, 10 %     5 %, 5 %
exponential          12 %           14 %, 10 %    19 %          14 %, 9 %     12 %, 4 %
the last varies more:
normal               7 %            1 %, 0 %      14 %          1 %, 0 %      1 %, 0 %
exponential          12 %           3 %, 0 %      18 %          5 %, 0 %      2 %, 0 %
===================  =============  ============  ============  ============  ============

In the last column the correction for two axes counts as well. Above 8 % lie skewed scores whose few
images, or whose values of equal counts, vary so unequally, and three values of equal counts.

With the pooled variance and without Welch's test 34 % were called an effect of 3 | 9 images, 24 %
of 3 | 3 | 9 and 25 % of 2 × (2 | 6) (the first varies more, normal). What this costs where all
vary alike, values shifted by 1 and by 2 deviations of the noise: of 3 | 9 images 27 % and 52 % are
said to move and 7 % and 8 % are unclear, 38 % and 63 % moved before. Of equal counts nothing is
lost: the statistic is PERMANOVA's, and Welch's test is not asked.
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
