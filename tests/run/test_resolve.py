"""What a person decides about a task of unknown outcome: sent once more, or let go."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from nanobanana_nb.errors import (
    BudgetError,
    Charged,
    InputError,
    NanobananaError,
    NotSentError,
    OutcomeUnknownError,
)
from nanobanana_nb.ledger.claims.transitions import LateAnswerWarning
from nanobanana_nb.model.result import State
from nanobanana_nb.run.session import Session
from tests.fixtures import OpenSession, until
from tests.ledger.conftest import strangers
from tests.run.conftest import plan, rows
from tests.service import Service


@pytest.fixture
def session(service: Service, open_session: OpenSession) -> Session:
    """A session whose one task, number 1, was sent and not answered."""
    session = open_session(service)
    service.fault("create", status=500, accepted=True)
    with pytest.raises(OutcomeUnknownError):
        session.submit(plan()).result()
    return session


def test_forgotten_task_is_asked_for_anew(service: Service, session: Session) -> None:
    """After it was let go, the same request is created, and both count as spent."""
    gone = session.forget("1")
    assert (gone.state, gone.error and gone.error.charged) == (State.FAILED, Charged.UNKNOWN)
    assert session.submit(plan()).result().one.ok
    assert len(service.creates()) == 2
    assert session.ledger.spending.today("crun", 0.0).credits == 8


def test_task_is_sent_once_more(service: Service, session: Session) -> None:
    """The decision to send again pays once and lets the old task go."""
    assert session.resend("1").result().one.ok
    assert [row.state for row in rows(session)] == [State.FAILED, State.SUCCESS]
    assert len(service.creates()) == 2
    with pytest.raises(InputError, match="not unknown"):
        session.resend("1")


def test_several_decide_at_once(
    service: Service, session: Session, open_session: OpenSession
) -> None:
    """However many kernels send it again at the same time, it is paid once."""
    jobs = [open_session(service) for _ in range(4)]

    def decided(one: Session) -> bool:
        try:
            return one.resend("1").result().one.ok
        except InputError:  # another one was faster
            return True

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(decided, jobs))
    assert len(service.creates()) == 2


def test_refused_decision_changes_nothing(
    service: Service, session: Session, open_session: OpenSession
) -> None:
    """Where a ceiling does not allow to send it again, it stays unknown."""
    tight = open_session(service, max_credits_day=5.0)
    with pytest.raises(BudgetError, match="ceiling"):
        tight.resend("1").result()
    assert [row.state for row in rows(session)] == [State.UNKNOWN]
    assert len(service.creates()) == 1


def test_decision_while_the_service_is_away_changes_nothing(
    session: Session, open_session: OpenSession, service: Service
) -> None:
    """Where nothing can be sent, the error says so and the task stays unknown."""
    away = open_session(replace(service, url="http://127.0.0.1:9"))
    with pytest.raises(NotSentError) as raised:
        away.resend("1").result()
    assert raised.value.charged is Charged.NO
    assert [row.state for row in rows(session)] == [State.UNKNOWN]


def test_task_is_not_sent_to_another_provider(
    service: Service, session: Session, open_session: OpenSession
) -> None:
    """A request for one service never goes to another, which would answer in its name."""
    other = open_session(service)
    other.provider = replace(other.provider, name="simulator")
    with pytest.raises(NanobananaError, match="made with provider crun"):
        other.resend("1").result()
    assert [row.state for row in rows(session)] == [State.UNKNOWN]
    assert len(service.creates()) == 1


@pytest.mark.long
def test_answer_after_the_task_was_let_go(service: Service, open_session: OpenSession) -> None:
    """A run that was only frozen gets its paid image, and a second one was paid knowingly."""
    session = open_session(service)
    service.fault("create", delay_s=1.0)
    job = session.submit(plan())
    number = until(lambda: [r.id for r in rows(session) if r.state is State.SENT])[0]
    strangers(session.ledger, number, alive=False)
    session.forget(str(number))
    with pytest.warns(LateAnswerWarning, match=f"Task {number} was given up"):
        assert job.result().one.ok
    assert [row.state for row in rows(session)] == [State.SUCCESS]
    assert session.submit(plan()).result().one.cached
    assert len(service.creates()) == 1
