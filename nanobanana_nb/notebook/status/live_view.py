"""A running job under its cell: a status while it runs, replaced by the result.

Everything is drawn on the thread that waits: what a worker thread draws lands under
whichever cell runs then.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from IPython.core.getipython import get_ipython
from IPython.display import publish_display_data

from nanobanana_nb.errors import message_alone
from nanobanana_nb.model.result import State
from nanobanana_nb.notebook.page import displayed_results
from nanobanana_nb.notebook.page.output import Bundle, Place, sentence
from nanobanana_nb.notebook.status.board import Board
from nanobanana_nb.notebook.status.forms import (
    DETACH,
    STOP,
    NoStatus,
    PlainStatus,
    Status,
    WidgetStatus,
)
from nanobanana_nb.run.job import Job
from nanobanana_nb.settings import config
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.html import wording
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
        result: whether the images are left under the cell, or only their number and cost.
    """

    def __init__(self, job: Job, *, buttons: bool = False, result: bool = True) -> None:
        self._job = job
        self._result = result
        self._buttons = buttons
        self._settings = config.load(None, config.CONFIGURED).settings
        self._place = Place()
        self._started = time.monotonic()
        self._next = self._started + FIRST_S
        self._status: Status | None = None

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
        ending = self._finish
        try:
            yield
        except (KeyboardInterrupt, asyncio.CancelledError) as stop:
            _say_shortly(stop)
            raise
        except Detached:
            ending = self._let_go
            raise
        finally:
            ending()

    def _draw(self) -> None:
        self._obey()
        now = time.monotonic()
        if now < self._next and not (self._status and self._status.changed):
            return
        self._next = now + EVERY_S
        if self._status is None:
            self._status = open_status(
                self._settings.status, self._place.display_id, buttons=self._buttons
            )
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
        """Leave a note in the place of the status that stays true however long a file keeps it."""
        assert self._status is not None
        self._status.close()
        images = self._job.generations
        done = sum(image.state.is_final for image in images)
        took = wording.seconds_text(time.monotonic() - self._started)
        so_far = f" {done:,} of {len(images):,} were done after {took}." if len(images) > 1 else ""
        self._publish(sentence(LET_GO + so_far), update=self._status.visible)

    def _finish(self) -> None:
        grid = self._job.grid
        if self._status is not None:
            self._status.close()
        else:
            refused = all(image.state is State.PLANNED and image.error is None for image in grid)
            notes = grid.plan is not None and grid.plan.notes
            begun = len(grid) > 1 or any(image.task_id or image.ok for image in grid)
            if refused or not (notes or begun):
                return  # the error says it all
        update = self._status is not None and self._status.visible
        if self._result:
            self._publish(grid._repr_mimebundle_(), update=update)
            displayed_results.remember(get_ipython(), grid)
        else:
            self._publish(summed_up(grid.generations), update=update)

    def _publish(self, data: Bundle, *, update: bool) -> None:
        if update:
            self._place.put(data)
            self._place.close(late_s=LATE_S)
        else:  # at once: it will not change
            publish_display_data(dict(data), transient={"display_id": self._place.display_id})


def open_status(form: str, display_id: str, *, buttons: bool = False) -> Status:
    """Return a status in `form`, one of the setting's values, with buttons where they can be."""
    chosen = _best_form() if form == "auto" else form
    if chosen == "off":
        return NoStatus()
    if chosen == "widget" and buttons:
        return Board(display_id)
    if chosen == "widget":
        return WidgetStatus(display_id)
    return PlainStatus(display_id, html=chosen == "html")


def _best_form() -> str:
    if "google.colab" in sys.modules:
        return "html"
    kernel = getattr(get_ipython(), "kernel", None)
    # A run without a person (nbclient, papermill) takes no input and shows no widgets.
    return "widget" if getattr(kernel, "_allow_stdin", True) else "html"


def interruption() -> KeyboardInterrupt:
    """Return the interrupt that a cell ends with when its wait was stopped."""
    stop = KeyboardInterrupt()
    _say_shortly(stop)
    return stop


def _say_shortly(stop: BaseException) -> None:
    """Let it say what was stopped, to whatever draws it, instead of where in the code."""
    stop.args = (
        "stopped waiting. Paid tasks go on: run the cell again to go on waiting, or"
        " %nanobanana resume to fetch their images. Neither pays again.",
    )
    stop._render_traceback_ = partial(message_alone, stop)  # type: ignore[attr-defined]
