"""Too many calls: storms of 429, with every kind of `Retry-After`, and the budget of a key."""

from __future__ import annotations

import time

import pytest

from nanobanana_nb.api import retry
from nanobanana_nb.api.connections import WIDTH
from tests.api.raw_server import Reply, answer
from tests.faults.bench import Bench
from tests.faults.conftest import OpenBench, herons
from tests.faults.proxy import Fault

GROUP = "429 storms, and the rate of a key"
AFTER = ("", "0", "1", "-5", "nan", "inf", "1e9", "1000000000", "soon", "0.05", "١")
DATES = ("Wed, 21 Oct 2015 07:28:00 GMT", "Wed, 99 Oct 2015", "Fri, 31 Dec 9999 23:59:59 GMT")


def storm(after: str, on: str = "", times: int = 3) -> Fault:
    """So many calls that are refused with this `Retry-After`."""
    refused = answer(b"", "429 Slow down", retry_after=after)
    return Fault(on, Reply((refused,)), times=times)


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the longest wait that a service may ask for be half a second."""
    monkeypatch.setattr(retry, "LONGEST_ASKED_S", 0.5)


@pytest.mark.parametrize("after", [*AFTER, *DATES], ids=lambda text: text or "none")
@pytest.mark.parametrize("on", ["/api/", "/CreateTask"])
def test_storm_is_waited_out(bench: Bench, on: str, after: str) -> None:
    """Whatever `Retry-After` says, the wait is bounded, each image is created once and comes."""
    bench.proxy.fault(storm(after.encode("utf-8").decode("latin-1"), on))
    grid = bench.grid(herons(4))
    assert [one.ok for one in grid] == [True] * 4
    assert len(bench.service.tasks()) == 4


def test_retry_after_pauses_all(bench: Bench) -> None:
    """After one refused call none leaves before the time is over but those on their way."""
    bench.proxy.fault(storm("0.4", "/CreateTask", times=1))
    assert all(one.ok for one in bench.grid(herons(12)))
    calls = bench.proxy.calls()
    refused = next(call for call in calls if call.status == 429)
    early = [call for call in calls if refused.at < call.at < refused.at + 0.4]
    assert len(early) <= WIDTH - 1


def test_budget_is_never_passed(open_bench: OpenBench) -> None:
    """40 images at 20 calls a second: the service never sees one too many, all images come."""
    bench = open_bench(rate_limit=(20, 1.0), pace=0.02)
    grid = bench.grid(herons(40))
    assert [one.ok for one in grid] == [True] * 40
    assert [call for call in bench.proxy.calls() if call.status == 429] == []


def test_service_that_is_stricter_than_the_budget(bench: Bench, monkeypatch: object) -> None:
    """A service that refuses every third call slows the plan down and loses nothing."""
    for skip in range(0, 30, 3):
        bench.proxy.fault(Fault("/api/", storm("0.02").reply, skip=skip))
    began = time.monotonic()
    assert all(one.ok for one in bench.grid(herons(6)))
    assert time.monotonic() > began
    assert len(bench.service.tasks()) == 6
