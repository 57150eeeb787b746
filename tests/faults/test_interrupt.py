"""SIGINT and a cancel at every step of the event loop that a run takes."""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial

import pytest

from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.result import State
from nanobanana_nb.run.job import Job
from nanobanana_nb.run.loop.background_loop import BRIDGE
from tests.faults.bench import Bench
from tests.faults.conftest import OpenBench
from tests.fixtures import settle
from tests.run.conftest import plan

GROUP = "interrupt or cancel at each step"
STEPS = 240  # more than a run of two images takes: what lies beyond is a run that ended
EVERY = 12  # of them one in so many here, and all of them in the long form


def two(name: str = "heron") -> Plan:
    """A plan of two images that no other plan has."""
    return plan(f"{name} {{n}}", namespace={"n": [1, 2]})


@contextmanager
def at_step(number: int, work: Callable[[], None]) -> Iterator[None]:
    """Do `work` once, before this step of the background loop; a step ends at an await."""
    real, count = asyncio.Handle._run, [0]

    def counted(handle: asyncio.Handle) -> None:
        if threading.current_thread() is BRIDGE.thread:
            count[0] += 1
            if count[0] == number:
                work()
        real(handle)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(asyncio.Handle, "_run", counted)
        yield


def interrupted(bench: Bench, number: int, asked: Plan) -> None:
    """Run a plan on this thread and send it SIGINT before this step."""
    me = threading.main_thread().ident
    assert me is not None
    interrupt = partial(signal.pthread_kill, me, signal.SIGINT)
    with at_step(number, interrupt), suppress(KeyboardInterrupt):
        bench.session.submit(asked).follow()
        settle()
    settle()


def cancelled(bench: Bench, number: int, asked: Plan, times: int) -> None:
    """Run a plan and cancel it before this step, and again before the next ones."""
    jobs: list[Job] = []

    def cancel() -> None:
        for job in jobs:
            job.cancel()

    with at_step(number, cancel), at_step(number + 1, cancel if times > 1 else _nothing):
        jobs.append(bench.session.submit(asked))
        with suppress(Exception):
            jobs[0].result()
        settle()


def _nothing() -> None:
    pass


def goes_on(bench: Bench, asked: Plan) -> None:
    """The next run ends with both images, and each was created once."""
    assert [row for row in bench.rows() if row.state is State.SENT] == []
    assert [one.ok for one in bench.grid(asked)] == [True, True]
    assert len(bench.service.tasks()) == 2
    assert len(bench.proxy.creates()) == 2


@pytest.mark.parametrize("number", range(1, STEPS, EVERY))
def test_interrupt_at_a_step(bench: Bench, number: int) -> None:
    """The next run goes on without a new create for what was created."""
    interrupted(bench, number, two())
    goes_on(bench, two())


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("number", range(5, STEPS, EVERY))
def test_cancel_at_a_step(bench: Bench, number: int, times: int) -> None:
    """So it does after a cancel, and after a second one right behind the first."""
    cancelled(bench, number, two(), times)
    goes_on(bench, two())


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_interrupt_and_cancel_at_every_step(open_bench: OpenBench) -> None:
    """At all of the steps, one after the other, each with images of its own."""
    bench = open_bench(logged=logging.WARNING)
    for number in range(1, STEPS):
        for stop in (interrupted, lambda *given: cancelled(*given, 1)):
            asked = two(f"heron {number} {stop.__name__}")
            before = len(bench.service.tasks()), len(bench.proxy.creates())
            stop(bench, number, asked)
            assert all(one.ok for one in bench.grid(asked)), number
            after = len(bench.service.tasks()), len(bench.proxy.creates())
            assert after == (before[0] + 2, before[1] + 2), number
