"""What is written down: intents, ids, results, in states that go forward only."""

from __future__ import annotations

import itertools
import sqlite3
import stat
from contextlib import closing
from dataclasses import replace

import pytest

from nanobanana_nb.errors import Charged, service_error
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.model.request import ReferenceImage
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

SETTLED = (State.SUCCESS, State.FAILED)


def stored(ledger: Ledger, row: Generation) -> Generation:
    """What the ledger has for this row, read by another one that opens the file anew."""
    found = Ledger(ledger.home).get(str(row.id))
    assert found is not None
    return found


def test_intent_is_there_before_anything_is_sent(ledger: Ledger) -> None:
    """What leaves has its number and its time, and another process sees it at once."""
    row = intent(ledger, request_for(), 100.5)
    assert (row.state, row.created_at) == (State.SENT, 100.5)
    assert row.id is not None
    assert stored(ledger, row) == row


def test_everything_comes_back(ledger: Ledger) -> None:
    """A finished image is read as it was written, with its request and its path."""
    images = (
        ReferenceImage(url="https://a.example/ü.png", name="ü"),
        ReferenceImage(sha256="0" * 64, media_type="image/png", name="mine"),
    )
    asked = request_for("Reiher — 鷺 \x00 '\"", images=images, parameters=(("a", 1), ("b", [2])))
    row = intent(ledger, asked, 1.0)
    measured, path = ledger.images.store(picture())
    done = replace(row, state=State.SUCCESS, task_id="t1", credits=2.5, seconds=12.25, path=path)
    done = replace(done, **vars(measured))
    ledger.record(done)
    assert stored(ledger, row) == done
    assert stored(ledger, row).request.fingerprint() == asked.fingerprint()


def test_error_comes_back(ledger: Ledger) -> None:
    """A failure says the same after a restart."""
    error = service_error(422, "no such ratio", task_id="t1", charged=Charged.NO)
    row = intent(ledger, request_for(), 1.0)
    ledger.record(replace(row, state=State.FAILED, error=error))
    again = stored(ledger, row).error
    assert type(again) is type(error)
    assert str(again) == str(error)


@pytest.mark.parametrize(("settled", "later"), list(itertools.product(SETTLED, State)))
def test_settled_row_keeps_its_state(ledger: Ledger, settled: State, later: State) -> None:
    """Success and failure are the end: whatever comes later does not replace them."""
    row = intent(ledger, request_for(), 1.0)
    ledger.record(replace(row, state=settled, task_id="t1", credits=4.0))
    if later is not settled:
        ledger.record(replace(row, state=later, task_id=None, credits=None))
    assert (stored(ledger, row).state, stored(ledger, row).task_id) == (settled, "t1")


ON_THE_WAY = (State.PENDING, State.RUNNING, State.DETACHED, State.UNKNOWN)


@pytest.mark.parametrize("state", ON_THE_WAY)
def test_states_go_forward(ledger: Ledger, state: State) -> None:
    """What was sent does not become an intent again, and a task id once known stays."""
    row = intent(ledger, request_for(), 1.0)
    ledger.record(replace(row, state=state, task_id="t1"))
    ledger.record(row)  # a writer that comes late
    assert (stored(ledger, row).state, stored(ledger, row).task_id) == (state, "t1")


def test_lost_original_is_fetched_again(ledger: Ledger) -> None:
    """A success may be written again: its file can have been lost and fetched anew."""
    row = intent(ledger, request_for(), 1.0)
    ledger.record(replace(row, state=State.SUCCESS, task_id="t1"))
    measured, path = ledger.images.store(picture())
    ledger.record(replace(row, state=State.SUCCESS, task_id="t1", **vars(measured)))
    assert stored(ledger, row).path == path


def test_get_by_number_by_id_and_by_its_beginning(ledger: Ledger) -> None:
    """A task is found by its number, by its id, and by as much of its id as is enough."""
    rows = [intent(ledger, request_for(str(n)), n) for n in range(3)]
    for row, task_id in zip(rows, ("abcdef-1", "abcdeg-2", "12345678"), strict=True):
        ledger.record(replace(row, state=State.PENDING, task_id=task_id))
    wanted = {"2": 1, "abcdef-1": 0, "abcdef": 0, "abcdeg-2": 1, "123456": 2, "12345678": 2}
    for name, index in wanted.items():
        found = ledger.get(name)
        assert found is not None, name
        assert found.id == rows[index].id


NO_NAMES = ("uvwxyz", "9", "123456", "", "%", "uvwxy_-1", "no-such-task", "0", "-1", "²", "1" * 40)


@pytest.mark.parametrize("name", NO_NAMES)
def test_get_does_not_guess(ledger: Ledger, name: str) -> None:
    """A name that fits no task or several is no task; there are no wildcards."""
    for number, task_id in enumerate(("uvwxyz-1", "uvwxyz-2", "1234567", "1234568")):
        row = intent(ledger, request_for(str(number)), number)
        ledger.record(replace(row, state=State.PENDING, task_id=task_id))
    assert ledger.get(name) is None


