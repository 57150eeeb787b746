"""The status with buttons: Stop, Detach, tries again, the viewer, and pages of tiles.

A click only notes what the person wants; the cell that waits does it at its next look, 0.2 s
later at most. So a click may come on any thread.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from nanobanana_nb.model.result import Generation
from nanobanana_nb.notebook.status.forms import DETACH, STOP, show_widget, told
from nanobanana_nb.run.job import Job
from nanobanana_nb.show.growth import may_be_retried
from nanobanana_nb.show.live import tile_strip
from nanobanana_nb.show.live.clickable import dense, failed_html, to_look
from nanobanana_nb.show.live.live_grid import has_places, tiles_html
from nanobanana_nb.show.live.status import head_html

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
        self._heard = False  # whether the page hears what is pressed on tiles
        self._looking: Any = None  # the viewer, once it was opened
        self._wanted: int | None = None  # the image to look at
        self._start: int | None = None  # of the page; None follows the first unfinished task
        self._turn = 0  # of the parts, which of them may change next
        self._shown = 0  # where the page that is drawn begins

    def draw(self, job: Job, elapsed_s: float) -> None:
        """Show how the job stands now."""
        ones, self._job = job.generations, job
        frame = self._frame or self._open(job, ones)
        self._look(job)
        self.changed = False
        if self._turn and self._allow_look(frame, ones):
            return
        parts: list[tuple[Any, Callable[[], str]]] = [
            (frame.head, lambda: self._head(job, ones, elapsed_s)),
            (frame.failed, lambda: self._failed(job, ones)),
            (frame.tiles, lambda: self._page(job, ones)),
        ]
        for turn in (*range(self._turn, len(parts)), *range(self._turn)):
            part, made = parts[turn]
            if part is not None and (value := made()) != part.value:
                part.value, self._turn = value, turn + 1
                return

    def close(self) -> None:
        """Close every widget. A viewer that is open stays, and shows what it showed."""
        if self._frame is not None:
            self._frame.close()
            self._frame = None

    def _open(self, job: Job, ones: Sequence[Generation]) -> Frame:
        from nanobanana_nb.notebook.status.board_widgets import Frame

        paged = len(ones) > tile_strip.PAGE and not has_places(ones, job.plan)
        more = self._more if len(ones) > 1 else {}
        self._frame = Frame(ADVICE, self._ends, more, self._pages if paged else {}, self._ear)
        self.visible = True
        show_widget(self._frame.box, self._display_id)
        return self._frame

    def _ear(self) -> Any:
        from nanobanana_nb.notebook.status.click_listener import listening

        return listening(self._hear)

    @property
    def _ends(self) -> Actions:
        return {
            "Stop": ("Wait no longer; paid tasks go on", lambda: self._want(STOP)),
            "Detach": ("Let it go on in the background", lambda: self._want(DETACH)),
        }

    @property
    def _more(self) -> Actions:
        return {LOOK: ("Open the newest image in the viewer", lambda: self._hear("newest", -1))}

    @property
    def _pages(self) -> Actions:
        return {
            "Earlier": ("Show the tiles before these", lambda: self._leaf(-tile_strip.PAGE)),
            "Later": ("Show the tiles after these", lambda: self._leaf(tile_strip.PAGE)),
            "Follow": ("Show the tiles that run now", lambda: self._leaf(0)),
        }

    def _want(self, wish: str) -> None:
        self.wish = wish
        for name in self._ends:
            if self._frame is not None:
                self._frame.buttons[name].disabled = True

    def _leaf(self, step: int) -> None:
        self._start = self._shown + step if step else None
        self.changed, self._turn = True, TILES

    def _hear(self, kind: str, position: int) -> None:
        """Note what was pressed in the page; a further try is asked for at once."""
        if self._job is None:
            return
        ones = self._job.generations
        known = 0 <= position < len(ones)
        if kind == "here":
            self._heard = True
        elif kind == "again" and known:
            self._job.again(position)
        elif kind == "all":
            self._job.again(*(n for n, one in enumerate(ones) if may_be_retried(one)))
        elif kind == "newest":
            self._wanted = _newest(ones)
        elif known and ones[position].ok:
            self._wanted = position
        self.changed = True
        self._turn = FAILED if kind in ("here", "again", "all") else self._turn

    def _look(self, job: Job) -> None:
        """Open the viewer here, where outputs come under the cell, and not where the click is."""
        if self._wanted is None:
            return
        from nanobanana_nb.notebook.status.run_viewer import Looking

        self._looking = self._looking or Looking()
        wanted, self._wanted = self._wanted, None
        self._looking.look(job.grid, wanted)

    def _allow_look(self, frame: Frame, ones: Sequence[Generation]) -> bool:
        """Let the button be pressed from the first image on; whether that changed now."""
        button = frame.buttons.get(LOOK)
        if button is None or button.disabled is not any(one.ok for one in ones):
            return False
        button.disabled = not button.disabled
        return True

    def _head(self, job: Job, ones: Sequence[Generation], elapsed_s: float) -> str:
        tries = self._heard and job.can_try_again()
        said = {**told(job), "failures": not tries, "advice": ""}
        return dense(head_html(ones, elapsed_s=elapsed_s, **said))

    def _failed(self, job: Job, ones: Sequence[Generation]) -> str:
        tries = self._heard and job.can_try_again()
        return dense(failed_html(ones, job.plan)) if tries else ""

    def _page(self, job: Job, ones: Sequence[Generation]) -> str:
        wanted = tile_strip.front(ones) if self._start is None else self._start
        self._shown = tile_strip.within(wanted, len(ones))
        press = to_look if self._heard else None
        return dense(tiles_html(ones, job.plan, self._shown, time.time(), press))


def _newest(ones: Sequence[Generation]) -> int | None:
    """Return the position of the image that came last, None where there is none."""
    made = [(one.finished_at or 0.0, n) for n, one in enumerate(ones) if one.ok]
    return max(made)[1] if made else None
