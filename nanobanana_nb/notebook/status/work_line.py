"""Work on images under its cell: one line that says how far it is, and then how long it took."""

from __future__ import annotations

import time
from typing import Generic

from nanobanana_nb.errors import WaitInterrupted
from nanobanana_nb.notebook.page.output import Place, sentence
from nanobanana_nb.notebook.status.stop import Stopped
from nanobanana_nb.run.scoring.background_work import BackgroundWork, T
from nanobanana_nb.settings import config
from nanobanana_nb.show.html import wording
from nanobanana_nb.show.live.eta import left_text

FIRST_S, EVERY_S = 0.3, 0.5  # what is done by then shows no line at all


class WorkLine(Generic[T]):
    """Shows one piece of work under the running cell."""

    def __init__(self, work: BackgroundWork[T]) -> None:
        self._work = work
        self._place = Place()
        self._started = time.monotonic()
        self._next = self._started + FIRST_S
        settings = config.load(None, config.CONFIGURED).settings
        self._is_silent = settings.status == "off"

    def follow(self) -> T:
        """Wait for the work and return what came of it.

        Raises:
            Stopped: the person stopped it; the line says so.
        """
        try:
            value = self._work.follow(self._draw)
        except WaitInterrupted as stop:
            self._put(str(stop))
            raise Stopped(is_shown=True, words=str(stop)) from None
        else:
            if self._place.shown:
                self._put(self._line(wording.seconds_text(time.monotonic() - self._started)))
            return value
        finally:
            self._place.close()

    def _draw(self) -> None:
        now = time.monotonic()
        if now >= self._next and not self._is_silent:
            self._next = now + EVERY_S
            self._put(self._line(left_text(self._work.left_s)))

    def _put(self, words: str) -> None:
        (self._place.put if self._place.shown else self._place.show)(sentence(words))

    def _line(self, end: str) -> str:
        failed = f"{self._work.failed:,} failed" if self._work.failed else ""
        return wording.DOT.join(filter(None, (self._work.progress, failed, end)))
