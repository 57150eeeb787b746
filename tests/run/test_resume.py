"""Fetching later what was paid before: by deadline, by name, all of it, and never a new create."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from nanobanana_nb import errors
from nanobanana_nb.errors import Charged, InputError, NanobananaError, StillRunningError
from nanobanana_nb.ledger.claims.create_terms import CreateTerms
from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.run.session import Session
from tests.fixtures import OpenSession, settle, until
from tests.run.conftest import plan, rows
from tests.service import Service

LONG = 100_000.0


def detached(service: Service, open_session: OpenSession, *prompts: str) -> Session:
    """A session whose tasks for these prompts still run."""
    session = open_session(service, wait_s=0.2)
    for prompt in prompts:
        with pytest.raises(StillRunningError):
            session.submit(plan(prompt)).result()
    return open_session(service)


def test_deadline_detaches_and_resume_fetches(slow: Service, open_session: OpenSession) -> None:
    """A task that takes too long is told with its id, and its image comes later for nothing."""
    session = open_session(slow, wait_s=0.2)
    with pytest.raises(StillRunningError, match="resume") as raised:
        session.submit(plan()).result()
    assert {raised.value.task_id} == slow.task_ids()
    assert [row.state for row in rows(session)] == [State.DETACHED]
    slow.advance(LONG)
    one = session.resume().result().one
    assert (one.ok, one.credits) == (True, 4)
    assert [row.state for row in rows(session)] == [State.SUCCESS]
    assert rows(session)[0].error is None
    assert len(slow.creates()) == 1


def test_asking_again_goes_on_with_the_same_task(slow: Service, open_session: OpenSession) -> None:
    """Running the cell again waits for the old task instead of paying for a new one."""
    session = detached(slow, open_session, "a heron")
    slow.advance(LONG)
    assert session.submit(plan("a heron")).result().one.ok
    assert len(slow.creates()) == 1


@pytest.mark.long
def test_deadline_holds_while_the_service_is_silent(
    service: Service, open_session: OpenSession
) -> None:
    """A look that nobody answers does not stretch the deadline by its own time limit."""
    service.fault("info", times=None, delay_s=3)
    session = open_session(service, wait_s=0.5)
    begun = time.monotonic()
    with pytest.raises(StillRunningError):
        session.submit(plan()).result()
    assert time.monotonic() - begun < 2
    settle()


def test_no_time_at_all_is_one_look(slow: Service, open_session: OpenSession) -> None:
    """With a wait of 0 s the task is looked at once."""
    session = open_session(slow, wait_s=0.0)
    with pytest.raises(StillRunningError):
        session.submit(plan()).result()
    assert len(slow.calls("/TaskInfo")) == 1


@pytest.mark.long
def test_resume_by_number_and_by_id(slow: Service, open_session: OpenSession) -> None:
    """Some of the tasks are fetched, by number or by id, and the others left."""
    session = detached(slow, open_session, "a", "b", "c")
    slow.advance(LONG)
    first, _, third = rows(session)
    grid = session.resume([str(first.id), str(third.task_id)]).result()
    assert [one.request.prompt for one in grid] == ["a", "c"]
    assert [row.state for row in rows(session)] == ["success", "detached", "success"]


@pytest.mark.long
def test_resume_all(slow: Service, open_session: OpenSession) -> None:
    """Without names everything that waits is fetched."""
    session = detached(slow, open_session, "a", "b", "c")
    slow.advance(LONG)
    assert [one.ok for one in session.resume().result()] == [True, True, True]
    assert list(session.resume().result()) == []
    assert len(slow.creates()) == 3


def test_resume_of_nothing_is_empty(service: Service, open_session: OpenSession) -> None:
    """Where nothing waits nothing is done."""
    assert len(open_session(service).resume().result()) == 0
    assert service.calls() == []


@pytest.mark.parametrize("name", ["17", "no-such-task", ""])
def test_resume_of_an_unknown_name(service: Service, open_session: OpenSession, name: str) -> None:
    """A name that the ledger does not know is a plain error."""
    session = open_session(service)
    session.submit(plan()).result()
    with pytest.raises(InputError, match="history"):
        session.resume([name])


def left_behind(session: Session, request: GenerationRequest) -> Generation:
    """The row of a request that was sent, and that nobody works on any more."""
    claims = session.ledger.claims
    row = claims.claim(request, CreateTerms(now=time.time())).generation
    assert row is not None
    assert row.id is not None
    sent = claims.leave(row, time.time())
    claims.release(row.id)
    return sent


@pytest.mark.parametrize("state", [State.UNKNOWN, State.SENT, State.FAILED])
def test_resume_of_what_has_no_task_id(
    service: Service, open_session: OpenSession, state: State
) -> None:
    """A row without a task id cannot be fetched, and the person is told so in our words."""
    session = open_session(service)
    row = left_behind(session, plan().cells[0].request)
    session.ledger.record(replace(row, state=state))
    with pytest.raises(NanobananaError):
        session.resume([str(row.id)]).result()
    assert service.calls() == []


def test_resume_of_another_services_task(service: Service, open_session: OpenSession) -> None:
    """A task of the simulator is not looked for at the real service."""
    session = open_session(service)
    request = replace(plan().cells[0].request, provider="simulator")
    row = left_behind(session, request)
    session.ledger.record(replace(row, state=State.PENDING, task_id="t1"))
    with pytest.raises(NanobananaError):
        session.resume([str(row.id)]).result()
    assert service.calls() == []


def test_resume_of_an_image_that_is_here_is_free(
    service: Service, open_session: OpenSession
) -> None:
    """Naming a finished image gives that image."""
    session = open_session(service)
    first = session.submit(plan()).result().one
    again = session.resume([str(first.id)]).result().one
    assert (again.ok, again.path) == (True, first.path)
    assert len(service.creates()) == 1


def test_resume_of_a_lost_file_that_cannot_be_fetched_is_no_failed_task(
    service: Service, open_session: OpenSession
) -> None:
    """A success whose file is gone and whose link is dead stays paid and to be fetched."""
    session = open_session(service)
    first = session.submit(plan()).result().one
    assert first.path is not None
    first.path.unlink()
    service.fault("media", status=403, times=None)
    job = session.resume([str(first.id)])
    with pytest.raises(NanobananaError):
        job.result()
    assert job.grid.one.state is not State.FAILED
    service.forget_faults()
    assert session.resume([str(first.id)]).result().one.ok


def test_resumed_task_that_failed_meanwhile(slow: Service, open_session: OpenSession) -> None:
    """A failure is told when the task is fetched, once and for all."""
    session = detached(slow, open_session, "a [fail]")
    slow.advance(LONG)
    with pytest.raises(errors.GenerationFailedError) as raised:
        session.resume().result()
    assert raised.value.charged is Charged.NO
    assert [row.state for row in rows(session)] == [State.FAILED]
    assert len(session.resume().result()) == 0


def test_task_that_the_service_forgot_stays_known(slow: Service, open_session: OpenSession) -> None:
    """A task that is not there any more ends the wait with its id; it is not called failed."""
    session = detached(slow, open_session, "a")
    slow.fault("info", status=404, times=None)
    with pytest.raises(errors.NotFoundError) as raised:
        session.resume().result()
    assert {raised.value.task_id} == slow.task_ids()
    assert [row.state for row in rows(session)] == [State.DETACHED]


def test_two_sessions_resume_at_once(slow: Service, open_session: OpenSession) -> None:
    """Two kernels that fetch the same task by name both get the image, and one row is final."""
    session, other = detached(slow, open_session, "a"), open_session(slow)
    slow.advance(LONG)
    jobs = [session.resume(["1"]), other.resume(["1"])]
    assert [job.result().one.ok for job in jobs] == [True, True]
    assert [row.state for row in rows(session)] == [State.SUCCESS]


def test_running_task_shows_its_looks(slow: Service, open_session: OpenSession) -> None:
    """While a task runs the job counts its looks; states do not go back."""
    job = open_session(slow).submit(plan())
    seen = [until(lambda: job.generations[0].looks >= 1 and job.generations[0].state)]
    slow.advance(2000)
    until(lambda: job.generations[0].state is not seen[-1] or job.done())
    seen.append(job.generations[0].state)
    slow.advance(LONG)
    assert job.result().one.ok
    assert job.grid.one.looks >= 2
    assert seen[0] is State.PENDING
