"""One budget of calls for everything that uses a key, and who goes first when it is short.

Own code because none of the well-kept limiters fits both uses: aiolimiter and its like are
leaky buckets, which let up to twice the calls through in one window, serve strictly in the
order of arrival, and cannot be paused for all by one refused call.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from nanobanana_nb.api.provider import Provider
from nanobanana_nb.errors import NotSentError
from nanobanana_nb.settings.config import Settings

# Ranks, the highest goes first.
ASKED = 3.0  # somebody waits for the answer
LIKELY = 2.0  # and up: a look at a task that is more likely done than not
CREATE = 1.0
PATIENT = 0.5  # a chance from which on a look is worth more than a create
LONGEST_PAUSE_S = 120.0

# From which rank on how much of the window may be used. Creates leave a quarter to looks: of 100
# tasks of about 12 s at 20 calls in 10 s the first image is then seen after 14 s instead of 23,
# an image 4 s after it is done instead of 7, and the last one a fifth later (simulated).
_PARTS = ((LIKELY, 1.0), (CREATE, 0.75), (0.0, 0.5))

Rank = Callable[[], float]


@dataclass(eq=False)
class RateLimiter:
    """At most `calls` in any `seconds` as the service counts them. Belongs to one event loop.

    A place counts from when it is taken until `seconds` after the answer came, so that however
    long the network delays a call, the service never sees one too many.

    Another limit may be set from any thread, and holds for those who wait, too. A longer window
    does not know of calls that the shorter one has forgotten.

    Args:
        calls: None for no limit.
        seconds: the length of the window; 0 for no limit.
    """

    calls: int | None
    seconds: float
    _open: int = field(default=0, init=False)
    _ends: deque[float] = field(default_factory=deque, init=False)
    _waiting: list[tuple[Rank, asyncio.Future[None]]] = field(default_factory=list, init=False)
    _timer: asyncio.TimerHandle | None = field(default=None, init=False)
    _soon: asyncio.Handle | None = field(default=None, init=False)
    _paused_until: float = field(default=-math.inf, init=False)
    _why: str = field(default="", init=False)

    @asynccontextmanager
    async def turn(
        self, rank: Rank, called_off: asyncio.Event | None = None
    ) -> AsyncIterator[None]:
        """Wait for a place; the highest `rank` goes first, whatever it is at that moment.

        Raises:
            NotSentError: `called_off` was set meanwhile.
        """
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        waiter = (rank, place)
        self._waiting.append(waiter)
        if len(self._waiting) == 1:
            self._serve()
        elif self._soon is None:  # a crowd at once: to rank it at each arrival takes seconds
            self._soon = asyncio.get_running_loop().call_soon(self._serve)
        try:
            if called_off is not None and not place.done():
                await _place_or_end(place, called_off)
            await place
            yield
        finally:
            if place.done() and not place.cancelled():
                self._open -= 1
                if self.calls is not None:
                    self._ends.append(time.monotonic())
                self._serve()
            elif waiter in self._waiting:
                self._waiting.remove(waiter)

    def pause(self, seconds: float, why: str) -> None:
        """Let nobody go on for so long, at most two minutes. The longest pause holds."""
        if not seconds > 0:
            return
        until = time.monotonic() + min(seconds, LONGEST_PAUSE_S)
        if until > self._paused_until:
            self._paused_until, self._why = until, why

    def notice(self) -> str:
        """Return why everything waits and how long, or nothing if it does not. For any thread."""
        left = self._paused_until - time.monotonic()
        return f"{self._why}: on again in {math.ceil(left)} s" if left > 0 else ""

    def _serve(self) -> None:
        """Give places to those who wait, the most urgent first, and come again when one is due."""
        now, self._soon = time.monotonic(), None
        while self._ends and self._ends[0] <= now - self.seconds:
            self._ends.popleft()
        if now >= self._paused_until and self._has_room(ASKED):
            ranked = [(waiter[0](), waiter) for waiter in self._waiting]
            for rank, waiter in sorted(ranked, key=lambda pair: -pair[0]):
                if not self._has_room(rank):
                    break
                self._waiting.remove(waiter)
                if not waiter[1].done():
                    self._open += 1
                    waiter[1].set_result(None)
        if self._waiting:
            self._come_again(now)

    def _has_room(self, rank: float) -> bool:
        if self.calls is None or not self.seconds > 0:
            return True
        most = next(max(1, int(self.calls * part)) for least, part in _PARTS if rank >= least)
        return self._open + len(self._ends) < most

    def _come_again(self, now: float) -> None:
        due = [self._ends[0] + self.seconds] if self._ends else []
        due += [self._paused_until] if self._paused_until > now else []
        due.append(now + 1.0)  # ranks rise by themselves
        if self._timer is not None:
            self._timer.cancel()
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(max(min(due) - now, 0.001), self._serve)


async def _place_or_end(place: asyncio.Future[None], called_off: asyncio.Event) -> None:
    """Wait for a place; raise NotSentError once the call is called off."""
    stop = asyncio.ensure_future(called_off.wait())
    both: set[asyncio.Future[Any]] = {place, stop}
    try:
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stop.cancel()
    if not place.done():
        raise NotSentError("It was called off before it left", action="")


def rate_for(provider: Provider, settings: Settings) -> tuple[int | None, float]:
    """Return calls and seconds: what the settings say, or else what suits the provider."""
    return settings.rate_limit or provider.rate or (None, 0.0)
