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
    begun: list[asyncio.Task[None]] = []
    try:
        for one in work:
            begun.append(asyncio.ensure_future(one))
            if len(begun) % PORTION == 0:
                await asyncio.sleep(0)
        outcomes = await asyncio.gather(*begun, return_exceptions=True)
    except asyncio.CancelledError:
        await cancelled(begun)
        raise
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome


async def cancelled(begun: Iterable[asyncio.Task[None]]) -> None:
    """Cancel what is begun and wait until it has ended."""
    tasks = list(begun)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
