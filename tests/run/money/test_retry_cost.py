"""What a further try of a failed image may cost: what the run was allowed, and no more."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from nanobanana_nb.api.provider import Estimate
from nanobanana_nb.model.plan.limits import RunLimits
from nanobanana_nb.model.result import State
from nanobanana_nb.run.session import Session
from tests.fixtures import OpenSession, until
from tests.run.conftest import plan
from tests.run.retries import (
    BLOCKED,
    CHARGED,
    PRICE,
    REFUSED,
    began_badly,
    begun,
    let_all_end,
    refusal,
    wait_for_failure,
)
from tests.service import Service

pytestmark = pytest.mark.usefixtures("one_by_one")


TIGHT = pytest.mark.parametrize(
    "limits", [RunLimits(max_credits=2 * PRICE), RunLimits(confirm_above=2 * PRICE)]
)


@pytest.mark.long
@TIGHT
def test_try_in_place_of_a_free_failure_fits(
    slow: Service, open_session: OpenSession, limits: RunLimits
) -> None:
    """What failed at no cost is on the bill already, however often it is tried."""
    session = open_session(slow)
    job = began_badly(session, slow, REFUSED, limits)
    for _ in range(2):
        slow.fault("create", **REFUSED)
        before = job.generations[0].id
        job.again(0)
        until(lambda: job._state.ended(0) and job.generations[0].id != before)  # noqa: B023
    job.again(0)
    let_all_end(job, slow)
    assert all(one.ok for one in job.result())
    assert len(slow.creates()) == 5


@pytest.mark.long
@TIGHT
def test_try_after_a_charged_failure_comes_on_top(
    slow: Service, open_session: OpenSession, limits: RunLimits
) -> None:
    """Where credits were taken a further try needs room; refused, the tile says how many."""
    job = began_badly(open_session(slow), slow, CHARGED, limits)
    for _ in range(2):
        job.again(0)
        assert "the run would come to 12 credits, and 8 are allowed" in refusal(job)
    assert "4 credits were taken." in refusal(job)
    let_all_end(job, slow)
    assert [one.ok for one in job.result()] == [False, True]
    assert len(slow.creates()) == 2


def test_try_with_room_is_counted(slow: Service, open_session: OpenSession) -> None:
    """With room for one more the first further try is sent, and the second refused."""
    job = began_badly(open_session(slow), slow, CHARGED, RunLimits(max_credits=3 * PRICE))
    slow.fault("create", **CHARGED)
    before = job.generations[0].id
    job.again(0)
    until(lambda: job.generations[0].id not in (None, before))
    wait_for_failure(job, slow)
    job.again(0)
    assert "the run would come to 16 credits, and 12 are allowed" in refusal(job)
    let_all_end(job, slow)
    assert len(slow.creates()) == 3


@pytest.mark.long
def test_ceiling_of_the_day_is_told_on_the_tile(slow: Service, open_session: OpenSession) -> None:
    """A ceiling that holds for all runs refuses the try and leaves the others alone."""
    session = open_session(slow, max_credits_day=3.0 * PRICE)
    let_all_end(session.submit(plan("a crane that shows the price")), slow)
    job = began_badly(session, slow, BLOCKED)
    rival = session.submit(plan("a rail"))
    until(lambda: rival.generations[0].task_id)
    job.again(0)
    assert "ceiling of 12 credits" in refusal(job)
    let_all_end(job, slow)
    let_all_end(rival, slow)
    assert [one.ok for one in job.result()] == [False, True]
    assert len(slow.creates()) == 4
    assert session.ledger.spending.today("crun", time.time()).credits == 3 * PRICE


@pytest.mark.long
def test_ceiling_that_refuses_leaves_the_room_of_the_run(
    slow: Service, open_session: OpenSession
) -> None:
    """A try that was not sent costs nothing: the next one is refused by the ceiling again."""
    session = open_session(slow, max_credits_day=3.0 * PRICE)
    let_all_end(session.submit(plan("a crane that shows the price")), slow)
    job = began_badly(session, slow, CHARGED, RunLimits(max_credits=3 * PRICE))
    for _ in range(2):
        job.again(0)
        begun()
        assert "ceiling of 12 credits" in refusal(job)
    let_all_end(job, slow)
    assert len(slow.creates()) == 3


def test_account_that_was_topped_up_is_tried(slow: Service, open_session: OpenSession) -> None:
    """What stopped the run does not stop a try: the service is asked whether it goes now."""
    session = open_session(slow)
    slow.fault("create", skip=1, status=402)
    job = session.submit(plan("a {bird}", namespace={"bird": ["heron [slow]", "crane", "rail"]}))
    until(lambda: job._state.ended(1) and job._state.ended(2))
    assert [one.state for one in job.generations[1:]] == [State.FAILED, State.PLANNED]
    job.again(1, 2)
    until(lambda: job.generations[1].task_id)
    let_all_end(job, slow)
    assert [one.ok for one in job.result()] == [True, True, False]
    assert len(slow.creates()) == 3


def test_dearer_price_is_looked_at(slow: Service, open_session: OpenSession) -> None:
    """The price is looked at before the try: what has become too dear is not sent."""
    session = open_session(slow)
    job = began_badly(session, slow, REFUSED, RunLimits(max_credits=2 * PRICE))
    make_dearer(session)
    job.again(0)
    assert "the run would come to 9 credits, and 8 are allowed" in refusal(job)
    let_all_end(job, slow)
    assert len(slow.creates()) == 2


@pytest.mark.long
def test_try_that_failed_in_its_turn_gives_its_own_price_back(
    slow: Service, open_session: OpenSession
) -> None:
    """After a free failure of a dearer try the next one at that price fits as well."""
    session = open_session(slow)
    job = began_badly(session, slow, REFUSED, RunLimits(max_credits=2 * PRICE + 1))
    make_dearer(session)
    for _ in range(2):
        slow.fault("create", **REFUSED)
        before = job.generations[0].id
        job.again(0)
        until(lambda: job._state.ended(0) and job.generations[0].id != before)  # noqa: B023
    assert "422" in str(job.generations[0].error)
    let_all_end(job, slow)
    assert len(slow.creates()) == 4


def make_dearer(session: Session) -> None:
    """Let the price that was told last be five credits."""
    answers = session._pricing._answers
    for kind, (at, price) in answers.items():
        if isinstance(price, Estimate):
            answers[kind] = (at, replace(price, credits=5.0))
