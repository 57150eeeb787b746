"""Steps that fail or are cut off leave the file as it was; a newer file is left alone."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from nanobanana_nb.errors import LedgerError
from nanobanana_nb.ledger.claims.create_terms import CreateTerms
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.ledger.store import schema
from tests.ledger.conftest import intent, request_for

FIRST = schema.STEPS[0]


def first_version(home: Path, states: dict[str, str | None]) -> None:
    """A ledger as the first version wrote it: one row for each state, with its task id."""
    home.mkdir(parents=True)
    with closing(sqlite3.connect(home / "ledger.sqlite")) as connection, connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(FIRST[1])
        connection.execute("CREATE TABLE steps (name TEXT PRIMARY KEY)")
        connection.execute("INSERT INTO steps VALUES (?)", (FIRST[0],))
        for state, task_id in states.items():
            asked = request_for(state)
            connection.execute(
                "INSERT INTO tasks (fingerprint, provider, request, state, task_id, created_at)"
                " VALUES (?, 'crun', ?, ?, ?, 1700000000.5)",
                (asked.fingerprint(), json.dumps(asked.to_record()), state, task_id),
            )


OLD = {
    "sent": None,
    "unknown": None,
    "pending": "t-pending",
    "running": "t-running",
    "detached": "t-detached",
    "success": "t-success",
    "failed": "t-failed",
}
BROKEN = ("9998 broken", "CREATE TABLE half (a); ALTER TABLE tasks ADD COLUMN b; SELECT nothing")


def dump(home: Path) -> list[str]:
    """Everything in the file, as SQL."""
    with closing(sqlite3.connect(home / "ledger.sqlite")) as connection:
        return list(connection.iterdump())


@pytest.mark.parametrize("version", ["first", "latest"])
def test_step_that_fails_in_the_middle(
    home: Path, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    """The file stays as it was, through all its steps, and works with the steps it has."""
    if version == "first":
        first_version(home, OLD)
    else:
        intent(Ledger(home), request_for("sent"), 1.0)
    before = dump(home)
    with monkeypatch.context() as patch:
        patch.setattr(schema, "STEPS", (*schema.STEPS, BROKEN))
        with pytest.raises(LedgerError, match="nothing"):
            Ledger(home).count()
        assert dump(home) == before
    assert Ledger(home).count() == (len(OLD) if version == "first" else 1)


KILLED = """
import os, signal, sqlite3, sys
from functools import partial
from pathlib import Path
from nanobanana_nb.ledger.ledger import Ledger
class Dying(sqlite3.Connection):
    def execute(self, sql, *values):
        if sql == "COMMIT":
            os.kill(os.getpid(), signal.SIGKILL)
        return super().execute(sql, *values)
sqlite3.connect = partial(sqlite3.connect, factory=Dying)
Ledger(Path(sys.argv[1])).count()
"""


def test_kill_in_the_middle_of_an_upgrade(home: Path) -> None:
    """A process that dies between its steps and their commit leaves the old file."""
    first_version(home, OLD)
    before = dump(home)
    ended = subprocess.run([sys.executable, "-c", KILLED, str(home)], check=False, timeout=60)
    assert ended.returncode == -9
    assert dump(home) == before
    assert Ledger(home).count() == len(OLD)


def test_newer_ledger_is_refused_and_left_alone(home: Path) -> None:
    """A file of a newer version is told, with what to do, and nothing in it is touched."""
    intent(Ledger(home), request_for(), 1.0)
    with closing(sqlite3.connect(home / "ledger.sqlite")) as connection, connection:
        connection.execute("INSERT INTO steps VALUES ('0099 of the future')")
    before = dump(home)
    for use in (
        lambda one: one.count(),
        lambda one: one.claims.claim(request_for(), CreateTerms(now=2.0)),
        lambda one: one.claims.recover(),
    ):
        with pytest.raises(LedgerError, match=r"newer.*0099 of the future") as raised:
            use(Ledger(home))
        assert "pip install -U" in raised.value.action
    assert dump(home) == before
