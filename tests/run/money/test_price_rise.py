"""A price that turns out higher: under a limit it is noticed early and does not run away."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanobanana_nb.errors import BudgetError
from nanobanana_nb.model.credits import FEW, MARGIN, PLAUSIBLE
from nanobanana_nb.model.plan.limits import RunLimits
from nanobanana_nb.model.result import State
from nanobanana_nb.run.job import Job
from nanobanana_nb.run.money.budget import Costs
from tests.fixtures import OpenSession, until
from tests.run.conftest import plan
from tests.run.retries import let_all_end
from tests.service import Line, Service

PRICE = 4  # what the service charges
IMAGES = 60


class Cheap:
    """The service, which tells another price than it charges."""

    def __init__(self, app: Any, told: float, exact: bool) -> None:
        self._app = app
        self._answer = {"credits": told, "estimated": not exact}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer what asks for a price, and hand on all else."""
        if not scope.get("path", "").endswith("estimate-credits"):
            await self._app(scope, receive, send)
            return
        body = json.dumps({"code": 200, "message": "success", "data": self._answer}).encode()
        headers = [(b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def begun(job: Job) -> int:
    """How many tasks the service has begun: a clock that is moved before is moved too early."""
    return sum(one.task_id is not None for one in job.generations)


def cheap(tcp: Line, told: float = 1.0, exact: bool = True, **options: Any) -> Service:
    """A service whose tasks take half a second and cost more than it says."""
    service = tcp.simulator(**{"speed": 1.0, "median_s": 0.5, "sigma": 0.01, **options})
    tcp.app = Cheap(tcp.app, told, exact)
    return service


@pytest.mark.long
@pytest.mark.parametrize("exact", [True, False])
@pytest.mark.parametrize(
    ("limits", "settings", "limit"),
    [
        (RunLimits(max_credits=60), {}, 60),
        (RunLimits(confirm_above=60), {}, 60),
        (RunLimits(yes=True), {"max_credits_day": 60.0}, 60),
        (RunLimits(yes=True, notebook="a"), {"max_credits_notebook": 60.0}, 60),
        (RunLimits(max_credits=100), {}, 100),
    ],
)
def test_broken_promise_does_not_pass_the_limit(
    tcp: Line,
    open_session: OpenSession,
    exact: bool,
    limits: RunLimits,
    settings: dict[str, float],
    limit: float,
) -> None:
    """Sixty images told at 1 and charged at 4: what is sent fits at what it really costs."""
    service = cheap(tcp, exact=exact)
    job = open_session(service, **settings).submit(plan(repeats=IMAGES), limits)
    grid = job.result()
    assert PRICE * len(service.creates()) <= limit
    left = [one for one in grid if one.state is State.PLANNED]
    assert len(left) == IMAGES - len(service.creates())
    assert "4 credits, not 1" in str(left[0].error)
    assert "No credits were taken" in str(left[0].error)


@pytest.mark.long
@pytest.mark.parametrize("told", [0.0, 0.02, 0.15])
@pytest.mark.parametrize("limit", [10, 25])
def test_tiny_price_opens_no_limit(
    tcp: Line, open_session: OpenSession, told: float, limit: float
) -> None:
    """However little is told: sixty images that cost more stay within what was allowed."""
    service = cheap(tcp, told=told)
    open_session(service).submit(plan(repeats=IMAGES), RunLimits(max_credits=limit)).result()
    assert 0 < PRICE * len(service.creates()) <= limit


@pytest.mark.long
@pytest.mark.parametrize("told", [100.0, 100_001.0, 1e308])
def test_huge_price_of_one_image_wants_a_yes(
    tcp: Line, open_session: OpenSession, told: float
) -> None:
    """However much is told, a single image is asked about, and sent with a yes."""
    service = cheap(tcp, told=told)
    session = open_session(service)
    with pytest.raises(BudgetError, match="--yes"):
        session.submit(plan(), RunLimits(confirm_above=50)).result()
    assert service.creates() == []
    assert session.submit(plan(), RunLimits(yes=True)).result().one.ok


@pytest.mark.long
def test_last_charge_counts_where_less_is_told(tcp: Line, open_session: OpenSession) -> None:
    """One image after another below a ceiling: what the last one cost is what the next may."""
    service = cheap(tcp)
    session = open_session(service, max_credits_day=10.0)
    session.submit(plan("a crane")).result()
    session.submit(plan("a heron")).result()
    with pytest.raises(BudgetError, match="4 more on 8 spent today"):
        session.submit(plan("a rail")).result()
    assert session.bridge.run(session.bill(plan("a rail"))).credits == PRICE


@pytest.mark.long
def test_runs_at_the_same_time_stay_below_a_ceiling(tcp: Line, open_session: OpenSession) -> None:
    """Fifteen runs that know nothing of each other spend no more than the day may cost."""
    service = cheap(tcp)
    session = open_session(service, max_credits_day=10.0)
    jobs = [session.submit(plan(f"a heron {n}"), RunLimits(yes=True)) for n in range(15)]
    until(lambda: all(job.done() for job in jobs))
    assert 0 < PRICE * len(service.creates()) <= 10


def test_promise_kept_for_one_kind_says_nothing_of_another() -> None:
    """A charge proves the price of its own kind, and one above it ends that."""

    async def run() -> None:
        costs = Costs(RunLimits(max_credits=40), 40, 40, {"small"})
        small, large = ([object() for _ in range(FEW)] for _ in range(2))
        for image in large:
            await costs.turn(image, 1.0, "large")
        assert costs.early(large[0])
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(costs.turn(object(), 1.0, "large"), 0.01)
        for image in large:
            costs.charged(image, 1.0, proof=True)
        for image in small:
            await costs.turn(image, 1.0, "small")
        assert not costs.early(small[0])
        costs.charged(small[0], 2.0, proof=True)
        assert costs.early(small[1])

    asyncio.run(run())


@pytest.mark.long
def test_promise_that_is_kept_is_believed(tcp: Line, open_session: OpenSession) -> None:
    """With honest prices a limit that is just met lets every image through."""
    service = cheap(tcp, told=PRICE)
    grid = open_session(service).submit(plan(repeats=30), RunLimits(max_credits=120)).result()
    assert all(one.ok for one in grid)


@pytest.mark.parametrize("count", [2, FEW])
def test_small_run_is_not_made_one_by_one(
    slow: Service, open_session: OpenSession, count: int
) -> None:
    """A few images leave together however tight the limit, before any charge is known."""
    job = open_session(slow).submit(plan(repeats=count), RunLimits(max_credits=count * PRICE))
    until(lambda: begun(job) == count)
    slow.advance(1e6)
    assert all(one.ok for one in job.result())


@pytest.mark.long
def test_only_so_many_leave_before_a_charge_is_known(
    slow: Service, open_session: OpenSession
) -> None:
    """Beyond the few, what is on its way fits at several times its price; then the rest leaves."""
    limit = 20 * PRICE
    job = open_session(slow).submit(plan(repeats=20), RunLimits(max_credits=limit))
    first = int(20 / PLAUSIBLE)
    until(lambda: begun(job) == first)
    until(lambda: sum(one.looks > 0 for one in job.generations))
    assert len(slow.creates()) == first
    let_all_end(job, slow)
    assert all(one.ok for one in job.result())


@pytest.mark.long
@pytest.mark.parametrize(
    "limits", [RunLimits(yes=True), RunLimits(max_credits=20 * PRICE * PLAUSIBLE)]
)
def test_nothing_waits_without_a_tight_limit(
    slow: Service, open_session: OpenSession, limits: RunLimits
) -> None:
    """Where there is no limit, or one with room, all leave before the first has ended."""
    job = open_session(slow).submit(plan(repeats=20), limits)
    until(lambda: begun(job) == 20)
    assert not any(one.state.is_final for one in job.generations)
    slow.advance(1e6)
    job.result()


@pytest.mark.long
def test_price_that_was_charged_before_is_believed_at_once(
    tcp: Line, open_session: OpenSession
) -> None:
    """Once the ledger has seen a charge of the price, only a margin is left for the next."""
    service = tcp.simulator(speed=100.0)
    session = open_session(service)
    before = session.submit(plan("a crane"))
    until(lambda: begun(before))
    service.advance(1e6)
    before.result()
    job = session.submit(plan(repeats=20), RunLimits(max_credits=20 * PRICE))
    until(lambda: begun(job) == 20 / MARGIN)
    let_all_end(job, service)
    assert all(one.ok for one in job.result())


@pytest.mark.long
def test_free_failure_makes_room(tcp: Line, open_session: OpenSession) -> None:
    """What failed at no cost takes nothing from the limit: the others still come."""
    service = cheap(tcp, told=PRICE)
    wanted = plan("a {x}", namespace={"x": ["cat [fail]", *"abcdefg"]})
    grid = open_session(service).submit(wanted, RunLimits(max_credits=8 * PRICE)).result()
    assert [one.ok for one in grid] == [False, *[True] * 7]


@pytest.mark.long
@given(
    st.lists(st.sampled_from([0.0, 0.5, 1.0, 2.0, 4.0]), min_size=1, max_size=60),
    st.floats(1.0, 80.0),
    st.booleans(),
    st.integers(0, 3),
)
def test_charges_of_up_to_the_plausible_pass_no_limit(
    charges: list[float], room: float, proof: bool, lost: int
) -> None:
    """Whatever up to four times its price each image costs, or is never heard of, a few at most."""

    async def run() -> float:
        costs = Costs(RunLimits(max_credits=room), room, float(len(charges)))
        spent = 0.0

        async def make(number: int, charge: float) -> None:
            nonlocal spent
            image = object()
            await costs.turn(image, 1.0)
            spent += charge
            await asyncio.sleep(0)
            if number >= lost:
                costs.charged(image, charge, proof=proof)
            costs.ended(image, free=False)

        making = (make(number, charge) for number, charge in enumerate(charges))
        for outcome in await asyncio.gather(*making, return_exceptions=True):
            assert outcome is None or isinstance(outcome, BudgetError)
        return spent

    assert asyncio.run(run()) <= room + FEW * PLAUSIBLE


def test_limit_that_is_just_met_is_met() -> None:
    """A further try that comes to exactly what is allowed fits, and one credit more does not."""
    costs = Costs(RunLimits(max_credits=12), 12, 8, {""})
    costs.check(4)
    with pytest.raises(BudgetError, match="come to 13 credits, and 12 are allowed"):
        costs.check(5)
    assert costs.charged(object(), 100.0, proof=True) is None, "no image of this run"


@pytest.mark.parametrize(
    ("limits", "fits"),
    [
        (RunLimits(yes=True), True),
        (RunLimits(max_credits=5), True),
        (RunLimits(max_credits=4), False),
    ],
)
def test_yes_to_a_further_try(limits: RunLimits, fits: bool) -> None:
    """Beyond what is to be asked about, a try goes with a yes, or within what is allowed for it."""
    costs = Costs(RunLimits(confirm_above=8), 8, 8, {""})
    if fits:
        costs.check(5, limits)
        return
    with pytest.raises(BudgetError):
        costs.check(5, limits)


def test_yes_to_a_further_try_lifts_no_limit_of_the_run() -> None:
    """What the whole run was limited to holds for a try that has a yes of its own."""
    costs = Costs(RunLimits(max_credits=8), 8, 8, {""})
    with pytest.raises(BudgetError, match="8 are allowed"):
        costs.check(1, RunLimits(yes=True))


def test_what_is_set_aside_is_a_warning() -> None:
    """A running task for which more is set aside than was told makes the others count as much."""

    async def run() -> None:
        costs = Costs(RunLimits(max_credits=8), 8, 2, {""})
        first = object()
        await costs.turn(first, 1.0)
        costs.reserved(first, 7.5)
        assert costs.expected(1.0) == 7.5
        costs.ended(first, free=False)
        with pytest.raises(BudgetError):
            await costs.turn(object(), 1.0)

    asyncio.run(run())
