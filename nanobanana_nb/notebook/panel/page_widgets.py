"""The widgets of anywidget in a panel: what ipywidgets cannot do, each with its page's code."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from anywidget import AnyWidget
from traitlets import Bool, List, Unicode

from nanobanana_nb.show.viewer import with_elements


def _page_code(name: str) -> str:
    return with_elements(files(__package__).joinpath(name).read_text(encoding="utf-8"))


class WallWidget(AnyWidget):  # type: ignore[misc]
    """Thumbnails with captions and actions. Its page asks for the pictures that come in sight.

    It sends `pictures` (keys), `more`, and the actions of its tiles (key); it is sent `pictures`.
    """

    _esm = _page_code("gallery/wall.js")
    tiles: Any = List().tag(sync=True)
    more: Any = Bool(False).tag(sync=True)
    note: Any = Unicode("").tag(sync=True)


class ReferencesWidget(AnyWidget):  # type: ignore[misc]
    """The reference images as thumbnails, and the place where files are dropped and pasted.

    It sends `remove` (position), `name` (position, text: who or what it shows), `take` (the key of
    a tile of the wall), and for each picture `upload` (key, name) at once, then `file` (key) with
    the bytes beside it, or `end` (key, why).
    """

    _esm = _page_code("references.js")
    items: Any = List().tag(sync=True)
    uploads: Any = List().tag(sync=True)


class PageWidget(AnyWidget):  # type: ignore[misc]
    """Nothing to see: keys of the panel, and cells that are put into the notebook of the page.

    It is sent `insert`; it sends `inserted`, and `press` (texts: what stands in the fields) ahead
    of a click that pays or writes a cell.
    """

    _esm = _page_code("panel_page.js")
