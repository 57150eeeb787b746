"""Several processes with the same plan at the same time pay once."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest

from tests.processes.conftest import child, nothing_lost, results, states, twice
from tests.service import Service


@pytest.mark.parametrize("count", [2, 3])
def test_same_plan_at_the_same_time_is_paid_once(
    service: Service, tmp_path: Path, count: int
) -> None:
    """The service sees each request once; every process gets every image, one says its price."""
    home = tmp_path / "home"
    runs = [child("plan", home, service) for _ in range(count)]
    found = [results(run) for run in runs]
    assert [state for run in found for state, _ in run] == ["success"] * 20 * count
    assert sum(credits for run in found for _, credits in run) == 20 * 4
    assert twice(service) == {}
    assert len(service.creates()) == 20
    assert nothing_lost(home, service) == 0


def test_killed_one_is_taken_over(service: Service, tmp_path: Path) -> None:
    """The other one fetches what the killed one created, and creates nothing again."""
    home = tmp_path / "home"
    first, second = (child("plan", home, service) for _ in range(2))
    time.sleep(0.3)
    first.kill()
    first.communicate()
    after = states(second)
    states(child("resume", home, service))  # it takes away what the killed one left half-written
    unknown = nothing_lost(home, service)
    assert (after.count("success"), after.count("unknown")) == (20 - unknown, unknown)
    assert twice(service) == {}


def test_stopped_one_goes_on_without_paying_again(service: Service, tmp_path: Path) -> None:
    """A process that is stopped for a while, as by a debugger, creates nothing twice."""
    home = tmp_path / "home"
    first, second = (child("plan", home, service) for _ in range(2))
    time.sleep(0.2)
    first.send_signal(signal.SIGSTOP)
    time.sleep(1.0)
    first.send_signal(signal.SIGCONT)
    assert [states(run) for run in (first, second)] == [["success"] * 20] * 2
    assert twice(service) == {}
    assert nothing_lost(home, service) == 0
