"""Looking closely at the images of a grid, in a widget that leaves a static result."""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.arguments import check_kind
from nanobanana_nb.model.indices import position
from nanobanana_nb.model.result import Generation
from nanobanana_nb.notebook.page import next_cell
from nanobanana_nb.notebook.page.closable import ClosableWidget, Handler, Message, has_widgets
from nanobanana_nb.show.export.content import content_of
from nanobanana_nb.show.export.page import viewer_data
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.lineage.diff import Difference

MOST_BYTES = 6_000_000  # of pictures that go to the front end in one message
RATING = ("stars", "favourite", "note")
Act = Callable[[Generation], Message]


def compare(
    grid: ImageGrid, a: int | None = None, b: int | None = None
) -> ImageGrid | Difference | None:
    """Open the viewer on two images, on one or on all; return what is static without widgets.

    Raises:
        InputError: there is no such image, or none at all.
    """
    check_kind(ImageGrid, grid=grid)
    chosen = [position(index, len(grid)) for index in (a, b) if index is not None]
    if not any(image.ok for image in grid):
        raise InputError("There is no image to look at", action="")

    def static() -> Difference | ImageGrid:
        if len(chosen) == 2:
            return grid.diff(*chosen)
        return grid[chosen[0] : chosen[0] + 1] if chosen else grid

    if not has_widgets():
        return static()
    grid_viewer(grid, chosen, static, inline=True).show()
    return None


def grid_viewer(
    grid: ImageGrid,
    chosen: list[int],
    static: Callable[[], Any],
    pictured: Container[int] | None = None,
    *,
    inline: bool = False,
) -> ClosableWidget:
    """Return the viewer of a grid, on two images, one or none of them in particular.

    Args:
        pictured: the positions of the images that it has at once, None for all.
        inline: what is looked at stands in the cell; else it covers the page, after a click.
    """
    from nanobanana_nb.notebook.page.widgets import ViewerWidget

    acts: dict[str, Act] = {"use": next_cell.offer, "insert": next_cell.insert}
    handler = message_handler(grid, acts, lambda: viewer.close())
    data = content(grid, chosen, pictured, inline=inline)
    viewer = ClosableWidget(ViewerWidget(data=data), handler, static)
    return viewer


def content(
    grid: ImageGrid,
    chosen: list[int],
    pictured: Container[int] | None = None,
    *,
    inline: bool = False,
) -> dict[str, Any]:
    """Return what the widget shows. Reads the originals: a second or two where there are many."""
    words = content_of(grid, private=True)
    data = viewer_data(words, {}, most_bytes=MOST_BYTES, pictured=pictured)
    if grid.opinions is not None:
        data.setdefault("ratings", {})
    if chosen:
        start = {"pair": chosen} if len(chosen) == 2 else {"image": chosen[0]}
        data["start"] = {**start, "inline": True} if inline else start
    return data


def message_handler(grid: ImageGrid, acts: dict[str, Act], close: Callable[[], object]) -> Handler:
    """Return what hears a viewer of `grid`; a front end may send anything.

    Args:
        acts: what is done with one image, by the kind of the message.
    """

    def handle(message: dict[str, Any]) -> Message | None:
        kind, index = str(message.get("kind")), _index(grid, message.get("id"))
        if kind == "close":
            close()
        elif kind == "rate" and index is not None:
            if isinstance(rating := message.get("rating"), dict):
                grid.rate(index, **{name: rating.get(name) for name in RATING})
        elif kind in acts and index is not None:
            return acts[kind](grid[index])
        return None

    return handle


def _index(grid: ImageGrid, number: object) -> int | None:
    """Return where an image of the viewer is in the grid, None where there is none."""
    text = str(number)
    if not (text.isascii() and text.isdecimal() and len(text) < 9):
        return None
    index = int(text)
    return index if index < len(grid) else None
