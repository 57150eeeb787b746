"""Failed images asked for again while their run goes on: once, within what was allowed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from nanobanana_nb.model.indices import MissingImageError
from nanobanana_nb.model.result import State
from nanobanana_nb.run.session import Session
from tests.fixtures import OpenSession, settle, until
from tests.run.conftest import everything_comes, nothing_lost, plan, rows
from tests.run.retries import (
    BLOCKED,
    REFUSED,
    began_badly,
    begun,
    forget_prices,
    go_on,
    let_all_end,
    two,
    wait_for_failure,
)
from tests.service import Service

pytestmark = pytest.mark.usefixtures("one_by_one")


@pytest.mark.long
@pytest.mark.parametrize("fault", [REFUSED, BLOCKED])
def test_failed_image_is_made_within_its_run(
    slow: Service, open_session: OpenSession, fault: dict[str, Any]
) -> None:
    """It comes as a new task of the same run, and the listeners hear of both ends."""
    session = open_session(slow)
    job = began_badly(session, slow, fault)
    heard: list[State] = []
    job.on_result(lambda one: heard.append(one.state))
    before = job.generations[0].task_id
    job.again(0)
    until(lambda: job.generations[0].task_id not in (None, before))
    let_all_end(job, slow)
    assert [one.ok for one in job.result()] == [True] * 2
    assert sorted(heard) == ["failed", "success", "success"]
    assert sorted(row.state for row in rows(session)) == sorted(heard)
    assert len(slow.creates()) == 3
    nothing_lost(session, slow)


def test_many_clicks_are_one_task(slow: Service, open_session: OpenSession) -> None:
    """Asking ten times for an image that is asked for already buys nothing twice."""
    job = began_badly(open_session(slow), slow, REFUSED)
    for _ in range(10):
        job.again(0, 0, 1)
    let_all_end(job, slow)
    assert all(one.ok for one in job.result())
    assert len(slow.creates()) == 3


@pytest.mark.long
def test_run_ends_after_the_last_try(slow: Service, open_session: OpenSession) -> None:
    """The run is not done while a further try is, and after its end nothing is asked again."""
    job = began_badly(open_session(slow), slow, REFUSED)
    slow.fault("create", delay_s=0.5, **REFUSED)
    job.again(0)
    slow.advance(100_000.0)
    until(lambda: job.generations[1].ok)
    job.result()
    assert job.generations[0].state is State.FAILED
    assert not job.can_try_again()
    job.again(0)
    settle()
    assert len(slow.creates()) == 3


def test_nothing_is_asked_again_after_a_stop(slow: Service, open_session: OpenSession) -> None:
    """A try that had not left when the run was stopped is not sent, and the failure stands."""
    session = open_session(slow)
    job = began_badly(session, slow, REFUSED)
    before = job.generations[0]
    forget_prices(session)
    slow.fault("estimate", delay_s=0.5)
    asked = len(slow.calls("/estimate-credits"))
    job.again(0)
    until(lambda: len(slow.calls("/estimate-credits")) > asked)
    assert job.generations[0].state is State.PLANNED
    job.cancel()
    job.again(0)
    settle()
    assert job.generations[0] == before
    assert len(slow.creates()) == 2
    everything_comes_later(session, slow)


@pytest.mark.long
def test_try_that_was_sent_goes_on_after_a_stop(slow: Service, open_session: OpenSession) -> None:
    """A stop detaches it like any other task: it is paid, and can be fetched."""
    session = open_session(slow)
    job = began_badly(session, slow, REFUSED)
    job.again(0)
    until(lambda: job.generations[0].task_id)
    job.cancel()
    settle()
    assert [one.state for one in job.generations] == [State.DETACHED] * 2
    everything_comes_later(session, slow)


def everything_comes_later(session: Session, slow: Service) -> None:
    """Every task that was made ends, and its image is fetched without one more create."""
    slow.forget_faults()
    slow.advance(100_000.0)
    nothing_lost(session, slow)
    everything_comes(session, slow)


@pytest.mark.long
def test_only_what_failed_is_asked_again(slow: Service, open_session: OpenSession) -> None:
    """What is unknown is decided by hand, and what is here or on its way stays as it is."""
    slow.fault("create", status=500)
    birds = ["heron", "crane", "rail [slow]"]
    job = open_session(slow).submit(plan("a {bird}", namespace={"bird": birds}))
    until(lambda: job.generations[2].task_id)
    until(lambda: job._state.ended(1) or go_on(slow, but=job.generations[2].task_id))
    known = job.generations[:2]
    assert [one.state for one in known] == [State.UNKNOWN, State.SUCCESS]
    job.again(0, 1, 2, -1)
    begun()
    with pytest.raises(MissingImageError):
        job.again(0, 3)
    assert job.generations[:2] == known
    let_all_end(job, slow)
    assert [one.ok for one in job.result()] == [False, True, True]
    assert len(slow.creates()) == 3


def test_failure_is_asked_again_once_its_own_run_has_ended(
    slow: Service, open_session: OpenSession
) -> None:
    """While the first try still writes down what it knows, there is no second."""
    job = began_badly(open_session(slow), slow, REFUSED)
    failed = replace(job.generations[1], state=State.FAILED)
    job._state.generations[1] = failed
    job.again(1)
    begun()
    assert len(slow.creates()) == 2
    let_all_end(job, slow)
    assert len(slow.creates()) == 2


def test_refused_key_is_told_on_the_tile(slow: Service, open_session: OpenSession) -> None:
    """Where the price cannot be asked nothing is sent; the image stays failed."""
    session = open_session(slow)
    job = began_badly(session, slow, REFUSED)
    forget_prices(session)
    slow.fault("estimate", status=401)
    job.again(0)
    until(lambda: "401" in str(job.generations[0].error) and job._state.ended(0))
    assert job.generations[0].state is State.FAILED
    let_all_end(job, slow)
    assert len(slow.creates()) == 2


def test_resumed_run_asks_for_nothing_again(slow: Service, open_session: OpenSession) -> None:
    """Fetching what is paid creates nothing, so there is no further try."""
    session = open_session(slow)
    slow.fault("create", **BLOCKED)
    first = session.submit(two())
    until(lambda: all(one.task_id for one in first.generations))
    first.cancel()
    settle()
    job = session.resume()
    wait_for_failure(job, slow)
    assert not job.can_try_again()
    job.again(0)
    let_all_end(job, slow)
    assert [one.ok for one in job.result()] == [False, True]
    assert len(slow.creates()) == 2
