"""Failed images asked for again while their run goes on: once, within what was allowed."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest
from api.service import Service

from nanobanana_nb.api.provider import Estimate
from nanobanana_nb.errors import BudgetError
from nanobanana_nb.model.plan import Plan
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.model.terms import Terms
from nanobanana_nb.run import context
from nanobanana_nb.run.job import Job
from nanobanana_nb.run.session import Session

from .conftest import OpenSession, everything_comes, nothing_lost, plan, rows, settle, until

PRICE = 4
REFUSED: dict[str, Any] = {"status": 422}  # it costs nothing
BLOCKED: dict[str, Any] = {"task": "fail", "message": "blocked: a hat"}
CHARGED: dict[str, Any] = {"task": "fail", "charged": True}


@pytest.fixture(autouse=True)
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let creates leave in the order of the plan, so that a fault hits the first."""
    monkeypatch.setattr(context, "WIDTH", 1)


def two() -> Plan:
    """An image that ends soon and one that takes five times as long."""
    return plan("a {bird}", namespace={"bird": ["heron", "crane [slow]"]})


def began_badly(
    session: Session, slow: Service, fault: dict[str, Any], terms: Terms | None = None
) -> Job:
    """Start a run whose first image has failed while the second goes on."""
    slow.fault("create", **fault)
    job = session.submit(two(), terms)
    wait_for_failure(job, slow)
    return job


def wait_for_failure(job: Job, slow: Service) -> Generation:
    """Let time go by for the service until the first image has failed; return it."""
    until(lambda: job.generations[1].task_id)
    until(lambda: job.ended(0) or go_on(slow, but=job.generations[1].task_id))
    assert job.generations[0].state is State.FAILED
    assert not job.done(), "the other goes on"
    return job.generations[0]


def let_all_end(job: Job, slow: Service) -> None:
    """Let time go by for the service until the run has ended."""
    until(lambda: job.done() or go_on(slow))


def go_on(slow: Service, but: str | None = None) -> None:
    """Let the tasks of the service end, but for one: no more time goes by than they take."""
    open_ = [task for task in slow.tasks() if task["status"] in ("pending", "running")]
    if waited := [task["created"] + task["duration"] for task in open_ if task["id"] != but]:
        slow.advance(max(waited) - slow.app.state.service.clock.now() + 1.0)


def refusal(job: Job) -> str:
    """Wait until the try was refused, and return what the person reads."""
    until(lambda: isinstance(job.generations[0].error, BudgetError) and job.ended(0))
    assert job.generations[0].state is State.FAILED
    return str(job.generations[0].error)


def forget_prices(session: Session) -> None:
    """Let the next try ask the service for the price, and not look at what it said just now."""
    session._pricing._told.clear()


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


TIGHT = pytest.mark.parametrize(
    "terms", [Terms(max_credits=2 * PRICE), Terms(confirm_above=2 * PRICE)]
)


@TIGHT
def test_try_in_place_of_a_free_failure_fits(
    slow: Service, open_session: OpenSession, terms: Terms
) -> None:
    """What failed at no cost is on the bill already, however often it is tried."""
    session = open_session(slow)
    job = began_badly(session, slow, REFUSED, terms)
    for _ in range(2):
        slow.fault("create", **REFUSED)
        before = job.generations[0].id
        job.again(0)
        until(lambda: job.ended(0) and job.generations[0].id != before)  # noqa: B023
    job.again(0)
    let_all_end(job, slow)
    assert all(one.ok for one in job.result())
    assert len(slow.creates()) == 5


@TIGHT
def test_try_after_a_charged_failure_comes_on_top(
    slow: Service, open_session: OpenSession, terms: Terms
) -> None:
    """Where credits may have been taken a further try needs room; refused, the tile says so."""
    job = began_badly(open_session(slow), slow, CHARGED, terms)
    for _ in range(2):
        job.again(0)
        assert "the run would come to 12 credits, and 8 are allowed" in refusal(job)
    assert "Credits may have been taken." in refusal(job)
    let_all_end(job, slow)
    assert [one.ok for one in job.result()] == [False, True]
    assert len(slow.creates()) == 2


def test_try_with_room_is_counted(slow: Service, open_session: OpenSession) -> None:
    """With room for one more the first further try is sent, and the second refused."""
    job = began_badly(open_session(slow), slow, CHARGED, Terms(max_credits=3 * PRICE))
    slow.fault("create", **CHARGED)
    before = job.generations[0].id
    job.again(0)
    until(lambda: job.generations[0].id not in (None, before))
    wait_for_failure(job, slow)
    job.again(0)
    assert "the run would come to 16 credits, and 12 are allowed" in refusal(job)
    let_all_end(job, slow)
    assert len(slow.creates()) == 3


def test_ceiling_of_the_day_is_told_on_the_tile(slow: Service, open_session: OpenSession) -> None:
    """A ceiling that holds for all runs refuses the try and leaves the others alone."""
    session = open_session(slow, max_credits_day=2.0 * PRICE)
    job = began_badly(session, slow, BLOCKED)
    rival = session.submit(plan("a rail"))
    until(lambda: rival.generations[0].task_id)
    job.again(0)
    assert "ceiling of 8 credits" in refusal(job)
    let_all_end(job, slow)
    let_all_end(rival, slow)
    assert [one.ok for one in job.result()] == [False, True]
    assert len(slow.creates()) == 3
    assert session.ledger.spending.today("crun", time.time()).credits == 2 * PRICE


def test_unknown_is_not_asked_again(slow: Service, open_session: OpenSession) -> None:
    """Nobody knows whether it was paid: that is decided by hand."""
    slow.fault("create", status=500)
    job = open_session(slow).submit(two())
    until(lambda: job.ended(0))
    job.again(0, 1, 2, -1)
    let_all_end(job, slow)
    assert [one.state for one in job.result()] == [State.UNKNOWN, State.SUCCESS]
    assert len(slow.creates()) == 2


def test_refused_key_is_told_on_the_tile(slow: Service, open_session: OpenSession) -> None:
    """Where the price cannot be asked nothing is sent; the image stays failed."""
    session = open_session(slow)
    job = began_badly(session, slow, REFUSED)
    forget_prices(session)
    slow.fault("estimate", status=401)
    job.again(0)
    until(lambda: "401" in str(job.generations[0].error) and job.ended(0))
    assert job.generations[0].state is State.FAILED
    let_all_end(job, slow)
    assert len(slow.creates()) == 2


def test_dearer_price_is_looked_at(slow: Service, open_session: OpenSession) -> None:
    """The price is looked at before the try: what has become too dear is not sent."""
    session = open_session(slow)
    job = began_badly(session, slow, REFUSED, Terms(max_credits=2 * PRICE))
    told = session._pricing._told
    for kind, (at, price) in told.items():
        if isinstance(price, Estimate):
            told[kind] = (at, replace(price, credits=5.0))
    job.again(0)
    assert "the run would come to 9 credits, and 8 are allowed" in refusal(job)
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
