"""The viewer beside a running board: opened by a click on a tile, gone once it is closed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from IPython.display import publish_display_data

from nanobanana_nb.notebook.status import view
from nanobanana_nb.notebook.viewer import opened
from nanobanana_nb.show.grid import ImageGrid

MOST = 24  # images that it has at once: to draw more would keep other clicks waiting
_NOTHING = {"text/html": "", "text/plain": ""}


class Looking:
    """At most one viewer of a run, in an output of its own under the board.

    It stays when the run ends. It leaves nothing behind, for the grid stands above it.
    """

    def __init__(self) -> None:
        self._display_id = f"nanobanana-{uuid4().hex}"
        self._shown = False
        self._widget: Any = None

    def look(self, grid: ImageGrid, position: int) -> None:
        """Open the viewer on one image of a run, in the place of the one that is open."""
        self._close()
        shown = _near(grid, position)
        self._widget = opened(_part(grid, shown), [shown.index(position)], str).widget
        self._widget.observe(self._closed, "comm")
        self._publish(view(self._widget, _NOTHING))

    def _close(self) -> None:
        """Close the viewer that is open: a page that only swaps two widgets hides the second."""
        if self._widget is not None and self._widget.comm is not None:
            for part in (self._widget.layout, self._widget):
                part.close()

    def _closed(self, change: Any) -> None:
        """Clear the place of the viewer."""
        if change["new"] is None:
            self._publish(_NOTHING)

    def _publish(self, data: Mapping[str, Any]) -> None:
        transient = {"display_id": self._display_id}
        publish_display_data(dict(data), transient=transient, update=self._shown)
        self._shown = True


def _near(grid: ImageGrid, position: int) -> list[int]:
    """Return the positions of the images that are here, those around one of them."""
    here = [n for n, one in enumerate(grid) if one.ok]
    start = max(0, min(here.index(position) - MOST // 2, len(here) - MOST))
    return here[start : start + MOST]


def _part(grid: ImageGrid, positions: list[int]) -> ImageGrid:
    plan = None if grid.plan is None else grid.plan.only(positions)
    return grid.of([grid[n] for n in positions], plan, grid.view)
