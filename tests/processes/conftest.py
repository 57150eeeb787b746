"""A simulated service over TCP, and child processes that use it."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nanobanana_nb.ledger.files.originals import measure
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.model.result import State
from nanobanana_nb.simulator import pictures
from tests.fixtures import paint_small
from tests.service import Service, serving

CHILD = Path(__file__).with_name("child.py")


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """A simulator whose tasks take about a third of a second, with small pictures."""
    monkeypatch.setattr(pictures, "paint", paint_small)
    with serving(speed=0.03) as found:
        yield found


def child(what: str, home: Path, service: Service) -> subprocess.Popen[str]:
    """Start a process that runs the plan or resumes, and wait until it is about to."""
    environ = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.environ.get("PYTHONPATH", ""),  # the code that is tested here
        "NANOBANANA_HOME": str(home),
        "NANOBANANA_RATE_LIMIT": "1000/1",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        **service.environ,
    }
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    made = subprocess.Popen([sys.executable, str(CHILD), what], env=environ, text=True, **pipes)
    assert made.stdout is not None
    assert made.stdout.readline() == "ready\n", made.communicate()[1]
    return made


def states(process: subprocess.Popen[str]) -> list[str]:
    """Wait for a child and return the states that it saw at its end."""
    return [state for state, _ in results(process)]


def results(process: subprocess.Popen[str]) -> list[tuple[str, float]]:
    """Wait for a child and return state and credits of each image as it saw them at its end."""
    # Not `communicate`, which would miss what came together with the first line.
    assert process.stdout is not None
    assert process.stderr is not None
    out, err = process.stdout.read(), process.stderr.read()
    assert process.wait(timeout=120) == 0, err
    sys.stdout.write(err)  # pytest shows it where a test fails
    found: list[tuple[str, float]] = json.loads(out.splitlines()[-1])
    return found


def twice(service: Service) -> dict[str, int]:
    """The prompts for which the service saw more than one create."""
    # A client that was killed while it sent leaves a call without a body, which creates nothing.
    bodies = [call["body"] for call in service.creates() if call["body"] is not None]
    seen = Counter(body["input"]["prompt"] for body in bodies)
    return {prompt: count for prompt, count in seen.items() if count > 1}


def nothing_lost(home: Path, service: Service) -> int:
    """Check the books of both sides against each other; return how many outcomes are unknown."""
    found = Ledger(home).recent(10_000)
    known = {row.task_id for row in found if row.task_id}
    unknown = [row for row in found if row.state is State.UNKNOWN]
    assert len(service.task_ids() - known) <= len(unknown)
    assert all(row.created_at and row.request.prompt for row in unknown)
    for row in found:
        assert row.state not in (State.SENT, State.PENDING, State.RUNNING), row
        if row.state is State.SUCCESS:
            assert row.path is not None
            assert hashlib.sha256(row.path.read_bytes()).hexdigest() == row.sha256
            assert measure(row.path.read_bytes()).sha256 == row.sha256
    assert list((home / "originals" / ".parts").glob("*")) == []
    for sidecar in (home / "originals").glob("??/*.json"):
        assert json.loads(sidecar.read_text())["request"]["prompt"].startswith("heron")
    return len(unknown)
