"""Images and tasks that the first version wrote, before there were claims and sidecars."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from nanobanana_nb.ledger.claims.claims import To
from nanobanana_nb.ledger.claims.create_terms import CreateTerms
from nanobanana_nb.ledger.files import sidecar
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.ledger.store import rows
from nanobanana_nb.ledger.store.schema import STEPS
from nanobanana_nb.model.result import State
from tests.ledger.conftest import picture, request_for

FIRST, STATEMENTS = STEPS[0]
STATES = ("sent", "pending", "running", "detached", "unknown", "success", "failed")


@pytest.fixture
def old(home: Path) -> Ledger:
    """A ledger whose file has the first step only, with one row of every state of that time."""
    home.mkdir(parents=True)
    ledger = Ledger(home)
    measured, _ = ledger.images.store(picture(size=(16, 16)))
    with closing(sqlite3.connect(ledger.file)) as connection, connection:
        connection.execute("CREATE TABLE steps (name TEXT PRIMARY KEY)")
        connection.executescript(STATEMENTS)
        connection.execute("INSERT INTO steps VALUES (?)", (FIRST,))
        for state in STATES:
            columns = {**rows.request_columns(request_for(state)), "state": state}
            columns |= {"created_at": 1.0, "task_id": None if state == "sent" else f"t-{state}"}
            if state == "success":
                columns |= {**vars(measured), "credits": 4.0, "seconds": 2.5}
            rows.insert(connection, columns)
    return ledger


def test_every_row_comes_along(old: Ledger) -> None:
    """Nothing is lost or changed by the new columns, and all steps are noted."""
    found = {row.state: row for row in old.recent(20)}
    assert {state.value for state in found} == set(STATES)
    image = found[State.SUCCESS]
    assert (image.ok, image.credits, image.seconds, image.task_id) == (True, 4.0, 2.5, "t-success")
    assert (image.created_at, image.sent_at, image.finished_at) == (1.0, None, None)
    with closing(sqlite3.connect(old.file)) as connection:
        steps = connection.execute("SELECT name FROM steps ORDER BY name").fetchall()
    assert steps == [(name,) for name, _ in STEPS]


def test_old_image_counts_what_it_cost(old: Ledger) -> None:
    """The sums begin with what the old version noted; what it left open counts by that price."""
    (line,) = old.spending.rows()
    assert (line.tasks, line.credits, line.unsure) == (6, 24.0, 20.0)
    assert old.spending.last_price(request_for("new")) == 4.0
    said = old.claims.claim(request_for("success"), CreateTerms(now=5.0))
    assert said.to is To.SHOW, "and it is not paid again"


def test_old_task_is_finished(old: Ledger) -> None:
    """An old task that is fetched now gets its image and its sidecar."""
    row = old.claims.claim(request_for("pending"), CreateTerms(now=5.0)).generation
    assert row is not None
    measured, path = old.images.store(picture(size=(17, 16)))
    old.record(replace(row, state=State.SUCCESS, path=path, **vars(measured)))
    done = old.get("t-pending")
    assert done is not None
    assert done.ok
    assert sidecar.path_of(done).exists()
