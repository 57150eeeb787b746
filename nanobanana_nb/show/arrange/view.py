"""Which axis of a grid goes to which side: rows, columns or pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from math import prod

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.arguments import described, names
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.show.arrange.positions import REPEAT, Places
from nanobanana_nb.show.html.wording import cut
from nanobanana_nb.stats.bradley_terry import Standing
from nanobanana_nb.text.names import spelled
from nanobanana_nb.text.terminal import printed

MOST_BESIDE = 9  # tiles of a row, repeats counted
MOST_LEVELS = 2  # row headings beside each other; further axes become pages
Side = str | Sequence[str] | None


@printed
@dataclass(frozen=True)
class View:
    """An arrangement of a grid: the names of the axes on each side, the outer before the inner.

    With `by` it is a list in the grid's own order, which is that of a score; no axis has a side. Of
    votes it has the `standings` by the hash of an image: a part of the grid keeps their numbers.
    """

    rows: tuple[str, ...] = ()
    cols: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    by: str = ""
    standings: Mapping[str, Standing] = field(default_factory=dict, compare=False, repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        """All axes that have a side, the outermost first."""
        return (*self.pages, *self.rows, *self.cols)

    def without(self, name: str) -> View:
        """Return the view in which this axis has no side."""
        sides = (self.rows, self.cols, self.pages)
        rows, cols, pages = (tuple(axis for axis in side if axis != name) for side in sides)
        return replace(self, rows=rows, cols=cols, pages=pages)


def view_of(places: Places, plan: Plan | None, view: View | None) -> View:
    """Return the arrangement of a grid: its own `view`, else the plan's sides, else the default."""
    if view is not None and view.by:
        return view
    if not places.axes:
        return View()
    if view is not None:
        return completed(view, places)
    if plan is not None and not (plan.rows or plan.cols) and is_story(places, plan):
        return View()
    rows = [name for name in plan.rows if name in places.names] if plan else []
    cols = [name for name in plan.cols if name in places.names] if plan else []
    return (
        chosen_view(places, rows or None, cols or None, None)
        if rows or cols
        else default_view(places)
    )


def is_story(places: Places, plan: Plan) -> bool:
    """Whether the images are scenes of the same characters: they stand in a strip, in order.

    The whole prompt varies and nothing else, and references are named.
    """
    if plan.recipe is None or not any(image.shows for image in plan.recipe.images):
        return False
    names = plan.recipe.template.names
    return len(plan.recipe.template.parts) == 1 and places.varying == names


def default_view(places: Places) -> View:
    """Return the arrangement of a grid that nobody pivoted.

    The longest axis that fits goes across, with the repeats of each cell beside each other in it;
    the others nest down, and what is more than two levels becomes pages. Repeats that do not fit
    into a row nest down as well. A grid of repeats alone, or of one axis too long to go across,
    has no sides.
    """
    axes = [name for name in places.varying if name != places.repeats]
    columns = _across(places, axes)
    across = (columns,) if columns else ()
    if len(axes) == 1 and not fits(places, across):  # as rows, if repeats then fit into each
        across = ()
        if places.repeats not in places.varying or not fits(places, ()):
            return View()
    if not axes:
        return View()
    down = [name for name in axes if name not in across]
    if places.repeats in places.varying and not fits(places, across):
        down.append(places.repeats)
    more = max(0, len(down) - MOST_LEVELS)
    return View(tuple(down[more:]), across, tuple(down[:more]))


def fits(places: Places, cols: Sequence[str]) -> bool:
    """Whether a row has room for these axes with all repeats of each cell beside each other."""
    sides = [name for name in (*cols, places.repeats) if name in places.varying]
    return prod(len(places.used(name)) for name in sides) <= MOST_BESIDE


def chosen_view(places: Places, rows: Side, cols: Side, pages: Side) -> View:
    """Return the arrangement that a person asks for; an axis not named gets a side that is free.

    What is left goes down where only columns are given, across and down where only rows are,
    and to pages where both are. Repeats stand beside each other in their cell where a row has room
    for them, and else go down.

    Raises:
        InputError: a name is no axis of the grid, or is on two sides.
    """
    by_side = {"rows": rows, "cols": cols, "pages": pages}
    raw_sides = [() if side is None else names(name, side) for name, side in by_side.items()]
    sides = [tuple(whole(places, name) for name in side) for side in raw_sides]
    _check([name for side in sides for name in side])
    down, across, paged = sides
    left = [n for n in places.varying if n not in (*down, *across, *paged)]
    if cols is None:
        column = _across(places, left)
        across = (column,) if column else ()
        left = [name for name in left if name != column]
    if rows is None or cols is None:
        down = (*down, *(name for name in left if name != places.repeats))
    return completed(View(down, across, paged), places)


def completed(view: View, places: Places) -> View:
    """Return the view without axes that the grid has not, and with those it has gained."""
    rows, cols, pages = (
        tuple(name for name in side if name in places.names)
        for side in (view.rows, view.cols, view.pages)
    )
    left = [name for name in places.varying if name not in view.names]
    paged = [name for name in left if name != places.repeats]
    down = [name for name in left if name == places.repeats and not fits(places, cols)]
    return View((*rows, *down), cols, (*pages, *paged))


def whole(places: Places, name: str) -> str:
    """Return the axis that is meant by its name, or by that of one of several side by side.

    Raises:
        InputError: there is no such axis.
    """
    if isinstance(name, str) and name in places.names:
        return name
    axes = {part: axis.name for axis in places.axes for part in (*axis.names, axis.name)}
    part = spelled(name) if isinstance(name, str) else ""
    if part not in axes and part != REPEAT:
        raise unknown("axis", name, places.names)
    return axes.get(part, part)


def unknown(what: str, value: object, known: Sequence[str]) -> InputError:
    """Return the error for a name or value that the grid has not, with the nearest it has."""
    text = value if isinstance(value, str) else described(value)
    return InputError(f"This grid has no {what} {cut(text, 60)}", action=nearest(text, known))


def nearest(text: str, known: Sequence[str]) -> str:
    """Return which of the known names may be meant by one that is not known, or which there are."""
    near = get_close_matches(text, known, 3)
    choices = ", ".join(cut(name, 40) for name in (near or known[:12]))
    more = ", …" if not near and len(known) > 12 else ""
    action = f"{'Did you mean' if near else 'It has'} {choices}{more}{'?' if near else '.'}"
    return action if known else ""


def _across(places: Places, names: Sequence[str]) -> str | None:
    """Return the axis for the columns: the longest that fits, or else the shortest."""
    long = {name: len(places.used(name)) for name in names if name != places.repeats}
    fitting = [name for name in long if fits(places, [name])]
    fitting = fitting or [name for name, count in long.items() if count <= MOST_BESIDE]
    if fitting:
        return max(reversed(fitting), key=lambda name: long[name])
    return min(long, key=lambda name: long[name]) if long else None


def _check(names: Sequence[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            together = " + " in name
            why = "its values go side by side and are one axis" if together else ""
            raise InputError(f"The axis {cut(name, 60)} cannot be on two sides", why=why)