def test_empty_name_is_no_task(ledger: Ledger) -> None:
    """The beginning of nothing is not the beginning of the only task."""
    row = intent(ledger, request_for(), 1.0)
    ledger.record(replace(row, state=State.PENDING, task_id="t1"))
    assert ledger.get("") is None


def test_waiting_are_the_tasks_to_fetch(ledger: Ledger) -> None:
    """Waiting are this provider's tasks that the service has and that are not here yet."""
    for state in State:
        row = intent(ledger, request_for(state), 1.0)
        ledger.record(replace(row, state=state, task_id=f"t-{state}"))
    other = intent(ledger, request_for("x", provider="simulator"), 1.0)
    ledger.record(replace(other, state=State.PENDING, task_id="t-other"))
    assert [row.state for row in ledger.waiting("crun")] == [State.DETACHED]
    given_up(ledger)
    ledger.claims.recover()
    assert [row.task_id for row in ledger.waiting("crun")] == [
        *("t-pending", "t-running", "t-detached")
    ]


def test_changed_are_those_that_stand_otherwise(ledger: Ledger) -> None:
    """Of many tasks in one question those come back whose state is another one by now."""
    rows = [intent(ledger, request_for(str(n)), n) for n in range(4)]
    assert ledger.changed(rows) == {}
    ledger.record(replace(rows[1], state=State.PENDING, task_id="t1"))
    measured, path = ledger.images.store(picture())
    ledger.record(replace(rows[2], state=State.SUCCESS, task_id="t2", **vars(measured)))
    changed = ledger.changed(rows[:3])
    assert {number: task.state for number, task in changed.items()} == {
        rows[1].id: State.PENDING,
        rows[2].id: State.SUCCESS,
    }
    assert changed[rows[2].id].path == path
    assert ledger.changed([]) == {}


def test_row_that_knows_less_is_no_change(ledger: Ledger) -> None:
    """The answer to a create that could not be written down is known to its process alone."""
    row = intent(ledger, request_for(), 1.0)
    given_up(ledger)
    assert ledger.changed([replace(row, state=State.DETACHED, task_id="t1")]) == {}
    assert ledger.changed([row])[row.id].state is State.UNKNOWN


@pytest.mark.parametrize("alive", [True, False])
@pytest.mark.parametrize(
    ("state", "left_behind"),
    [("running", "detached"), ("sent", "unknown"), ("failed", "failed"), ("detached", "detached")],
)
def test_changed_knows_who_is_gone(
    ledger: Ledger, alive: bool, state: str, left_behind: str
) -> None:
    """What another process works on runs; what one that is gone worked on does not for ever."""
    row = intent(ledger, request_for(), 1.0)
    task_id = None if state == "sent" else "t1"
    set_columns(ledger, number_of(row), state=state, task_id=task_id)
    strangers(ledger, number_of(row), alive=alive)
    before = replace(row, state=State.PENDING)
    task = ledger.changed([before])[row.id]
    running = "running" if state == "detached" else state
    assert task.state == (running if alive else left_behind)
    assert columns_of(ledger, number_of(row), "state") == state, "a look writes nothing"


def test_recent_are_the_newest(ledger: Ledger) -> None:
    """The newest come first, and no more than asked for."""
    ids = [intent(ledger, request_for(str(n)), n).id for n in range(5)]
    assert [row.id for row in ledger.recent(3)] == ids[:1:-1]
    assert len(ledger.recent(50)) == 5


def test_reading_makes_nothing(ledger: Ledger) -> None:
    """A ledger that was only asked leaves no folder behind."""
    assert ledger.find("f") is None
    assert ledger.get("1") is None
    assert ledger.recent(5) == ledger.waiting("crun") == []
    assert not ledger.home.exists()


def test_home_is_private(ledger: Ledger) -> None:
    """Other users of the machine do not read the prompts."""
    intent(ledger, request_for(), 1.0)
    assert stat.S_IMODE(ledger.home.stat().st_mode) == 0o700


def test_rows_are_durable(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """Intents and results are written with WAL, a lock from the start, and a full sync."""
    said: list[str] = []
    connect = sqlite3.connect

    def listening(*args: object, **options: object) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*args, **options)  # type: ignore[call-overload]
        connection.set_trace_callback(said.append)
        return connection

    monkeypatch.setattr(sqlite3, "connect", listening)
    ledger.record(replace(intent(ledger, request_for(), 1.0), state=State.PENDING))
    assert said.count("BEGIN IMMEDIATE") >= 2
    assert said.count("PRAGMA synchronous = FULL") == 3, "claim, leave, record"
    with closing(connect(ledger.file)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
