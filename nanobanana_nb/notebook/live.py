"""A running job under its cell: a status while it runs, replaced by the result.

Everything is drawn on the thread that waits: what a worker thread draws lands under
whichever cell runs then.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from IPython.core.getipython import get_ipython
from IPython.display import publish_display_data

from nanobanana_nb import config
from nanobanana_nb.model.result import State
from nanobanana_nb.notebook import shown
from nanobanana_nb.notebook.status import Status, open_status
from nanobanana_nb.run.job import Job
from nanobanana_nb.show.grid import ImageGrid

FIRST_S = 0.2  # what is done by then shows no status at all
EVERY_S = 0.5  # Jupyter servers limit messages: at most two updates a second


class LiveView:
    """Shows one job under the running cell."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._settings = config.load(None, config.CONFIGURED).settings
        self._display_id = f"nanobanana-{uuid4().hex}"
        self._started = time.monotonic()
        self._next = self._started + FIRST_S
        self._status: Status | None = None

    def follow(self) -> ImageGrid:
        """Wait for the job and return its images. Raises what the job raises."""
        with self._replaced_by_result():
            return self._job.follow(self._draw)

    async def afollow(self) -> ImageGrid:
        """Await the job and return its images. Raises what the job raises."""
        with self._replaced_by_result():
            return await self._job.afollow(self._draw)

    @contextmanager
    def _replaced_by_result(self) -> Iterator[None]:
        try:
            yield
        except (KeyboardInterrupt, asyncio.CancelledError) as stop:
            _say_shortly(stop)
            raise
        finally:
            self._finish()

    def _draw(self) -> None:
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + EVERY_S
        if self._status is None:
            self._status = open_status(self._settings.status, self._display_id)
        self._status.draw(self._job, now - self._started)

    def _finish(self) -> None:
        grid = self._job.grid
        if self._status is not None:
            self._status.close()
        elif not _worth_showing(grid):
            return  # the error says it all
        opened = self._status is not None and self._status.visible
        publish_display_data(
            grid._repr_mimebundle_(), transient={"display_id": self._display_id}, update=opened
        )
        shown.remember(get_ipython(), grid)


def _worth_showing(grid: ImageGrid) -> bool:
    if all(one.state is State.PLANNED and one.error is None for one in grid):
        return False  # refused as a whole: nothing has begun
    noted = grid.plan is not None and grid.plan.notes
    return bool(noted) or len(grid) > 1 or any(one.task_id or one.ok for one in grid)


def _say_shortly(stop: BaseException) -> None:
    """Let IPython say what was stopped instead of where in the code."""
    name = type(stop).__name__
    text = f"{name}: stopped waiting. Paid tasks go on: run the cell again to go on waiting, or"
    text += " %nanobanana resume to fetch their images. Neither pays again."
    stop._render_traceback_ = lambda: [text]  # type: ignore[attr-defined]
