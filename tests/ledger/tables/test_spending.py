"""What was spent: the sums, the local day, and ceilings that hold whoever asks."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from nanobanana_nb.errors import BudgetError, Charged, NanobananaError, service_error
from nanobanana_nb.ledger.claims.claims import To
from nanobanana_nb.ledger.claims.create_terms import CreateTerms
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.ledger.tables.spending import Ceilings, Spent, Total, midnight
from nanobanana_nb.model.result import Generation, State
from tests.ledger.children import at_once
from tests.ledger.conftest import columns_of, number_of, request_for, strangers

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture(params=["Europe/Berlin"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[ZoneInfo]:
    """The machine stands in this time zone."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield ZoneInfo(request.param)
    monkeypatch.undo()
    time.tzset()


def at(zone: ZoneInfo, *moment: int) -> float:
    """Seconds since the epoch of a local time."""
    return datetime(*moment, tzinfo=zone).timestamp()  # type: ignore[arg-type]


def planned(ledger: Ledger, prompt: str, now: float = 1.0, **terms: object) -> Generation:
    """A row that may be created."""
    asked = request_for(prompt, **{k: terms.pop(k) for k in ("model", "provider") if k in terms})
    terms = CreateTerms(now=now, **terms)  # type: ignore[arg-type]
    row = ledger.claims.claim(asked, terms).generation
    assert row is not None
    return row


def done(ledger: Ledger, prompt: str, credits: float, **terms: object) -> None:
    """A row that was paid."""
    row = planned(ledger, prompt, **terms)  # type: ignore[arg-type]
    sent = ledger.claims.leave(row, row.created_at or 0)
    ledger.record(replace(sent, state=State.SUCCESS, task_id=prompt, credits=credits))


def test_sums_by_day_notebook_and_model(ledger: Ledger, zone: ZoneInfo) -> None:
    """One line for each, newest day first; what was only set aside is told apart."""
    monday, tuesday = at(zone, 2026, 3, 2, 12), at(zone, 2026, 3, 3, 12)
    done(ledger, "1", 2.0, now=monday, notebook="a", price=9.0)
    done(ledger, "2", 3.0, now=monday, notebook="a")
    done(ledger, "3", 4.0, now=monday, notebook="b")
    done(ledger, "4", 5.0, now=tuesday, model="pro")
    planned(ledger, "5", now=tuesday, model="pro", price=7.0)
    done(ledger, "6", 0.0, now=tuesday, provider="simulator")
    assert ledger.spending.rows() == [
        Spent("crun", "2026-03-03", "", "pro", 2, 12.0, 7.0),
        Spent("simulator", "2026-03-03", "", "m", 1, 0.0, 0.0),
        Spent("crun", "2026-03-02", "a", "m", 2, 5.0, 0.0),
        Spent("crun", "2026-03-02", "b", "m", 1, 4.0, 0.0),
    ]
    assert ledger.spending.in_notebook("crun", "a").credits == 5.0
    assert ledger.spending.today("crun", tuesday).credits == 12.0
    assert ledger.spending.today("simulator", tuesday).credits == 0.0


MIDNIGHTS = [
    ("Europe/Berlin", (2026, 3, 29)),  # the clock is put on at two
    ("Europe/Berlin", (2026, 10, 25)),  # and back at three: a day of 25 hours
    ("America/Havana", (2026, 11, 1)),  # the hour after midnight comes twice
    ("Africa/Cairo", (2026, 4, 24)),  # there is no hour after midnight
    ("Pacific/Kiritimati", (2026, 1, 1)),
]


@pytest.mark.parametrize(("zone", "day"), MIDNIGHTS, indirect=["zone"])
def test_local_midnight(ledger: Ledger, zone: ZoneInfo, day: tuple[int, int, int]) -> None:
    """A day begins at its first second, also where the clock changes, for sums and ceilings."""
    first = midnight(at(zone, *day, 12))
    local = [datetime.fromtimestamp(first + s, zone).date().timetuple()[:3] for s in (-1, 0)]
    assert local[1] == day
    assert local[0] != day
    done(ledger, "yesterday", 1.0, now=first - 1)
    done(ledger, "first", 2.0, now=first)
    done(ledger, "last", 4.0, now=midnight(first + 30 * 3600) - 1)
    assert ledger.spending.today("crun", first + 3600).credits == 6.0
    by_day = {line.day: line.credits for line in ledger.spending.rows()}
    assert by_day[f"{day[0]}-{day[1]:02}-{day[2]:02}"] == 6.0


