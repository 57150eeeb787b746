"""The viewer beside a running board: opened by a click on a tile, gone once it is closed."""

from __future__ import annotations

from typing import Any

from nanobanana_nb.notebook.page.closable import Temporary
from nanobanana_nb.notebook.page.viewer import opened
from nanobanana_nb.show.grid import ImageGrid

MOST = 24  # images that it has at once: to draw more would keep other clicks waiting


class Looking:
    """At most one viewer of a run, in an output of its own under the board.

    It stays when the run ends. It leaves nothing behind, for the grid stands above it.
    """

    def __init__(self) -> None:
        self._open: Temporary | None = None

    def look(self, grid: ImageGrid, position: int) -> None:
        """Open the viewer on one image of a run, instead of the one that is open."""
        if self._open is not None:
            self._open.close()
        shown = _near(grid, position)
        self._open = opened(_part(grid, shown), [shown.index(position)], _Nothing)
        self._open.show()


class _Nothing:
    """An output in which there is nothing to see."""

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": "", "text/plain": ""}


def _near(grid: ImageGrid, position: int) -> list[int]:
    """Return the positions of the images that are here, those around one of them."""
    here = [n for n, one in enumerate(grid) if one.ok]
    start = max(0, min(here.index(position) - MOST // 2, len(here) - MOST))
    return here[start : start + MOST]


def _part(grid: ImageGrid, positions: list[int]) -> ImageGrid:
    plan = None if grid.plan is None else grid.plan.only(positions)
    return grid.of([grid[n] for n in positions], plan, grid.view)
