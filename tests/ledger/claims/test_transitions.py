"""What a late writer may still write: forward only, of its own send only, and every id."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from nanobanana_nb.errors import Charged, NanobananaError, OutcomeUnknownError, service_error
from nanobanana_nb.ledger.claims.claims import To
from nanobanana_nb.ledger.claims.create_terms import CreateTerms
from nanobanana_nb.ledger.claims.pending_writes import memory_of
from nanobanana_nb.ledger.claims.transitions import LateAnswerWarning
from nanobanana_nb.ledger.ledger import Ledger, SidecarWarning
from nanobanana_nb.ledger.store.database import Database
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.run import recall
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

FREE = service_error(422, "no such ratio", charged=Charged.NO)
UNSURE = OutcomeUnknownError("silence", charged=Charged.UNKNOWN)


def image(ledger: Ledger, row: Generation, task_id: str = "t1") -> Generation:
    """The same task with its image."""
    measured, path = ledger.images.store(picture(size=(8, 8)))
    done = replace(row, state=State.SUCCESS, task_id=task_id, credits=4.0, path=path)
    return replace(done, **vars(measured))


def test_id_that_comes_after_the_row_was_given_up(ledger: Ledger) -> None:
    """A sender that was taken for dead still writes its id: unknown becomes pending."""
    row = intent(ledger, request_for(), 1.0)
    strangers(ledger, number_of(row), alive=False)
    ledger.claims.recover()
    assert columns_of(ledger, number_of(row), "state") == "unknown"
    ledger.record(replace(row, state=State.PENDING, task_id="t1"))
    assert columns_of(ledger, number_of(row), "state", "task_id") == ("pending", "t1")


def let_go(ledger: Ledger) -> Generation:
    """A sender that was taken for dead, and whose task a person let go."""
    row = intent(ledger, request_for(), 1.0)
    strangers(ledger, number_of(row), alive=False)
    ledger.claims.recover()
    recall.let_go(ledger, str(row.id))
    return row


def test_id_that_comes_after_a_person_let_the_task_go(ledger: Ledger) -> None:
    """It is paid after all: the row opens again, waits to be fetched, and that is told."""
    row = let_go(ledger)
    assert columns_of(ledger, number_of(row), "state") == "failed"
    with pytest.warns(LateAnswerWarning, match=r"Task 1 was given up, .* after all: t1"):
        ledger.record(replace(row, state=State.PENDING, task_id="t1"))
    assert columns_of(ledger, number_of(row), "state", "error") == ("pending", None)
    assert [one.task_id for one in ledger.waiting()] == ["t1"]
    assert ledger.claims.hold(number_of(row)).to is To.FETCH


@pytest.mark.parametrize(
    ("end", "reserved"),
    [
        ({"state": State.SUCCESS, "credits": 4.0}, 4.0),
        ({"state": State.FAILED, "error": FREE}, 0.0),
        ({"state": State.FAILED, "error": UNSURE}, 4.0),
    ],
)
def test_end_that_comes_after_a_person_let_the_task_go(
    ledger: Ledger, end: dict[str, Any], reserved: float
) -> None:
    """Where the disk kept the id back, the end itself is the news; then it is final."""
    row = let_go(ledger)
    set_columns(ledger, number_of(row), reserved=4.0)
    with pytest.warns(LateAnswerWarning):
        ledger.record(replace(row, task_id="t1", **end))
    after = columns_of(ledger, number_of(row), "state", "task_id", "reserved")
    assert after == (end["state"], "t1", reserved)
    ledger.record(replace(row, state=State.RUNNING, task_id="t1"))
    assert columns_of(ledger, number_of(row), "state") == end["state"]


def test_failure_that_the_service_told_does_not_open_again(ledger: Ledger) -> None:
    """A late look cannot take back what the service itself has said of a task."""
    row = intent(ledger, request_for(), 1.0)
    ledger.record(replace(row, state=State.FAILED, task_id="t1", error=FREE))
    ledger.record(replace(row, state=State.RUNNING, task_id="t1"))
    assert columns_of(ledger, number_of(row), "state") == "failed"


def test_second_failure_does_not_replace_the_first(ledger: Ledger) -> None:
    """A final state is written once: what counts as spent does not become free again."""
    row = replace(intent(ledger, request_for(), 1.0), state=State.FAILED)
    set_columns(ledger, number_of(row), reserved=4.0)
    ledger.record(replace(row, error=NanobananaError("let go", charged=Charged.UNKNOWN)))
    ledger.record(replace(row, error=FREE))
    assert columns_of(ledger, number_of(row), "reserved") == 4.0
    found = ledger.get(str(row.id))
    assert found is not None
    assert str(found.error).startswith("let go")


LATE: list[tuple[str, dict[str, Any]]] = [
    ("failed", {"error": FREE}),
    ("unknown", {"error": UNSURE}),
]


@pytest.mark.parametrize(("state", "also"), LATE)
@pytest.mark.parametrize("mine", [True, False])
def test_end_of_an_earlier_send_is_not_the_end_of_a_later_one(
    ledger: Ledger, state: str, also: dict[str, Any], mine: bool
) -> None:
    """Two sends share a row after a certain refusal; each may end only itself."""
    row = intent(ledger, request_for(), 1.0)
    later = ledger.claims.leave(ledger.claims.not_taken(row), 2.0)
    if not mine:
        strangers(ledger, number_of(row), alive=True)
    ledger.record(replace(row, state=State(state), **also))
    assert columns_of(ledger, number_of(row), "state") == "sent"
    ledger.record(replace(later, state=State.PENDING, task_id="t1"))
    assert columns_of(ledger, number_of(row), "state", "task_id") == ("pending", "t1")


def test_known_task_does_not_become_unknown(ledger: Ledger) -> None:
    """What the service has an id for is never a matter of doubt again."""
    row = intent(ledger, request_for(), 1.0)
    ledger.record(replace(row, state=State.PENDING, task_id="t1"))
    ledger.record(replace(row, state=State.UNKNOWN, error=UNSURE))
    assert columns_of(ledger, number_of(row), "state", "task_id") == ("pending", "t1")


@pytest.mark.parametrize("state", [State.PLANNED, State.SENT])
def test_only_claims_plan_and_send(ledger: Ledger, state: State) -> None:
    """A record cannot turn a sent row into one that may be created."""
    row = intent(ledger, request_for(), 1.0)
    ledger.record(replace(row, state=state))
    assert columns_of(ledger, number_of(row), "state") == "sent"
    assert memory_of(ledger.home).unwritten == {}


def test_late_writer_does_not_take_the_row_back(ledger: Ledger) -> None:
    """What another process fetches stays in its hands."""
    row = intent(ledger, request_for(), 1.0)
    strangers(ledger, number_of(row), alive=True)
    for state in (State.PENDING, State.DETACHED):
        ledger.record(replace(row, state=state, task_id="t1"))
        assert columns_of(ledger, number_of(row), "state", "owner") == (state, "stranger True")


def test_what_was_never_sent_costs_nothing(ledger: Ledger) -> None:
    """An image that fails before it leaves gives its price back, whatever the error says."""
    row = ledger.claims.claim(request_for(), CreateTerms(now=1.0, price=4.0)).generation
    assert row is not None
    ledger.record(replace(row, state=State.FAILED, error=NanobananaError("no such file")))
    assert columns_of(ledger, number_of(row), "state", "reserved") == ("failed", 0)


def test_row_in_a_new_ledger_of_the_same_number(ledger: Ledger) -> None:
    """After a ledger was deleted by hand, an old task does not write into a new one's row."""
    old = intent(ledger, request_for("old"), 1.0)
    for file in ledger.home.glob("ledger.sqlite*"):
        file.unlink()
    new = intent(ledger, request_for("new"), 2.0)
    assert new.id == old.id
    ledger.record(replace(old, state=State.FAILED, error=FREE))
    assert columns_of(ledger, number_of(new), "state") == "sent"
    for state in (State.PENDING, State.DETACHED):
        ledger.record(replace(old, state=state, task_id="t-old"))
    assert columns_of(ledger, number_of(new), "state", "task_id") == ("sent", None)
    kept = ledger.find(request_for("old").fingerprint())
    assert kept is not None
    assert (kept.state, kept.task_id, ledger.count()) == (State.DETACHED, "t-old", 2)


