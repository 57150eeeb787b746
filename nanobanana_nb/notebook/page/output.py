"""Outputs that change after they were shown, and what a file keeps in the place of a widget."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from IPython.display import publish_display_data

from nanobanana_nb.notebook.page.output_sync import OUTPUT_SYNC, OnSync
from nanobanana_nb.show.html import markup
from nanobanana_nb.show.html.markup import tag
from nanobanana_nb.text.terminal import printable

VIEW = "application/vnd.jupyter.widget-view+json"
Bundle = Mapping[str, Any]


def sentence(words: str) -> Bundle:
    """Return one line as an output."""
    html = tag("div", markup.quiet(markup.with_code(words)))
    return {"text/html": html, "text/plain": printable(words.replace("`", ""))}


def view(widget: Any, twin: Bundle) -> Bundle:
    """Return a widget as an output, with what stands for it where there is no kernel.

    A page that shows widgets takes the widget; GitHub and nbconvert show the twin.
    """
    # written out: ipywidgets 7 displays itself, ipywidgets 8 makes this with a text of its own
    data = {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}
    return {**twin, VIEW: data}


class Place:
    """One output of a cell: shown once, then changed, also after the page was loaded anew.

    Args:
        display_id: a new one where none is given.
        on_sync: called with whether a page that was loaded anew has it in its notebook.
    """

    def __init__(self, display_id: str | None = None, on_sync: OnSync | None = None) -> None:
        self.display_id = display_id or f"nanobanana-{uuid4().hex}"
        self._on_sync = on_sync

    def show(self, data: Bundle) -> None:
        """Show this below the cell that runs now."""
        OUTPUT_SYNC.keep(self.display_id, self._on_sync)
        self._publish(data, {}, update=False)

    def put(self, data: Bundle, metadata: Mapping[str, Any] | None = None) -> None:
        """Show this instead."""
        mark = self._publish(data, metadata or {}, update=True)
        OUTPUT_SYNC.write(self.display_id, data, mark)

    def close(self, *, late_s: float = 0) -> None:
        """Leave what stands there: it does not change any more.

        Args:
            late_s: so long a page that was loaded anew is still told what stands there; where
                the kernel was blocked it can be heard only afterwards.
        """
        if late_s:
            OUTPUT_SYNC.forget_later(self.display_id, late_s)
        else:
            OUTPUT_SYNC.forget(self.display_id)

    def _publish(
        self, data: Bundle, metadata: Mapping[str, Any], *, update: bool
    ) -> dict[str, Any]:
        mark = {**metadata, "nanobanana_nb": {"display_id": self.display_id}}
        transient = {"display_id": self.display_id}
        publish_display_data(dict(data), mark, transient=transient, update=update)
        return mark
