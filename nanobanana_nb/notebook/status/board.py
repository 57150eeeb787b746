"""The status with buttons: Stop, Detach, tries again, the viewer, and pages of tiles.

A click only notes what the person wants; the cell that waits does it at its next look, 0.2 s
later at most. So a click may come on any thread.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from nanobanana_nb.model.result import Generation
from nanobanana_nb.notebook.status.forms import DETACH, STOP, details_of, show_widget
from nanobanana_nb.run.job import Job
from nanobanana_nb.show.growth import may_be_retried
from nanobanana_nb.show.live import tile_strip
from nanobanana_nb.show.live.clickable import dense, failed_html, to_look
from nanobanana_nb.show.live.live_grid import has_places, tiles_html
from nanobanana_nb.show.live.status_line import head_html

if TYPE_CHECKING:
    from nanobanana_nb.notebook.status.board_widgets import Actions, Frame

ADVICE = (
    "Stop sends nothing more; paid tasks go on, and `%nanobanana resume` fetches them. "
    "Detach ends the cell; everything goes on, and `%nanobanana wait` shows it."
)
LOOK = "Look closer"
FAILED, TILES = 1, 2  # the parts below the head, in the order in which they take turns


class Board:
    """The status as widgets, all of them closed when the result takes their place.

    After the first, a `draw` changes one widget at most, which is one message to the page
    however many tasks run: where several have changed, they take turns.
    """

    visible = False

    def __init__(self, display_id: str) -> None:
        self.wish = ""
        self.changed = False  # whether a click wants the board drawn anew at once
        self._display_id = display_id
        self._frame: Frame | None = None
        self._job: Job | None = None
        self._clickable = False  # whether the page hears what is pressed on tiles
        self._viewer: Any = None  # once it was opened
        self._target: int | None = None  # the image to look at
        self._start: int | None = None  # of the page; None follows the first unfinished task
        self._turn = 0  # of the parts, which of them may change next
        self._page_start = 0  # of the page that is drawn

    def draw(self, job: Job, elapsed_s: float) -> None:
        """Show how the job stands now."""
        images, self._job = job.generations, job
        frame = self._frame or self._open(job, images)
        self._view_target(job)
        self.changed = False
        if self._turn and self._allow_look(frame, images):
            return
        retries = self._clickable and job.can_try_again()

        def details() -> dict[str, Any]:
            return {**details_of(job), "failures": not retries, "advice": ""}

        parts: list[tuple[Any, Callable[[], str]]] = [
            (frame.head, lambda: head_html(images, elapsed_s=elapsed_s, **details())),
            (frame.failed, lambda: failed_html(images, job.plan) if retries else ""),
            (frame.tiles, lambda: self._page(job, images)),
        ]
        for turn in (*range(self._turn, len(parts)), *range(self._turn)):
            part, html = parts[turn]
            if part is not None and (value := dense(html())) != part.value:
                part.value, self._turn = value, turn + 1
                return

    def close(self) -> None:
        """Close every widget. A viewer that is open stays, and shows what it showed."""
        if self._frame is not None:
            self._frame.close()
            self._frame = None

    def _open(self, job: Job, images: Sequence[Generation]) -> Frame:
        from nanobanana_nb.notebook.status.board_widgets import Frame

        ends: Actions = {
            "Stop": ("Wait no longer; paid tasks go on", lambda: self._end(STOP)),
            "Detach": ("Let it go on in the background", lambda: self._end(DETACH)),
        }
        look: Actions = {
            LOOK: ("Open the newest image in the viewer", lambda: self._hear("newest", -1))
        }
        pages: Actions = {
            "Earlier": ("Show the tiles before these", lambda: self._leaf(-tile_strip.PAGE)),
            "Later": ("Show the tiles after these", lambda: self._leaf(tile_strip.PAGE)),
            "Follow": ("Show the tiles that run now", lambda: self._leaf(0)),
        }
        if len(images) > 1:
            from nanobanana_nb.notebook.status.click_listener import ClickListener

            paged = len(images) > tile_strip.PAGE and not has_places(images, job.plan)
            listener = ClickListener(self._hear)
            self._frame = Frame(ADVICE, ends, look, pages if paged else {}, listener)
        else:
            self._frame = Frame(ADVICE, ends)
        self.visible = True
        show_widget(self._frame.box, self._display_id)
        return self._frame

    def _end(self, wish: str) -> None:
        self.wish = wish
        for name in ("Stop", "Detach"):
            if self._frame is not None:
                self._frame.buttons[name].disabled = True

    def _leaf(self, step: int) -> None:
        self._start = self._page_start + step if step else None
        self.changed, self._turn = True, TILES

    def _hear(self, kind: str, position: int) -> None:
        """Note what was pressed in the page; a further try is asked for at once."""
        if self._job is None:
            return
        images = self._job.generations
        known = 0 <= position < len(images)
        if kind == "here":
            self._clickable = True
        elif kind == "again" and known:
            self._job.again(position)
        elif kind == "all":
            self._job.again(*(n for n, image in enumerate(images) if may_be_retried(image)))
        elif kind == "newest":
            ends = [(image.finished_at or 0.0, n) for n, image in enumerate(images) if image.ok]
            self._target = max(ends)[1] if ends else None
        elif known and images[position].ok:
            self._target = position
        self.changed = True
        self._turn = FAILED if kind in ("here", "again", "all") else self._turn

    def _view_target(self, job: Job) -> None:
        """Open the viewer here, where outputs come under the cell, and not where the click is."""
        if self._target is None:
            return
        from nanobanana_nb.notebook.status.run_viewer import RunViewer

        self._viewer = self._viewer or RunViewer()
        position, self._target = self._target, None
        self._viewer.open(job.grid, position)

    def _allow_look(self, frame: Frame, images: Sequence[Generation]) -> bool:
        """Let the button be pressed from the first image on; whether that changed now."""
        button = frame.buttons.get(LOOK)
        if button is None or button.disabled is not any(image.ok for image in images):
            return False
        button.disabled = not button.disabled
        return True

    def _page(self, job: Job, images: Sequence[Generation]) -> str:
        start = tile_strip.front(images) if self._start is None else self._start
        self._page_start = tile_strip.within(start, len(images))
        press = to_look if self._clickable else None
        return tiles_html(images, job.plan, self._page_start, time.time(), press)
