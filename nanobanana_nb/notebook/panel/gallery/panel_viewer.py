"""The viewer inside a panel: on the images of its runs, of the history, or of a grid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nanobanana_nb.notebook.page import closable, viewer
from nanobanana_nb.notebook.panel import controls
from nanobanana_nb.notebook.panel.kernel_loop import KernelLoop
from nanobanana_nb.notebook.panel.messages import Messages
from nanobanana_nb.show.grid import ImageGrid


class PanelViewer:
    """One viewer at a time; `box` shows it.

    Args:
        use: takes an image as reference and returns what the viewer is to say.
    """

    def __init__(self, loop: KernelLoop, messages: Messages, use: viewer.Act) -> None:
        self._loop, self._messages, self._use = loop, messages, use
        self._request = 0
        self.box = controls.column()

    def open(self, grid: ImageGrid, chosen: Sequence[int] = ()) -> None:
        """Show the viewer on these images instead of what it shows."""
        self._request += 1
        number = self._request

        def read(data: dict[str, Any] | None, error: BaseException | None) -> None:
            if error is not None:
                self._messages.fail(error)
            elif data is not None and number == self._request:
                self._show(grid, data)

        self._loop.off(lambda: viewer.content(grid, list(chosen)), read)

    def _show(self, grid: ImageGrid, data: dict[str, Any]) -> None:
        from nanobanana_nb.notebook.page.widgets import ViewerWidget

        widget = ViewerWidget(data=data)
        closable.listen(widget, viewer.message_handler(grid, {"use": self._use}, self._clear))
        self._replace(widget)

    def _clear(self) -> None:
        self._request += 1  # what is still being read is not shown
        self._replace()

    def _replace(self, *parts: Any) -> None:
        children, self.box.children = self.box.children, parts
        controls.close(*children)
