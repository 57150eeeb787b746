"""The cell of a panel: its text to copy, or put into the notebook by the front end.

A page of Voilà has no cells to put one below.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nanobanana_nb.notebook.magic.cell_spec import CellSpec
from nanobanana_nb.notebook.magic.cell_text import as_cell
from nanobanana_nb.notebook.page.frontend import in_voila
from nanobanana_nb.notebook.panel import controls
from nanobanana_nb.notebook.panel.messages import Messages

# A front end takes a new cell from the reply to a cell that ran, never from a click.
INSERTED = "The cell comes below the next cell that you run."


class CellBox:
    """Two buttons, and the text of the cell in `box` once it was asked for.

    Args:
        read: returns the cell as it is now.
    """

    def __init__(self, read: Callable[[], CellSpec], shell: Any, messages: Messages) -> None:
        self._read, self._shell, self._messages = read, shell, messages
        self.box = controls.area("Cell", rows=5)
        self.box.layout.display = "none"
        meaning = "Put a cell that asks for the same below the next cell that you run"
        insert = controls.button("Insert as cell", meaning, messages.guarded(self._insert))
        copy = controls.button("Copy as cell", "Show its text", messages.guarded(self._copy))
        insert.layout.display = "none" if in_voila() else None
        self.buttons = (insert, copy)

    def refresh(self) -> None:
        """Bring the text up to date where it shows."""
        if self.box.layout.display is None:
            self._messages.guarded(self._write)()

    def _write(self) -> None:
        self.box.value = as_cell(self._read())
        self.box.rows = min(12, self.box.value.count("\n") + 2)

    def _insert(self) -> None:
        self._shell.set_next_input(as_cell(self._read()))
        self._messages.say(INSERTED)

    def _copy(self) -> None:
        """Show the text, or hide it again."""
        if self.box.layout.display is None:
            self.box.layout.display = "none"
        else:
            self._write()
            self.box.layout.display = None
