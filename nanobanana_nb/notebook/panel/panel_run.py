"""One run of a panel: started, watched from the kernel's loop, stopped, and its end reported."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import ipywidgets as widgets

from nanobanana_nb.errors import NanobananaError
from nanobanana_nb.model.result import State
from nanobanana_nb.notebook.page.output import Bundle
from nanobanana_nb.notebook.panel import controls
from nanobanana_nb.notebook.panel.kernel_loop import KernelLoop
from nanobanana_nb.notebook.panel.result_area import ResultArea
from nanobanana_nb.run.job import Job
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.html import markup, text, wording
from nanobanana_nb.show.html.markup import joined, tag
from nanobanana_nb.show.live.live_grid import live_html

EVERY_S = 0.5  # Jupyter servers limit messages: at most two updates a second
SETTLING = 3  # looks after Stop, in which creates on their way are still written down
STOPPED = "Stopped waiting, nothing more is sent. Paid tasks go on: `%nanobanana resume`."
HISTORY_HAS_THEM = "`%nanobanana history` has them."
_MOVING = (State.SENT, State.PENDING, State.RUNNING)
OnEnd = Callable[[Job, NanobananaError | None], object]


class PanelRun:
    """At most one job; `box` shows its progress, the results below the panel its images.

    Args:
        on_end: called with the job and, where no image came about or it was refused, why.
        on_look: called at each look at a job.
    """

    def __init__(
        self, loop: KernelLoop, results: ResultArea, on_end: OnEnd, on_look: Callable[[], object]
    ) -> None:
        self.job: Job | None = None
        self.newest: Job | None = None  # it or the one before, where something was begun
        self._loop, self._results = loop, results
        self._on_end, self._on_look = on_end, on_look
        self._started = 0.0
        self._settling: int | None = None  # looks that are left after Stop
        self._states: Any = None  # those that are drawn
        self._drawing = False
        self._bar = widgets.IntProgress(description="Progress", layout={"width": "300px"})
        self._words = controls.html()
        self.box = controls.column(controls.row(self._bar, self._words))
        self.box.layout.display = "none"

    @property
    def busy(self) -> bool:
        """Whether a job runs or its end is not told yet."""
        return self.job is not None

    @property
    def images(self) -> ImageGrid | None:
        """The images of this run, or else of the one before; None where none is here."""
        jobs = [job for job in (self.job, self.newest) if job is not None]
        grids = (job.grid for job in jobs if any(image.ok for image in job.generations))
        return next(grids, None)

    def start(self, job: Job) -> None:
        """Watch a job that has begun."""
        self.job, self._settling, self._states = job, None, None
        self._started = time.monotonic()
        self._bar.max, self._bar.value = len(job.generations), 0
        self.box.layout.display = None
        self._look()

    def clear(self) -> None:
        """Take away the progress of a run that has ended: it says nothing of what comes next."""
        if self.job is None:
            self.box.layout.display = "none"

    def stop(self) -> None:
        """Wait no longer. The tasks go on at the service."""
        if self.job is not None and self._settling is None:
            self.job.cancel()
            self._settling = SETTLING

    def _look(self) -> None:
        """Show how the job stands, and come again until it is done."""
        job = self.job
        if job is None:
            return
        self._show_progress(job)
        self._on_look()
        settled = not any(image.state in _MOVING for image in job.generations)
        if job.done() and (self._settling is None or settled or self._settling <= 0):
            self._finish(job)
            return
        if self._settling is not None:
            self._settling -= 1
        self._draw_live(job)
        self._loop.later("run", EVERY_S, self._look)

    def _show_progress(self, job: Job) -> None:
        """Show `2 of 4 done`, how many stand otherwise, `8 of 16 credits`, and the time."""
        images = job.generations
        self._bar.value = sum(image.state.is_final for image in images)
        words = Counter(wording.state_word(image) for image in images)
        parts = [f"{words.pop('done', 0):,} of {len(images):,} done"]
        parts += [f"{count:,} {word}" for word, count in words.items()]
        if job.bill is not None:
            credits = sum(image.credits or 0 for image in images if image.ok)
            parts.append(f"{wording.number(credits)} of {text.price(job.bill)}")
        parts.append(wording.seconds_text(time.monotonic() - self._started))
        if notice := job.notice():
            parts.append(tag("b", notice))
        if self._settling is not None:
            parts.append(markup.quiet(markup.with_code(STOPPED)))
        controls.show(self._words, joined(parts, wording.DOT))

    def _draw_live(self, job: Job) -> None:
        """Draw the grid on another thread, where it has changed and is not being drawn."""
        states = [(image.state, image.path) for image in job.generations]
        if self._drawing or states == self._states or not job.accepted:
            return
        self._states, self._drawing = states, True

        def show(html: str | None, error: BaseException | None) -> None:
            self._drawing = False
            if html is not None and self.job is job:
                self._results.draw({"text/html": html, "text/plain": "The images are being made."})

        self._loop.off(lambda: live_html(job.grid), show)

    def _finish(self, job: Job) -> None:
        error = None if self._settling is not None else _failure(job)
        self._show_progress(job)

        def bundle() -> Bundle | None:
            grid = job.grid
            begun = any(image.state is not State.PLANNED or image.error for image in grid)
            return grid._repr_mimebundle_() if begun else None

        def show(data: Bundle | None, failure: BaseException | None) -> None:
            self.job = None
            if data or failure:
                self.newest = job
            if data:
                self._results.draw(data)
            if failure is None:
                self._on_end(job, error)
            else:
                what, action = "The images are made and cannot be shown", HISTORY_HAS_THEM
                self._on_end(job, error or NanobananaError(what, why=str(failure), action=action))

        self._loop.off(bundle, show)


def _failure(job: Job) -> NanobananaError | None:
    """Return what a finished job raises."""
    try:
        job.result()
    except NanobananaError as error:
        return error
    return None
