"""One run of a panel: started, watched from the kernel's loop, stopped, and its end reported."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable

from nanobanana_nb.errors import NanobananaError
from nanobanana_nb.images import thumbnail
from nanobanana_nb.model.result import State
from nanobanana_nb.notebook.page.output import Bundle
from nanobanana_nb.notebook.panel.gallery.run_tab import RunTab
from nanobanana_nb.notebook.panel.kernel_loop import KernelLoop
from nanobanana_nb.notebook.panel.result_area import ResultArea
from nanobanana_nb.run.job import Job
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.html import markup, text, wording
from nanobanana_nb.show.html.markup import joined, tag

EVERY_S = 0.5  # Jupyter servers limit messages: at most two updates a second
SETTLING = 3  # looks after Stop, in which creates on their way are still written down
STOPPED = "Stopped waiting, nothing more is sent. Paid tasks go on: `%nanobanana resume`."
HISTORY_HAS_THEM = "`%nanobanana history` has them."
_MOVING = (State.SENT, State.PENDING, State.RUNNING)
OnEnd = Callable[[Job, NanobananaError | None], object]


class PanelRun:
    """At most one job; `tab` shows it while it goes on, the results below the panel its images.

    Args:
        on_end: called with the job and, where no image came about or it was refused, why.
    """

    def __init__(self, loop: KernelLoop, tab: RunTab, results: ResultArea, on_end: OnEnd) -> None:
        self.job: Job | None = None
        self.newest: Job | None = None  # it or the one before, where something was begun
        self._loop, self._tab, self._results, self._on_end = loop, tab, results, on_end
        self._started = 0.0
        self._settling: int | None = None  # looks that are left after Stop

    @property
    def busy(self) -> bool:
        """Whether a job runs or its end is not told yet."""
        return self.job is not None

    @property
    def grid(self) -> ImageGrid | None:
        """The images of the newest run as they stand now, None before the first."""
        return None if self.newest is None else self.newest.grid

    def start(self, job: Job) -> None:
        """Watch a job that has begun."""
        self.job, self._settling = job, None
        self._started = time.monotonic()
        self._tab.begin()
        self._look()

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
        settled = not any(image.state in _MOVING for image in job.generations)
        if job.done() and (self._settling is None or settled or self._settling <= 0):
            self._finish(job)
            return
        if self._settling is not None:
            self._settling -= 1
        paths = [image.path for image in job.generations if image.ok]

        def draw(_: None, error: BaseException | None) -> None:
            if self.job is job:
                if job.accepted:
                    self._tab.draw(job, time.monotonic() - self._started)
                self._loop.later("run", EVERY_S, self._look)

        self._loop.off(lambda: thumbnail.prepare(paths), draw)  # decoded, the board draws at once

    def _sum(self, job: Job) -> str:
        """Return `2 of 4 done`, how many stand otherwise, `8 of 16 credits`, and the time."""
        images = job.generations
        words = Counter(wording.state_word(image) for image in images)
        parts: list[str] = [tag("b", f"{words.pop('done', 0):,} of {len(images):,} done")]
        parts += [f"{count:,} {word}" for word, count in words.items()]
        if job.bill is not None:
            credits = sum(image.credits or 0 for image in images if image.ok)
            parts.append(f"{wording.number(credits)} of {text.price(job.bill)}")
        parts.append(wording.seconds_text(time.monotonic() - self._started))
        if self._settling is not None:
            parts.append(markup.quiet(markup.with_code(STOPPED)))
        return str(joined(parts, wording.DOT))

    def _finish(self, job: Job) -> None:
        error = None if self._settling is not None else _failure(job)
        summary = self._sum(job)

        def bundle() -> Bundle | None:
            grid = job.grid
            begun = any(image.state is not State.PLANNED or image.error for image in grid)
            return grid._repr_mimebundle_() if begun else None

        def show(data: Bundle | None, failure: BaseException | None) -> None:
            self.job = None
            if data or failure:
                self.newest = job
            self._tab.end(job.grid if data else None, summary if data else "")
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
