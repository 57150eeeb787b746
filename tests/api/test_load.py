"""Many calls at once, and calls that are given up: the client and the loop stay alive."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress

import pytest

from nanobanana_nb.api.client import Client
from nanobanana_nb.api.connections import WIDTH
from tests.api.conftest import ask
from tests.service import MODEL, PROMPT, Service


@pytest.mark.long
def test_client_survives_cancellations(either: Service) -> None:
    """After 200 calls cancelled at random moments every place is free again."""
    chance = random.Random(5)

    async def given_up(client: Client) -> None:
        call = client.create(MODEL, PROMPT) if chance.random() < 0.3 else client.balance()
        with suppress(TimeoutError):
            async with asyncio.timeout(chance.uniform(0, 0.012)):
                await call

    async def work(client: Client) -> list[float]:
        for _ in range(10):
            await asyncio.gather(*(given_up(client) for _ in range(20)))
        async with asyncio.timeout(20):
            return await asyncio.gather(*(client.balance() for _ in range(4 * WIDTH)))

    assert len(ask(either.provider, work)) == 4 * WIDTH


def test_cancelled_call_leaves_no_stray_task(service: Service) -> None:
    """A cancelled call and its connection are gone when the client is closed."""
    service.fault("balance", times=None, delay_s=5)

    async def work(client: Client) -> int:
        tasks = [asyncio.ensure_future(client.balance()) for _ in range(2 * WIDTH)]
        await asyncio.sleep(0.1)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await client.aclose()
        async with asyncio.timeout(10):
            while len(asyncio.all_tasks()) > 1:
                await asyncio.sleep(0.01)
        return len(asyncio.all_tasks())

    assert ask(service.provider, work) == 1


def test_no_more_than_the_width_at_once(service: Service) -> None:
    """However many calls wait, at most `WIDTH` are on the wire."""
    service.fault("balance", times=None, delay_s=0.05)

    async def work(client: Client) -> int:
        await asyncio.gather(*(client.balance() for _ in range(5 * WIDTH)))
        return 0

    ask(service.provider, work)
    arrived = sorted(call["time"] for call in service.calls("/balance"))
    # The call after each full width came when an earlier one had waited its time.
    gaps = [late - early for early, late in zip(arrived, arrived[WIDTH:], strict=False)]
    assert len(arrived) == 5 * WIDTH
    assert min(gaps) > 0.04


@pytest.mark.long
@pytest.mark.parametrize("paid", [True, False])
def test_many_calls_do_not_freeze_the_loop(service: Service, paid: bool) -> None:
    """While 300 calls run at once, everything else on the loop keeps its turn."""

    async def work(client: Client) -> tuple[int, int]:
        others = asyncio.ensure_future(turns())
        one = (lambda: client.create(MODEL, PROMPT)) if paid else client.balance
        answers = await asyncio.gather(*(one() for _ in range(300)))
        others.cancel()
        return len(answers), await others

    count, turns_of_others = ask(service.provider, work)
    assert count == 300
    assert turns_of_others > 30


async def turns() -> int:
    """How often a short sleep came back until cancelled: a busy machine delays the calls too."""
    count = 0
    with suppress(asyncio.CancelledError):
        while True:
            await asyncio.sleep(0.001)
            count += 1
    return count
