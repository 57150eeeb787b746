"""The cell of a panel: its text to copy, or put into the notebook.

The page's own code puts it below the panel where it can reach the notebook (JupyterLab and
Notebook 7). Elsewhere a front end takes a new cell from the reply to a cell that ran, never from
a click. A page of Voilà has no cells to put one below.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nanobanana_nb.errors import NanobananaError
from nanobanana_nb.notebook.magic.cell_spec import CellSpec
from nanobanana_nb.notebook.magic.cell_text import as_cell
from nanobanana_nb.notebook.page.frontend import in_voila
from nanobanana_nb.notebook.panel import controls
from nanobanana_nb.notebook.panel.kernel_loop import KernelLoop
from nanobanana_nb.notebook.panel.messages import Messages
from nanobanana_nb.notebook.panel.page_widgets import PageWidget

INSERTED = "The cell comes below the next cell that you run."
BELOW = "The cell stands below this one."
OUT_OF_REACH = f"The panel cannot write into the notebook of this page. {INSERTED}"
PATIENCE_S = 4.0  # for the page's answer; it inserts within three seconds or not at all


class CellBox:
    """Two buttons, and the text of the cell in `box` once it was asked for.

    Args:
        read: returns the cell as it is now.
        page: the panel's code in the page.
        display_id: names the output below whose cell the new one comes.
    """

    def __init__(
        self,
        read: Callable[[], CellSpec],
        shell: Any,
        messages: Messages,
        loop: KernelLoop,
        page: PageWidget,
        display_id: str,
    ) -> None:
        self._read, self._shell, self._messages = read, shell, messages
        self._loop, self._page, self._display_id = loop, page, display_id
        self._number = 0
        self._waiting: str | None = None  # the cell that the page is to insert
        page.on_msg(self._receive)
        self.box = controls.area("Cell", rows=5)
        self.box.layout.display = "none"
        meaning = "Put a cell that asks for the same below this one"
        insert = controls.button("Insert as cell", meaning, messages.guarded(self._insert))
        insert.add_class("nb-insert")
        copy = controls.button("Copy as cell", "Show its text", messages.guarded(self._copy))
        insert.layout.display = "none" if in_voila() else None
        self.buttons = (insert, copy)

    def refresh(self) -> None:
        """Bring the text up to date where it shows."""
        if self.box.layout.display is None:
            try:
                self._write()
            except NanobananaError as error:
                self._messages.fail(error)

    def _write(self) -> None:
        self.box.value = as_cell(self._read())
        self.box.rows = min(12, self.box.value.count("\n") + 2)

    def _insert(self) -> None:
        self._number += 1
        self._waiting = as_cell(self._read())
        message = {"kind": "insert", "number": self._number, "id": self._display_id}
        self._page.send({**message, "source": self._waiting})
        self._loop.later("insert", PATIENCE_S, lambda: self._settle(inserted=False))

    def _receive(self, widget: Any, content: Any, buffers: Any) -> None:
        message = content if isinstance(content, dict) else {}
        if message.get("kind") == "inserted" and message.get("number") == self._number:
            self._settle(inserted=message.get("done") is True)

    def _settle(self, *, inserted: bool) -> None:
        """Say where the cell is; hand it to the front end where the page could not insert it."""
        source, self._waiting = self._waiting, None
        if source is None:
            return
        if not inserted:
            self._shell.set_next_input(source)
        self._messages.say(BELOW if inserted else OUT_OF_REACH)

    def _copy(self) -> None:
        """Show the text, or hide it again."""
        if self.box.layout.display is None:
            self.box.layout.display = "none"
        else:
            self._write()
            self.box.layout.display = None
