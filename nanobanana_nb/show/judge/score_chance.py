"""Which axes move a score: the same test and the same correction as for pictures.

How far two images lie apart is the difference of their scores. Simulated, 1,000 grids for false
alarms and 300 for what is found, each value of the first axis shifted by a normal number of the
deviation d, in units of that of the noise (`pytest -m slow -s -k score_chance`):

==========================  ===================  =========================
values of axes × repeats    no effect: normal,   first axis found,
                            exponential noise    d = 1, 2, 4
==========================  ===================  =========================
2 × 4                       3.3 %, 2.9 %         26 %, 50 %, 74 %
3 × 3                       4.7 %, 4.8 %         36 %, 67 %, 90 %
2 × 2 × 3                   5.1 %, 4.6 %         35 %, 64 %, 84 %
3 × 2 × 2                   3.1 %, 3.7 %         33 %, 66 %, 90 %
3 × 2 × 3                   3.7 %, 5.3 %         49 %, 81 %, 94 %
2 × 2 × 2 × 2               3.9 %, 4.5 %         33 %, 64 %, 83 %
==========================  ===================  =========================

The last factor is the repeats; the error of a rate without an effect is 0.7 %. Where two values
happen to be drawn alike, no test finds them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from nanobanana_nb.show.arrange.data import GridData
from nanobanana_nb.show.judge.chance import Chance, comparable, of_grid
from nanobanana_nb.show.judge.measures import Place, Values
from nanobanana_nb.stats import effects, spread
from nanobanana_nb.stats.contrast import Contrast, cells_of, contrasts
from nanobanana_nb.stats.distance import distances
from nanobanana_nb.stats.effects import Estimate
from nanobanana_nb.stats.spread import Cell, Mean
from nanobanana_nb.stats.verdict import AxisChance, Verdict, judged
from nanobanana_nb.stats.welch import do_means_differ

ScoreItem = tuple[Values, float]  # the axis values of an image, and its score


def score_chance(grid: GridData, name: str, scores: Sequence[float | None]) -> Chance:
    """Measure which axes of a grid move a score; images without one are left out and counted.

    Args:
        scores: one for each image of the grid, None where there is none.

    Raises:
        InputError: the images ask for different things and no axis tells which, or are more
            than 400.
    """
    places = comparable(grid)
    items = _scored(places, scores)
    return of_grid(score_chance_of(items, name), grid, unscored=len(places) - len(items))


def score_items(grid: GridData, scores: Sequence[float | None]) -> list[ScoreItem]:
    """Return the images that have a score, in the grid's order.

    Raises:
        InputError: as `score_chance` does.
    """
    return _scored(comparable(grid), scores)


def _scored(places: Sequence[Place], scores: Sequence[float | None]) -> list[ScoreItem]:
    pairs = ((own, scores[index]) for index, own, _ in places)
    return [(own, score) for own, score in pairs if score is not None]


def score_chance_of(items: Sequence[ScoreItem], name: str) -> Chance:
    """Measure scores given with the axis values of their images; the order does not matter."""
    axes, cells, scores = _design(items)
    ordered = sorted(items, key=lambda item: (item[1], sorted(item[0].items())))
    judgements, within = _tested(ordered, name)
    measured = tuple(
        replace(
            judgement,
            verdict=_verdict(judgement, axis, cells, scores),
            means=effects.means(axis, cells, scores),
            differences=effects.differences(axis, cells, scores),
            depends_on=effects.moderators(axis, [a for a in axes if a is not axis], cells, scores),
        )
        for judgement, axis in zip(judgements, axes, strict=True)
    )
    alike = len(items) > 1 and len(set(scores)) == 1
    return Chance(measured, within, len(items), measures=(name,), score=name, is_constant=alike)


@dataclass(frozen=True)
class GroupMeans:
    """The means of groups of images; comparable where these are alike in all else."""

    means: tuple[Estimate, ...]
    are_comparable: bool


def group_means(
    items: Sequence[ScoreItem], groups: Sequence[Sequence[int]], names: Sequence[str]
) -> GroupMeans:
    """Return the mean score of each group, of images that each group has alike, as `means` does.

    Args:
        groups: of positions: the images that have the same values of these axes.
        names: of the axes.
    """
    axes, cells, scores = _design(items)
    others = [axis.labels for axis in axes if not set(names) & set(axis.name.split(" + "))]
    numbers = {i: n for n, group in enumerate(groups) for i in group}
    alike = effects.cells_alike(
        cells, [numbers[c[0]] for c in cells], [tuple(own[c[0]] for own in others) for c in cells]
    )
    noise, parts = effects.noise(cells, scores), alike or cells
    means = (
        effects.group_mean("", [c for c in parts if numbers[c[0]] == n], scores, noise)
        for n in range(len(groups))
    )
    return GroupMeans(tuple(means), bool(alike))


def _verdict(
    judgement: AxisChance, axis: Contrast, cells: Sequence[Cell], scores: Sequence[float]
) -> Verdict:
    """Return the verdict, which is of the means where spreads cannot have made it."""
    is_effect = judgement.verdict is Verdict.EFFECT
    if not is_effect or axis.is_even or do_means_differ(axis, cells, scores):
        return judgement.verdict
    return Verdict.MEAN_OR_SPREAD


def _tested(items: Sequence[ScoreItem], name: str) -> tuple[tuple[AxisChance, ...], Mean | None]:
    axes, cells, scores = _design(items)
    table = distances([(score,) for score in scores])
    return judged(axes, [(name, table)], cells), spread.within(table, cells)


def _design(
    items: Sequence[ScoreItem],
) -> tuple[tuple[Contrast, ...], tuple[Cell, ...], list[float]]:
    values = [own for own, _ in items]
    axes = contrasts(values, dict.fromkeys(name for own in values for name in own))
    return axes, cells_of(axes, len(items)), [score for _, score in items]
