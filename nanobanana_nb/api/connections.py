"""Clients of one connection each, instead of an HTTP library's pool.

With httpx 0.28 a pool under a thousand requests freezes the event loop for seconds, and a
cancelled request can lose its place in the pool for good (httpcore issue 1093).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Generic, Protocol, TypeVar


class Closable(Protocol):
    """What has connections to close."""

    async def aclose(self) -> None:
        """Close them."""
        ...


C = TypeVar("C", bound=Closable)


class ConnectionStack(Generic[C]):
    """A last-in-first-out stack of clients behind one semaphore.

    A client that saw an exception is thrown away.

    Args:
        make: makes a client.
        width: how many are in use at once.
    """

    def __init__(self, make: Callable[[], Awaitable[C]], width: int) -> None:
        self._make = make
        self._width = width
        self._idle: list[C] = []
        self._places = asyncio.Semaphore(width)
        self._closing: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def borrow(self, *, fresh: bool = False) -> AsyncIterator[C]:
        """Lend a client, an idle one unless a `fresh` one is asked for."""
        async with self._places:
            client = self._idle.pop() if self._idle and not fresh else await self._make()
            try:
                yield client
            except BaseException:
                self._drop(client)
                raise
            if len(self._idle) < self._width:
                self._idle.append(client)
            else:
                self._drop(client)

    def _drop(self, client: C) -> None:
        task = asyncio.ensure_future(client.aclose())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def aclose(self) -> None:
        """Close every idle client."""
        while self._idle:
            self._drop(self._idle.pop())
        await asyncio.gather(*self._closing, return_exceptions=True)
