"""What a plan costs before it is sent: less what is there, honest where nobody knows."""

from __future__ import annotations

import pytest
from api.service import Service

from nanobanana_nb.errors import NanobananaError
from nanobanana_nb.model.plan import Bill, Plan
from nanobanana_nb.model.terms import Terms
from nanobanana_nb.run.bridge import BRIDGE
from nanobanana_nb.run.session import Session

from .conftest import OpenSession, plan


def bill(session: Session, wanted: Plan, *, fresh: bool = False) -> Bill:
    """The bill of a plan."""
    return BRIDGE.run(session.bill(wanted, fresh=fresh))


def test_new_images_are_billed(either: Service, open_session: OpenSession) -> None:
    """Three new images cost three times the price; the balance afterwards is told."""
    found = bill(open_session(either), plan(repeats=3))
    assert found == Bill(3, 0, 12.0, 1_000_000.0, exact=True)
    assert (found.new, found.balance_after) == (3, 999_988)
    assert either.creates() == []


def test_cached_images_are_free(service: Service, open_session: OpenSession) -> None:
    """What the ledger has is not billed, unless it is asked for afresh."""
    session = open_session(service)
    session.submit(plan(repeats=2)).result()
    partly = bill(session, plan(repeats=3))
    assert (partly.cached, partly.new, partly.credits) == (2, 1, 4)
    sent = len(service.calls())
    assert bill(session, plan(repeats=2)) == Bill(2, 2, 0.0, None)
    assert len(service.calls()) == sent, "a free plan asks nobody"
    assert bill(session, plan(repeats=3), fresh=True).credits == 12


def test_price_is_asked_once_a_kind(service: Service, open_session: OpenSession) -> None:
    """Many images of the same kind need one estimate and one balance."""
    wanted = plan("a {x}", namespace={"x": list("abcdef")}, repeats=5)
    assert bill(open_session(service), wanted).credits == 30 * 4
    assert [call["path"].rpartition("/")[2] for call in service.calls()] == [
        "estimate-credits",
        "balance",
    ]


def test_second_estimate_brings_the_balance(service: Service, open_session: OpenSession) -> None:
    """The fallback estimate tells the balance itself and is no exact price."""
    service.fault("estimate", status=404)
    found = bill(open_session(service), plan())
    assert (found.credits, found.balance, found.exact) == (4, 1_000_000, False)
    assert service.calls("/balance") == []


def test_price_that_is_not_known(service: Service, open_session: OpenSession) -> None:
    """Where the service does not say, the bill says that it does not know, and why."""
    service.fault("estimate", times=None, status=500, message="no price today")
    found = bill(open_session(service), plan(repeats=2))
    assert (found.images, found.credits, found.balance_after) == (2, None, None)
    assert found.balance == 1_000_000
    assert found.why_unknown == "no price today"
    assert not found.exact


def test_slow_price_does_not_hold_up_the_run(
    service: Service, open_session: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A price that takes too long is not waited for."""
    monkeypatch.setattr("nanobanana_nb.run.session.PRICE_WAIT_S", 0.2)
    service.fault("estimate", times=None, delay_s=5)
    job = open_session(service).submit(plan())
    assert job.result().one.ok
    assert job.bill is not None
    assert job.bill.credits is None
    assert "too long" in job.bill.why_unknown


def test_slow_price_still_tells_what_the_ledger_has(
    service: Service, open_session: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a price the bill says what is free, and what the rest cost the last time."""
    monkeypatch.setattr("nanobanana_nb.run.session.PRICE_WAIT_S", 0.2)
    session = open_session(service)
    session.submit(plan(repeats=2)).result()
    service.fault("estimate", times=None, delay_s=5)
    job = session.submit(plan(repeats=5), Terms(yes=True))
    job.result()
    assert job.bill is not None
    assert (job.bill.cached, job.bill.new, job.bill.credits, job.bill.likely) == (2, 3, None, 12)


def test_unknown_and_open_tasks_cost_nothing_more(
    service: Service, open_session: OpenSession
) -> None:
    """A request that would not be sent again is not billed again."""
    session = open_session(service)
    service.fault("create", status=502)
    with pytest.raises(NanobananaError):
        session.submit(plan()).result()
    assert bill(session, plan()).new == 0


def test_refused_request_is_billed_with_its_reason(
    service: Service, open_session: OpenSession
) -> None:
    """A value that the service refuses is told by the bill, before anything is paid."""
    found = bill(open_session(service), plan(parameters={"aspect_ratio": "7:1"}))
    assert found.credits is None
    assert "aspect_ratio" in found.why_unknown
