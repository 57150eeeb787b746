"""How a magic waits for its job: the cell blocks, or it awaits and its buttons work."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from nanobanana_nb.notebook import commands

if TYPE_CHECKING:
    from nanobanana_nb.run.job import Job
    from nanobanana_nb.show.grid import ImageGrid


def follow(job: Job, name: str | None, shell: Any) -> ImageGrid:
    """Wait for the images, whatever becomes of them bound to `name`."""
    from nanobanana_nb import faces

    try:
        return faces.follow(job)
    finally:
        _bind(job.grid, name, shell)


async def afollow(job: Job, name: str | None, shell: Any) -> ImageGrid | Job:
    """Do what `follow` does in a cell that awaits; detached, the job is the value and the name.

    Raises:
        KeyboardInterrupt: the wait was stopped, as in a cell that blocks. Only the shell, which
            catches everything, may await this: elsewhere it would end the event loop.
    """
    from nanobanana_nb.notebook.live import Detached, LiveView, stopped

    detached = False
    try:
        return await LiveView(job, buttons=True).afollow()
    except Detached:
        detached = True
        commands.JOBS.append(job)
        return job
    except asyncio.CancelledError:
        raise stopped() from None
    finally:
        _bind(job if detached else job.grid, name, shell)


def _bind(value: Any, name: str | None, shell: Any) -> None:
    if name is not None:
        shell.user_ns[name] = value
