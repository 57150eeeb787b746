"""The widgets of anywidget: the viewer's own modules with what they show. Imported when used."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from anywidget import AnyWidget
from traitlets import Bool, Dict

from nanobanana_nb.show.viewer import viewer_source, viewer_style, vote_source


class ViewerWidget(AnyWidget):  # type: ignore[misc]
    """A grid to look at closely. It sends `rate`, `use`, `insert` and `close`."""

    _esm = viewer_source()
    _css = viewer_style()
    data: Any = Dict().tag(sync=True)
    shown: Any = Bool(False).tag(sync=True)  # what `data` starts with was open already
    query: Any = Dict().tag(sync=True)  # what is asked for, and what was rated, for a page that
    rated: Any = Dict().tag(sync=True)  # is loaded anew


class VoteWidget(AnyWidget):  # type: ignore[misc]
    """A pair to vote on. It sends `vote`, `back`, `resume` and `finish`."""

    _esm = vote_source()
    _css = viewer_style()
    pair: Any = Dict().tag(sync=True)


class OutputSyncWidget(AnyWidget):  # type: ignore[misc]
    """Nothing to see: it writes outputs in a page. It sends `here` and `wrote`."""

    _esm = files(__package__).joinpath("output_sync.js").read_text(encoding="utf-8")
