"""A ceiling that many runs share, where the service suddenly charges four times as much."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nanobanana_nb.model.credits import FEW, MARGIN
from nanobanana_nb.model.plan.limits import RunLimits
from tests.fixtures import OpenSession, settle, until
from tests.run.conftest import plan
from tests.run.money.test_price_rise import PRICE, begun, cheap
from tests.service import Line, Service

TOLD = 1.0
CEILING = 60.0
TIMES = PRICE / TOLD
MOST = max(CEILING * TIMES / MARGIN, CEILING + FEW * (TIMES - 1) * TOLD)


def charged_before(service: Service, open_session: OpenSession) -> None:
    """The ledger holds a charge of the price that is told."""
    session = open_session(service)
    job = session.submit(plan("the first"), RunLimits(yes=True))
    until(lambda: begun(job))
    service.advance(1e6)
    job.result()
    with session.ledger._database.write() as connection:
        connection.execute("UPDATE tasks SET credits = ?, created_at = 0", (TOLD,))


@pytest.mark.long
@pytest.mark.parametrize("runs", [2, 5, 15, 30])
def test_sessions_keep_a_ceiling_together(tcp: Line, open_session: OpenSession, runs: int) -> None:
    """However many runs share it, what they are charged is what the ledger promises."""
    service = cheap(tcp, told=TOLD)
    charged_before(service, open_session)
    sessions = [open_session(service, max_credits_day=CEILING) for _ in range(runs)]
    jobs = [
        session.submit(plan(f"a heron {number}", repeats=60 // runs), RunLimits(yes=True))
        for number, session in enumerate(sessions)
    ]
    until(lambda: all(job.done() for job in jobs), 60.0)
    spent = PRICE * (len(service.creates()) - 1)
    assert CEILING - PRICE < spent <= MOST


CHILD = """
import json, sys
from nanobanana_nb.entry import launch
from nanobanana_nb.errors import NanobananaError
from nanobanana_nb.model.plan.limits import RunLimits
session = launch.session_for()
plan = launch.plan_for(session, sys.argv[1] + " {n}", model=None, namespace={"n": list(range(15))})
print("ready", flush=True)
sys.stdin.readline()
job = session.submit(plan, RunLimits(yes=True))
try:
    job.result()
except NanobananaError:
    pass
print(json.dumps([one.state for one in job.generations]))
"""


def child(service: Service, home: Path, name: str) -> subprocess.Popen[str]:
    """A process that runs fifteen images once it is told to."""
    environ = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
        "NANOBANANA_HOME": str(home),
        "NANOBANANA_RATE_LIMIT": "1000/1",
        "NANOBANANA_MAX_CREDITS_DAY": str(CEILING),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        **service.environ,
    }
    command = [sys.executable, "-W", "ignore", "-c", CHILD, name]
    pipe = subprocess.PIPE
    made = subprocess.Popen(command, env=environ, text=True, stdin=pipe, stdout=pipe)
    assert made.stdout is not None
    assert made.stdout.readline() == "ready\n"
    return made


@pytest.mark.long
def test_processes_keep_a_ceiling_together(
    tcp: Line, open_session: OpenSession, tmp_path: Path
) -> None:
    """The same holds for four processes that begin together."""
    service = cheap(tcp, told=TOLD)
    charged_before(service, open_session)
    children = [child(service, tmp_path / "home", f"a rail {number}") for number in range(4)]
    states = [json.loads(one.communicate("\n", timeout=120)[0]) for one in children]
    made = sum(states_of.count("success") for states_of in states)
    assert made == len(service.creates()) - 1
    assert CEILING - PRICE < PRICE * made <= MOST


@pytest.mark.long
def test_what_nobody_follows_keeps_its_margin(tcp: Line, open_session: OpenSession) -> None:
    """Runs that are called off one after the other pass the ceiling no further than one does."""
    service = cheap(tcp, told=TOLD, median_s=1e5)
    charged_before(service, open_session)
    session = open_session(service, max_credits_day=CEILING / 4)
    for number in range(15):
        job = session.submit(plan(f"a heron {number}"), RunLimits(yes=True))
        until(lambda job=job: job.done() or begun(job))
        job.cancel()
        settle()
    spent = PRICE * (len(service.creates()) - 1)
    assert CEILING / 4 < spent <= MOST / 4


@pytest.mark.long
def test_room_of_a_dead_process_is_not_waited_for(
    tcp: Line, open_session: OpenSession, tmp_path: Path
) -> None:
    """Who waits for room below the ceiling goes on soon after those before it were killed."""
    service = cheap(tcp, told=TOLD, median_s=1e5)
    home = tmp_path / "home"
    first = child(service, home, "a heron")
    assert first.stdin is not None
    first.stdin.write("\n")
    first.stdin.flush()
    until(lambda: len(service.creates()) >= 3)
    session = open_session(service, max_credits_day=CEILING)
    job = session.submit(plan("a rail"), RunLimits(yes=True))
    time.sleep(0.5)
    assert len(service.creates()) == 3
    first.kill()
    first.communicate()
    until(lambda: begun(job))
    job.cancel()


@pytest.mark.long
def test_long_run_below_a_tight_ceiling_goes_on(tcp: Line, open_session: OpenSession) -> None:
    """The wait for room counts for the first in line: honest images all come, however many."""
    service = cheap(tcp, told=PRICE, median_s=1.0)
    session = open_session(service, max_credits_day=12.0 * PRICE, wait_s=2.5)
    grid = session.submit(plan(repeats=12), RunLimits(yes=True)).result()
    assert [one.ok for one in grid] == [True] * 12
