"""What is pressed on the tiles of a board, heard in the page. Imported when a board opens."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from typing import Any

from anywidget import AnyWidget
from traitlets import Unicode

Hear = Callable[[str, int], object]  # what is meant, and the position of the image
STYLE = """
.nanobanana-board [data-look]:focus { outline: 2px solid; outline-offset: 1px; }
.nanobanana-board .nanobanana-runs { animation: nanobanana-runs 2s ease-in-out infinite; }
@keyframes nanobanana-runs { 50% { background-color: rgba(128, 128, 128, 0.24); } }
@media (prefers-reduced-motion: reduce) { .nanobanana-board .nanobanana-runs { animation: none; } }
"""


class ClickListener(AnyWidget):  # type: ignore[misc]
    """Shows nothing. Its page sends `here` once it listens, then `look`, `again` and `all`.

    The page counts the seconds of what runs by itself.

    Args:
        hear: told what is of its form; a front end may send anything.
    """

    _esm = files(__package__).joinpath("click_listener.js").read_text(encoding="utf-8")
    _css = STYLE
    board = Unicode().tag(sync=True)  # the model of the board that it stands in

    def __init__(self, hear: Hear) -> None:
        super().__init__()
        self._hear = hear
        self.on_msg(self._receive)

    def hold(self) -> None:
        """Let the page keep the height of the cell until its outputs are cleared."""
        self.send({"kind": "hold"})

    def _receive(self, widget: Any, message: Any, buffers: Any) -> None:
        kind = message.get("kind") if isinstance(message, dict) else None
        if kind in ("here", "all"):
            self._hear(kind, -1)
        elif kind in ("look", "again") and type(position := message.get("position")) is int:
            self._hear(kind, position)
