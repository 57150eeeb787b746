"""One budget for all calls: never too many in a window, the most urgent first, pauses for all."""

from __future__ import annotations

import asyncio
import random

import pytest

from nanobanana_nb.api.limiter import ASKED, CREATE, PATIENT, RateLimiter
from nanobanana_nb.errors import NotSentError


def arrivals(calls: int, seconds: float, count: int, seed: int) -> list[float]:
    """When each call arrives at a service, which hears of it late by chance."""
    chance = random.Random(seed)

    async def run() -> list[float]:
        limiter, heard = RateLimiter(calls, seconds), list[float]()

        async def call() -> None:
            async with limiter.turn(lambda: ASKED):
                await asyncio.sleep(chance.uniform(0, seconds / 3))
                heard.append(asyncio.get_running_loop().time())
                await asyncio.sleep(chance.uniform(0, seconds / 5))

        await asyncio.gather(*(call() for _ in range(count)))
        return sorted(heard)

    return asyncio.run(run())


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3))
def test_no_window_holds_too_many(seed: int) -> None:
    """However late the calls arrive, no window of the service sees more than are allowed."""
    heard = arrivals(5, 0.2, 30, seed)
    assert len(heard) == 30
    gaps = [late - early for early, late in zip(heard, heard[5:], strict=False)]
    assert min(gaps) >= 0.2


def test_most_urgent_goes_first() -> None:
    """Whoever waits is served by rank, and by arrival where ranks are equal."""

    async def run() -> list[str]:
        limiter, order = RateLimiter(1, 0.02), list[str]()

        async def call(name: str, rank: float) -> None:
            async with limiter.turn(lambda: rank):
                order.append(name)

        named = [("first", 1.0), ("create", CREATE), ("look", 2.7), ("asked", ASKED)]
        named += [("second create", CREATE)]
        await asyncio.gather(*(call(name, rank) for name, rank in named))
        return order

    assert asyncio.run(run()) == ["first", "asked", "look", "create", "second create"]


def test_hesitant_calls_leave_half_of_the_window() -> None:
    """A look that is hardly worth it waits, while a create still finds a place."""

    async def run() -> list[str]:
        limiter, order = RateLimiter(4, 0.2), list[str]()

        async def call(name: str, rank: float) -> None:
            async with limiter.turn(lambda: rank):
                order.append(name)

        hesitant = [call("look", PATIENT / 2) for _ in range(3)]
        await asyncio.gather(*hesitant, call("create", CREATE), call("create", CREATE))
        return order

    assert sorted(asyncio.run(run())[:4]) == ["create", "create", "look", "look"]


@pytest.mark.parametrize("urgency", [PATIENT / 2, ASKED])
def test_crowd_is_no_burden(urgency: float) -> None:
    """Two thousand callers at once are ranked when there are places, not at each arrival."""
    asked = 0

    def rank() -> float:
        nonlocal asked
        asked += 1
        return urgency

    async def run() -> None:
        limiter = RateLimiter(5, 60.0)

        async def call() -> None:
            async with limiter.turn(rank):
                pass

        tasks = [asyncio.ensure_future(call()) for _ in range(2000)]
        await asyncio.sleep(0.01)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(run())
    assert asked < 10_000


def test_pause_holds_everybody_and_says_why() -> None:
    """During a pause nobody goes on, and the longest pause counts."""

    async def run() -> tuple[float, str, str]:
        limiter, loop = RateLimiter(None, 0.0), asyncio.get_running_loop()
        limiter.pause(0.2, "The service asks for fewer calls (429)")
        limiter.pause(0.1, "shorter")
        limiter.pause(float("nan"), "nonsense")
        limiter.pause(-1, "nonsense")
        begun, told = loop.time(), limiter.notice()
        async with limiter.turn(lambda: ASKED):
            return loop.time() - begun, told, limiter.notice()

    waited, told, after = asyncio.run(run())
    assert waited >= 0.2
    assert told == "The service asks for fewer calls (429): on again in 1 s"
    assert after == ""


def test_pause_of_years_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for years, whatever the service asks."""
    monkeypatch.setattr("nanobanana_nb.api.limiter.LONGEST_PAUSE_S", 0.05)

    async def run() -> None:
        limiter = RateLimiter(None, 0.0)
        limiter.pause(1e9, "why")
        async with asyncio.timeout(5), limiter.turn(lambda: ASKED):
            pass

    asyncio.run(run())


def test_cancelled_waiters_leave_their_places() -> None:
    """Waiters that are cancelled at any moment take no place with them."""

    async def run() -> int:
        limiter = RateLimiter(2, 0.05)

        async def call() -> None:
            async with limiter.turn(lambda: ASKED):
                await asyncio.sleep(0.01)

        tasks = [asyncio.ensure_future(call()) for _ in range(30)]
        for number, task in enumerate(tasks):
            await asyncio.sleep(0.002 * (number % 3))
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        async with asyncio.timeout(5):
            await asyncio.gather(call(), call(), call())
        return limiter._open

    assert asyncio.run(run()) == 0


def test_called_off_call_gives_up_at_once() -> None:
    """A create that waits for its turn does not leave once it is called off."""

    async def run() -> None:
        limiter, called_off = RateLimiter(None, 0.0), asyncio.Event()
        limiter.pause(60, "why")
        asyncio.get_running_loop().call_later(0.05, called_off.set)
        async with asyncio.timeout(5), limiter.turn(lambda: CREATE, called_off):
            pass

    with pytest.raises(NotSentError, match="called off"):
        asyncio.run(run())


@pytest.mark.parametrize(("before", "after"), [(4, 2), (1, 3), (None, 2), (2, None)])
def test_new_limit_holds_for_those_who_wait(before: int | None, after: int | None) -> None:
    """Whoever has a place keeps it; whoever has none yet goes by the new limit."""

    async def run() -> tuple[int, int]:
        limiter, inside, done = RateLimiter(before, 60.0), list[None](), asyncio.Event()

        async def call() -> None:
            async with limiter.turn(lambda: ASKED):
                inside.append(None)
                await done.wait()

        async def came(count: int) -> int:
            waiting.extend(asyncio.ensure_future(call()) for _ in range(count))
            await asyncio.sleep(0.01)
            return len(inside)

        waiting: list[asyncio.Future[None]] = []
        first = await came(1)
        limiter.calls = after
        both = first, await came(5)
        for one in waiting:
            one.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        return both

    assert asyncio.run(run()) == (1, min(after or 6, 6))
