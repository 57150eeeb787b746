"""What goes wrong with a task: refused, lost, failed, late; and what the person is told."""

from __future__ import annotations

import time
from typing import Any

import pytest

from nanobanana_nb import errors
from nanobanana_nb.api.connections import WIDTH
from nanobanana_nb.errors import Charged, NanobananaError
from nanobanana_nb.ledger.claims.create_terms import CreateTerms
from nanobanana_nb.model.plan.limits import RunLimits
from nanobanana_nb.model.result import State
from nanobanana_nb.run.session import Session
from tests.fixtures import OpenSession
from tests.run.conftest import plan, rows
from tests.service import Service
from tests.service_codes import CODES, REFUSALS
from tests.show.forms import grid_html


def fail(session: Session, prompt: str = "a heron", **options: Any) -> NanobananaError:
    """Run a plan that fails and return its error."""
    with pytest.raises(NanobananaError) as raised:
        session.submit(plan(prompt, **options)).result()
    return raised.value


@pytest.mark.long
@pytest.mark.parametrize("form", ["status", "body_code"])
@pytest.mark.parametrize("code", REFUSALS)
def test_refused_create_failed_and_was_free(
    service: Service, open_session: OpenSession, code: int, form: str
) -> None:
    """Each refusal is a failure that cost nothing, and asking again asks again."""
    session = open_session(service)
    service.fault("create", times=None, **{form: code})
    error = fail(session)
    meaning = CODES[code]
    assert (type(error), error.charged, error.task_id) == (meaning.error, meaning.charged, None)
    assert [(row.state, row.credits) for row in rows(session)] == [(meaning.state, None)]
    service.forget_faults()
    assert session.submit(plan()).result().one.ok


LOST: dict[str, dict[str, Any]] = {
    "500": {"status": 500},
    "HTML 502": {"status": 502, "html": True},
    "503": {"status": 503},
    "504": {"status": 504},
    "500 in the body": {"body_code": 500},
    "empty": {"empty": True},
    "HTML 200": {"html": True},
}


@pytest.mark.long
@pytest.mark.parametrize("accepted", [True, False])
@pytest.mark.parametrize("fault", sorted(LOST))
def test_lost_answer_is_unknown_and_stays_so(
    service: Service, open_session: OpenSession, fault: str, accepted: bool
) -> None:
    """After a lost answer one POST was sent; asking again sends nothing and says unknown."""
    session = open_session(service)
    service.fault("create", times=None, accepted=accepted, **LOST[fault])
    for _ in range(2):
        error = fail(session)
        assert isinstance(error, errors.OutcomeUnknownError)
        assert error.charged is Charged.UNKNOWN
        assert "%nanobanana resolve 1 --resend" in str(error)
        assert [row.state for row in rows(session)] == [State.UNKNOWN]
        assert len(service.creates()) == 1
    service.forget_faults()
    assert session.submit(plan(), RunLimits(fresh=True)).result().one.ok
    assert len(service.creates()) == 2


def test_intent_that_was_never_answered_is_unknown(
    service: Service, open_session: OpenSession
) -> None:
    """An intent left behind by a process that died is not sent again, and is told as unknown."""
    session = open_session(service)
    claims = session.ledger.claims
    row = claims.claim(plan().cells[0].request, CreateTerms(now=time.time())).generation
    assert row is not None
    assert row.id is not None
    claims.leave(row, time.time())
    claims.release(row.id)
    error = fail(session)
    assert isinstance(error, errors.OutcomeUnknownError)
    assert error.charged is Charged.UNKNOWN
    assert service.creates() == []


@pytest.mark.parametrize(
    ("fate", "why", "charged"),
    [
        ({"task": "fail", "message": "blocked: a hat"}, "blocked: a hat", Charged.NO),
        ({"task": "fail", "charged": True}, "filter", Charged.YES),
        ({"task": "fail-silent"}, "no reason", Charged.NO),
    ],
)
def test_failed_task_tells_its_reason(
    service: Service, open_session: OpenSession, fate: dict[str, Any], why: str, charged: Charged
) -> None:
    """A task that failed says why, whether it cost something, and which task it was."""
    session = open_session(service)
    service.fault("create", **fate)
    error = fail(session)
    assert isinstance(error, errors.GenerationFailedError)
    assert (why in error.why, error.charged, {error.task_id}) == (True, charged, service.task_ids())
    (row,) = rows(session)
    assert (row.state, str(row.error)) == (State.FAILED, str(error))


