"""One arrangement: the output, the sheet and the viewer put each image under the same headings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from math import prod
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.arrange.layout import MOST_TILES, Page, arrange, page_title
from nanobanana_nb.show.arrange.positions import places
from nanobanana_nb.show.arrange.view import View
from nanobanana_nb.show.export.content import content_of
from nanobanana_nb.show.export.page import viewer_data
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.sheet.sheet_file import tables_of
from tests.show.conftest import planned

Labels = dict[str, str]
SIDES = st.sampled_from(["rows", "cols", "pages", None])


@st.composite
def grids(draw: st.DrawFn) -> ImageGrid:
    """Plans of one to four axes, some with repeats, gaps, sides of their own, or a pivot."""
    sizes = [draw(st.sampled_from([1, 2, 4, 10])), *draw(st.lists(st.integers(1, 3), max_size=3))]
    repeats = draw(st.integers(1, 3))
    assume(prod(sizes) * repeats <= MOST_TILES)
    axes = {"abcd"[n]: [f"{'abcd'[n]}{i}" for i in range(size)] for n, size in enumerate(sizes)}
    plan = planned(" ".join(f"{{{name}}}" for name in axes), repeats, **axes)
    sides: dict[str, list[str]] = {"rows": [], "cols": [], "pages": []}
    for name in draw(st.permutations([*axes, *(["repeat"] if repeats > 1 else [])])):
        sides.get(draw(SIDES) or "", []).append(name)
    by_plan = draw(st.booleans())
    if by_plan:
        rows, cols = (tuple(n for n in sides[s] if n != "repeat") for s in ("rows", "cols"))
        plan = replace(plan, rows=rows, cols=cols)
    count = draw(st.integers(1, len(plan.cells)))
    order = draw(st.permutations(range(len(plan.cells))))[:count]
    images = [Generation(plan.cells[i].request) for i in order]
    if draw(st.booleans()):  # as `select` gives them; else they are found by their requests
        plan = replace(plan, cells=tuple(plan.cells[i] for i in order))
    elif len(images) == len(plan.cells):
        images = [Generation(cell.request) for cell in plan.cells]
    grid = ImageGrid(images, plan)
    axes_here = places(images, plan).names
    named = {side: [n for n in names if n in axes_here] for side, names in sides.items()}
    chosen = {side: names for side, names in named.items() if names}
    return grid if by_plan or not chosen else grid.pivot(**chosen)


@pytest.mark.long
@given(grids())
@example(ImageGrid([Generation(c.request) for c in planned("A cat", 3).cells], planned("A cat", 3)))
def test_every_image_has_the_same_headings_everywhere(grid: ImageGrid) -> None:
    """Rows, columns and pages have the same axes and order; only repeats may share a cell."""
    layout = arrange(grid.generations, grid.plan, grid.view)
    repeats = layout.places.repeats
    content = content_of(grid)
    data = viewer_data(content, {})
    view = content.view
    assert view.without(repeats) == layout.view.without(repeats)
    assert View(**{side: tuple(names) for side, names in data["view"].items()}) == view
    if grid.view is not None and repeats in grid.view.names:
        assert view == layout.view
    pages = [page for _, page in tables_of(content)]
    assert [title for title, _ in tables_of(content)] == [page_title(view, page) for page in pages]
    sheet, output = _by_image(view, pages), _by_image(layout.view, layout.pages)
    assert _without(repeats, sheet) == _without(repeats, output)
    assert _without(repeats, _by_point(data)) == _without(repeats, output)
    assert _order(view, pages, repeats) == _order(layout.view, layout.pages, repeats)


def _by_image(view: View, pages: Iterable[Page]) -> dict[int, Labels]:
    """Return the headings over and before each image, by the names of their axes."""
    labels: dict[int, Labels] = {}
    for page in pages:
        for heading, cells in page.rows:
            columns = page.columns or ((),) * len(cells)
            for column, cell in zip(columns, cells, strict=True):
                headings = (*page.heading, *heading, *column)
                named = dict(zip(view.names, headings, strict=True))
                labels |= dict.fromkeys(cell, named)
    return labels


def _by_point(data: dict[str, Any]) -> dict[int, Labels]:
    """Return the same of what the viewer begins with."""
    sides = {name for names in data["view"].values() for name in names}
    axes = [(n, axis) for n, axis in enumerate(data["axes"]) if axis["name"] in sides]
    return {
        i: {axis["name"]: axis["labels"][image["point"][n]] for n, axis in axes}
        for i, image in enumerate(data["images"])
    }


def _without(name: str, labels: dict[int, Labels]) -> dict[int, Labels]:
    return {
        i: {axis: label for axis, label in by_axis.items() if axis != name}
        for i, by_axis in labels.items()
    }


def _order(view: View, pages: Iterable[Page], repeats: str) -> list[tuple[tuple[str, str], ...]]:
    """Return the headings of pages with their rows, then those of the columns, each once."""
    down, headings = (*view.pages, *view.rows), []
    for page in pages:
        headings += [zip(down, (*page.heading, *row), strict=True) for row, _ in page.rows]
    headings += [zip(view.cols, column, strict=True) for page in pages for column in page.columns]
    named = (tuple(pair for pair in pairs if pair[0] != repeats) for pairs in headings)
    return [pairs for pairs in dict.fromkeys(named) if pairs]
