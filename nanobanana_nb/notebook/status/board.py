"""The status with buttons: Stop, Detach, tries again, the viewer, and pages of tiles.

A click only notes what the person wants; the cell that waits does it at its next look, 0.2 s
later at most. So a click may come on any thread.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from nanobanana_nb.model.result import Generation
from nanobanana_nb.notebook.status.details import details_of
from nanobanana_nb.notebook.status.forms import DETACH, STOP
from nanobanana_nb.run.job import Job
from nanobanana_nb.show.growth import may_be_retried
from nanobanana_nb.show.live import tile_strip
from nanobanana_nb.show.live.clickable import failed_html
from nanobanana_nb.show.live.foot import foot_html
from nanobanana_nb.show.live.live_grid import Live, has_places, tiles_html
from nanobanana_nb.show.live.status_line import head_html

if TYPE_CHECKING:
    from nanobanana_nb.notebook.status.board_widgets import Actions, Forms, Frame

STOPS = "Sends nothing more; paid tasks go on, and Fetch them or %nanobanana resume gets them"
DETACHES = "Ends the cell; everything goes on, and %nanobanana wait shows it"
LOOK = "Look closer"


class Board:
    """The status as widgets, all of them closed when the result takes their place.

    A `draw` sends what has changed: a line of text, and the tiles only where one of them did.

    Args:
        put: called once with the widget that shows it.
    """

    visible = False

    def __init__(self, put: Callable[[Any], object]) -> None:
        self.wish = ""
        self.changed = False  # whether a click wants the board drawn anew at once
        self._put = put
        self._frame: Frame | None = None
        self._job: Job | None = None
        self._clickable = False  # whether the page hears what is pressed on tiles
        self._viewer: Any = None  # once it was opened
        self._target: int | None = None  # the image to look at
        self._start: int | None = None  # of the page; None follows the first unfinished task
        self._page_start = 0  # of the page that is drawn

    def draw(self, job: Job, elapsed_s: float) -> None:
        """Show how the job stands now: headline and tiles never tell different things."""
        images, self._job = job.generations, job
        self._view_target(job)
        if self._viewer is not None:
            self._viewer.fill(job.grid)
        self.changed = False
        retries = self._clickable and job.can_try_again()
        placed = has_places(images)
        details = {**details_of(job), "failures": not retries, "advice": ""}
        details["again"] = retries and placed
        forms = (
            head_html(images, elapsed_s=elapsed_s, **details),
            failed_html(images, job.plan) if retries and not placed else "",
            self._page(job, images, retries),
        )
        frame = self._frame = self._frame or self._frame_of(job, images, forms)
        frame.show(forms)
        frame.allow_look(any(image.ok for image in images))
        if not self.visible:  # with all that is in it: it has its height from the beginning
            self.visible = True
            self._put(frame.box)

    def hold(self) -> None:
        """Let the cell keep its height in the page while the result takes the board's place."""
        if self._frame is not None:
            self._frame.listener.hold()

    def close(self) -> None:
        """Close every widget. A viewer that is open stays, and has all that came."""
        if self._viewer is not None and self._job is not None:
            self._viewer.fill(self._job.grid, last=True)
        if self._frame is not None:
            self._frame.close()
            self._frame = None

    def _frame_of(self, job: Job, images: Sequence[Generation], forms: Forms) -> Frame:
        from nanobanana_nb.notebook.status.board_widgets import Frame

        look: Actions = {
            LOOK: ("Open the newest image in the viewer", lambda: self._hear("newest", -1))
        }
        pages: Actions = {
            "Earlier": ("Show the tiles before these", lambda: self._leaf(-tile_strip.PAGE)),
            "Later": ("Show the tiles after these", lambda: self._leaf(tile_strip.PAGE)),
            "Follow": ("Show the tiles that run now", lambda: self._leaf(0)),
        }
        from nanobanana_nb.notebook.status.click_listener import ClickListener

        several, paged = len(images) > 1, not has_places(images)
        listener = ClickListener(self._hear)
        foot = Markup("") if paged else foot_html(job.grid)
        shown = (self._ends(), look if several else {}, pages if paged else {})
        return Frame(forms, *shown, listener, foot)

    def _ends(self) -> Actions:
        return {
            "Stop": (STOPS, lambda: self._end(STOP)),
            "Detach": (DETACHES, lambda: self._end(DETACH)),
        }

    def _end(self, wish: str) -> None:
        self.wish = wish
        for name in ("Stop", "Detach"):
            if self._frame is not None:
                self._frame.buttons[name].disabled = True

    def _leaf(self, step: int) -> None:
        self._start = self._page_start + step if step else None
        self.changed = True

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

    def _view_target(self, job: Job) -> None:
        """Open the viewer here, where outputs come under the cell, and not where the click is."""
        if self._target is None:
            return
        from nanobanana_nb.notebook.status.run_viewer import RunViewer

        self._viewer = self._viewer or RunViewer()
        position, self._target = self._target, None
        self._viewer.open(job.grid, position)

    def _page(self, job: Job, images: Sequence[Generation], retries: bool) -> str:
        start = tile_strip.front(images) if self._start is None else self._start
        self._page_start = tile_strip.within(start, len(images))
        now = None if self._clickable else time.time()  # a page that listens counts by itself
        return tiles_html(images, job.plan, self._page_start, Live(now, self._clickable, retries))
