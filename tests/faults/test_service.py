"""A service that goes away in the middle, and clocks that jump."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from nanobanana_nb.model.result import State
from tests.api.raw_server import Reply
from tests.faults.bench import Bench
from tests.faults.conftest import OpenBench
from tests.faults.proxy import Fault
from tests.fixtures import until
from tests.run.conftest import plan

GROUP = "the service restarts, clocks jump"
REAL = time.time


@pytest.mark.parametrize("on", ["/CreateTask", "/TaskInfo", "/media/"])
def test_restart_in_the_middle(open_bench: OpenBench, on: str) -> None:
    """After each kind of call the service is away for a while: nothing is lost or paid twice."""
    bench = open_bench(wait_s=10.0)
    back = threading.Event()
    bench.proxy.fault(Fault(on, rewrite=_away(bench, back), skip=1))
    asked = plan("heron {n}", namespace={"n": range(4)})
    unknown = sum(one.state is State.UNKNOWN for one in bench.grid(asked))
    assert back.wait(10)
    after = bench.grid(asked)
    assert sum(one.ok for one in after) == 4 - unknown
    assert sum(one.state is State.UNKNOWN for one in after) == unknown


def _away(bench: Bench, back: threading.Event) -> Callable[[bytes], bytes]:
    """Take the proxy down behind this answer, and let it listen again a moment later."""

    def go(answer: bytes) -> bytes:
        def restart() -> None:
            time.sleep(0.02)
            bench.proxy.close()
            time.sleep(0.3)
            bench.proxy.listen()
            back.set()

        threading.Thread(target=restart, daemon=True).start()
        return answer

    return go


def test_service_that_closes_idle_connections(bench: Bench) -> None:
    """Connections that the service closed while they were idle cost no task and no create."""
    for number in range(5):
        assert bench.run(plan(f"heron {number}")).ok
        bench.proxy.close()
        bench.proxy.listen()
    assert len(bench.proxy.creates()) == 5


@pytest.mark.parametrize("places", [1, 3])
def test_slow_service(bench: Bench, places: int) -> None:
    """Answers that take their time, in pieces, are answers all the same."""

    def slowly(answer: bytes) -> bytes:
        time.sleep(0.1)
        return answer

    for on in ("/CreateTask", "/TaskInfo", "/media/")[:places]:
        bench.proxy.fault(Fault(on, rewrite=slowly, times=None))
    assert bench.run().ok


@pytest.mark.parametrize("step_s", [86_400.0, -86_400.0, 3_600.0, -5.0])
def test_clock_that_jumps(
    open_bench: OpenBench, monkeypatch: pytest.MonkeyPatch, step_s: float
) -> None:
    """A wall clock that is set while a task runs changes neither waits nor what is fetched."""
    bench = open_bench(wait_s=5.0)

    def jump(answer: bytes) -> bytes:
        monkeypatch.setattr(time, "time", lambda: REAL() + step_s)
        return answer

    bench.proxy.fault(Fault("/CreateTask", rewrite=jump))
    bench.proxy.fault(Fault("/TaskInfo", Reply(end="close"), times=3))
    began = time.monotonic()
    assert bench.run().ok
    assert time.monotonic() - began < 5
    assert bench.run().cached
    monkeypatch.undo()
    assert bench.run().cached


def test_clock_that_is_a_day_off(open_bench: OpenBench, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was left yesterday by a wrong clock is fetched today."""
    bench = open_bench(wait_s=0.5)
    monkeypatch.setattr(time, "time", lambda: REAL() + 86_400)
    bench.proxy.fault(Fault("/TaskInfo", Reply(end="close"), times=None))
    assert bench.run().state is State.DETACHED
    monkeypatch.undo()
    bench.proxy.forget_faults()
    until(lambda: bench.rows()[0].state is State.DETACHED)
    assert bench.resumed().one.ok
