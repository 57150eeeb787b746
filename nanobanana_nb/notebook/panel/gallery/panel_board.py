"""The board of a cell inside a panel, which has a Stop and a viewer of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nanobanana_nb.notebook.status.board import Board
from nanobanana_nb.notebook.status.board_widgets import Actions
from nanobanana_nb.run.job import Job


class PanelBoard(Board):
    """Draws as the board under a cell does.

    Args:
        put: called with the widget that shows it, once.
        look: called with the position of an image that was pressed.
    """

    def __init__(self, put: Callable[[Any], object], look: Callable[[int], object]) -> None:
        super().__init__(put)
        self._look_at = look

    def _ends(self) -> Actions:
        return {}

    def _view_target(self, job: Job) -> None:
        if self._target is not None:
            position, self._target = self._target, None
            self._look_at(position)
