"""`on_result`: who hears of what, what a listener may do, and what becomes of its errors."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from nanobanana_nb.model.result import Generation, State
from tests.fixtures import OpenSession
from tests.run.conftest import plan, script
from tests.service import Service


def test_listener_hears_of_each_image_once(service: Service, open_session: OpenSession) -> None:
    """Each image is told when it is finished, the failed ones too, on the background thread."""
    service.fault("estimate", delay_s=0.2)
    service.fault("create", skip=1, status=422)
    heard: list[tuple[State, str]] = []
    job = open_session(service).submit(plan(repeats=3))
    job.on_result(lambda one: heard.append((one.state, threading.current_thread().name)))
    job.result()
    assert sorted(state for state, _ in heard) == ["failed", "success", "success"]
    assert {name for _, name in heard} == {"nanobanana_nb"}


def test_listener_that_comes_late_hears_of_what_is_there(
    service: Service, open_session: OpenSession
) -> None:
    """A job may be done before one can say who listens: what is finished is told at once."""
    session = open_session(service)
    session.submit(plan()).result()
    job = session.submit(plan())  # from the ledger: done in a moment
    job.result()
    heard: list[Generation] = []
    job.on_result(heard.append)
    assert [one.cached for one in heard] == [True]


def test_error_of_a_listener_is_raised_where_somebody_waits(
    service: Service, open_session: OpenSession
) -> None:
    """A listener that fails harms no image and no other listener, and its error is not lost."""
    service.fault("estimate", delay_s=0.2)
    heard: list[Generation] = []

    def fail(_: Generation) -> None:
        raise ZeroDivisionError("mine")

    job = open_session(service).submit(plan(repeats=2))
    job.on_result(fail)
    job.on_result(heard.append)
    with pytest.raises(ZeroDivisionError, match="mine"):
        job.result()
    assert [one.ok for one in heard] == [True, True]
    assert [one.ok for one in job.grid] == [True, True]


NESTED = """
import asyncio
import nanobanana_nb as nb

job = nb.submit("first", repeats=REPEATS)
made = []
job.on_result(lambda one: made.append(nb.generate(PROMPT).one))
grid = job.result()

async def after():
    await asyncio.sleep(0)
    return (await nb.agenerate("after")).one.ok

assert all(one.ok for one in grid)
assert len(made) == REPEATS, made
assert all(one.ok for one in made)
assert asyncio.run(after())
print("creates", len({one.task_id for one in made}))
"""


@pytest.mark.long
@pytest.mark.parametrize(
    ("repeats", "prompt", "tasks"), [(1, "second", 1), (3, "second", 1), (1, "first", 1)]
)
def test_listener_may_generate(
    service: Service, tmp_path: Path, repeats: int, prompt: str, tasks: int
) -> None:
    """A sync call on the background thread does not wait for itself, not even for its own request.

    Afterwards the loop of the background and that of the script both still work.
    """
    service.fault("estimate", delay_s=0.5)
    code = NESTED.replace("REPEATS", str(repeats)).replace("PROMPT", repr(prompt))
    assert script(code, tmp_path / "home", service, timeout=40) == f"creates {tasks}\n"


def test_listener_is_not_called_after_a_cancel(service: Service, open_session: OpenSession) -> None:
    """A job that was cancelled before anything was sent tells nothing."""
    service.fault("estimate", delay_s=0.3)
    heard: list[Any] = []
    job = open_session(service).submit(plan())
    job.on_result(heard.append)
    job.cancel()
    job.result()
    assert [one for one in heard if one.ok] == []
    assert service.creates() == []
