"""A create whose answer is unclear and names its task: that is looked at, and paid once."""

from __future__ import annotations

import json
from typing import Any

import pytest

from nanobanana_nb.api.crun import CrunWire
from nanobanana_nb.api.provider import Answer
from nanobanana_nb.errors import NanobananaError
from nanobanana_nb.model.result import State
from nanobanana_nb.run.task import watcher
from tests.fixtures import OpenSession
from tests.run.conftest import plan, rows
from tests.service import Service

UNCLEAR: dict[str, tuple[int, dict[str, Any]]] = {
    "code 0": (200, {"code": 0}),
    "409": (409, {"code": 409, "message": "duplicate"}),
    "429": (429, {"code": 429}),
    "500": (500, {"code": 500}),
    "202 without a code": (202, {}),
}


def turn_answers(
    monkeypatch: pytest.MonkeyPatch, status: int, body: dict[str, Any], task_id: str | None = None
) -> None:
    """Let the service take each create, and answer so with the id of the task, or with this one."""
    read = CrunWire.read_created

    def turned(wire: CrunWire, answer: Answer) -> str:
        data = {"task_id": task_id or read(wire, answer)}
        return read(wire, Answer(status, {}, json.dumps({**body, "data": data}).encode()))

    monkeypatch.setattr(CrunWire, "read_created", turned)


@pytest.mark.parametrize("answered", sorted(UNCLEAR))
def test_named_task_is_followed(
    service: Service, open_session: OpenSession, monkeypatch: pytest.MonkeyPatch, answered: str
) -> None:
    """The look decides: the image comes, and nothing was sent twice."""
    turn_answers(monkeypatch, *UNCLEAR[answered])
    session = open_session(service)
    one = session.submit(plan()).result().one
    assert one.ok
    assert one.task_id in service.task_ids()
    assert len(service.creates()) == 1
    assert session.submit(plan()).result().one.cached


def test_named_task_waits_for_resume(
    service: Service, open_session: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the look fails too, the id is in the ledger and a resume fetches the image."""
    turn_answers(monkeypatch, *UNCLEAR["500"])
    service.fault("info", times=None, status=500)
    session = open_session(service, wait_s=0.2)
    with pytest.raises(NanobananaError):
        session.submit(plan()).result()
    (row,) = rows(session)
    assert (row.state, {row.task_id}) == (State.DETACHED, service.task_ids())
    service.forget_faults()
    assert session.resume().result().one.ok
    assert len(service.creates()) == 1


def test_named_task_that_is_not_there_stays_open(
    service: Service, open_session: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A task that the service does not know is not sent again by itself."""
    monkeypatch.setattr(watcher, "MISSING_GRACE_S", 0.0)
    turn_answers(monkeypatch, *UNCLEAR["500"])
    service.fault("info", times=None, status=404)
    session = open_session(service, wait_s=1.0)
    for _ in range(2):
        with pytest.raises(NanobananaError):
            session.submit(plan()).result()
    assert [row.state for row in rows(session)] == [State.DETACHED]
    assert len(service.creates()) == 1


@pytest.mark.parametrize("answered", ["409", "500"])
def test_task_of_another_image_is_not_taken(
    service: Service, open_session: OpenSession, monkeypatch: pytest.MonkeyPatch, answered: str
) -> None:
    """An unclear answer that names the task of another row leaves its own outcome unknown."""
    session = open_session(service)
    first = session.submit(plan("a heron")).result().one
    turn_answers(monkeypatch, *UNCLEAR[answered], first.task_id)
    with pytest.raises(NanobananaError) as raised:
        session.submit(plan("a fox")).result()
    assert raised.value.task_id is None
    states = {row.request.prompt: (row.state, row.task_id) for row in rows(session)}
    assert states["a fox"] == (State.UNKNOWN, None)
    assert states["a heron"] == (State.SUCCESS, first.task_id)


def test_id_of_absurd_length_leaves_the_outcome_unknown(
    service: Service, open_session: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told as what it is, nothing is looked at in vain, and nothing is sent again."""
    turn_answers(monkeypatch, 200, {"code": 200}, "x" * 1_000_000)
    session = open_session(service)
    for _ in range(2):
        with pytest.raises(NanobananaError, match="1,000,000 characters"):
            session.submit(plan()).result()
    assert [(row.state, row.task_id) for row in rows(session)] == [(State.UNKNOWN, None)]
    assert len(service.creates()) == 1
