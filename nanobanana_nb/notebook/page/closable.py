"""A widget under a cell until it is closed; then a static result stands in its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from IPython.core.getipython import get_ipython

from nanobanana_nb.errors import NanobananaError
from nanobanana_nb.notebook.page.frontend import in_colab
from nanobanana_nb.notebook.page.output import Bundle, Place

TWINS = ("text/html", "text/plain")


def has_widgets() -> bool:
    """Whether somebody looks at this who can be shown a widget of ours.

    Colab wants its own permission for widgets that are not of ipywidgets; a run without a
    person (nbclient, papermill) takes no input.
    """
    kernel = getattr(get_ipython(), "kernel", None)
    return kernel is not None and not in_colab() and bool(getattr(kernel, "_allow_stdin", True))


Message = dict[str, Any]
Handler = Callable[[Message], Message | None]


def listen(widget: Any, handler: Handler) -> None:
    """Let `handler` be told of each message of a widget, and send back what it returns.

    What it raises of our own is told in the widget.
    """

    def receive(widget: Any, content: Any, buffers: Any) -> None:
        try:
            answer = handler(content if isinstance(content, dict) else {})
        except NanobananaError as error:
            answer = {"kind": "trouble", "text": str(error)}
        if answer is not None:
            widget.send(answer)

    widget.on_msg(receive)


def close(widget: Any) -> None:
    """Close a widget with its layout."""
    for part in (widget.layout, widget):
        part.close()


class ClosableWidget:
    """Shows a widget, hears what it sends, and replaces it once.

    Args:
        handler: told of each message; what it returns is sent to the widget.
        result: what stands in the widget's place afterwards.
        meanwhile: what a file that is saved while it is open shows; the result, if not given.
    """

    def __init__(
        self,
        widget: Any,
        handler: Handler,
        result: Callable[[], Any],
        meanwhile: Bundle | None = None,
    ) -> None:
        self.widget = widget
        self._result = result
        self._meanwhile = meanwhile
        self._place = Place()
        self.is_open = True
        listen(widget, handler)

    def show(self) -> None:
        """Show the widget under the cell that runs now."""
        twin = self._meanwhile or _format(self._result(), include=TWINS)[0]
        self._place.show_widget(self.widget, twin)

    def close(self) -> None:
        """Put the result into the widget's place; a second time nothing happens."""
        if not self.is_open:
            return
        self.is_open = False
        self._place.put(*_format(self._result()))
        self._place.close()
        close(self.widget)


def _format(result: Any, **options: Any) -> tuple[Bundle, dict[str, Any]]:
    data, metadata = get_ipython().display_formatter.format(result, **options)
    return data, metadata