def test_what_counts_as_spent(ledger: Ledger) -> None:
    """Set aside, sent, unknown, running and let go of count; refused and never sent do not."""
    free = service_error(422, "no", charged=Charged.NO)
    unsure = NanobananaError("let go", charged=Charged.UNKNOWN)
    row = planned(ledger, "1", price=4.0)
    after = {None: 4.0}
    sent = ledger.claims.leave(row, 1.0)
    for state, error in ((State.UNKNOWN, unsure), (State.FAILED, unsure)):
        ledger.record(replace(sent, state=state, error=error))
        after[None] = ledger.spending.today("crun", 1.0).credits
        assert after[None] == 4.0, state
    refused = ledger.claims.leave(planned(ledger, "2", price=8.0), 1.0)
    assert ledger.spending.today("crun", 1.0).credits == 12.0
    ledger.record(replace(refused, state=State.FAILED, error=free))
    assert ledger.spending.today("crun", 1.0).credits == 4.0
    kept_back = number_of(planned(ledger, "3", price=16.0))
    ledger.claims.release(kept_back)
    assert ledger.spending.today("crun", 1.0).credits == 4.0


def test_price_gives_way_to_the_cost(ledger: Ledger) -> None:
    """Once it is known what a task cost, that counts, also if it is nothing."""
    done(ledger, "1", 2.5, price=4.0)
    assert ledger.spending.today("crun", 1.0).credits == 2.5
    done(ledger, "2", 0.0, price=4.0)
    assert ledger.spending.today("crun", 1.0).credits == 2.5


def test_what_a_dead_claimant_set_aside_is_free_again(ledger: Ledger) -> None:
    """Its planned rows count no more after recovery, its unknown ones do."""
    never_left = number_of(planned(ledger, "1", price=4.0))
    left = ledger.claims.leave(planned(ledger, "2", price=8.0), 1.0)
    for number in (never_left, number_of(left)):
        strangers(ledger, number, alive=False)
    ledger.claims.recover()
    assert ledger.spending.today("crun", 1.0).credits == 8.0


@pytest.mark.parametrize("where", ["day", "notebook"])
def test_ceiling(ledger: Ledger, where: str) -> None:
    """What fits exactly is created; what passes at its last charge is refused and leaves no row."""
    ceilings = Ceilings(**{where: 10.0})
    done(ledger, "1", 4.0, notebook="a")
    assert number_of(planned(ledger, "2", price=6.0, notebook="a", ceilings=ceilings)) == 2
    with pytest.raises(BudgetError, match=r"4 more on 10 spent .* ceiling of 10") as raised:
        planned(ledger, "3", price=0.5, notebook="a", ceilings=ceilings)
    assert raised.value.charged is Charged.NO
    assert f"NANOBANANA_MAX_CREDITS_{where.upper()}" in raised.value.action
    assert ledger.count() == 2
    assert planned(ledger, "4", price=0.5, notebook="a").id == 3, "no ceiling, no refusal"


def test_ceilings_are_each_others_own(ledger: Ledger) -> None:
    """Yesterday, another notebook and another provider leave room."""
    day = 86_400.0
    done(ledger, "1", 10.0, now=1.5 * day, notebook="a")
    assert planned(ledger, "2", 3.5 * day, price=10.0, ceilings=Ceilings(day=10.0)).id == 2
    mine = Ceilings(notebook=10.0)
    assert planned(ledger, "3", price=10.0, notebook="b", ceilings=mine).id == 3
    assert planned(ledger, "4", provider="simulator", price=10.0, ceilings=Ceilings(day=10.0)).id


