"""What the ledger says when the code of a provider fails: what is true, at every point."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import nanobanana_nb
from nanobanana_nb.api.crun import CrunWire
from nanobanana_nb.api.fence import FencedWire
from nanobanana_nb.api.provider import TaskInfo
from nanobanana_nb.errors import Charged, NanobananaError, ProviderError
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.run.inputs.reference import reference
from nanobanana_nb.run.session import Session
from tests.conftest import InstallProvider
from tests.fixtures import OpenSession, png
from tests.provider_sources import KEYLESS
from tests.run.conftest import nothing_lost, plan, rows
from tests.service import Service

ENDED = "The process ended"


def break_provider(session: Session, method: str) -> None:
    """Let a method of the provider's wire fail as a mistake in its code does."""

    def fail(*_: object) -> Any:
        raise KeyError("data")

    wire = CrunWire()
    setattr(wire, method, fail)
    session.client._wire = FencedWire(replace(session.provider, name="acme", wire=wire))


def run(session: Session, method: str) -> Generation:
    """Ask for one image while a method of the provider fails; return its row."""
    break_provider(session, method)
    with pytest.raises(NanobananaError, match=f"acme failed in {method}"):
        session.submit(plan()).result()
    (row,) = rows(session)
    assert ENDED not in str(row.error)
    return row


def test_create_that_fails_before_it_leaves_is_not_sent(
    open_session: OpenSession, service: Service
) -> None:
    """Nothing was sent and nothing is charged; the next run may send."""
    session = open_session(service)
    row = run(session, "create")
    assert (row.state, row.task_id, row.sent_at) == (State.FAILED, None, None)
    assert isinstance(row.error, ProviderError)
    assert row.error.charged is Charged.NO
    assert service.creates() == []
    session.client._wire = CrunWire()
    assert session.submit(plan()).result().one.ok


def test_answer_to_a_create_that_cannot_be_read_is_unknown(
    open_session: OpenSession, service: Service
) -> None:
    """A task may have been made and paid: it is never sent again by itself."""
    session = open_session(service)
    row = run(session, "read_created")
    assert (row.state, row.task_id) == (State.UNKNOWN, None)
    assert row.error is not None
    assert row.error.charged is Charged.UNKNOWN
    with pytest.raises(NanobananaError):
        session.submit(plan()).result()
    assert len(service.creates()) == 1


@pytest.mark.parametrize("method", ["info", "read_info"])
def test_task_that_cannot_be_looked_at_stays_to_be_fetched(
    open_session: OpenSession, service: Service, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its id is known: the wait ends after three looks, and `resume` fetches it, paid once."""
    monkeypatch.setattr(
        "nanobanana_nb.run.task.poll_schedule.Durations.next_look_s", lambda *_: 0.02
    )
    session = open_session(service, wait_s=600.0)
    row = run(session, method)
    assert row.state is State.DETACHED
    assert row.task_id in service.task_ids()
    session.client._wire = CrunWire()
    assert session.resume().result().one.ok
    assert len(service.creates()) == 1
    nothing_lost(session, service)


@pytest.mark.long
@pytest.mark.parametrize("state", [State.PLANNED, State.SENT, State.UNKNOWN, State.DETACHED])
def test_task_of_which_no_service_can_say_so_stays_to_be_fetched(
    open_session: OpenSession, service: Service, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A state that is no service's word loses no paid image: the task stays open."""
    monkeypatch.setattr(
        "nanobanana_nb.run.task.poll_schedule.Durations.next_look_s", lambda *_: 0.02
    )
    session = open_session(service, wait_s=600.0)
    wire = CrunWire()
    wire.read_info = lambda _, task_id: TaskInfo(task_id, state)  # type: ignore[method-assign]
    session.client._wire = FencedWire(replace(session.provider, name="acme", wire=wire))
    with pytest.raises(NanobananaError, match="acme failed in read_info"):
        session.submit(plan()).result()
    assert [row.state for row in rows(session)] == [State.DETACHED]
    session.client._wire = CrunWire()
    assert session.resume().result().one.ok
    assert len(service.creates()) == 1


@pytest.mark.parametrize("method", ["upload", "read_upload"])
def test_reference_that_cannot_be_uploaded_sends_no_create(
    open_session: OpenSession, service: Service, method: str
) -> None:
    """The image is not asked for without it, and the row says that nothing was charged."""
    session = open_session(service)
    break_provider(session, method)
    with pytest.raises(NanobananaError, match=f"acme failed in {method}"):
        session.submit(plan(images=[reference(png())])).result()
    (row,) = rows(session)
    assert (row.state, row.sent_at, service.creates()) == (State.FAILED, None, [])
    assert row.error is not None
    assert row.error.charged is Charged.NO


@pytest.mark.parametrize("method", ["estimates", "read_estimate", "balance", "read_balance"])
def test_price_that_cannot_be_had_is_not_known(
    open_session: OpenSession, service: Service, method: str
) -> None:
    """A provider that cannot say a price still makes images."""
    session = open_session(service)
    break_provider(session, method)
    assert session.submit(plan()).result().one.ok


def test_provider_of_this_process_works_without_key_and_network(
    install_provider: InstallProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model on this machine, say: its images come, are no play money, and come again free."""
    monkeypatch.setattr(
        "nanobanana_nb.run.task.poll_schedule.Durations.next_look_s", lambda *_: 0.02
    )
    install_provider("local", KEYLESS)
    first = nanobanana_nb.generate("a heron", provider="local")
    again = nanobanana_nb.generate("a heron", provider="local")
    assert (first[0].ok, first[0].simulated, first[0].request.provider) == (True, False, "local")
    assert (again[0].cached, again[0].credits) == (True, 0)
