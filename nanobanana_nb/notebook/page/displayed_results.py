"""A result that stands under its cell already is not shown a second time as the cell's value."""

from __future__ import annotations

import sys
from typing import Any

from IPython.core.displayhook import CapturingDisplayHook

from nanobanana_nb.show.grid import ImageGrid

_last: tuple[int, ImageGrid] | None = None


def remember(shell: Any, grid: ImageGrid) -> None:
    """Note that `grid` was shown by the cell that runs now."""
    global _last

    def skip(value: ImageGrid) -> None:
        """Return where there is nothing more to show; raise where the usual display goes on.

        Only the value of the cell is skipped, so that `display(grid)` always shows: `msg` is the
        display hook's reply in the making, and `%%capture` puts a hook of its own in place.
        """
        replies = getattr(shell.displayhook, "msg", None) is not None
        is_value = replies or isinstance(sys.displayhook, CapturingDisplayHook)
        if not (is_value and _last == (shell.execution_count, value)):
            raise NotImplementedError

    shell.display_formatter.ipython_display_formatter.for_type(ImageGrid, skip)
    _last = (shell.execution_count, grid)
