"""Stopping to wait: no task is lost, nothing is sent afterwards, everything can be resumed."""

from __future__ import annotations

import asyncio
import time

import pytest

from nanobanana_nb.api.connections import WIDTH
from nanobanana_nb.errors import NanobananaError
from nanobanana_nb.model.result import State
from nanobanana_nb.run.job import Job
from nanobanana_nb.run.loop.background_loop import BRIDGE
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.html.counts import count_parts
from tests.fixtures import OpenSession, settle, until
from tests.run.conftest import everything_comes, nothing_lost, plan, rows
from tests.service import Line, Service
from tests.service_codes import PUT_OFF


@pytest.mark.long
@pytest.mark.parametrize("delay_ms", [0, 3, 10, 25, 45, 60, 80, 110, 150, 200])
def test_cancel_at_any_moment_loses_no_task(
    service: Service, open_session: OpenSession, delay_ms: int
) -> None:
    """So does a cancel at any time, with everything a little slow and several images at once."""
    session = open_session(service)
    for place in ("estimate", "create", "info", "media"):
        service.fault(place, times=None, delay_s=0.03)
    job = session.submit(plan(repeats=4))
    time.sleep(delay_ms / 1000)  # not synchronisation: any moment will do
    job.cancel()
    job.result()
    nothing_lost(session, service)
    service.forget_faults()
    everything_comes(session, service)


def test_cancelled_wait_leaves_the_task_detached(slow: Service, open_session: OpenSession) -> None:
    """A task that runs when the wait ends is shown as detached, with its id."""
    session = open_session(slow)
    job = session.submit(plan())
    until(lambda: job.generations[0].state.is_open)
    job.cancel()
    job.result()
    until(lambda: job.grid.one.state is State.DETACHED, 5)
    assert {job.grid.one.task_id} == slow.task_ids()
    nothing_lost(session, slow)


def test_what_a_stop_leaves_is_reserved_in_run_and_ledger(
    slow: Service, open_session: OpenSession
) -> None:
    """Before the first look and after the stop, all that is on its way counts by its price."""
    session = open_session(slow)
    slow.fault("info", times=None, delay_s=0.3)
    job = session.submit(plan(repeats=3))
    until(lambda: all(image.state.is_open for image in job.generations))
    assert count_parts(job.generations)[-1] == "12 credits reserved"
    job.cancel()
    until(lambda: {image.state for image in rows(session)} == {State.DETACHED}, 5)
    for grid in (job.grid, ImageGrid(rows(session))):
        assert count_parts(grid.generations)[-2:] == ["3 stopped", "12 credits reserved"]
        assert grid.credits == 0


def test_look_that_comes_home_late_changes_nothing(
    slow: Service, open_session: OpenSession
) -> None:
    """A look that was on its way when the wait ended does not undo `detached`."""
    session = open_session(slow)
    slow.fault("info", times=None, delay_s=0.3)
    job = session.submit(plan())
    until(lambda: slow.calls("/TaskInfo"))
    job.cancel()
    settle()
    assert job.grid.one.state is State.DETACHED


def test_create_in_flight_is_waited_for(service: Service, open_session: OpenSession) -> None:
    """A cancel that comes while the create is on its way waits for its answer, then is kept."""
    session = open_session(service)
    service.fault("create", delay_s=0.4)
    job = session.submit(plan())
    until(service.creates)
    job.cancel()
    nothing_lost(session, service)
    assert [row.state for row in rows(session)] == [State.DETACHED]


def test_creates_that_did_not_leave_are_not_sent_after_a_cancel(
    service: Service, open_session: OpenSession
) -> None:
    """An interrupt of a large plan stops the paying: only what is on its way still arrives."""
    session = open_session(service)
    service.fault("create", times=None, delay_s=0.2)
    job = session.submit(plan(repeats=60))
    until(service.creates)
    job.cancel()
    nothing_lost(session, service)
    assert len(service.creates()) <= 2 * WIDTH


@pytest.mark.long
@pytest.mark.parametrize("code", PUT_OFF)
def test_create_that_was_put_off_is_not_sent_after_a_cancel(
    service: Service, open_session: OpenSession, code: int
) -> None:
    """A cancel during the wait for the next try is a cancel: nothing is paid afterwards."""
    session = open_session(service)
    service.fault("create", status=code, retry_after="1")
    job = session.submit(plan())
    until(service.creates)
    time.sleep(0.1)  # the refusal is on its way back; the next try is a second away
    job.cancel()
    nothing_lost(session, service)
    assert service.task_ids() == set()


def test_next_request_works_after_many_cancels(service: Service, open_session: OpenSession) -> None:
    """Forty cancelled runs leave the session alive and no stray task behind."""
    session = open_session(service)
    for n in range(40):
        job = session.submit(plan(f"a heron {n}"))
        time.sleep(n % 8 / 500)
        job.cancel()
    settle()
    assert session.submit(plan("last")).result().one.ok
    nothing_lost(session, service)


def test_awaited_job_that_is_cancelled(slow: Service, open_session: OpenSession) -> None:
    """Cancelling who awaits a job cancels the job, and the task is kept."""
    session = open_session(slow)

    async def cell() -> None:
        job = session.submit(plan())
        waiting = asyncio.ensure_future(job.afollow())
        while not job.generations[0].state.is_open:
            await asyncio.sleep(0.01)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    asyncio.run(cell())
    nothing_lost(session, slow)
    assert [row.state for row in rows(session)] == [State.DETACHED]


def test_interrupt_while_waiting(slow: Service, open_session: OpenSession) -> None:
    """A KeyboardInterrupt in `follow` cancels the job and is passed on; in `result` it does not."""
    session = open_session(slow)
    job = session.submit(plan())

    def interrupted() -> None:
        if job.generations[0].state.is_open:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        job.follow(interrupted, stop_on_interrupt=False)
    assert not job.done()
    with pytest.raises(KeyboardInterrupt):
        job.follow(interrupted)
    until(lambda: job.grid.one.state is State.DETACHED, 5)
    nothing_lost(session, slow)


def test_cancel_of_one_run_leaves_the_others_alone(tcp: Line, open_session: OpenSession) -> None:
    """Two runs of one session: the one goes on when the other is cancelled."""
    service = tcp.simulator(speed=100.0)
    session = open_session(service)
    first, second = session.submit(plan("a")), session.submit(plan("b"))
    until(lambda: all(job.generations[0].state.is_open for job in (first, second)))
    first.cancel()
    service.advance(10_000)
    assert second.result().one.ok


def test_cancelled_before_it_began(service: Service, open_session: OpenSession) -> None:
    """A job that is cancelled at once has sent nothing, and its images are planned."""
    session = open_session(service)

    async def cancelled() -> Job:
        job = session.submit(plan())
        job.cancel()
        return job

    job = BRIDGE.run(cancelled())
    settle()
    assert job.grid.one.state is State.PLANNED
    assert service.creates() == []


def test_error_while_cancelled_is_no_crash(
    service: Service, open_session: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A create that fails after the cancel is written down as what it is."""
    session = open_session(service)
    service.fault("create", status=502, delay_s=0.3)
    job = session.submit(plan())
    until(service.creates)
    job.cancel()
    settle()
    assert [row.state for row in rows(session)] == [State.UNKNOWN]
    with pytest.raises(NanobananaError):
        session.submit(plan()).result()
    assert len(service.creates()) == 1
