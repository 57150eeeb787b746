"""Outputs that change after they were shown, and what a file keeps in the place of a widget."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from IPython.display import publish_display_data

from nanobanana_nb.notebook.page.frontend import in_voila
from nanobanana_nb.notebook.page.output_sync import OUTPUT_SYNC, OnSync
from nanobanana_nb.show.html import markup
from nanobanana_nb.show.html.markup import tag
from nanobanana_nb.text.terminal import printable

VIEW = "application/vnd.jupyter.widget-view+json"
Bundle = Mapping[str, Any]
NOTHING: Bundle = {"text/html": "", "text/plain": ""}


def sentence(words: str) -> Bundle:
    """Return one line as an output."""
    html = tag("div", markup.quiet(markup.with_code(words)))
    return {"text/html": html, "text/plain": printable(words.replace("`", ""))}


def view(widget: Any, twin: Bundle) -> Bundle:
    """Return a widget as an output, with the twin that a saved file shows in its place."""
    # written out: ipywidgets 7 displays itself, ipywidgets 8 makes this with a text of its own
    data = {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}
    return {**twin, VIEW: data}


def _twin(data: Bundle) -> dict[str, Any]:
    return {kind: form for kind, form in data.items() if kind != VIEW}


class Place:
    """One output of a cell: shown once, then changed, also after the page was loaded anew.

    Args:
        display_id: a new one where none is given.
        on_sync: called with whether a page that was loaded anew has it in its notebook.
    """

    def __init__(self, display_id: str | None = None, on_sync: OnSync | None = None) -> None:
        self.display_id = display_id or f"nanobanana-{uuid4().hex}"
        self._on_sync = on_sync
        self.shown = False
        self._newest: Bundle = {}

    def show(self, data: Bundle, *, restarted: Bundle | None = None) -> None:
        """Show this below the cell that runs now.

        Args:
            restarted: what stands there when the kernel was restarted; if not given, a widget's
                twin, or what stood there.
        """
        self.shown, self._newest = True, data
        mark = self._mark({}, restarted)
        OUTPUT_SYNC.keep(self.display_id, data, mark, self._on_sync)
        publish_display_data(dict(data), mark, transient={"display_id": self.display_id})

    def show_widget(self, widget: Any, twin: Bundle, *, restarted: Bundle | None = None) -> None:
        """Show a widget of which a saved file has the twin alone.

        Where no page sees to that, the twin stands first, as an output of its own, until
        something else is put here.
        """
        data = view(widget, twin)
        if any(twin.values()) and not OUTPUT_SYNC.saves and not in_voila():
            publish_display_data(dict(twin), transient={"display_id": self._twin_id})
            _TWINS.add(self.display_id)
            data = {VIEW: data[VIEW]}
        self.show(data, restarted=restarted)

    def put(
        self,
        data: Bundle,
        metadata: Mapping[str, Any] | None = None,
        *,
        restarted: Bundle | None = None,
    ) -> None:
        """Show this instead."""
        transient = {"display_id": self.display_id}
        if VIEW in data and VIEW in self._newest:  # JupyterLab takes no widget for a widget
            publish_display_data(
                _twin(self._newest), self._mark({}), transient=transient, update=True
            )
        self._newest = data
        mark = self._mark(metadata or {}, restarted)
        publish_display_data(dict(data), mark, transient=transient, update=True)
        OUTPUT_SYNC.write(self.display_id, data, mark)
        if self.display_id in _TWINS:
            _TWINS.remove(self.display_id)
            transient = {"display_id": self._twin_id}
            publish_display_data(dict(NOTHING), transient=transient, update=True)

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

    @property
    def _twin_id(self) -> str:
        return f"{self.display_id}-twin"

    def _mark(self, metadata: Mapping[str, Any], restarted: Bundle | None = None) -> dict[str, Any]:
        """Return the metadata by which a page finds the output."""
        line = {} if restarted is None else {"restarted": dict(restarted)}
        return {**metadata, "nanobanana_nb": {"display_id": self.display_id, **line}}


_TWINS: set[str] = set()  # the display ids of widgets whose twin stands first
