"""A widget under a cell until it is closed; then a static result stands in its place."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from IPython.core.getipython import get_ipython
from IPython.display import display, publish_display_data

from nanobanana_nb.errors import NanobananaError


def has_widgets() -> bool:
    """Whether somebody looks at this who can be shown a widget of ours.

    Colab wants its own permission for widgets that are not of ipywidgets; a run without a
    person (nbclient, papermill) takes no input.
    """
    kernel = getattr(get_ipython(), "kernel", None)
    return (
        kernel is not None
        and "google.colab" not in sys.modules
        and bool(getattr(kernel, "_allow_stdin", True))
    )


class Temporary:
    """Shows a widget, hears what it sends, and replaces it once.

    Args:
        hear: told of each message; what it raises of our own is told in the widget.
        result: what stands in the widget's place afterwards.
    """

    def __init__(
        self, widget: Any, hear: Callable[[dict[str, Any]], None], result: Callable[[], Any]
    ) -> None:
        self.widget = widget
        self._hear = hear
        self._result = result
        self._display_id = f"nanobanana-{uuid4().hex}"
        self._open = True
        widget.on_msg(self._heard)

    def show(self) -> None:
        """Show the widget under the cell that runs now."""
        display(self.widget, display_id=self._display_id)

    def close(self) -> None:
        """Put the result into the widget's place; a second time nothing happens."""
        if not self._open:
            return
        self._open = False
        data, metadata = get_ipython().display_formatter.format(self._result())
        transient = {"display_id": self._display_id}
        publish_display_data(data, metadata, transient=transient, update=True)
        for part in (self.widget.layout, self.widget):
            part.close()

    def _heard(self, widget: Any, content: Any, buffers: Any) -> None:
        try:
            self._hear(content if isinstance(content, dict) else {})
        except NanobananaError as error:
            self.widget.send({"kind": "trouble", "text": str(error)})
