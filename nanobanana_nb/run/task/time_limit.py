"""Answers of the service that may come late, or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from nanobanana_nb.errors import UnexpectedAnswerError

T = TypeVar("T")


async def in_time(answer: Awaitable[T], seconds: float, paused: Callable[[], str]) -> T:
    """Await an answer so long; a pause of the service, which `paused` tells of, counts not.

    Raises:
        UnexpectedAnswerError: it takes longer.
    """
    task = asyncio.ensure_future(answer)
    try:
        while not task.done():
            await asyncio.wait({task}, timeout=seconds)
            if not task.done() and not paused():
                raise UnexpectedAnswerError("the service took too long to say")
        return task.result()
    finally:
        task.cancel()
