"""Where each image of a grid goes: pages, rows and columns."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.arrange.positions import Places, Point, Values, places, values_of
from nanobanana_nb.show.arrange.view import View, view_of
from nanobanana_nb.show.html.wording import cut, was_stopped

__all__ = [
    "MOST_TILES",
    "Heading",
    "Layout",
    "Page",
    "Row",
    "arrange",
    "beside",
    "layout_of",
    "values_of",
]

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

    @property
    def times(self) -> int:
        """The most images that one cell holds, beside each other."""
        return max((len(cell) for _, cells in self.rows for cell in cells), default=1) or 1

    @property
    def width(self) -> int:
        """How many images stand beside each other."""
        return max((len(cells) for _, cells in self.rows), default=1) * self.times


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
    visible: tuple[int, ...]
    in_legends: bool = False
    hidden: int = 0
    rest: str = ""

    @property
    def width(self) -> int:
        """How many images stand beside each other."""
        return max((page.width for page in self.pages), default=1)


def arrange(
    generations: Sequence[Generation], plan: Plan | None = None, view: View | None = None
) -> Layout:
    """Return the layout of as many images as fit an output, whole pages or the first images.

    Of several, those that were never sent have no place: one line tells of them all.
    """
    image_places = places(generations, plan)
    unsent = [i for i, g in enumerate(generations) if was_stopped(g) and len(generations) > 1]
    return layout_of(image_places, view_of(image_places, plan, view), unsent, MOST_TILES)


def layout_of(
    image_places: Places, view: View, left_out: Collection[int], most: int | None = None
) -> Layout:
    """Return the layout of the images that are not left out, or of the first of them.

    Args:
        left_out: images without a place, as those that were never sent.
        most: how many are drawn at most, None for all.
    """
    every = range(len(image_places.points))
    indices: Sequence[int] = every
    rest = ""
    if most is not None and len(every) > most:
        indices, rest = _first_images(image_places, view, most)
    left = frozenset(left_out)
    visible = tuple(i for i in indices if i not in left)
    values, fixed = tuple(Values() for _ in every), Values()
    if image_places.axes:
        values, fixed = _values(image_places, view)
    return Layout(
        image_places,
        _pages(image_places, view, visible) if view.names else list_pages(visible),
        view,
        values,
        fixed,
        visible,
        in_legends=not view.names,
        hidden=len(every) - len(left.union(indices)),
        rest=rest,
    )


def _values(image_places: Places, view: View) -> tuple[tuple[Values, ...], Values]:
    """Return the values of each image, and those that all have and no heading tells."""
    names, varying = image_places.names, image_places.varying
    fixed = [name for name in names if name not in (*view.names, *varying)]
    words = names if view.names else varying
    values = tuple(image_places.values(i, words) for i in range(len(image_places.points)))
    return values, image_places.values(0, fixed) if values else {}


def _first_images(image_places: Places, view: View, most: int) -> tuple[Sequence[int], str]:
    """Return which images are drawn where there are too many, and the command for the next."""
    if view.pages and (split := _whole_pages(image_places, view, most)):
        return split
    count = _whole_blocks(image_places.points, most)
    return range(count), f"grid[{count}:]"


def _whole_pages(image_places: Places, view: View, most: int) -> tuple[tuple[int, ...], str] | None:
    """Return the images of the first pages that fit together, None where not one fits."""
    by_page: dict[Point, list[int]] = {}
    for i in range(len(image_places.points)):
        by_page.setdefault(image_places.at(i, view.pages), []).append(i)
    visible: list[int] = []
    for place in sorted(by_page):
        if len(visible) + len(by_page[place]) > most:
            return (
                (tuple(sorted(visible)), _selecting(image_places, view, place)) if visible else None
            )
        visible += by_page[place]
    return None


def _whole_blocks(points: Sequence[Point], most: int) -> int:
    """Return how many of the first images to draw so that the outer axes are not broken off."""
    for level in range(1, min(3, len(points[0]) + 1)):
        ends = [n for n in range(1, most + 1) if points[n][:level] != points[n - 1][:level]]
        if ends and ends[-1] > most // 2:
            return ends[-1]
    return most


def _selecting(image_places: Places, view: View, place: Point) -> str:
    """Return the command for one page, without the values where they are odd or long."""
    labels = image_places.labels(view.pages, place)
    plain = all(n.isidentifier() for n in view.pages) and all(map(_PLAIN.fullmatch, labels))
    named = zip(view.pages, labels, strict=True)
    inside = ", ".join(f'{n}="{label}"' for n, label in named) if plain else "..."
    return f"grid.select({inside})"


def _pages(image_places: Places, view: View, visible: Sequence[int]) -> tuple[Page, ...]:
    on_page = _grouped(visible, lambda i: image_places.at(i, view.pages))
    across = sorted({image_places.at(i, view.cols) for i in visible})
    return tuple(
        Page(
            image_places.labels(view.pages, place),
            tuple(image_places.labels(view.cols, point) for point in across) if view.cols else (),
            _rows(image_places, view, images, across),
        )
        for place, images in sorted(on_page.items())
    )


def _rows(
    image_places: Places, view: View, images: Sequence[int], across: Sequence[Point]
) -> tuple[Row, ...]:
    down = _grouped(images, lambda i: image_places.at(i, view.rows))
    rows = []
    for place, row_images in sorted(down.items()):
        cells = _grouped(row_images, lambda i: image_places.at(i, view.cols))
        columns = tuple(tuple(cells.get(point, ())) for point in across)
        rows.append((image_places.labels(view.rows, place), columns))
    return tuple(rows)


def _grouped(images: Sequence[int], place: Callable[[int], Point]) -> dict[Point, list[int]]:
    groups: dict[Point, list[int]] = {}
    for i in images:
        groups.setdefault(place(i), []).append(i)
    return groups


def list_pages(visible: Sequence[int]) -> tuple[Page, ...]:
    """Return one page without headings, wider the more images there are."""
    count = len(visible)
    across = 4 if count <= 24 else 6 if count <= MOST_TILES else 10
    width = count if count <= 6 else math.ceil(count / math.ceil(count / across))
    width = max(1, width)
    starts = range(0, count, width)
    rows = tuple(((), tuple((i,) for i in visible[s : s + width])) for s in starts)
    return (Page((), (), rows),)


def beside(cells: Sequence[tuple[int, ...]], times: int) -> list[int | None]:
    """Return the places of a row, `times` of them for each cell, None where nothing stands."""
    return [i for cell in cells for i in (*cell, *(None,) * (times - len(cell)))]


def page_title(view: View, page: Page) -> str:
    """Return the heading of a page in words: `style: woodcut · ratio: 1:1`."""
    pairs = zip(view.pages, page.heading, strict=True)
    return " · ".join(cut(f"{name}: {label}", 120) for name, label in pairs)
