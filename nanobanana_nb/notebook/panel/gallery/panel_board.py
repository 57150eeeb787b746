"""The board of a cell inside a panel, which has a Stop and a viewer of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from nanobanana_nb.model.result import Generation
from nanobanana_nb.notebook.status.board import LOOK, Board
from nanobanana_nb.notebook.status.board_widgets import Actions, Frame
from nanobanana_nb.notebook.status.click_listener import ClickListener
from nanobanana_nb.run.job import Job
from nanobanana_nb.show.live import tile_strip
from nanobanana_nb.show.live.live_grid import has_places

ADVICE = "Stop sends nothing more; paid tasks go on, and `%nanobanana resume` fetches them."


class PanelBoard(Board):
    """Draws as the board under a cell does.

    Args:
        put: called with the widget that shows it, once.
        look: called with the position of an image that was pressed.
    """

    def __init__(self, put: Callable[[Any], object], look: Callable[[int], object]) -> None:
        super().__init__("")
        self._put, self._look_at = put, look

    def _open(self, job: Job, images: Sequence[Generation]) -> Frame:
        pages: Actions = {
            "Earlier": ("Show the tiles before these", lambda: self._leaf(-tile_strip.PAGE)),
            "Later": ("Show the tiles after these", lambda: self._leaf(tile_strip.PAGE)),
            "Follow": ("Show the tiles that run now", lambda: self._leaf(0)),
        }
        look: Actions = {
            LOOK: ("Open the newest image in the viewer", lambda: self._hear("newest", -1))
        }
        several = len(images) > 1
        paged = len(images) > tile_strip.PAGE and not has_places(images, job.plan)
        listener = ClickListener(self._hear) if several else None
        self._frame = Frame(ADVICE, {}, look, pages if paged else None, listener)
        self.visible = True
        self._put(self._frame.box)
        return self._frame

    def _view_target(self, job: Job) -> None:
        if self._target is not None:
            position, self._target = self._target, None
            self._look_at(position)
