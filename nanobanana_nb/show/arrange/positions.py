"""Which axes a grid has, and where each of its images stands on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from typing import Any

from nanobanana_nb.model.plan.axes import Axis
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.plan.record import Cell
from nanobanana_nb.model.prompt.variables import plain_value
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.html.wording import cut

REPEAT = "repeat"
ELSEWHERE = "other"  # the heading of an image that the plan does not know
_MOST_LABEL = 200
Values = dict[str, str]
Point = tuple[int, ...]


@dataclass(frozen=True)
class Places:
    """The axes of a grid, and for each image which value of each axis it has.

    Where images were made several times, `repeats` names the last axis, which counts them. A
    number beyond the last value of an axis stands for an image that the plan does not know.
    """

    axes: tuple[Axis, ...]
    points: tuple[Point, ...]
    repeats: str = ""

    @cached_property
    def headings(self) -> dict[str, tuple[str, ...]]:
        """For each axis its values as words of at most 200 letters, no two alike."""
        return {axis.name: _headings(axis.labels) for axis in self.axes}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the axes."""
        return tuple(axis.name for axis in self.axes)

    def used(self, name: str) -> tuple[int, ...]:
        """Return which values of an axis these images have, in the order of the axis."""
        n = self.names.index(name)
        return tuple(sorted({point[n] for point in self.points}))

    @property
    def varying(self) -> tuple[str, ...]:
        """The axes of which these images have more than one value."""
        return tuple(name for name in self.names if len(self.used(name)) > 1)

    def at(self, image: int, names: Sequence[str]) -> Point:
        """Return which value of each of these axes an image has."""
        return tuple(self.points[image][self.names.index(name)] for name in names)

    def knows(self, image: int) -> bool:
        """Whether the plan has a place for an image."""
        return all(n < len(axis) for axis, n in zip(self.axes, self.points[image], strict=True))

    def labels(self, names: Sequence[str], point: Point) -> tuple[str, ...]:
        """Return the headings of the values at `point`, of models what differs in their names."""
        axes = (self.headings[name] for name in names)
        shown = (_apart(h) if name == "model" else h for name, h in zip(names, axes, strict=True))
        return tuple(
            headings[n] if n < len(headings) else ELSEWHERE
            for headings, n in zip(shown, point, strict=True)
        )

    def values(self, image: int, names: Sequence[str]) -> Values:
        """Return the values of an image on these axes as words, by name."""
        point = self.at(image, names)
        places = zip(names, point, strict=True)
        return {name: self.headings[name][n] for name, n in places if n < len(self.headings[name])}


def places(generations: Sequence[Generation], plan: Plan | None) -> Places:
    """Return where the images stand; the axis of repeats has a name that no other has."""
    axes = plan.axes if plan else ()
    points: list[Point] = [()] * len(generations)
    if axes:
        off = tuple(len(axis) for axis in axes)
        points = [point_of(cell, axes) or off for cell in cells_of(generations, plan)]
    repeats = sorted({g.request.repeat for g in generations})
    if len(repeats) < 2:
        return Places(axes, tuple(points))
    name = REPEAT
    while any(axis.name == name for axis in axes):
        name += " "
    counting = Axis(name, tuple(repeats), tuple(f"{REPEAT} {n}" for n in repeats))
    again = {n: i for i, n in enumerate(repeats)}
    repeated = [(*p, again[g.request.repeat]) for p, g in zip(points, generations, strict=True)]
    return Places((*axes, counting), tuple(repeated), name)


def _apart(headings: tuple[str, ...]) -> tuple[str, ...]:
    """Return what follows the words that all begin with: `pro` and `2` of two nano-bananas."""
    names = [heading.split("-") for heading in headings]
    alike = sum(1 for _ in takewhile(lambda words: len(set(words)) == 1, zip(*names, strict=False)))
    ends = tuple("-".join(words[alike:]) for words in names)
    return ends if len(headings) > 1 and all(ends) else headings


def _headings(labels: Sequence[str]) -> tuple[str, ...]:
    headings = tuple(cut(label, _MOST_LABEL) for label in labels)
    if len(set(headings)) == len(headings):
        return headings
    return tuple(f"{heading} ({n})" for n, heading in enumerate(headings, 1))  # apart further on


def values_of(generations: Sequence[Generation], plan: Plan | None) -> tuple[Values, ...]:
    """Return for each image its axis values as words, in the plan's order, without repeats."""
    image_places = places(generations, plan)
    names = [axis.name for axis in plan.axes] if plan else []
    return tuple(image_places.values(i, names) for i in range(len(generations)))


def cells_of(generations: Sequence[Generation], plan: Plan | None) -> tuple[Cell | None, ...]:
    """Return the cell of each image: in order where there are as many, else by its request."""
    if plan is None:
        return tuple(None for _ in generations)
    if len(plan.cells) == len(generations):
        return plan.cells
    known = {cell.request.fingerprint(): cell for cell in plan.cells}
    return tuple(known.get(g.request.fingerprint()) for g in generations)


def matching(axis: Axis, target: Any) -> tuple[int, ...]:
    """Return which values of an axis are meant: by the value itself or by its heading."""
    named = enumerate(zip(axis.values, axis.labels, strict=True))
    if isinstance(target, str):
        return tuple(n for n, (value, label) in named if target in (value, label, str(value)))
    plain = plain_value(target)
    return tuple(
        n
        for n, (value, _) in named  # True is not the number 1, and no array is equal to another
        if isinstance(value, bool) == isinstance(plain, bool) and (value == plain) is True
    )


def point_of(cell: Cell | None, axes: Sequence[Axis]) -> Point | None:
    """Return where a cell stands on these axes, None where the plan does not know it."""
    return cell.point if cell is not None and len(cell.point) == len(axes) else None
