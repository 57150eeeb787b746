"""The viewer inside a panel: on the images of its runs, or on those of the history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nanobanana_nb.notebook.page import closable, viewer
from nanobanana_nb.notebook.panel import controls
from nanobanana_nb.notebook.panel.kernel_loop import KernelLoop
from nanobanana_nb.notebook.panel.messages import Messages
from nanobanana_nb.show.grid import ImageGrid


class PanelViewer:
    """One viewer at a time: `button` opens it on the newest images, `box` shows it.

    Args:
        newest: returns the images of the panel that are here, None where there are none.
        use: takes an image as reference and returns what the viewer is to say.
    """

    def __init__(
        self,
        loop: KernelLoop,
        messages: Messages,
        newest: Callable[[], ImageGrid | None],
        use: viewer.Act,
    ) -> None:
        self._loop, self._messages = loop, messages
        self._newest, self._use = newest, use
        self._request = 0
        meaning = "Open the viewer on the images that are here"
        self.button = controls.button("Look closer", meaning, messages.guarded(self._open_newest))
        self.button.disabled = True
        self.box = controls.column()

    def refresh(self) -> None:
        """Let the button be pressed where there is something to see."""
        self.button.disabled = self._newest() is None

    def open(self, grid: ImageGrid, chosen: list[int]) -> None:
        """Show the viewer on these images instead of what it shows."""
        self._request += 1
        number = self._request

        def read(data: dict[str, Any] | None, error: BaseException | None) -> None:
            if error is not None:
                self._messages.fail(error)
            elif data is not None and number == self._request:
                self._show(grid, data)

        self._loop.off(lambda: viewer.content(grid, chosen), read)

    def _open_newest(self) -> None:
        grid = self._newest()
        if grid is not None:
            self.open(grid, [])

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
