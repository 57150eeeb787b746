"""The viewer beside a running board: opened by a click on a tile, gone once it is closed."""

from __future__ import annotations

from typing import Any

from nanobanana_nb.notebook.page.closable import ClosableWidget
from nanobanana_nb.notebook.page.viewer import grid_viewer
from nanobanana_nb.show.grid import ImageGrid

MOST = 24  # images that it has at once: to draw more would keep other clicks waiting


class RunViewer:
    """At most one viewer of a run, in an output of its own under the board.

    It stays when the run ends. It leaves nothing behind, for the grid stands above it.
    """

    def __init__(self) -> None:
        self._open: ClosableWidget | None = None

    def open(self, grid: ImageGrid, position: int) -> None:
        """Open the viewer on one image of a run, instead of the one that is open."""
        if self._open is not None:
            self._open.close()
        here = [n for n, image in enumerate(grid) if image.ok]
        start = max(0, min(here.index(position) - MOST // 2, len(here) - MOST))
        near = here[start : start + MOST]
        plan = None if grid.plan is None else grid.plan.only(near)
        part = grid.of([grid[n] for n in near], plan, grid.view)
        self._open = grid_viewer(part, [near.index(position)], _Nothing)
        self._open.show()


class _Nothing:
    """An output in which there is nothing to see."""

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": "", "text/plain": ""}
