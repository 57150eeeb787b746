"""The viewer beside a running board: opened by a click on a tile, gone once it is closed."""

from __future__ import annotations

from itertools import islice
from typing import Any

from nanobanana_nb.notebook.page.closable import ClosableWidget
from nanobanana_nb.notebook.page.viewer import content, grid_viewer
from nanobanana_nb.show.grid import ImageGrid

MOST = 24  # images that it has at once: to draw more would keep other clicks waiting
AT_ONCE = 2  # images that it gets more at each look


class RunViewer:
    """At most one viewer of a run, in an output of its own under the board.

    It fills itself while the run goes on, and stays when the run ends. It leaves nothing behind,
    for the grid stands above it.
    """

    def __init__(self) -> None:
        self._open: ClosableWidget | None = None
        self._pictured: set[int] = set()

    def open(self, grid: ImageGrid, position: int) -> None:
        """Open the viewer on one image of a run, instead of the one that is open."""
        if self._open is not None:
            self._open.close()
        here = [n for n, image in enumerate(grid) if image.ok]
        start = max(0, min(here.index(position) - MOST // 2, len(here) - MOST))
        self._pictured = set(here[start : start + MOST])
        self._open = grid_viewer(grid, [position], _Nothing, self._pictured)
        self._open.show()

    def fill(self, grid: ImageGrid, most: int = AT_ONCE) -> None:
        """Show the next images that have come since, at most so many."""
        if self._open is None or not self._open.is_open:
            return
        here = (n for n, image in enumerate(grid) if image.ok and n not in self._pictured)
        new = list(islice(here, most))
        if not new:
            return
        self._pictured.update(new)
        images = content(grid, [], new)["images"]
        shown = self._open.widget.data["images"]  # a page that is loaded anew is told of all
        for n in new:
            shown[n] = images[n]
        self._open.widget.send({"kind": "fill", "images": [[n, images[n]] for n in new]})


class _Nothing:
    """An output in which there is nothing to see."""

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": "", "text/plain": ""}
