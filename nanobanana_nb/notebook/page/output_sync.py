"""The notebook in a page, as far as our outputs go: what is written, saved, and left of them.

JupyterLab and Notebook forget display ids when the page is loaded: an update goes nowhere, and is
in no saved file. A widget without a view is there in each page of the kernel; it finds an output
by the mark in its metadata, which is saved with the notebook, and replaces what is in it. The
page's code also keeps our widgets out of the saved file, where their twins stand for them, so that
a page that was loaded anew is sent the widgets that are open.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from nanobanana_nb.notebook.page.frontend import in_colab

OnSync = Callable[[bool], object]


@dataclass
class _Output:
    on_sync: OnSync | None
    newest: dict[str, Any]  # as it is sent
    number: int = 0
    written: bool = False  # whether a page has the newest


class OutputSync:
    """The outputs that are open in this kernel, and the widget that can write them."""

    def __init__(self) -> None:
        self._open: dict[str, _Output] = {}
        self._widget: Any = None
        self._pages = 0  # the first one has seen all outputs come
        self._saves = True  # whether the page saves the file, as far as is known

    @property
    def saves(self) -> bool:
        """Whether pages keep our widgets out of the saved file, as far as is known."""
        return self._saves and self._reaches_pages

    @property
    def _reaches_pages(self) -> bool:
        in_notebook = bool(os.environ.get("JPY_SESSION_NAME"))
        return self._widget is not None or (in_notebook and not in_colab())

    def keep(
        self,
        display_id: str,
        data: Mapping[str, Any],
        metadata: Mapping[str, Any],
        on_sync: OnSync | None,
    ) -> None:
        """Be ready to write an output, shown now, and tell each time whether a page could."""
        if not self._reaches_pages:
            return  # other pages have no such cells
        newest = _message(display_id, 0, data, metadata)
        self._open.setdefault(display_id, _Output(on_sync, newest))
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
        output.newest = _message(display_id, output.number, data, metadata)
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
            self._pages, self._saves = self._pages + 1, message.get("saves") is not False
            if self._pages > 1:  # it missed what came while it was loaded
                for output in tuple(self._open.values()):
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


def _message(
    display_id: str, number: int, data: Mapping[str, Any], metadata: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "kind": "write",
        "id": display_id,
        "number": number,
        "data": dict(data),
        "metadata": dict(metadata),
    }


OUTPUT_SYNC = OutputSync()
