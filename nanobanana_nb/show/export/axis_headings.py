"""The axes of a grid as headings of an export, and which heading each image goes under.

Where images stand is `arrange.positions`' to say. Here an axis is its words alone, no two of
them alike, and words of a private prompt can become numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.arrange.positions import REPEAT, Point, cells_of, point_of
from nanobanana_nb.show.html.wording import cut

MOST_COLUMNS = 8
MOST_LABEL = 200
Sides = tuple[Sequence[str], Sequence[str]]  # names of axes: down, across


@dataclass(frozen=True)
class AxisHeadings:
    """An axis as headings. `telling` says that its values are words of the prompt."""

    name: str
    labels: tuple[str, ...]
    telling: bool = False

    def masked(self) -> AxisHeadings:
        """Return the axis with numbers instead of its words."""
        count = range(1, len(self.labels) + 1)
        return replace(self, labels=tuple(f"value {n}" for n in count))


@dataclass(frozen=True)
class Headings:
    """The headings of a grid, repeats among them, and for each image which of each it is.

    An image that the plan does not know has no point.
    """

    axes: tuple[AxisHeadings, ...]
    points: tuple[Point | None, ...]


def headings_of(generations: Sequence[Generation], plan: Plan | None) -> Headings:
    """Return the headings; an axis over repeats comes last where there are any."""
    if plan is None or not plan.axes:
        return _repeats_alone(generations)
    points = [point_of(cell, plan.axes) for cell in cells_of(generations, plan)]
    axes = tuple(_heads(plan, n) for n in range(len(plan.axes)))
    return _with_repeats(Headings(axes, tuple(points)), generations)


def view_of(axes: Sequence[AxisHeadings], sides: Sides = ((), ())) -> tuple[str | None, str | None]:
    """Return the names of the axes for rows and columns: (None, None) is a plain list.

    Where the person has `asked` for sides, of several axes on a side the innermost. Else the
    longest axis that fits goes across, the longest of the others down.
    """
    names = [axis.name for axis in axes]
    down, across = ([name for name in side if name in names] for side in sides)
    if down or across:
        return (down[-1] if down else None), (across[-1] if across else None)
    return _usual(axes)


def _usual(axes: Sequence[AxisHeadings]) -> tuple[str | None, str | None]:
    ranked = sorted(axes, key=len_of, reverse=True)
    fitting = [axis for axis in ranked if len(axis.labels) <= MOST_COLUMNS]
    if not fitting and len(ranked) < 2:
        return None, None
    across = fitting[0] if fitting else ranked[-1]
    others = [axis for axis in ranked if axis is not across]
    return (others[0].name if others else None), across.name


def len_of(axis: AxisHeadings) -> int:
    """Return how many values an axis has."""
    return len(axis.labels)


def _repeats_alone(generations: Sequence[Generation]) -> Headings:
    nowhere = Headings((), tuple(() for _ in generations))
    requests = {replace(g.request, repeat=1).fingerprint() for g in generations}
    return _with_repeats(nowhere, generations) if len(requests) == 1 else nowhere


def _heads(plan: Plan, number: int) -> AxisHeadings:
    axis = plan.axes[number]
    labels = [cut(label, MOST_LABEL) for label in axis.labels]
    if len(set(labels)) < len(labels):  # they differ only further on
        labels = [f"{label} ({n})" for n, label in enumerate(labels, 1)]
    return AxisHeadings(axis.name, tuple(labels), _telling(plan, number))


def _telling(plan: Plan, number: int) -> bool:
    """Whether an axis varies anything else than parameters, which no prompt gives away."""
    names = plan.axes[number].names
    words = plan.recipe.template.names if plan.recipe else ()
    by_cell = [dict(cell.request.parameters) for cell in plan.cells]
    parameters_only = all(name in parameters for parameters in by_cell for name in names)
    return not parameters_only or any(name in words for name in names)


def _with_repeats(headings: Headings, generations: Sequence[Generation]) -> Headings:
    repeats = sorted({g.request.repeat for g in generations})
    if len(repeats) < 2:
        return headings
    points = tuple(
        None if point is None else (*point, repeats.index(g.request.repeat))
        for point, g in zip(headings.points, generations, strict=True)
    )
    repeated = AxisHeadings(_free(headings.axes), tuple(str(n) for n in repeats))
    return Headings((*headings.axes, repeated), points)


def _free(axes: Sequence[AxisHeadings]) -> str:
    """Return a name for the axis of repeats that no other axis has."""
    name = REPEAT
    while any(axis.name == name for axis in axes):
        name += " "
    return name
