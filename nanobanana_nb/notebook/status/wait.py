"""How a magic waits for its job: the cell blocks, or it awaits and its buttons work."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from nanobanana_nb.errors import NanobananaError

if TYPE_CHECKING:
    from nanobanana_nb.run.job import Job
    from nanobanana_nb.show.grid import ImageGrid

_AWAITED: ContextVar[bool] = ContextVar("awaited", default=False)


async def afollow(job: Job) -> ImageGrid | Job:
    """Wait for the images in a cell that awaits, and show them; detached, the job is the value.

    Raises:
        KeyboardInterrupt: the wait was stopped, as in a cell that blocks. Only the shell, which
            catches everything, may await this: elsewhere it would end the event loop.
    """
    from nanobanana_nb.notebook.status.live_view import Detached

    try:
        return await _live(job)
    except Detached:
        _remember(job)
        return job


async def afollow_in_code(job: Job) -> ImageGrid:
    """Await a job in code of a person's own; detached, return the images as they stand.

    Raises:
        CancelledError: the wait was stopped: what awaits this ends as when it is cancelled.
    """
    from IPython.core.getipython import get_ipython

    from nanobanana_nb.notebook.magic.await_cells import can_await
    from nanobanana_nb.notebook.page import displayed_results
    from nanobanana_nb.notebook.status.live_view import Detached, LiveView

    shell = get_ipython()
    buttons = can_await(shell) and threading.current_thread() is threading.main_thread()
    try:
        return await LiveView(job, buttons=buttons).afollow()
    except Detached:
        _remember(job)
        displayed_results.remember(shell, job.grid)
        return job.grid


@contextmanager
def deferred_commands() -> Iterator[None]:
    """Let the commands in this block return what is to be awaited instead of waiting."""
    token = _AWAITED.set(True)
    try:
        yield
    finally:
        _AWAITED.reset(token)


def command(job: Job) -> Any:
    """Wait for the job of a command, or return what waits for it where the cell awaits."""
    from nanobanana_nb.entry.front import front

    return afollow(job) if _AWAITED.get() else front().follow(job)


def command_all(jobs: list[Job]) -> Any:
    """Do what `command` does for all these jobs, the first failure raised last.

    Each is taken out of the list when it has ended: after a stop the others stay in it.
    """
    return _await_all(jobs) if _AWAITED.get() else _follow_all(jobs)


def _follow_all(jobs: list[Job]) -> Any:
    from nanobanana_nb.entry.front import front

    grids, failures = [], []
    while jobs:
        try:
            grids.append(front().follow(jobs[0]))
        except NanobananaError as error:
            failures.append(error)
        jobs.pop(0)
    return _outcome(grids, failures)


async def _await_all(jobs: list[Job]) -> Any:
    from nanobanana_nb.notebook.status.live_view import Detached

    grids, failures = [], []
    while jobs:
        try:
            grids.append(await _live(jobs[0]))
        except NanobananaError as error:
            failures.append(error)
        except Detached:
            _remember(*jobs)
            return jobs[0]
        jobs.pop(0)
    return _outcome(grids, failures)


async def _live(job: Job) -> ImageGrid:
    """Await a job whose buttons work. A stop becomes the interrupt that the shell knows."""
    from nanobanana_nb.notebook.status.live_view import LiveView
    from nanobanana_nb.notebook.status.stop import Stopped

    view = LiveView(job, buttons=True)
    try:
        return await view.afollow()
    except asyncio.CancelledError:
        raise Stopped(is_shown=view.says_so) from None


def _outcome(grids: list[ImageGrid], failures: list[NanobananaError]) -> Any:
    if failures:
        raise failures[0]
    from nanobanana_nb.notebook.page.displayed_results import Results

    return grids[0] if len(grids) == 1 else Results(grids)


def _remember(*jobs: Job) -> None:
    """Keep jobs that nobody waits for, for `%nanobanana wait`."""
    from nanobanana_nb.run.runtime import RUNTIME

    RUNTIME.jobs += [job for job in jobs if job not in RUNTIME.jobs]
