"""Work that a cancel may not cut in two: threads and tasks that go on to their end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def is_at_end(error: Exception) -> bool:
    """Whether work was refused because the interpreter ends: it has no threads to give then."""
    if not isinstance(error, RuntimeError) or "shutdown" not in str(error):
        return False
    try:  # somebody's own pool may be shut down: a new one works as long as the program goes on
        from concurrent.futures import ThreadPoolExecutor  # refused at the end, too

        with ThreadPoolExecutor(1) as pool:
            pool.submit(int)
    except RuntimeError:
        return True
    return False


async def off_loop(work: Callable[..., T], *args: Any) -> T:
    """Run blocking `work` in a thread, or here when the interpreter ends and has none left."""
    try:
        return await asyncio.to_thread(work, *args)
    except RuntimeError as error:
        if "shutdown" not in str(error):
            raise
        return work(*args)


async def uncancelled(
    work: Coroutine[Any, Any, None], on_cancel: Callable[[], None] = lambda: None
) -> None:
    """Let `work` end whatever happens; a cancel that comes meanwhile is honoured afterwards."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            cancelled = error
            on_cancel()
        except BaseException:
            break
    if cancelled is not None:
        raise cancelled
    await task
