"""Writes into outputs of a page that was loaded anew, which no longer knows their display ids.

JupyterLab and Notebook forget display ids when the page is loaded: an update goes nowhere, and is
in no saved file. A widget without a view is there in each page of the kernel; it finds an output
by the mark in its metadata, which is saved with the notebook, and replaces what is in it.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

OnSync = Callable[[bool], object]


@dataclass
class _Output:
    on_sync: OnSync | None
    newest: dict[str, Any] | None = None  # as it is sent
    number: int = 0
    written: bool = False  # whether a page has the newest


class OutputSync:
    """The outputs that are open in this kernel, and the widget that can write them."""

    def __init__(self) -> None:
        self._open: dict[str, _Output] = {}
        self._widget: Any = None
        self._pages = 0  # the first one has seen all outputs come

    def keep(self, display_id: str, on_sync: OnSync | None) -> None:
        """Be ready to write an output, and tell each time whether a page could."""
        in_notebook = os.environ.get("JPY_SESSION_NAME") and "google.colab" not in sys.modules
        if self._widget is None and not in_notebook:
            return  # other pages have no such cells
        self._open.setdefault(display_id, _Output(on_sync))
        if self._widget is None:
            from nanobanana_nb.notebook.page.widgets import OutputSyncWidget

            self._pages, self._widget = 0, OutputSyncWidget()
            self._widget.on_msg(self._receive)

    def write(self, display_id: str, data: Mapping[str, Any], metadata: Mapping[str, Any]) -> None:
        """Change an output in pages that were loaded anew; do nothing where there are none."""
        output = self._open.get(display_id)
        if output is None:
            return
        output.number, output.written = output.number + 1, False
        output.newest = {
            "kind": "write",
            "id": display_id,
            "number": output.number,
            "data": dict(data),
            "metadata": dict(metadata),
        }
        if self._pages > 1:
            self._widget.send(output.newest)

    def forget_later(self, display_id: str, seconds: float) -> None:
        """Write an output no more after some seconds, at once where no loop runs here."""
        if display_id not in self._open:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            self.forget(display_id)
        else:
            loop.call_later(seconds, self.forget, display_id)

    def forget(self, display_id: str) -> None:
        """Write an output no more; with the last one the widget goes."""
        self._open.pop(display_id, None)
        if not self._open and self._widget is not None:
            widget, self._widget = self._widget, None
            for part in (widget.layout, widget):
                part.close()

    def _receive(self, widget: Any, content: Any, buffers: Any) -> None:
        message = content if isinstance(content, dict) else {}
        if message.get("kind") == "here":
            self._pages += 1
            if self._pages > 1:  # it missed what came while it was loaded
                for output in tuple(self._open.values()):
                    if output.newest is not None:
                        widget.send(output.newest)
        elif message.get("kind") == "wrote":
            self._note_answer(message)

    def _note_answer(self, message: Mapping[str, Any]) -> None:
        output = self._open.get(str(message.get("id")))
        if output is None or message.get("number") != output.number or output.written:
            return  # of an older one; or another page has it
        output.written = message.get("done") is True
        if output.on_sync is not None:
            output.on_sync(output.written)


OUTPUT_SYNC = OutputSync()
