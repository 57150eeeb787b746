"""What may be spent: the bill that wants a yes, limits, ceilings, and an account that runs dry."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest

from nanobanana_nb.errors import BudgetError, Charged, InsufficientCreditsError
from nanobanana_nb.model.plan.limits import RunLimits
from nanobanana_nb.model.result import State
from nanobanana_nb.run.money.pricing import Pricing
from nanobanana_nb.run.recall import let_go
from nanobanana_nb.show.grid import ImageGrid
from tests.fixtures import OpenSession
from tests.run.conftest import plan, rows
from tests.service import Service
from tests.show.forms import grid_text

PRICE = 4  # credits of one image of the model that `plan` asks for


def refused(run: Callable[[], ImageGrid]) -> str:
    """Run what is too expensive and return what the person reads."""
    with pytest.raises(BudgetError) as raised:
        run()
    assert raised.value.charged is Charged.NO
    return str(raised.value)


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (RunLimits(confirm_above=11), ("3 images", "12 credits", "above 11 credits", "--yes")),
        (RunLimits(max_credits=11), ("3 images", "12 credits", "at most 11 credits are allowed")),
    ],
)
def test_bill_above_the_limit_sends_nothing(
    service: Service, open_session: OpenSession, limits: RunLimits, words: tuple[str, ...]
) -> None:
    """The refusal says what it would cost, what the limit is and what to type."""
    session = open_session(service)
    told = refused(session.submit(plan(repeats=3), limits).result)
    assert [word for word in words if word not in told] == []
    assert (service.creates(), rows(session)) == ([], [])


@pytest.mark.parametrize("limits", [RunLimits(confirm_above=12), RunLimits(max_credits=12)])
def test_bill_at_the_limit_runs(
    service: Service, open_session: OpenSession, limits: RunLimits
) -> None:
    """A limit that is just met is kept."""
    grid = open_session(service).submit(plan(repeats=3), limits).result()
    assert [one.ok for one in grid] == [True] * 3


def test_what_is_paid_does_not_count_again(service: Service, open_session: OpenSession) -> None:
    """The limit is for what is new: images of the ledger are free."""
    session = open_session(service)
    session.submit(plan(repeats=3)).result()
    assert len(session.submit(plan(repeats=4), RunLimits(max_credits=PRICE)).result()) == 4


def test_more_than_the_balance_wants_a_yes(
    service: Service, open_session: OpenSession, tcp: object
) -> None:
    """A bill that the account cannot pay is asked about, however small it is."""
    poor = tcp.simulator(balance=5.0)  # type: ignore[attr-defined]
    told = refused(open_session(poor).submit(plan(repeats=2), RunLimits(confirm_above=100)).result)
    assert "the balance does not suffice" in told
    assert poor.creates() == []


@pytest.mark.parametrize("balance", [0.0, 3.0])
@pytest.mark.parametrize("above", [1.0, 100.0])
def test_empty_account_is_to_be_topped_up(
    open_session: OpenSession, tcp: object, balance: float, above: float
) -> None:
    """Where not one image can be paid no yes is offered: the account needs credits."""
    poor = tcp.simulator(balance=balance)  # type: ignore[attr-defined]
    told = refused(
        open_session(poor).submit(plan(repeats=2), RunLimits(confirm_above=above)).result
    )
    assert "Top up the account" in told
    assert "--yes" not in told
    assert poor.creates() == []


@pytest.mark.parametrize("limits", [RunLimits(max_credits=1000), RunLimits(confirm_above=1000)])
def test_unknown_price_is_no_price_below_the_limit(
    service: Service, open_session: OpenSession, limits: RunLimits
) -> None:
    """Where nobody tells the price of several images, nothing is sent without a yes."""
    service.fault("estimate", status=500, times=None)
    assert "price" in refused(open_session(service).submit(plan(repeats=2), limits).result)
    assert service.creates() == []


def test_nothing_is_sent_under_a_ceiling_without_a_price(
    service: Service, open_session: OpenSession
) -> None:
    """Where nobody knows whether an image fits, one clear error says so, and no row is left."""
    session = open_session(service, max_credits_day=1000.0)
    service.fault("estimate", status=500, times=None)
    told = refused(session.submit(plan()).result)
    assert "the price is not known, and 1,000 credits today are the ceiling" in told
    assert (service.creates(), rows(session)) == ([], [])


@pytest.mark.long
def test_last_known_price_serves_under_a_ceiling(
    service: Service, open_session: OpenSession
) -> None:
    """Once the ledger has seen the price, a silent service is no obstacle, up to the ceiling."""
    session = open_session(service, max_credits_day=9.0)
    session.submit(plan()).result()
    service.fault("estimate", status=500, times=None)
    assert session.submit(plan("a crane")).result().one.ok
    assert "4 more on 8" in refused(session.submit(plan("a rail")).result)
    assert len(service.creates()) == 2


def test_lost_answer_without_a_price_is_not_forgotten(
    service: Service, open_session: OpenSession
) -> None:
    """A task whose price and outcome nobody told counts as soon as a like one shows the price."""
    session = open_session(service)
    service.fault("estimate", status=500, times=None)
    service.fault("create", status=500)
    with pytest.raises(Exception, match="may or may not"):
        session.submit(plan()).result()
    service.forget_faults()
    assert session.ledger.spending.today("crun", time.time()).untold == 1
    session.submit(plan("a crane")).result()
    told = refused(open_session(service, max_credits_day=11.0).submit(plan("a rail")).result)
    assert "4 more on 8 spent today" in told


def test_day_ceiling_refuses_the_whole_plan(service: Service, open_session: OpenSession) -> None:
    """What would pass the ceiling is not begun."""
    session = open_session(service, max_credits_day=10.0)
    session.submit(plan()).result()
    told = refused(session.submit(plan("a crane", repeats=2)).result)
    assert "8 more on 4 spent today would pass the ceiling of 10 credits" in told
    assert len(service.creates()) == 1


def test_notebook_ceiling_counts_one_notebook(service: Service, open_session: OpenSession) -> None:
    """Another notebook has a ceiling of its own."""
    session = open_session(service, max_credits_notebook=4.0)
    session.submit(plan(), RunLimits(notebook="a.ipynb")).result()
    told = refused(session.submit(plan("a crane"), RunLimits(notebook="a.ipynb")).result)
    assert "in this notebook" in told
    assert session.submit(plan("a crane"), RunLimits(notebook="b.ipynb")).result().one.ok


def test_ceiling_holds_for_runs_at_the_same_time(
    service: Service, open_session: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four runs whose bills all fit under the ceiling spend no more than it together."""
    checked, all_of_them = Pricing.room, asyncio.Barrier(4)

    async def together(*bill: Any) -> float | None:
        room = await checked(*bill)
        await all_of_them.wait()  # none has sent anything before all may
        return room

    monkeypatch.setattr(Pricing, "room", together)
    sessions = [open_session(service, max_credits_day=20.0, wait_s=20.0 + n) for n in range(4)]

    def run(number: int) -> None:
        with suppress(BudgetError):
            sessions[number].submit(plan(f"prompt {number}", repeats=4)).result()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, range(4)))
    assert len(service.creates()) == 5
    assert sessions[0].ledger.spending.today("crun", time.time()).credits == 20


