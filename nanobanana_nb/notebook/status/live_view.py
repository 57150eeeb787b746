"""A running job under its cell: a status while it runs, replaced by the result.

Everything is drawn on the thread that waits: what a worker thread draws lands under
whichever cell runs then.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from IPython.core.getipython import get_ipython
from IPython.display import publish_display_data

from nanobanana_nb.model.result import State
from nanobanana_nb.notebook.page import displayed_results
from nanobanana_nb.notebook.page.frontend import in_colab
from nanobanana_nb.notebook.page.output import Bundle, Place
from nanobanana_nb.notebook.page.output_sync import OUTPUT_SYNC
from nanobanana_nb.notebook.status.board import Board
from nanobanana_nb.notebook.status.forms import (
    DETACH,
    STOP,
    NoStatus,
    PlainStatus,
    Status,
    WidgetStatus,
    show_widget,
)
from nanobanana_nb.notebook.status.stop import Stopped, headed, say_shortly, still, stopped_line
from nanobanana_nb.run.job import Job
from nanobanana_nb.run.runtime import RUNTIME
from nanobanana_nb.settings import config
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.html import markup, wording
from nanobanana_nb.show.live.status_line import summed_up

FIRST_S = 0.2  # what is done by then shows no status at all
EVERY_S = 0.5  # Jupyter servers limit messages: at most two updates a second
LATE_S = 30.0  # a page that was loaded anew is heard after a cell that blocked, within this time
LET_GO = "Detached: it goes on in the background. `%nanobanana wait` shows the images."


class Detached(Exception):  # noqa: N818 (no error, a wish)
    """The person let the job go on in the background; the cell waits no longer."""


class LiveView:
    """Shows one job under the running cell.

    Args:
        buttons: whether clicks reach the kernel while the cell runs, as they do while it awaits.
        whole: returns the grid that the images are a part of: a stop leaves that one under the
            cell, and the end only their number and cost.
        place: where it is shown, if something stands there; else below the cell that runs.
    """

    def __init__(
        self,
        job: Job,
        *,
        buttons: bool = False,
        whole: Callable[[], ImageGrid] | None = None,
        place: Place | None = None,
    ) -> None:
        self._job = job
        self._whole = whole
        self._buttons = buttons
        self._settings = config.load(None, config.CONFIGURED).settings
        self._place = place or Place()
        self._started = time.monotonic()
        self._next = self._started + FIRST_S
        self._status: Status | None = None

    @property
    def says_so(self) -> bool:
        """Whether a stop is told in the output: once it took so long that a status was due."""
        return self._status is not None

    def follow(self) -> ImageGrid:
        """Wait for the job and return its images. Raises what the job raises."""
        with self._replaced_by_result():
            return self._job.follow(self._draw)

    async def afollow(self) -> ImageGrid:
        """Await the job and return its images. Raises what the job raises.

        A click on Stop raises CancelledError, as being cancelled does, and one on Detach Detached.
        """
        with self._replaced_by_result():
            return await self._job.afollow(self._draw)

    @contextmanager
    def _replaced_by_result(self) -> Iterator[None]:
        """Put what has come about in the place of the status, however the wait ends."""
        ending = self._finish
        try:
            yield
        except asyncio.CancelledError as stop:
            ending = self._stop
            say_shortly(stop, is_shown=self.says_so)
            raise
        except KeyboardInterrupt:
            ending = self._stop
            raise Stopped(is_shown=self.says_so) from None
        except Detached:
            ending = self._let_go
            raise
        finally:
            try:
                ending()
            finally:
                if self._status is not None:
                    self._status.close()

    def _draw(self) -> None:
        self._obey()
        now = time.monotonic()
        if now < self._next and not (self._status and self._status.changed):
            return
        self._next = now + EVERY_S
        if self._status is None:
            self._status = open_status(self._settings.status, self._place, buttons=self._buttons)
        self._status.draw(self._job, now - self._started)

    def _obey(self) -> None:
        """Do what was clicked since the last look; a job that is done needs neither."""
        wish = self._status.wish if self._status is not None else ""
        if wish and self._job.done():
            return
        if wish == STOP:
            raise asyncio.CancelledError
        if wish == DETACH:
            raise Detached

    def _let_go(self) -> None:
        """Leave what is here and a line above it, all true however long a file keeps it."""
        grid = self._job.grid
        images = [
            g if g.state.is_final else replace(g, state=State.PENDING, notes=()) for g in grid
        ]
        forms = grid.of(images, grid.plan, grid.view, grid.number)._repr_mimebundle_()
        self._replace(headed(markup.with_code(LET_GO), wording.code_free(LET_GO), forms))

    def _stop(self) -> None:
        """Leave the images with one line above them, which says what goes on."""
        if not self.says_so:
            self._finish()
            return
        grid = self._whole() if self._whole else self._job.grid
        displayed_results.remember(get_ipython(), grid)
        # Where the page does not see to the file, a widget would stand there when it is opened.
        buttons = isinstance(self._status, Board | WidgetStatus) and OUTPUT_SYNC.saves
        if self._status is not None and buttons and any(map(wording.can_resume, grid)):
            from nanobanana_nb.notebook.status.stopped_run import StoppedRun

            self._status.hold()
            StoppedRun(self._place, grid, partial(_follow_in, self._place)).show()
            return
        grid = still(grid)
        self._replace(headed(*stopped_line(grid), grid._repr_mimebundle_()))

    def _finish(self) -> None:
        grid = self._job.grid
        if self._status is None:
            refused = all(image.state is State.PLANNED and image.error is None for image in grid)
            notes = grid.plan is not None and grid.plan.notes
            begun = len(grid) > 1 or any(image.task_id or image.ok for image in grid)
            if refused or not (notes or begun):
                return  # the error says it all
        if self._whole is None:
            self._replace(grid._repr_mimebundle_())
            displayed_results.remember(get_ipython(), grid)
        else:
            self._replace(summed_up(grid.generations))

    def _replace(self, data: Bundle) -> None:
        """Put this in the place of the status, which is closed when it is gone from the page."""
        if self._status is not None:
            self._status.hold()
        if self._place.shown or (self._status is not None and self._status.visible):
            self._place.put(data)
            self._place.close(late_s=LATE_S)
        else:  # at once: it will not change
            publish_display_data(dict(data), transient={"display_id": self._place.display_id})


async def _follow_in(place: Place, job: Job) -> bool:
    """Show a job where something stands already, and say whether it has ended.

    Detached, it is kept for those who wait, and what stands there then says so.
    """
    try:
        await LiveView(job, buttons=True, place=place).afollow()
    except Detached:
        RUNTIME.jobs.append(job)
        return False
    return True


def open_status(form: str, place: Place, *, buttons: bool = False) -> Status:
    """Return a status in `form`, one of the setting's values, with buttons where they can be."""
    chosen = _best_form() if form == "auto" else form
    if chosen == "off":
        return NoStatus()
    if chosen == "widget" and buttons:
        return Board(lambda box: show_widget(box, place))
    if chosen == "widget":
        return WidgetStatus(place)
    return PlainStatus(place, html=chosen == "html")


def _best_form() -> str:
    if in_colab():
        return "html"
    kernel = getattr(get_ipython(), "kernel", None)
    # A run without a person (nbclient, papermill) takes no input and shows no widgets.
    return "widget" if getattr(kernel, "_allow_stdin", True) else "html"
