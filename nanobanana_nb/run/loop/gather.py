"""Many pieces of work at once, begun in portions."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any

PORTION = 200  # pieces that are begun in one go


async def all_of(work: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Wait for all of it, then raise the first error; one image's error stops no other.

    It is begun in portions: to begin 10,000 at once would hold the loop up.
    """
    tasks: list[asyncio.Task[None]] = []
    try:
        for piece in work:
            tasks.append(asyncio.ensure_future(piece))
            if len(tasks) % PORTION == 0:
                await asyncio.sleep(0)
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    except asyncio.CancelledError:
        await cancelled(tasks)
        raise
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome


async def cancelled(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel tasks and wait until they have ended."""
    tasks = list(tasks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