def test_unknown_counts_as_spent(service: Service, open_session: OpenSession) -> None:
    """A create whose answer was lost uses the ceiling up, also after it was let go."""
    session = open_session(service, max_credits_day=4.0)
    service.fault("create", status=500)
    with pytest.raises(Exception, match="may or may not"):
        session.submit(plan()).result()
    refused(session.submit(plan("a crane")).result)
    let_go(session.ledger, "1")
    refused(session.submit(plan("a crane")).result)
    assert len(service.creates()) == 1


def test_refused_create_frees_the_ceiling(service: Service, open_session: OpenSession) -> None:
    """What the service refused costs nothing."""
    session = open_session(service, max_credits_day=4.0)
    service.fault("create", status=422)
    with pytest.raises(Exception, match="422"):
        session.submit(plan()).result()
    assert session.submit(plan("a crane")).result().one.ok


@pytest.mark.long
def test_empty_account_leaves_the_rest_planned_and_says_so(
    service: Service, open_session: OpenSession
) -> None:
    """After a 402 what is paid comes, the rest is not sent, and the next run goes on there."""
    session = open_session(service)
    service.fault("create", skip=3, times=None, status=402)
    grid = session.submit(plan(repeats=30)).result()
    left = [one for one in grid if one.state is State.PLANNED]
    assert sum(one.ok for one in grid) == 3
    assert len(left) >= 30 - 3 - 16
    assert {type(one.error) for one in left} == {InsufficientCreditsError}
    text = grid_text(grid)
    assert f"{len(left)} images were not sent" in text
    refused = sum(one.state is State.FAILED for one in grid)
    assert refused == 0 or f"not sent and {refused} refused" in text
    assert "run the cell again: what is done is kept" in text
    service.forget_faults()
    sent = len(service.creates())
    assert all(one.ok for one in session.submit(plan(repeats=30)).result())
    assert len(service.creates()) == sent + 27


@pytest.mark.parametrize("credits", [-1000.0, 1e308, float("inf"), "many"])
def test_odd_charge_of_an_older_row_counts_as_the_price(
    service: Service, open_session: OpenSession, credits: object
) -> None:
    """What an earlier version wrote down and is no charge moves no sum and stands in no result."""
    session = open_session(service, max_credits_day=8.0)
    session.submit(plan()).result()
    with session.ledger._database.write() as connection:
        connection.execute("UPDATE tasks SET credits = ?", (credits,))
    spending = session.ledger.spending
    assert spending.today("crun", time.time()).credits == PRICE
    assert [row.credits for row in spending.rows()] == [PRICE]
    assert spending.last_price(plan().cells[0].request) == PRICE
    assert spending.last_charges([plan().cells[0].request]) == [None]
    assert rows(session)[0].credits is None
    with pytest.raises(BudgetError, match="8 more on 4 spent"):
        session.submit(plan("a crane", repeats=2)).result()
