"""Claims: who may create, who fetches, who waits, and what a dead claimant leaves."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from nanobanana_nb.errors import Charged, NotSentError, service_error
from nanobanana_nb.ledger.claims.claims import Claim, To
from nanobanana_nb.ledger.claims.create_terms import CreateTerms
from nanobanana_nb.ledger.claims.pending_writes import memory_of
from nanobanana_nb.ledger.claims.processes import this_process
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.model.result import Generation, State
from tests.ledger.conftest import (
    columns_of,
    given_up,
    intent,
    number_of,
    picture,
    request_for,
    set_columns,
    strangers,
)

HOLDERS = ("free", "mine", "alive", "dead")
# What a claim says about a row of each kind: for a free one, one of this process's own runs, one
# of another process that lives, and one of a process that has ended.
SAYS: dict[str, tuple[To, To, To, To]] = {
    "planned": (To.CREATE, To.WAIT, To.WAIT, To.CREATE),
    "sent": (To.UNKNOWN, To.WAIT, To.WAIT, To.UNKNOWN),
    "pending": (To.FETCH, To.WAIT, To.WAIT, To.FETCH),
    "running": (To.FETCH, To.WAIT, To.WAIT, To.FETCH),
    "detached": (To.FETCH, To.WAIT, To.WAIT, To.FETCH),
    "lost": (To.FETCH, To.WAIT, To.WAIT, To.FETCH),
    "image": (To.SHOW, To.SHOW, To.SHOW, To.SHOW),
    "unknown": (To.UNKNOWN, To.UNKNOWN, To.UNKNOWN, To.UNKNOWN),
    "failed": (To.CREATE, To.CREATE, To.CREATE, To.CREATE),
}
CASES = [(kind, holder) for kind in SAYS for holder in HOLDERS]


def claim(ledger: Ledger, prompt: str = "a heron", **terms: float) -> Claim:
    """Ask for a request on common terms."""
    return ledger.claims.claim(request_for(prompt), CreateTerms(now=5.0, **terms))  # type: ignore[arg-type]


def row_of(ledger: Ledger, kind: str, holder: str) -> int:
    """Write a row of this kind in the hands of this holder."""
    number = number_of(intent(ledger, request_for(), 1.0))
    columns: dict[str, object] = {"state": kind, "task_id": "t1"}
    if kind in ("planned", "sent", "unknown"):
        columns["task_id"] = None
    if kind in ("image", "lost"):
        measured, path = ledger.images.store(picture(size=(8, 8)))
        columns = {**columns, "state": "success", **vars(measured)}
        if kind == "lost":
            path.unlink()
    set_columns(ledger, number, **columns)
    if holder == "free":
        ledger.claims.release(number)
    elif holder != "mine":
        strangers(ledger, number, alive=holder == "alive")
    return number


@pytest.mark.parametrize(("kind", "holder"), CASES)
def test_what_a_claim_says(ledger: Ledger, kind: str, holder: str) -> None:
    """Each kind of row in each hand gives the right that it must, and the row goes along."""
    number = row_of(ledger, kind, holder)
    said = claim(ledger)
    assert said.to is SAYS[kind][HOLDERS.index(holder)]
    assert number_of(said.generation) == (number + 1 if kind == "failed" else number)
    if said.to in (To.CREATE, To.FETCH):
        assert columns_of(ledger, number_of(said.generation), "owner") == this_process().id
        assert claim(ledger).to is To.WAIT, "nobody else gets it"


@pytest.mark.parametrize(("kind", "holder"), CASES)
def test_what_holding_a_row_says(ledger: Ledger, kind: str, holder: str) -> None:
    """Who wants to fetch never gets the right to create."""
    number = row_of(ledger, kind, holder)
    expected = SAYS[kind][HOLDERS.index(holder)]
    if expected is To.CREATE:
        expected = To.SHOW if kind == "failed" else To.NOTHING
    assert ledger.claims.hold(number).to is expected


@pytest.mark.long
@pytest.mark.parametrize(("kind", "holder"), CASES)
def test_nothing_is_created_without_an_order(ledger: Ledger, kind: str, holder: str) -> None:
    """Without an terms what is there is still shown and fetched, and no row is made."""
    row_of(ledger, kind, holder)
    expected = SAYS[kind][HOLDERS.index(holder)]
    said = ledger.claims.claim(request_for(), None)
    assert said.to is (To.NOTHING if expected is To.CREATE else expected)
    assert ledger.count() == 1


@pytest.mark.parametrize(("kind", "holder"), CASES)
def test_fresh_always_creates(ledger: Ledger, kind: str, holder: str) -> None:
    """Who pays for a new image gets a row of its own."""
    number = row_of(ledger, kind, holder)
    said = ledger.claims.claim(request_for(), CreateTerms(now=5.0, fresh=True))
    assert (said.to, number_of(said.generation)) == (To.CREATE, number + 1)


def test_holding_a_row_that_is_gone(ledger: Ledger) -> None:
    """A number that no row has gives nothing to do."""
    assert ledger.claims.hold(7) == Claim(To.NOTHING)


def test_claim_is_a_planned_row_until_it_leaves(ledger: Ledger) -> None:
    """Planned, then sent, back to planned after a certain refusal, and sent again."""
    planned = number_of(claim(ledger).generation)
    assert columns_of(ledger, planned, "state", "sent_at") == ("planned", None)
    row = claim(ledger, "other").generation
    assert row is not None
    sent = ledger.claims.leave(row, 7.0)
    assert (sent.state, sent.sent_at) == (State.SENT, 7.0)
    assert columns_of(ledger, number_of(row), "state", "sent_at") == ("sent", 7.0)
    again = ledger.claims.not_taken(sent)
    assert columns_of(ledger, number_of(row), "state") == again.state == State.PLANNED
    assert ledger.claims.leave(again, 8.0).sent_at == 8.0


def test_row_planned_before_is_used_with_the_new_terms(ledger: Ledger) -> None:
    """What never left is created under its number, at the price and time of the new terms."""
    number = number_of(claim(ledger, price=3.0).generation)
    ledger.claims.release(number)
    said = ledger.claims.claim(
        request_for(private=True), CreateTerms(now=9.0, price=4.0, notebook="n")
    )
    assert number_of(said.generation) == number
    found = columns_of(ledger, number, "reserved", "created_at", "notebook", "request")
    assert found[:3] == (4.0, 9.0, "n")
    assert "heron" not in found[3], "asked for privately now"


@pytest.mark.parametrize("alive", [True, False])
def test_fence(ledger: Ledger, alive: bool) -> None:
    """Whoever lost its claim meanwhile sends nothing and spoils nothing of the new owner's."""
    row = claim(ledger, price=4.0).generation
    assert row is not None
    strangers(ledger, number_of(row), alive=alive)
    with pytest.raises(NotSentError, match="Another process") as raised:
        ledger.claims.leave(row, 6.0)
    assert raised.value.charged is Charged.NO
    ledger.record(replace(row, state=State.FAILED, error=raised.value))
    ledger.claims.release(number_of(row))
    found = columns_of(ledger, number_of(row), "state", "owner", "reserved")
    assert found == ("planned", f"stranger {alive}", 4.0)


