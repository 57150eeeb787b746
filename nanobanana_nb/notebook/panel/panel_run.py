"""One run of a panel: started, watched from the kernel's loop, stopped, and its end told."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets as widgets

from nanobanana_nb.errors import NanobananaError
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.notebook.page.output import Bundle
from nanobanana_nb.notebook.panel import controls
from nanobanana_nb.notebook.panel.kernel_loop import Ticker
from nanobanana_nb.notebook.panel.result_area import ResultArea
from nanobanana_nb.run.job import Job
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.html import markup, text, wording
from nanobanana_nb.show.html.markup import joined, tag
from nanobanana_nb.show.live.live_grid import live_html

EVERY_S = 0.5  # Jupyter servers limit messages: at most two updates a second
SETTLING = 3  # looks after Stop, in which creates on their way are still written down
STOPPED = "Stopped waiting, nothing more is sent. Paid tasks go on: `%nanobanana resume`."
_MOVING = (State.SENT, State.PENDING, State.RUNNING)
Ended = Callable[[Job, NanobananaError | None], object]


class Running:
    """At most one job; `box` shows its progress, the results below the panel its images.

    Args:
        ended: called with the job and, where no image came about or it was refused, why.
        moved: called at each look at a job.
    """

    def __init__(
        self, ticker: Ticker, results: ResultArea, ended: Ended, moved: Callable[[], object]
    ) -> None:
        self.job: Job | None = None
        self.newest: Job | None = None  # it or the one before, where something was begun
        self._ticker, self._results = ticker, results
        self._ended, self._moved = ended, moved
        self._started = 0.0
        self._settling: int | None = None  # looks that are left after Stop
        self._drawn: Any = None
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
        return next((job.grid for job in jobs if any(one.ok for one in job.generations)), None)

    def start(self, job: Job) -> None:
        """Watch a job that has begun."""
        self.job, self._settling, self._drawn = job, None, None
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
        self._tell(job)
        self._moved()
        settled = not any(one.state in _MOVING for one in job.generations)
        if job.done() and (self._settling is None or settled or self._settling <= 0):
            self._finish(job)
            return
        if self._settling is not None:
            self._settling -= 1
        self._draw_live(job)
        self._ticker.later("run", EVERY_S, self._look)

    def _tell(self, job: Job) -> None:
        ones = job.generations
        self._bar.value = sum(one.state.is_final for one in ones)
        took = wording.seconds_text(time.monotonic() - self._started)
        parts = [*_counts(ones), *_money(job), took]
        notice = [tag("b", job.notice())] if job.notice() else []
        stopped = [markup.quiet(markup.with_code(STOPPED))] if self._settling is not None else []
        controls.show(self._words, joined([*parts, *notice, *stopped], wording.DOT))

    def _draw_live(self, job: Job) -> None:
        """Draw the grid on another thread, where it has changed and is not being drawn."""
        states = [(one.state, one.path) for one in job.generations]
        if self._drawing or states == self._drawn or not job.accepted:
            return
        self._drawn, self._drawing = states, True

        def shown(html: str | None, error: BaseException | None) -> None:
            self._drawing = False
            if html is not None and self.job is job:
                self._results.draw({"text/html": html, "text/plain": "The images are being made."})

        self._ticker.off(lambda: live_html(job.grid), shown)

    def _finish(self, job: Job) -> None:
        error = None if self._settling is not None else _failure(job)
        self._tell(job)

        def shown(data: Bundle | None, failed: BaseException | None) -> None:
            self.job = None
            if data or failed:
                self.newest = job
            if data:
                self._results.draw(data)
            why = None if failed is None else _unseen(failed)
            self._ended(job, error or why)

        self._ticker.off(lambda: _bundle(job), shown)


def _counts(ones: Sequence[Generation]) -> list[str]:
    """Return `2 of 4 done`, and how many stand otherwise."""
    words = Counter(wording.state_word(one) for one in ones)
    done = words.pop("done", 0)
    return [f"{done:,} of {len(ones):,} done", *(f"{n:,} {word}" for word, n in words.items())]


def _money(job: Job) -> list[str]:
    """Return `8 of 16 credits`: what is here, and the bill."""
    if job.bill is None:
        return []
    spent = sum(one.credits or 0 for one in job.generations if one.ok)
    return [f"{wording.number(spent)} of {text.price(job.bill)}"]


def _failure(job: Job) -> NanobananaError | None:
    """Return what a finished job raises."""
    try:
        job.result()
    except NanobananaError as error:
        return error
    return None


def _unseen(failed: BaseException) -> NanobananaError:
    what = "The images are made and cannot be shown"
    return NanobananaError(what, why=str(failed), action="`%nanobanana history` has them.")


def _bundle(job: Job) -> Bundle | None:
    """Return the images as an output, None where nothing has begun."""
    grid = job.grid
    begun = any(one.state is not State.PLANNED or one.error for one in grid)
    return grid._repr_mimebundle_() if begun else None
