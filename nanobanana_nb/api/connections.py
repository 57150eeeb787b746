"""Clients of one connection each, instead of an HTTP library's pool.

With httpx 0.28 a pool under a thousand requests freezes the event loop for seconds, and a
cancelled request can lose its place in the pool for good (httpcore issue 1093).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Generic, Protocol, TypeVar

WIDTH = 8  # connections at once to the API, and as many for media


class Closable(Protocol):
    """What has connections to close."""

    async def aclose(self) -> None:
        """Close them."""
        ...


C = TypeVar("C", bound=Closable)


@dataclass
class ConnectionStack(Generic[C]):
    """A last-in-first-out stack of clients, `WIDTH` at most in use at once.

    A client that saw an exception is thrown away.
    """

    make: Callable[[], Awaitable[C]]
    _idle: list[C] = field(default_factory=list, init=False)
    _places: asyncio.Semaphore = field(
        default_factory=partial(asyncio.Semaphore, WIDTH), init=False
    )
    _closing: set[asyncio.Task[None]] = field(default_factory=set, init=False)

    @asynccontextmanager
    async def borrow(self, *, fresh: bool = False) -> AsyncIterator[C]:
        """Lend a client, an idle one unless a `fresh` one is asked for."""
        async with self._places:
            client = self._idle.pop() if self._idle and not fresh else await self.make()
            try:
                yield client
            except BaseException:
                self._drop(client)
                raise
            if len(self._idle) < WIDTH:
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
