"""A cancel right before and right after each step of a run."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from nanobanana_nb.api.client import Client
from nanobanana_nb.ledger.claims.claims import Claims
from nanobanana_nb.ledger.files.originals import Images
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.run.job import Job
from tests.fixtures import OpenSession
from tests.run.conftest import everything_comes, nothing_lost, plan
from tests.service import Service

POINTS: dict[str, tuple[type, str]] = {
    "price": (Client, "estimate"),
    "find": (Ledger, "find"),
    "claim": (Claims, "claim"),
    "leave": (Claims, "leave"),
    "create": (Client, "create"),
    "record": (Ledger, "record"),
    "look": (Client, "look"),
    "download": (Client, "download"),
    "store": (Images, "store"),
    "release": (Claims, "release"),
}


def wrapped(
    function: Callable[..., Any], before: Callable[[], None], after: Callable[[], None]
) -> Any:
    """The function, with something done before and after it; for both kinds of function."""
    if not asyncio.iscoroutinefunction(function):

        def plain(*args: Any, **options: Any) -> Any:
            before()
            result = function(*args, **options)
            after()
            return result

        return plain

    async def awaited(*args: Any, **options: Any) -> Any:
        before()
        result = await function(*args, **options)
        after()
        return result

    return awaited


@pytest.mark.long
@pytest.mark.parametrize("side", ["before", "after"])
@pytest.mark.parametrize("point", list(POINTS))
def test_cancel_at_each_step_loses_no_task(
    service: Service,
    open_session: OpenSession,
    monkeypatch: pytest.MonkeyPatch,
    point: str,
    side: str,
) -> None:
    """A cancel right before or after each step leaves every task known and to be fetched."""
    session, jobs = open_session(service), list[Job]()
    ready = threading.Event()

    def cancel() -> None:
        if threading.current_thread().name != "nanobanana_nb":
            ready.wait(10)
        if jobs:
            jobs[0].cancel()

    def nothing() -> None:
        pass

    place, name = POINTS[point]
    steps = (cancel, nothing) if side == "before" else (nothing, cancel)
    with monkeypatch.context() as patched:
        patched.setattr(place, name, wrapped(getattr(place, name), *steps))
        service.fault("estimate", delay_s=0.1)  # so that the job has its name before
        jobs.append(session.submit(plan(repeats=3)))
        ready.set()
        jobs[0].result()
        nothing_lost(session, service)
    everything_comes(session, service)
