"""A result that stands under its cell already is not shown a second time as the cell's value."""

from __future__ import annotations

import sys
from typing import Any

from IPython.core.displayhook import CapturingDisplayHook

from nanobanana_nb.show.grid import ImageGrid

_shown: tuple[int, list[ImageGrid]] | None = None  # a cell by its number, and what it has shown


class Results(list[ImageGrid]):
    """The grids of a command, which has shown each of them."""


def remember(shell: Any, grid: ImageGrid) -> None:
    """Note that `grid` was shown by the cell that runs now."""
    global _shown

    def skip(value: ImageGrid | Results) -> None:
        """Return where there is nothing more to show; raise where the usual display goes on.

        Only the value of the cell is skipped, so that `display(grid)` always shows: `msg` is the
        display hook's reply in the making, and `%%capture` puts a hook of its own in place.
        """
        replies = getattr(shell.displayhook, "msg", None) is not None
        is_value = replies or isinstance(sys.displayhook, CapturingDisplayHook)
        grids = list(value) if isinstance(value, Results) else [value]
        cell, shown = _shown or (None, [])
        if not (is_value and cell == shell.execution_count and shown[-len(grids) :] == grids):
            raise NotImplementedError

    for kind in (ImageGrid, Results):
        shell.display_formatter.ipython_display_formatter.for_type(kind, skip)
    cell, shown = _shown or (None, [])
    now = shell.execution_count
    _shown = (now, [*shown, grid] if cell == now else [grid])