def test_row_that_is_created_again_counts_once(ledger: Ledger) -> None:
    """What was set aside for a planned row is no obstacle to that row itself."""
    ceilings = Ceilings(day=4.0)
    number = number_of(planned(ledger, "1", price=4.0, ceilings=ceilings))
    strangers(ledger, number, alive=False)
    assert planned(ledger, "1", price=4.0, ceilings=ceilings).id == number
    assert columns_of(ledger, number, "reserved") == 4.0


def test_refusal_leaves_a_planned_row_as_it_was(ledger: Ledger) -> None:
    """A row that does not fit any more keeps what was set aside for it until recovery."""
    number = number_of(planned(ledger, "1", price=4.0))
    strangers(ledger, number, alive=False)
    with pytest.raises(BudgetError):
        planned(ledger, "1", price=4.0, ceilings=Ceilings(day=3.0))
    assert columns_of(ledger, number, "reserved", "owner") == (4.0, "stranger False")


@pytest.mark.parametrize("where", ["day", "notebook"])
def test_unknown_price_and_a_ceiling(ledger: Ledger, where: str) -> None:
    """Nobody can say whether it fits, so it is refused; what a like one cost last will do."""
    ceilings = Ceilings(**{where: 10.0})
    with pytest.raises(BudgetError, match="price is not known") as raised:
        planned(ledger, "1", notebook="a", ceilings=ceilings)
    assert f"unset NANOBANANA_MAX_CREDITS_{where.upper()}" in raised.value.action
    done(ledger, "2", 7.0, notebook="a")
    with pytest.raises(BudgetError, match="7 more on 7"):
        planned(ledger, "1", notebook="a", ceilings=ceilings)
    with pytest.raises(BudgetError, match="price is not known"):
        planned(ledger, "1", model="pro", notebook="a", ceilings=ceilings)


def test_last_price_is_of_the_same_model_and_parameters(ledger: Ledger) -> None:
    """The newest cost counts; another size is another price."""
    large = request_for("x", parameters=(("resolution", "4K"), ("ü", "é")))
    for number, (asked, credits) in enumerate([(large, 9.0), (request_for("x"), 2.0)]):
        row = ledger.claims.claim(asked, CreateTerms(now=1.0, fresh=True)).generation
        assert row is not None
        sent = ledger.claims.leave(row, 1.0)
        paid = replace(sent, state=State.SUCCESS, task_id=f"t{number}", credits=credits)
        ledger.record(paid)
    assert ledger.spending.last_price(replace(large, prompt="y")) == 9.0
    assert ledger.spending.last_price(request_for("y")) == 2.0
    assert ledger.spending.last_price(request_for("y", provider="simulator")) is None


def unanswered(ledger: Ledger, prompt: str, **terms: object) -> None:
    """A row that was sent on these terms and never answered."""
    sent = ledger.claims.leave(planned(ledger, prompt, **terms), 1.0)  # type: ignore[arg-type]
    unsure = NanobananaError("silence", charged=Charged.UNKNOWN)
    ledger.record(replace(sent, state=State.UNKNOWN, error=unsure))


def test_task_that_nobody_told_the_price_of(ledger: Ledger) -> None:
    """It is counted apart until a like one shows what it costs; from then on it is in the sums."""
    for number in range(2):
        unanswered(ledger, f"unpriced {number}", notebook="a")
    assert ledger.spending.today("crun", 1.0) == Total(0.0, 2)
    assert ledger.spending.in_notebook("crun", "a") == Total(0.0, 2)
    (line,) = ledger.spending.rows()
    assert (line.tasks, line.credits, line.untold) == (2, 0.0, 2)
    done(ledger, "another", 9.0, model="pro")
    assert ledger.spending.today("crun", 1.0) == Total(9.0, 2), "another model tells nothing"
    done(ledger, "like it", 7.0, notebook="a")
    assert ledger.spending.in_notebook("crun", "a") == Total(21.0, 0)
    line = next(one for one in ledger.spending.rows() if one.model == "m")
    assert (line.tasks, line.credits, line.unsure, line.untold) == (3, 21.0, 14.0, 0)


