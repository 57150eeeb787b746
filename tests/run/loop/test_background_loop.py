"""The background loop: one thread, reached from any other, and waiting that can be interrupted."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from nanobanana_nb.run.loop.background_loop import BRIDGE, wait
from tests.fixtures import OpenSession, settle
from tests.run.conftest import plan
from tests.service import Service


async def here() -> str:
    await asyncio.sleep(0)
    return threading.current_thread().name


def test_work_runs_on_one_thread() -> None:
    """Whoever asks, from whatever thread: the work runs on the one background thread."""
    with ThreadPoolExecutor(8) as pool:
        names = set(pool.map(lambda _: BRIDGE.run(here()), range(40)))
    assert names == {"nanobanana_nb"}
    assert sum(thread.name == "nanobanana_nb" for thread in threading.enumerate()) == 1
    assert threading.current_thread() is not BRIDGE.thread


def test_background_thread_holds_up_no_end() -> None:
    """The thread is a daemon: a process may end without asking it."""
    BRIDGE.run(here())
    (thread,) = (one for one in threading.enumerate() if one.name == "nanobanana_nb")
    assert thread.daemon


def test_errors_come_back() -> None:
    """What the work raises is raised where it was asked for, a TimeoutError too."""

    async def fail(error: BaseException) -> None:
        raise error

    for error in (ValueError("a"), TimeoutError("of the work itself"), KeyError("k")):
        with pytest.raises(type(error)):
            BRIDGE.run(fail(error))


def test_waiting_draws_between() -> None:
    """While it waits, the caller's thread does what it was asked to do between."""
    future: Future[int] = Future()
    threads: list[threading.Thread] = []

    def draw() -> None:
        threads.append(threading.current_thread())
        if len(threads) == 3:
            future.set_result(7)

    assert wait(future, draw) == 7
    assert set(threads) == {threading.current_thread()}


def test_generate_does_not_block_a_running_loop(faces: Service) -> None:
    """`agenerate` lets the caller's own loop turn while it waits."""
    import nanobanana_nb as nb

    faces.fault("create", delay_s=0.3)

    async def cell() -> tuple[bool, int]:
        waiting = asyncio.ensure_future(nb.agenerate("a heron"))
        turns = 0
        while not waiting.done():
            await asyncio.sleep(0.01)
            turns += 1
        return (await waiting).one.ok, turns

    ok, turns = asyncio.run(cell())
    assert ok
    assert turns >= 5


def test_sync_call_inside_a_running_loop(faces: Service) -> None:
    """`generate` called on a loop of the caller's, as in a notebook, works and patches nothing."""
    import nanobanana_nb as nb

    async def cell() -> bool:
        return nb.generate("a heron").one.ok

    before = (asyncio.run, asyncio.Task, asyncio.Future)
    assert asyncio.run(cell())
    assert (asyncio.run, asyncio.Task, asyncio.Future) == before


@pytest.mark.long
def test_threads_do_not_grow(service: Service, open_session: OpenSession) -> None:
    """Twenty more runs need no more threads than the first ones did."""
    session = open_session(service)
    session.submit(plan("warm", repeats=12)).result()
    before = threading.active_count()
    for n in range(20):
        session.submit(plan(f"a heron {n}")).result()
    settle()
    assert threading.active_count() <= before + 5
