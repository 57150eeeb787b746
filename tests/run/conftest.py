"""A session against the simulator, with small pictures and nothing to wait for."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from nanobanana_nb.model.plan.builder import make_plan
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.request import ReferenceImage
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.run.session import Session
from nanobanana_nb.run.task import context
from tests.fixtures import quickly, settle  # noqa: F401
from tests.service import MODEL, Service


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let creates leave in the order of the plan, so that a fault hits the first."""
    monkeypatch.setattr(context, "WIDTH", 1)


def plan(
    prompt: str = "a heron",
    images: Sequence[ReferenceImage] = (),
    repeats: int = 1,
    **options: Any,
) -> Plan:
    """The plan for one prompt."""
    given = {"provider": "crun", "model": MODEL, "images": images, "repeats": repeats, **options}
    return make_plan(prompt, **given)


def rows(session: Session) -> list[Generation]:
    """What the ledger has, oldest first."""
    return session.ledger.recent(1000)[::-1]


def nothing_lost(session: Session, service: Service) -> None:
    """Every task that the service has is in the ledger, and no intent is left without an answer."""
    settle()
    found = rows(session)
    assert service.task_ids() == {row.task_id for row in found if row.task_id}
    assert [row for row in found if row.state is State.SENT] == []


def everything_comes(session: Session, service: Service) -> None:
    """Resuming fetches every image, without one more create."""
    sent = len(service.creates())
    session.resume().result()
    assert {row.state for row in rows(session) if row.task_id} <= {State.SUCCESS}
    assert len(service.creates()) == sent


EARLY_LOOKS = "import nanobanana_nb.run.task.poll_schedule as looks; looks.FIRST_S = 0.05\n"


def script(code: str, home: Path, service: Service | None, timeout: float = 60) -> str:
    """Run a plain script in its own process and return what it printed.

    Nothing of this process's settings reaches it but its path.
    """
    found = {"NANOBANANA_HOME": str(home), "NANOBANANA_SIMULATOR_SPEED": "0", "PATH": "/usr/bin"}
    found["PYTHONPATH"] = os.environ.get("PYTHONPATH", "")  # the code that is tested here
    found["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
    environ = {**found, **(service.environ if service else {})}
    done = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", EARLY_LOOKS + code],
        env=environ,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    return done.stdout
