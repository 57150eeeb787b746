"""Looking closely at the images of a grid, in a widget that leaves a static result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.indices import position
from nanobanana_nb.model.result import Generation
from nanobanana_nb.notebook.page import next_cell
from nanobanana_nb.notebook.page.closable import Hear, Message, Temporary, has_widgets
from nanobanana_nb.show.export.content import content_of
from nanobanana_nb.show.export.page import viewer_data
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.lineage.diff import Difference

MOST_BYTES = 6_000_000  # of pictures that go to the front end in one message
Act = Callable[[Generation], Message]


def compare(
    grid: ImageGrid, a: int | None = None, b: int | None = None
) -> ImageGrid | Difference | None:
    """Open the viewer on two images, on one or on all; return what is static without widgets.

    Raises:
        InputError: there is no such image, or none at all.
    """
    chosen = [position(index, len(grid)) for index in (a, b) if index is not None]
    if not any(one.ok for one in grid):
        raise InputError("There is no image to look at", action="")
    static = _static(grid, chosen)
    if not has_widgets():
        return static()
    opened(grid, chosen, static).show()
    return None


def opened(grid: ImageGrid, chosen: list[int], static: Callable[[], Any]) -> Temporary:
    """Return the viewer of a grid, on two images, one or none of them in particular."""
    from nanobanana_nb.notebook.page.widgets import ViewerWidget

    acts: dict[str, Act] = {"use": next_cell.offer, "insert": next_cell.insert}
    hear = hearing(grid, acts, lambda: shown.close())
    shown = Temporary(ViewerWidget(data=seen(grid, chosen)), hear, static)
    return shown


def seen(grid: ImageGrid, chosen: list[int]) -> dict[str, Any]:
    """Return what the widget shows. Reads the originals: a second or two where there are many."""
    data = viewer_data(content_of(grid, private=True), {}, most_bytes=MOST_BYTES)
    if grid.opinions is not None:
        data.setdefault("ratings", {})
    if chosen:
        data["start"] = {"pair": chosen} if len(chosen) == 2 else {"image": chosen[0]}
    return data


def hearing(grid: ImageGrid, acts: dict[str, Act], close: Callable[[], object]) -> Hear:
    """Return what hears a viewer of `grid`; a front end may send anything.

    Args:
        acts: what is done with one image, by the kind of the message.
    """

    def hear(message: dict[str, Any]) -> Message | None:
        kind, index = str(message.get("kind")), _index(grid, message.get("id"))
        if kind == "close":
            close()
        elif kind == "rate" and index is not None:
            _rate(grid, index, message.get("rating"))
        elif kind in acts and index is not None:
            return acts[kind](grid[index])
        return None

    return hear


def _index(grid: ImageGrid, number: object) -> int | None:
    """Return where an image of the viewer is in the grid, None where there is none."""
    text = str(number)
    if not (text.isascii() and text.isdecimal() and len(text) < 9):
        return None
    index = int(text) - 1
    return index if 0 <= index < len(grid) else None


def _rate(grid: ImageGrid, index: int, rating: object) -> None:
    """Write down what the keys said."""
    if isinstance(rating, dict):
        grid.rate(index, **{name: rating.get(name) for name in ("stars", "favourite", "note")})


def _static(grid: ImageGrid, chosen: list[int]) -> Callable[[], Difference | ImageGrid]:
    """Return what gives the static result: the difference of two images, one image, or all."""
    if len(chosen) == 2:
        return lambda: grid.diff(*chosen)
    return lambda: grid[chosen[0] : chosen[0] + 1] if chosen else grid