def test_accepted_task_whose_row_is_gone_gets_one(ledger: Ledger) -> None:
    """An id that no row waits for any more is written down all the same, under its number."""
    first, second = (intent(ledger, request_for(str(n)), 1.0) for n in range(2))
    for file in ledger.home.glob("ledger.sqlite*"):
        file.unlink()
    ledger.record(replace(second, state=State.PENDING, task_id="t2"))
    assert [(row.id, row.task_id) for row in ledger.waiting()] == []  # this run still fetches it
    given_up(ledger)
    ledger.claims.recover()
    assert [(row.id, row.task_id) for row in ledger.waiting()] == [(second.id, "t2")]
    assert first.id != second.id


def test_private_request_keeps_its_fingerprint_when_fetched_later(ledger: Ledger) -> None:
    """A task that was read back without its prompt is written into its own row."""
    asked = request_for("secret", private=True)
    row = intent(ledger, asked, 1.0)
    ledger.record(replace(row, state=State.DETACHED, task_id="t1"))
    (read,) = ledger.waiting()
    assert read.request.prompt == ""
    ledger.record(image(ledger, read))
    found = ledger.find(asked.fingerprint())
    assert found is not None
    assert (found.ok, found.id, ledger.count()) == (True, row.id, 1)


def test_what_the_disk_refused_is_written_before_the_next_claim(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A known id that is still to be written is not taken for a lost answer."""
    row = intent(ledger, request_for(), 1.0)
    monkeypatch.setattr(ledger, "catch_up", lambda: None)  # the disk is full at that moment
    ledger.record(replace(row, state=State.PENDING, task_id="t1"))
    given_up(ledger)
    said = ledger.claims.claim(request_for(), CreateTerms(now=2.0))
    assert said.generation is not None
    assert (said.to, said.generation.task_id) == (To.FETCH, "t1")
    assert memory_of(ledger.home).unwritten == {}


def test_sidecar_that_cannot_be_written_loses_no_row(ledger: Ledger) -> None:
    """A paid image is written down even if its sidecar is not, which is told and done later."""
    row = intent(ledger, request_for(), 1.0)
    done = image(ledger, row)
    assert done.path is not None
    parts = ledger.images.folder / ".parts"
    parts.rmdir()
    parts.write_text("in the way")
    with pytest.warns(SidecarWarning, match="sidecar"):
        ledger.record(done)
    assert columns_of(ledger, number_of(row), "state") == "success"
    parts.unlink()
    ledger.catch_up()
    assert len(list(done.path.parent.glob("*.json"))) == 1


def test_text_that_has_no_place_in_a_row(ledger: Ledger) -> None:
    """An odd id or notebook name from outside does not keep everything else from being written."""
    terms = CreateTerms(now=1.0, notebook="n\udcff.ipynb")
    row = ledger.claims.claim(request_for(), terms).generation
    assert row is not None
    sent = ledger.claims.leave(row, 1.0)
    ledger.record(replace(sent, state=State.PENDING, task_id="t\ud83d"))
    assert columns_of(ledger, number_of(row), "task_id") == "t\\ud83d"
    ledger.record(replace(sent, state=State.DETACHED, task_id="t\ud83d"))
    assert ledger.count() == 1


def test_row_that_cannot_be_read_is_told(ledger: Ledger) -> None:
    """A row that something else spoiled is an error of ours that names it."""
    row = intent(ledger, request_for(), 1.0)
    with closing(sqlite3.connect(ledger.file)) as connection, connection:
        connection.execute("UPDATE tasks SET request = '{'")
    with pytest.raises(NanobananaError, match=f"row {row.id}"):
        ledger.recent(1)


def test_private_prompt_is_in_no_error_that_is_kept(ledger: Ledger) -> None:
    """A service may quote the prompt in its refusal: the person reads it, the ledger does not."""
    row = intent(ledger, request_for("a secret heron", private=True), 1.0)
    refusal = service_error(422, "not allowed: a secret heron", charged=Charged.NO)
    ledger.record(replace(row, state=State.FAILED, error=refusal))
    kept = ledger.get(str(row.id))
    assert kept is not None
    assert "does not take this request (422)" in str(kept.error)
    for file in ledger.home.glob("ledger.sqlite*"):
        assert b"secret heron" not in file.read_bytes()


def test_what_waits_for_its_turn_writes_nothing_older(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A beat that waits for the lock while a newer state is written leaves that as it is."""
    row = intent(ledger, request_for(), 1.0)
    running = replace(row, state=State.RUNNING, task_id="t1")
    memory_of(ledger.home).unwritten[number_of(row)] = running
    write = Database.write

    def late(database: Database, **options: Any) -> Any:
        monkeypatch.undo()
        ledger.record(replace(running, state=State.DETACHED))
        return write(database, **options)

    monkeypatch.setattr(Database, "write", late)
    ledger.catch_up()
    assert columns_of(ledger, number_of(row), "state") == "detached"
