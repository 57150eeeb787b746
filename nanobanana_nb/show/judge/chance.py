"""What is chance and what is the parameter: repeats measured against each axis of a grid.

There is no seed, so two images differ even where nothing was changed. An axis is called an
effect where images that differ in it alone lie farther apart than they would if its values had
been handed out by chance: a permutation test (PERMANOVA, Anderson 2001; see `permutation`) on
the distances of what the pictures look like, at 5 % for all axes of the grid together
(Holm 1979; see `verdict`). "Cannot tell" is never "no effect": more repeats show smaller effects.

Looked at are colours and where they lie, and shapes, each as the picture stands and either way
round (see `features`): one test in which the clearest of the four counts. A function of one's own
takes their place.

Measured on simulated grids: features of 12 normal numbers, noise 1 in each, every value of an
axis shifted by normal numbers of standard deviation d (`pytest -m slow -s -k chance`).

==========================  ===============  ================================
values of axes × repeats    no effect:       first axis found, 300 grids,
                            any false alarm  d = 0.5, 0.75, 1
                            in 1,000 grids
==========================  ===============  ================================
2 × 4                       3.0 %            38 %, 77 %, 94 %
3 × 3                       5.8 %            52 %, 90 %, 99 %
3 × 2 × 2                   4.2 %            58 %, 94 %, 100 %
3 × 2 × 3                   4.9 %            84 %, 100 %, 100 %
4 × 3 × 2                   4.6 %            90 %, 100 %, 100 %
2 × 2 × 2 × 2               4.2 %            59 %, 93 %, 99 %
==========================  ===============  ================================

The last factor is the repeats. With a third of the images of 3 × 2 × 4 missing: 3.7 %; for an
axis that does nothing beside one that does much: 5.2 %. The error of a rate is 0.7 %.
With four ways to look, 2 × 2 × 3: 4.1 %.

Values that make images vary more are an effect where they vary much more, the more so the more
values there are. Where images of the first value vary three times as much around the same mean as
those of the others, of 1,000 grids: 6 | 6 images of each value 7 %, 3 | 9 7 % (63 % where one
variance is taken for all), 10 | 30 6 %, 4 | 4 | 4 11 %, 3 | 3 | 9 14 %.

Of pictures that the simulator paints (`A {a|b} on a sofa, {ink|oil}`, three of each, 12 in all),
20 of 20 pairs of subjects and 10 of 10 pairs of styles were found. By colours as they stand alone
it were 82 % of 250 pairs of subjects, by shapes alone 71 %, by both, either way round too, 97 %.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from nanobanana_nb.errors import InputError
from nanobanana_nb.images.features import Features
from nanobanana_nb.show.arrange.data import GridData
from nanobanana_nb.show.arrange.layout import values_of
from nanobanana_nb.show.arrange.records import data_frame
from nanobanana_nb.show.html.grid_name import variable_of
from nanobanana_nb.show.judge import chance_table
from nanobanana_nb.show.judge.chance_record import ChanceRecord, Gaps
from nanobanana_nb.show.judge.measures import (
    Item,
    OwnDistance,
    OwnFeatures,
    Place,
    Step,
    Values,
    items_of,
    no_step,
    own_items,
    own_tables,
)
from nanobanana_nb.stats import spread
from nanobanana_nb.stats.contrast import cells_of, contrasts
from nanobanana_nb.stats.distance import distances
from nanobanana_nb.stats.verdict import (
    USUAL,
    AxisChance,
    Tables,
    images_needed,
    is_constant,
    judged,
)
from nanobanana_nb.text.terminal import printed

if TYPE_CHECKING:
    from pandas import DataFrame

MOST_IMAGES = 400  # every image is compared with every other


@printed
@dataclass(frozen=True, repr=False)
class Chance(ChanceRecord):
    """What a grid says about chance; its fields are those of `ChanceRecord`.

    Examples:
        >>> from nanobanana_nb import sweep
        >>> chance = sweep("A cat, {style}", {"style": ["ink", "oil"]}, repeats=2).chance()
        >>> chance.images, chance["style"].name
        (4, 'style')
    """

    def __getitem__(self, name: str) -> AxisChance:
        """Return one axis by its name.

        Raises:
            InputError: there is no such axis.
        """
        for axis in self.axes:
            if axis.name == name:
                return axis
        names = ", ".join(axis.name for axis in self.axes) or "none"
        raise InputError(f"There is no axis {name!r}", action=f"The axes are: {names}.")

    @property
    def sentence(self) -> str:
        """What may be concluded, in words.

        Examples:
            >>> chance.sentence
            'style: ...'
        """
        return " ".join(chance_table.clauses(self)).replace("`", "")

    def to_frame(self) -> DataFrame:
        """Return a row for each axis, of a score one for each mean and each difference.

        Raises:
            InputError: pandas is not installed.

        Examples:
            >>> chance.to_frame().columns.tolist()
            ['axis', 'within', 'between', 'p', 'conclusion', 'measure']
        """
        return data_frame(chance_table.chance_records(self))

    def __repr__(self) -> str:
        return chance_table.chance_text(self)

    def _repr_mimebundle_(
        self, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None
    ) -> dict[str, str]:
        """Return HTML and its twin as text."""
        forms = {"text/plain": repr(self), "text/html": str(chance_table.chance_html(self))}
        kinds = set(include or forms) - set(exclude or ())
        return {kind: text for kind, text in forms.items() if kind in kinds}


def chance(
    grid: GridData,
    features: OwnFeatures | None = None,
    distance: OwnDistance | None = None,
    step: Step = no_step,
) -> Chance:
    """Measure the images of a grid that are here; what failed is left out and counted.

    Args:
        features: gives the numbers of an image that are compared, instead of its looks.
        distance: gives how far two images lie apart.
        step: is called after each image, with a distance after each pair.

    Raises:
        InputError: the images ask for different things and no axis tells which, there are
            more than 400, or a function of one's own gives what cannot be compared.
    """
    places = comparable(grid)
    reasons: list[str] = []
    if distance is None and features is None:
        measured = chance_of(items_of(places, step))
    elif distance is None and features is not None:
        items, reasons = own_items(places, features, step)
        measured = chance_of(items)
    elif distance is not None and features is None:
        places, tables = own_tables(places, distance, step)
        measured = _measured(tuple(values for _, values, _ in places), tables)
    else:
        raise InputError("Give features or a distance", why="both were given", action="")
    return replace(of_grid(measured, grid), reasons=tuple(reasons))


def of_grid(measured: Chance, grid: GridData, unscored: int = 0) -> Chance:
    """Return what was measured with what is missing of its grid."""
    asked = Counter(tuple(own.items()) for own in values_of(grid.generations, grid.plan))
    gaps = Gaps(unscored, sum(not image.ok for image in grid), min(asked.values(), default=0))
    left_out = len(grid) - measured.images
    return replace(measured, left_out=left_out, variable=variable_of(grid), gaps=gaps)


def chance_of(items: Sequence[Item]) -> Chance:
    """Measure images given as the axis values and the views of each.

    Axes that never part are one, named `a + b`; what has one value only is no axis. Neither the
    order of the images nor the names of the values matter.

    Raises:
        InputError: an image lacks the value of an axis that others have, or there are more
            than 400.
    """
    few_enough(len(items))
    ordered = sorted(items, key=lambda item: item[1])  # so that each order is the same grid
    names = tuple(dict.fromkeys(name for values, _ in items for name in values))
    values = tuple(tuple((name, own[name]) for name in names if name in own) for own, _ in ordered)
    sees = tuple(sees for sees, _ in ordered[0][1]) if ordered else ()
    points = tuple(tuple(features for _, features in views) for _, views in ordered)
    return _compared(values, sees, points)


@lru_cache(maxsize=8)  # a display of many images would spend most of its time here
def _compared(
    values: tuple[tuple[tuple[str, str], ...], ...],
    sees: tuple[str, ...],
    points: tuple[tuple[Features, ...], ...],
) -> Chance:
    tables = tuple(zip(sees, map(distances, zip(*points, strict=True)), strict=True))
    return _measured([dict(pairs) for pairs in values], tables)


def _measured(values: Sequence[Values], tables: Tables) -> Chance:
    names = dict.fromkeys(name for own in values for name in own)
    axes = contrasts(values, names)
    cells = cells_of(axes, len(values))
    within = spread.within(tables[0][1], cells) if tables else None
    measures = tuple(dict.fromkeys(name for name, _ in tables))
    alike = len(values) > 1 and is_constant(tables)
    return Chance(
        judged(axes, tables, cells), within, len(values), measures=measures, is_constant=alike
    )


def images_to_tell(grid: GridData) -> int:
    """Return of how many images of each combination the axes could be told from chance."""
    values = values_of(grid.generations, grid.plan)
    axes = contrasts(values, dict.fromkeys(name for own in values for name in own))
    return max((USUAL, *(images_needed(axis, len(axes)) for axis in axes)))


def comparable(grid: GridData) -> list[Place]:
    """Return the images that are here, each with its place and its axis values.

    Raises:
        InputError: they ask for different things and no axis tells which, or are more than 400.
    """
    values = values_of(grid.generations, grid.plan)
    if not any(values) and len({replace(g.request, repeat=1) for g in grid}) > 1:
        raise InputError(
            "These images cannot be compared",
            why="they ask for different things, and no axis says which",
            action="Let a list in the notebook be an axis of the prompt.",
        )
    places: list[Place] = [
        (index, own, image)
        for index, (own, image) in enumerate(zip(values, grid, strict=True))
        if image.ok and (own or not any(values))
    ]
    few_enough(len(places))
    return places


def few_enough(count: int) -> None:
    """Refuse more images than can be compared each with each.

    Raises:
        InputError: there are more than 400.
    """
    if count > MOST_IMAGES:
        raise InputError(
            f"{count:,} images are too many to compare each with each",
            action=f"Take a part of the grid, at most {MOST_IMAGES}.",
        )
