"""What is pressed on the tiles of a board, heard in the page. Imported when a board opens."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import Any

from anywidget import AnyWidget

Hear = Callable[[str, int], object]  # what is meant, and the position of the image


FOCUS = ".nanobanana-board [data-look]:focus { outline: 2px solid; outline-offset: 1px; }"


class EarWidget(AnyWidget):  # type: ignore[misc]
    """Shows nothing. It sends `here` once it listens, then `look`, `again` and `all`."""

    _esm = files(__package__).joinpath("click_listener.js").read_text(encoding="utf-8")
    _css = FOCUS


def listening(hear: Hear) -> EarWidget:
    """Return an ear; `hear` is told what is of its form. A front end may send anything."""
    ear = EarWidget()
    ear.on_msg(lambda _, message, buffers: _told(message, hear))
    return ear


def _told(message: Any, hear: Hear) -> None:
    kind = message.get("kind") if isinstance(message, dict) else None
    if kind in ("here", "all"):
        hear(kind, -1)
    elif kind in ("look", "again") and type(position := message.get("position")) is int:
        hear(kind, position)
