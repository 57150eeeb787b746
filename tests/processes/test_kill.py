"""A process that is killed with SIGKILL at any moment loses no image and pays none twice."""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

import pytest

from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.model.result import State
from nanobanana_nb.simulator import pictures
from tests.fixtures import paint_small
from tests.processes.conftest import child, nothing_lost, states, twice
from tests.service import Service, serving

LONGEST_S = 2.0  # about what the whole plan takes
MOMENTS = 10  # into which it is cut; the long form kills 200 times


def killed_and_resumed(home: Path, service: Service, delay_s: float) -> int:
    """Kill a run after so long, resume, run the plan again, and check; return the unknowns."""
    run = child("plan", home, service)
    time.sleep(delay_s)
    run.kill()
    run.communicate()
    states(child("resume", home, service))
    after = states(child("plan", home, service))
    unknown = nothing_lost(home, service)
    assert after.count("unknown") == unknown
    assert after.count("success") == 20 - unknown
    assert twice(service) == {}
    return unknown


@pytest.mark.parametrize("moment", range(MOMENTS))
def test_killed_run_loses_nothing(service: Service, tmp_path: Path, moment: int) -> None:
    """After a kill at a random moment every task is in the ledger, or accounted for."""
    delay_s = (moment + random.Random(moment).random()) * LONGEST_S / MOMENTS
    killed_and_resumed(tmp_path / "home", service, delay_s)


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_two_hundred_kills(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The same 200 times; prints how many outcomes stayed unknown."""
    monkeypatch.setattr(pictures, "paint", paint_small)
    chance, unknown = random.Random(200), 0
    for number in range(200):
        with serving(speed=0.03) as service:
            delay_s = chance.uniform(0, LONGEST_S)
            unknown += killed_and_resumed(tmp_path / str(number), service, delay_s)
    sys.stdout.write(f"200 kills, {unknown} of 4,000 images unknown, none twice, none lost\n")


def test_kill_after_kill(service: Service, tmp_path: Path) -> None:
    """Five kills in a row on one ledger, then the plan: each image was created once at most."""
    home = tmp_path / "home"
    for delay_s in (0.15, 0.3, 0.2, 0.4, 0.25):
        run = child("plan", home, service)
        time.sleep(delay_s)
        run.kill()
        run.communicate()
    states(child("plan", home, service))
    unknown = nothing_lost(home, service)
    rows = Ledger(home).recent(1000)
    assert sum(row.state is State.SUCCESS for row in rows) == 20 - unknown
    assert twice(service) == {}