def test_fence_for_a_row_that_left_meanwhile(ledger: Ledger) -> None:
    """Nor can a claimant send what was sent by the other one and has its id already."""
    row = claim(ledger).generation
    assert row is not None
    set_columns(ledger, number_of(row), state="pending", task_id="t1")
    with pytest.raises(NotSentError):
        ledger.claims.leave(row, 6.0)
    assert columns_of(ledger, number_of(row), "state") == "pending"


def test_two_ledger_objects_of_one_process(ledger: Ledger, tmp_path: Path) -> None:
    """A second ledger object on the same folder, by whatever name, knows what the first does."""
    ledger.home.mkdir(parents=True)
    link = tmp_path / "link"
    link.symlink_to(ledger.home, target_is_directory=True)
    number = number_of(claim(ledger).generation)
    for name in (ledger.home, link, Path(os.path.relpath(ledger.home))):
        other = Ledger(name)
        assert claim(other).to is To.WAIT, name
        other.claims.recover()
    assert columns_of(ledger, number, "state", "owner") == ("planned", this_process().id)


def test_claims_of_a_fork_are_not_its_parents(ledger: Ledger) -> None:
    """A forked process waits for its parent, and what it claims is free after its end."""
    number = number_of(claim(ledger).generation)
    ledger.record(replace(intent(ledger, request_for("x"), 1.0), state=State.PENDING, task_id="t"))
    child = os.fork()
    if child == 0:
        told = [claim(ledger).to is To.WAIT, claim(ledger, "childs").to is To.CREATE]
        told.append(memory_of(ledger.home).held == {3})
        os._exit(0 if all(told) else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert columns_of(ledger, number, "owner") == this_process().id
    assert claim(ledger).to is To.WAIT
    assert claim(ledger, "childs").to is To.CREATE


def test_recover_takes_back_what_the_dead_left(ledger: Ledger) -> None:
    """Sent rows become unknown, open ones detached, planned ones free; living hands keep theirs."""
    left: dict[str, tuple[str, float | None]] = {
        "planned": ("planned", None),
        "sent": ("unknown", 4.0),
        "pending": ("detached", 4.0),
        "running": ("detached", 4.0),
        "detached": ("detached", 4.0),
        "success": ("success", 4.0),
    }
    numbers = {}
    for state in left:
        for alive in (True, False):
            row = number_of(claim(ledger, f"{state} {alive}", price=4.0).generation)
            set_columns(ledger, row, state=state, task_id=state)
            strangers(ledger, row, alive=alive)
            numbers[state, alive] = row
    ledger.claims.recover()
    for state, after in left.items():
        told = ("state", "reserved", "owner")
        assert columns_of(ledger, numbers[state, False], *told) == (*after, None), state
        assert columns_of(ledger, numbers[state, True], *told) == (state, 4.0, "stranger True")
    assert {row.task_id for row in ledger.waiting("crun")} == {"pending", "running", "detached"}


def test_what_could_not_be_let_go_of_is_free_for_the_same_process(ledger: Ledger) -> None:
    """A run that ended holds nothing, even if the ledger still says so."""
    number = number_of(claim(ledger).generation)
    given_up(ledger)
    assert columns_of(ledger, number, "owner") == this_process().id
    again = claim(ledger)
    assert (again.to, number_of(again.generation)) == (To.CREATE, number)


def test_late_release_leaves_a_new_claim_alone(ledger: Ledger) -> None:
    """What is let go of late was perhaps taken again by another run of this process."""
    number = number_of(claim(ledger).generation)
    memory_of(ledger.home).unreleased.add(number)
    ledger.claims.release_left()
    assert columns_of(ledger, number, "owner") == this_process().id
    assert claim(ledger).to is To.WAIT


def test_refused_create_lets_the_request_be_asked_again(ledger: Ledger) -> None:
    """After a refusal the next claim creates a new row."""
    row = intent(ledger, request_for(), 1.0)
    error = service_error(422, "no", charged=Charged.NO)
    ledger.record(replace(row, state=State.FAILED, error=error))
    ledger.claims.release(number_of(row))
    said = claim(ledger)
    assert isinstance(said.generation, Generation)
    assert (said.to, number_of(said.generation)) == (To.CREATE, number_of(row) + 1)