@pytest.mark.parametrize(("charged", "untold"), [(Charged.NO, 0), (Charged.UNKNOWN, 1)])
def test_failure_without_a_price(ledger: Ledger, charged: Charged, untold: int) -> None:
    """It counts where it may have been charged, and nowhere else."""
    sent = ledger.claims.leave(planned(ledger, "1"), 1.0)
    error = NanobananaError("it failed", charged=charged)
    ledger.record(replace(sent, state=State.FAILED, error=error))
    assert ledger.spending.today("crun", 1.0).untold == untold


def test_price_that_was_told_serves_for_the_next(ledger: Ledger) -> None:
    """A price that was set aside is known, though nobody has seen yet what the task cost."""
    unanswered(ledger, "1", price=5.0)
    assert ledger.spending.last_price(request_for("2")) == 5.0
    asked = [request_for("2"), request_for("3"), request_for("4", model="pro")]
    assert ledger.spending.likely(asked[:2]) == 10.0
    assert ledger.spending.likely(asked) is None


def test_unpriced_task_takes_up_room_under_a_ceiling(ledger: Ledger) -> None:
    """It counts as one of the price that is asked for now, and the refusal tells of it."""
    unanswered(ledger, "1", model="pro")
    with pytest.raises(BudgetError, match="6 more on 0 and 1 of unknown price spent today"):
        planned(ledger, "2", price=6.0, ceilings=Ceilings(day=11.0))
    assert planned(ledger, "2", price=6.0, ceilings=Ceilings(day=12.0)).id == 2


@pytest.mark.parametrize("price", [0.02, 1.0, 4.0])
def test_what_nobody_has_seen_charged_goes_alone_below_a_ceiling(
    ledger: Ledger, price: float
) -> None:
    """Where others are on their way whose charge may pass it, a further one comes after them."""
    terms = CreateTerms(now=1.0, price=price, ceilings=Ceilings(day=20.0))
    first = ledger.claims.claim(request_for("1"), terms).generation
    assert first is not None
    assert ledger.claims.claim(request_for("2"), terms).to is To.LATER
    sent = ledger.claims.leave(first, 1.0)
    ledger.record(replace(sent, state=State.SUCCESS, task_id="1", credits=8.0))
    assert ledger.claims.claim(request_for("2"), terms).to is To.CREATE
    with pytest.raises(BudgetError, match="8 more on 16 spent today"):
        ledger.claims.claim(request_for("3"), terms)


RACER = """
from collections import Counter
name, granted = args[0], Counter()
for n in range(20):
    try:
        ceilings = Ceilings(day=25.0, notebook=30.0)
        terms = CreateTerms(now=1.0, price=1.0, notebook="a", ceilings=ceilings)
        while (claim := claims.claim(asked(f"{name} {n}"), terms)).to is To.LATER:
            time.sleep(0.01)
        sent = claims.leave(claim.generation, 1.0)
        ledger.record(replace(sent, state=State.SUCCESS, task_id=f"{name} {n}", credits=1.0))
        granted[claim.to.name] += 1
    except BudgetError:
        granted["refused"] += 1
    if ledger.spending.today("crun", 1.0).credits > 25.0:
        say("passed")
say(granted["CREATE"], granted["refused"])
"""


@pytest.mark.long
def test_ceiling_holds_for_four_processes_at_once(ledger: Ledger) -> None:
    """Eighty images for one credit each, and 25 credits: exactly 25 are granted."""
    done(ledger, "the first", 0.0)
    said = at_once(RACER, 4, ledger.home)
    assert [len(lines) for lines in said] == [1] * 4, "the sum was never seen above the ceiling"
    counts = [tuple(map(int, lines[0].split())) for lines in said]
    assert sum(granted for granted, _ in counts) == 25
    assert sum(refused for _, refused in counts) == 55
    assert ledger.spending.today("crun", 1.0).credits == 25.0


def test_nothing_allowed_is_a_ceiling_too(ledger: Ledger) -> None:
    """A ceiling of zero lets free images through and no others."""
    ceilings = Ceilings(day=0.0)
    with pytest.raises(BudgetError):
        planned(ledger, "1", price=0.1, ceilings=ceilings)
    terms = CreateTerms(now=1.0, price=0.0, ceilings=ceilings)
    assert ledger.claims.claim(request_for("1"), terms).to is To.CREATE
