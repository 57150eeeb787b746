"""What may be said of each axis: an effect, or that nothing can be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from nanobanana_nb.stats import spread
from nanobanana_nb.stats.contrast import Contrast
from nanobanana_nb.stats.distance import Matrix
from nanobanana_nb.stats.effects import Estimate
from nanobanana_nb.stats.permutation import Significance, permutation_test
from nanobanana_nb.stats.spread import Cell, Mean
from nanobanana_nb.text.terminal import printed

LEVEL = 0.05
MOST_REPEATS = 12
USUAL = 3  # images of each: fewer tell only what is very clear
UNTESTED = Significance(1.0, 1.0)
Tables = Sequence[tuple[str, Matrix]]  # what each sees, and the distances that it has


class Verdict(StrEnum):
    """What may be said of one axis."""

    EFFECT = "effect"
    MEAN_OR_SPREAD = "effect on mean or spread"  # of a score: which of them is not clear
    CANNOT_TELL = "cannot tell"
    ONE_EACH = "cannot tell with n=1"


@printed
@dataclass(frozen=True)
class AxisChance:
    """One axis measured against chance.

    `within` is the mean distance of images that ask for the same, `between` that of images
    which differ in this axis only. `p` is corrected for the number of axes, `own_p` is not.
    `needs` is how many images of each combination a test at 5 % wants, 0 where there are enough
    or none would do. `measure` is what the axis moves most; the distances are those of it. Of a
    score there are the `means` of the values, and the `differences` of every two.
    """

    name: str
    within: Mean | None
    between: Mean | None
    own_p: float | None
    p: float | None
    needs: int
    verdict: Verdict
    measure: str = ""
    means: tuple[Estimate, ...] = ()
    differences: tuple[Estimate, ...] = ()
    depends_on: tuple[str, ...] = ()

    @property
    def ratio(self) -> float | None:
        """How many times farther apart than chance the axis sets images."""
        if self.within is None or self.between is None or not self.within.value:
            return None
        return self.between.value / self.within.value


def judged(
    axes: Sequence[Contrast], tables: Tables, cells: Sequence[Cell]
) -> tuple[AxisChance, ...]:
    """Return each axis measured against the chance of the grid: how far repeats lie apart."""
    repeated = any(len(cell) > 1 for cell in cells)
    matrices = [matrix for _, matrix in tables]
    tests = [
        permutation_test(matrices, axis.labels, axis.strata) if repeated else UNTESTED
        for axis in axes
    ]
    corrected = holm(tests)
    chances = []
    for n, axis in enumerate(axes):
        measure, matrix = tables[tests[n].table]
        within = spread.within(matrix, cells)
        between = spread.between(matrix, cells, axis.pairs(cells))
        verdict = _verdict(within, between, corrected[n])
        enough = verdict is Verdict.EFFECT or _could_tell(tests, n) or is_constant(tables)
        needs = 0 if enough else images_needed(axis, len(axes))
        raw_p, p = (tests[n].p, corrected[n]) if within else (None, None)
        chances.append(AxisChance(axis.name, within, between, raw_p, p, needs, verdict, measure))
    return tuple(chances)


def is_constant(tables: Tables) -> bool:
    """Whether nothing sees any two images apart: more of the same would not help."""
    return not any(map(any, (row for _, matrix in tables for row in matrix)))


def images_needed(axis: Contrast, axes: int) -> int:
    """Return how many images of each combination could show anything at 5 %, 0 if none could."""
    counts = range(2, MOST_REPEATS + 1)
    return next((count for count in counts if axis.smallest_p(count) * axes <= LEVEL), 0)


def holm(tests: Sequence[Significance]) -> list[float]:
    """Return the p of each test corrected for there being several.

    S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of
    Statistics 6, 1979. A test that cannot reach 5 % whatever the images are makes no false
    alarm and is not counted (R. E. Tarone, "A modified Bonferroni method for discrete data",
    Biometrics 46, 1990).
    """
    corrected = [test.p for test in tests]
    family = [n for n, test in enumerate(tests) if test.smallest_p <= LEVEL]
    highest = 0.0
    for rank, n in enumerate(sorted(family, key=lambda n: tests[n].p)):
        highest = max(highest, min(1.0, (len(family) - rank) * tests[n].p))
        corrected[n] = highest
    return corrected


def _verdict(within: Mean | None, between: Mean | None, p: float) -> Verdict:
    if within is None:
        return Verdict.ONE_EACH
    farther = between is not None and between.value > within.value
    return Verdict.EFFECT if farther and p <= LEVEL else Verdict.CANNOT_TELL


def _could_tell(tests: Sequence[Significance], n: int) -> bool:
    """Whether the clearest images could have made test `n` an effect."""
    clearest = replace(tests[n], p=tests[n].smallest_p)
    return holm([*tests[:n], clearest, *tests[n + 1 :]])[n] <= LEVEL
