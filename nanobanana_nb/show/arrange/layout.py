"""Where each image of a grid goes: pages, rows and columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.arrange.positions import Places, Point, Values, places, values_of
from nanobanana_nb.show.arrange.view import View, chosen_view, completed, default_view
from nanobanana_nb.show.html.wording import cut, was_stopped

__all__ = ["MOST_TILES", "Heading", "Layout", "Page", "Row", "arrange", "values_of"]

MOST_TILES = 120
_PLAIN = re.compile(r"[\w .:,+-]{1,40}")
Heading = tuple[str, ...]  # one line a level, the outer first
Row = tuple[Heading, tuple[tuple[int, ...], ...]]


@dataclass(frozen=True)
class Page:
    """One table; a cell holds the positions of its images in the grid, often one.

    `columns` are headings, or empty.
    """

    heading: Heading
    columns: tuple[Heading, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Layout:
    """The pages of a grid, and the names of the axes that their headings stand for.

    `places` says where each image stands on all axes. `values` are the axis values of each
    image, `fixed` those that all have and no heading tells. Where `in_legends`, the legends
    tell the values instead of headings. `hidden` images are not drawn, and `rest` is the
    command that shows the next of them.
    """

    places: Places
    pages: tuple[Page, ...]
    view: View
    values: tuple[Values, ...]
    fixed: Values
    shown: tuple[int, ...]
    in_legends: bool = False
    hidden: int = 0
    rest: str = ""

    @property
    def width(self) -> int:
        """The number of columns."""
        return max((len(row[1]) for page in self.pages for row in page.rows), default=1)


def arrange(
    generations: Sequence[Generation], plan: Plan | None = None, view: View | None = None
) -> Layout:
    """Return the layout of as many images as fit an output, whole pages or the first images.

    Of several, those that were never sent have no place: one line tells of them all.
    """
    found = places(generations, plan)
    view = view or _wished(found, plan)
    view = default_view(found) if view is None else completed(view, found)
    drawn, rest = _shown(found, view)
    unsent = {i for i, g in enumerate(generations) if was_stopped(g) and len(generations) > 1}
    hidden = len(set(range(len(generations))) - unsent - set(drawn))
    shown = tuple(i for i in drawn if i not in unsent)
    pages = _pages(found, view, shown) if view.names else _list(shown)
    words = found.varying if not view.names else found.names
    return Layout(
        found,
        pages,
        view,
        tuple(found.values(i, words) for i in range(len(generations))),
        _fixed(found, view),
        shown,
        in_legends=not view.names,
        hidden=hidden,
        rest=rest,
    )


def _wished(found: Places, plan: Plan | None) -> View | None:
    """Return the view that the plan itself asks for, if it does."""
    rows = [name for name in getattr(plan, "rows", ()) if name in found.names]
    cols = [n for n in getattr(plan, "cols", ()) if n in found.names and n not in rows]
    return chosen_view(found, rows or None, cols or None, None) if rows or cols else None


def _fixed(found: Places, view: View) -> Values:
    names = [n for n in found.names if n not in view.names and n not in found.varying]
    return found.values(0, names) if found.points else {}


def _shown(found: Places, view: View) -> tuple[tuple[int, ...], str]:
    """Return which images are drawn, and the command for the next."""
    every = tuple(range(len(found.points)))
    if len(every) <= MOST_TILES:
        return every, ""
    if view.pages and (split := _whole_pages(found, view)):
        return split
    count = _whole_blocks(found.points)
    return every[:count], f"grid[{count}:]"


def _whole_pages(found: Places, view: View) -> tuple[tuple[int, ...], str] | None:
    """Return the images of the first pages that fit together, None where not one fits."""
    each: dict[Point, list[int]] = {}
    for i in range(len(found.points)):
        each.setdefault(found.at(i, view.pages), []).append(i)
    kept: list[int] = []
    for place in sorted(each):
        if len(kept) + len(each[place]) > MOST_TILES:
            return (tuple(sorted(kept)), _selecting(found, view, place)) if kept else None
        kept += each[place]
    return None


def _whole_blocks(points: Sequence[Point]) -> int:
    """Return how many of the first images to draw so that the outer axes are not broken off."""
    for level in range(1, min(3, len(points[0]) + 1)):
        ends = [n for n in range(1, MOST_TILES + 1) if points[n][:level] != points[n - 1][:level]]
        if ends and ends[-1] > MOST_TILES // 2:
            return ends[-1]
    return MOST_TILES


def _selecting(found: Places, view: View, place: Point) -> str:
    """Return the command for one page, without the values where they are odd or long."""
    labels = found.labels(view.pages, place)
    plain = all(n.isidentifier() for n in view.pages) and all(map(_PLAIN.fullmatch, labels))
    named = zip(view.pages, labels, strict=True)
    inside = ", ".join(f'{n}="{one}"' for n, one in named) if plain else "..."
    return f"grid.select({inside})"


def _pages(found: Places, view: View, shown: Sequence[int]) -> tuple[Page, ...]:
    on_page = _grouped(shown, lambda i: found.at(i, view.pages))
    across = sorted({found.at(i, view.cols) for i in shown})
    return tuple(
        Page(
            found.labels(view.pages, place),
            tuple(found.labels(view.cols, point) for point in across) if view.cols else (),
            _rows(found, view, images, across),
        )
        for place, images in sorted(on_page.items())
    )


def _rows(
    found: Places, view: View, images: Sequence[int], across: Sequence[Point]
) -> tuple[Row, ...]:
    down = _grouped(images, lambda i: found.at(i, view.rows))
    rows = []
    for place, own in sorted(down.items()):
        cells = _grouped(own, lambda i: found.at(i, view.cols))
        held = tuple(tuple(cells.get(point, ())) for point in across)
        rows.append((found.labels(view.rows, place), held))
    return tuple(rows)


def _grouped(images: Sequence[int], place: Callable[[int], Point]) -> dict[Point, list[int]]:
    groups: dict[Point, list[int]] = {}
    for i in images:
        groups.setdefault(place(i), []).append(i)
    return groups


def _list(shown: Sequence[int]) -> tuple[Page, ...]:
    """Return rows of at most four, of six where there are very many."""
    width = min(len(shown), 4 if len(shown) <= 24 else 6) or 1
    starts = range(0, len(shown), width)
    rows = tuple(((), tuple((i,) for i in shown[s : s + width])) for s in starts)
    return (Page((), (), rows),)


def told(view: View, page: Page) -> str:
    """Return the heading of a page in words: `style: woodcut · ratio: 1:1`."""
    pairs = zip(view.pages, page.heading, strict=True)
    return " · ".join(cut(f"{name}: {label}", 120) for name, label in pairs)
