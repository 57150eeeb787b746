"""The panel's clock: whoever asks, what is called runs on the loop that the kernel runs on."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

import pytest

from nanobanana_nb.notebook.panel.kernel_loop import KernelLoop
from tests.notebook.panel.opened_panel import on_loop, until

Ask = Callable[[KernelLoop, Callable[..., object]], object]


def _of_a_future(ticker: KernelLoop, then: Callable[..., object]) -> None:
    future: Future[int] = Future()
    ticker.when(future, then)
    future.set_result(1)


WAYS: dict[str, Ask] = {
    "later": lambda ticker, then: ticker.later("it", 0.01, then),
    "off": lambda ticker, then: ticker.off(lambda: 1, then),
    "when": _of_a_future,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("elsewhere", [True, False])
def test_calls_land_on_the_loop(way: str, elsewhere: bool) -> None:
    """A click that comes on a thread of its own is answered at once, on the kernel's thread."""
    began = time.monotonic()

    async def story() -> None:
        ticker, here = KernelLoop(), threading.get_ident()
        heard: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        def ask() -> None:
            WAYS[way](ticker, lambda *_: heard.set_result(threading.get_ident()))

        if elsewhere:
            # nothing else wakes the loop: what only lies in its list is not called before 20 s
            asyncio.get_running_loop().call_later(0.05, threading.Thread(target=ask).start)
        else:
            ask()
        assert await asyncio.wait_for(heard, 20) == here

    on_loop(story)
    assert time.monotonic() - began < 10


def test_the_newest_call_of_a_name_counts() -> None:
    """Asked from two threads for the same name, one call is made: the newer."""
    seen: list[str] = []

    async def story() -> None:
        ticker = KernelLoop()
        ticker.later("it", 0.05, lambda: seen.append("old"))
        newer = threading.Thread(
            target=lambda: ticker.later("it", 0.05, lambda: seen.append("new"))
        )
        newer.start()
        newer.join()
        await until(lambda: seen)
        await asyncio.sleep(0.1)  # in which the older one would come

    on_loop(story)
    assert seen == ["new"]


def test_stopped_ticker_calls_nothing() -> None:
    """What was asked for before and after the end is not called."""
    seen: list[str] = []

    async def story() -> None:
        ticker = KernelLoop()
        ticker.later("it", 0.01, lambda: seen.append("before"))
        ticker.stop()
        for ask in WAYS.values():
            ask(ticker, lambda *_: seen.append("after"))
        await asyncio.sleep(0.1)  # in which they would come

    on_loop(story)
    assert seen == []


def test_a_script_has_no_ticker() -> None:
    """Without a loop the panel says what it wants."""
    with pytest.raises(Exception, match="Jupyter kernel"):
        KernelLoop()
