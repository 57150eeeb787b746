"""How far a job is, as one line: rewritten in place at a terminal, else a line for each change."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO

from nanobanana_nb.notebook.status.details import details_of
from nanobanana_nb.run.job import Job
from nanobanana_nb.settings import config
from nanobanana_nb.show.live.status_line import status_text
from nanobanana_nb.text.terminal import cut

FIRST_S, EVERY_S = 0.3, 0.25  # what is done by then shows no line


class Progress(Protocol):
    """Shows how far a job is."""

    def draw(self) -> None:
        """Show how the job stands now."""
        ...

    def close(self) -> None:
        """Leave the terminal as a program finds it."""
        ...


class ProgressLine:
    """One line of a terminal, drawn again in its place and gone at the end."""

    def __init__(self, job: Job, out: TextIO) -> None:
        self._job, self._out = job, out
        self._begun = time.monotonic()
        self._next = self._begun + FIRST_S
        self._length = 0

    def draw(self) -> None:
        now = time.monotonic()
        if now >= self._next:
            self._next = now + EVERY_S
            width = shutil.get_terminal_size().columns - 1
            self._put(cut(headline(self._job, now - self._begun), max(width, 20)))

    def close(self) -> None:
        if self._length:
            self._put("")
            self._out.write("\r")
            self._out.flush()

    def _put(self, text: str) -> None:
        """Write over what stands there; blanks take out more than no terminal knows."""
        self._out.write(f"\r{text.ljust(self._length)}")
        self._out.flush()
        self._length = len(text)


class ProgressLines:
    """One line for each change of the states, for what keeps them all: a file, or a log."""

    def __init__(self, job: Job, out: TextIO) -> None:
        self._job, self._out = job, out
        self._begun = time.monotonic()
        self._states: list[str] = []

    def draw(self) -> None:
        elapsed_s = time.monotonic() - self._begun
        states = [str(image.state) for image in self._job.generations]
        if states != self._states and elapsed_s >= FIRST_S:
            self._states = states
            self._out.write(f"{headline(self._job, elapsed_s)}\n")
            self._out.flush()

    def close(self) -> None:
        pass


@contextmanager
def progress_line(job: Job, out: TextIO) -> Iterator[Callable[[], None] | None]:
    """Lend what draws a line for a job in a terminal, None where the settings want no status."""
    settings = config.load(None, config.CONFIGURED).settings
    if settings.status == "off" or not can_rewrite(out):
        yield None
        return
    line = ProgressLine(job, out)
    try:
        yield line.draw
    finally:
        line.close()


def headline(job: Job, elapsed_s: float) -> str:
    """Return how far a job is, on one line."""
    whole = status_text(job.generations, elapsed_s=elapsed_s, **details_of(job))
    return whole.partition("\n")[0]


def can_rewrite(out: TextIO | None) -> bool:
    """Whether a stream is a terminal that goes back to the begin of a line."""
    return out is not None and out.isatty() and os.environ.get("TERM") != "dumb"
