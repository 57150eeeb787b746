"""The progress of a job beside the answer: a bar, a line, or lines, as the standard error is."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from nanobanana_nb.notebook.status.progress_line import (
    Progress,
    ProgressLine,
    ProgressLines,
    can_rewrite,
    headline,
)

if TYPE_CHECKING:
    from nanobanana_nb.run.job import Job


class _Silence:
    def draw(self) -> None:
        pass

    def close(self) -> None:
        pass


class ProgressBar:
    """A bar of rich, with how the images stand beside it; gone at the end."""

    def __init__(self, job: Job) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        columns: tuple[Any, ...] = (BarColumn(24), TextColumn("{task.description}", markup=False))
        console = Console(stderr=True)
        self._job, self._bar = job, Progress(*columns, console=console, transient=True)
        self._task = self._bar.add_task("", total=len(job.generations))
        self._bar.start()

    def draw(self) -> None:
        done = sum(image.state.is_final for image in self._job.generations)
        elapsed_s = self._bar.tasks[0].elapsed or 0.0
        words = headline(self._job, elapsed_s)
        self._bar.update(self._task, completed=done, description=words)

    def close(self) -> None:
        self._bar.stop()


def progress_of(job: Job) -> Progress:
    """Return what shows a job's progress: a bar where rich is installed and there is a terminal."""
    if sys.stderr is None:
        return _Silence()
    if not can_rewrite(sys.stderr):
        return ProgressLines(job, sys.stderr)
    try:
        return ProgressBar(job)
    except ImportError:
        return ProgressLine(job, sys.stderr)