@pytest.mark.parametrize(("charged", "words"), [(True, "4 credits were taken"), (False, "no cred")])
def test_charge_of_a_failed_task_is_told_everywhere(
    service: Service, open_session: OpenSession, charged: bool, words: str
) -> None:
    """Error, grid, table and page say what a failure cost; the sums count it as certain."""
    session = open_session(service)
    service.fault("create", task="fail", charged=charged, times=None)
    job = session.submit(plan(repeats=2))
    with pytest.raises(errors.GenerationFailedError) as raised:
        job.result()
    grid = job.grid
    for text in (str(raised.value), grid_html(grid), str(grid), str(rows(session)[0].error)):
        assert words in text.lower()
    assert "may have been" not in grid_html(grid)
    assert grid.credits == (8 if charged else 0)
    spent = [(line.credits, line.unsure) for line in session.ledger.spending.rows()]
    assert spent == ([(8, 0)] if charged else [])


@pytest.mark.parametrize("fate", ["unknown-state", "upper-case", "404-first"])
def test_odd_looks_are_survived(service: Service, open_session: OpenSession, fate: str) -> None:
    """Words in capitals, words that nobody knows and a first 404 do not fail a task."""
    service.fault("create", task=fate, looks=2)
    job = open_session(service).submit(plan())
    assert job.result().one.ok
    assert len(service.calls("/TaskInfo")) == (1 if fate == "upper-case" else 3)


def test_new_task_may_be_invisible_for_seconds(
    service: Service, open_session: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the real service's pace, 404 right after the create is asked again many times."""
    monkeypatch.setattr(
        "nanobanana_nb.run.task.poll_schedule.Durations.next_look_s", lambda *_: 0.01
    )
    service.fault("create", task="404-first", looks=20)
    assert open_session(service, pace=1.0).submit(plan()).result().one.ok


@pytest.mark.long
@pytest.mark.parametrize(
    "fault",
    [
        *({"status": 500}, {"status": 502, "html": True}, {"empty": True}, {"body_code": 503}),
        *({"status": 429, "retry_after": "0"}, {"status": 401}, {"status": 422}, {"html": True}),
    ],
)
def test_failed_look_never_fails_the_task(
    service: Service, open_session: OpenSession, fault: dict[str, Any]
) -> None:
    """Two looks that go wrong, in whatever way, cost time and nothing else."""
    service.fault("info", times=2, **fault)
    assert open_session(service).submit(plan()).result().one.ok
    assert len(service.creates()) == 1


@pytest.mark.parametrize("status", [401, 403, 404])
def test_looks_that_are_refused_for_good_end(
    service: Service, open_session: OpenSession, status: int
) -> None:
    """A service that keeps refusing to tell of a task ends the wait; the task stays known."""
    session = open_session(service)
    service.fault("info", times=None, status=status)
    error = fail(session)
    assert isinstance(error, CODES[status].error)
    assert {error.task_id} == service.task_ids()
    assert [row.state for row in rows(session)] == [State.DETACHED]


def test_wrong_key_stops_the_rest_of_the_plan(service: Service, open_session: OpenSession) -> None:
    """After the first 401 the creates that have not left yet do not leave any more."""
    error = fail(open_session(service, key="wrong"), repeats=40)
    assert isinstance(error, errors.AuthenticationError)
    assert len(service.creates()) <= 2 * WIDTH


def test_empty_account_stops_the_rest_of_the_plan(
    service: Service, open_session: OpenSession
) -> None:
    """After a 402 the images that were paid come, and the rest is not asked for."""
    service.fault("create", skip=3, times=None, status=402)
    grid = open_session(service).submit(plan(repeats=40)).result()
    assert sum(one.ok for one in grid) == 3
    assert {type(one.error) for one in grid if not one.ok} == {errors.InsufficientCreditsError}
    assert len(service.creates()) <= 3 + 2 * WIDTH


def test_one_failure_does_not_harm_the_others(service: Service, open_session: OpenSession) -> None:
    """A grid with one failure is returned, with the failure in its place."""
    service.fault("create", skip=1, status=422)
    grid = open_session(service).submit(plan(repeats=3)).result()
    assert sorted(one.state for one in grid) == ["failed", "success", "success"]
    assert len(grid.errors) == 1


def test_many_failures_are_one_error(service: Service, open_session: OpenSession) -> None:
    """When no image came about the first error is raised, and says how many there were."""
    service.fault("create", times=None, status=422)
    error = fail(open_session(service), repeats=3)
    assert any("3" in note for note in error.__notes__)


def test_unreachable_service_is_told_and_tried_again(
    service: Service, open_session: OpenSession
) -> None:
    """Where nobody listens nothing was sent, and asking again sends."""
    from tests.api.raw_server import free_port

    error = fail(open_session(Service(f"http://127.0.0.1:{free_port()}", None)))
    assert isinstance(error, errors.NotSentError)
    assert error.charged is Charged.NO
    assert open_session(service).submit(plan()).result().one.ok
