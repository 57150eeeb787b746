"""What a plan costs before it is sent: less what is there, honest where nobody knows."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from nanobanana_nb.errors import BudgetError, NanobananaError
from nanobanana_nb.model.plan.bill import Bill
from nanobanana_nb.model.plan.limits import RunLimits
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.run.loop.background_loop import BRIDGE
from nanobanana_nb.run.session import Session
from nanobanana_nb.show.html.text import bill_parts
from tests.fixtures import OpenSession
from tests.run.conftest import plan
from tests.service import Service


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
    monkeypatch.setattr("nanobanana_nb.run.money.pricing.PRICE_WAIT_S", 0.2)
    service.fault("estimate", times=None, delay_s=5)
    job = open_session(service).submit(plan())
    assert job.result().one.ok
    assert job.bill is not None
    assert job.bill.credits is None
    assert "too long" in job.bill.why_unknown


def test_slow_price_does_not_hold_up_a_bill(
    service: Service, open_session: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does it hold up a bill that is asked for alone."""
    monkeypatch.setattr("nanobanana_nb.run.money.pricing.PRICE_WAIT_S", 0.1)
    service.fault("estimate", times=None, delay_s=5)
    begun = time.monotonic()
    found = bill(open_session(service), plan())
    assert time.monotonic() - begun < 2
    assert (found.credits, "too long" in found.why_unknown) == (None, True)


@pytest.mark.long
def test_slow_price_still_tells_what_the_ledger_has(
    service: Service, open_session: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a price the bill says what is free, and what the rest cost the last time."""
    monkeypatch.setattr("nanobanana_nb.run.money.pricing.PRICE_WAIT_S", 0.2)
    session = open_session(service)
    session.submit(plan(repeats=2)).result()
    service.fault("estimate", times=None, delay_s=5)
    job = session.submit(plan(repeats=5), RunLimits(yes=True))
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


@pytest.mark.long
@pytest.mark.parametrize(
    "fault",
    [
        {"status": 404},
        {"status": 403},
        {"status": 401},
        {"status": 500},
        {"status": 422},
        {"body_code": 500},
        {"html": True},
        {"empty": True},
    ],
)
def test_lost_balance_takes_no_price_with_it(
    service: Service, open_session: OpenSession, fault: dict[str, Any]
) -> None:
    """Where the balance alone is not told, the price is, and every limit goes by it."""
    service.fault("balance", times=None, **fault)
    session = open_session(service, max_credits_day=1000.0)
    found = bill(session, plan(repeats=2))
    assert found == Bill(2, 0, 8.0, None, exact=True)
    assert bill_parts(found) == ["8 credits", "balance not known"]
    assert all(one.ok for one in session.submit(plan(repeats=2), RunLimits(max_credits=8)).result())


def test_slow_balance_is_not_waited_for(
    service: Service, open_session: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A balance that takes too long is not known, and the price stands."""
    monkeypatch.setattr("nanobanana_nb.run.money.pricing.BALANCE_WAIT_S", 0.2)
    service.fault("balance", times=None, delay_s=5)
    assert bill(open_session(service), plan()) == Bill(1, 0, 4.0, None, exact=True)


@pytest.mark.parametrize("balance", ["NaN", True, 1e308])
def test_odd_balance_is_not_known(tcp: Any, open_session: OpenSession, balance: object) -> None:
    """A balance that can be none leaves the price as it is."""
    service = tcp.simulator()
    tcp.app = Says(tcp.app, "balance", {"balance": balance})
    assert bill(open_session(service), plan()) == Bill(1, 0, 4.0, None, exact=True)


@pytest.mark.long
@pytest.mark.parametrize("credits", [-4, "NaN", True, None])
def test_odd_price_is_not_known(tcp: Any, open_session: OpenSession, credits: object) -> None:
    """A price that can be none opens no limit: nothing of several images is sent below one."""
    service = tcp.simulator()
    tcp.app = Says(tcp.app, "estimate-credits", {"credits": credits, "estimated": False})
    session = open_session(service)
    found = bill(session, plan(repeats=2))
    assert (found.credits, found.balance) == (None, 1_000_000)
    for limits in (RunLimits(), RunLimits(max_credits=5)):
        with pytest.raises(BudgetError, match="price"):
            session.submit(plan(repeats=2), limits).result()
    assert service.creates() == []


@pytest.mark.long
@pytest.mark.parametrize("credits", [-1000, "NaN", True, 1e308, 10**30])
def test_odd_charge_counts_as_the_price(
    tcp: Any, open_session: OpenSession, credits: object
) -> None:
    """A charge that can be none makes no room below a ceiling: what was told counts."""
    service = tcp.simulator()
    tcp.app = Says(tcp.app, "TaskInfo", {"credits": credits})
    session = open_session(service, max_credits_day=8.0)
    grid = session.submit(plan(repeats=2)).result()
    assert [one.credits for one in grid] == [None, None]
    assert session.ledger.spending.today("crun", time.time()).credits == 8
    with pytest.raises(BudgetError, match="ceiling of 8"):
        session.submit(plan("a crane")).result()
    assert "inf" not in repr(grid)


@pytest.mark.long
def test_price_of_one_kind_that_is_lost(service: Service, open_session: OpenSession) -> None:
    """Of three kinds two prices are used and told, and the third is named as not known."""
    models = ["nano-banana", "nano-banana-v2", "nano-banana-2"]
    session = open_session(service)
    session.submit(plan(model="google/nano-banana-2")).result()
    service.fault("estimate", skip=2, times=None, status=500, message="not today")
    wanted = plan(axes={"model": models})
    found = bill(session, wanted, fresh=True)
    assert (found.credits, found.new, found.balance) == (None, 3, 999_995)
    assert "credits for 2 of the 3; the rest: not today" in found.why_unknown
    with pytest.raises(BudgetError, match="the price is not known"):
        session.submit(wanted, RunLimits(fresh=True)).result()


class Says:
    """The service, which says something else in the data of one of its answers."""

    def __init__(self, app: Any, ending: str, data: dict[str, Any]) -> None:
        self._app, self._ending, self._data = app, ending, data

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Hand a call on, and change the answer to those that are meant."""
        if not scope.get("path", "").endswith(self._ending):
            await self._app(scope, receive, send)
            return
        parts: list[Any] = []

        async def hold(part: Any) -> None:
            parts.append(part)

        await self._app(scope, receive, hold)
        whole = json.loads(b"".join(part.get("body", b"") for part in parts))
        whole["data"] = {**(whole["data"] or {}), **self._data}
        body = json.dumps(whole).encode()
        headers = [(b"content-length", str(len(body)).encode())]
        await send({**parts[0], "headers": headers})
        await send({"type": "http.response.body", "body": body})
