"""What is to be forgotten of a task: its words leave the ledger, the row of its money stays.

A list beside the ledger names what was forgotten, by hashes: where the database is made anew from
a damaged one and from sidecars, it is forgotten once more.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from nanobanana_nb.errors import Charged, ForgottenError
from nanobanana_nb.ledger.files import sidecar
from nanobanana_nb.ledger.files.originals import Images
from nanobanana_nb.ledger.store import rows
from nanobanana_nb.ledger.store.database import Database
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.model.result import Generation, State

LIST = "forgotten.txt"  # a line for each task
_OF_MARKS = (
    "SELECT id FROM tasks WHERE state = 'failed' AND json_extract(error, '$.kind') ="
    f" '{ForgottenError.__name__}' AND fingerprint IN (SELECT value FROM json_each(?)) ORDER BY id"
)
_PLANS = (
    "SELECT id, plan, fingerprints FROM plans WHERE EXISTS"
    " (SELECT 1 FROM json_each(plans.fingerprints) WHERE value = ?)"
)
_EMPTY = ("sha256", "media_type", "width", "height", "file_size", "seconds")


@dataclass(frozen=True)
class Forgetting:
    """Forgets tasks of one ledger, and their files."""

    _database: Database
    _images: Images

    def forget(self, task: Generation) -> None:
        """Remove picture, words and sidecar of a task that has ended; its credits stay.

        What another task has too, as the same picture, stays for that one.
        """
        assert task.id is not None
        with self._database.write() as connection:
            row = connection.execute("SELECT * FROM tasks WHERE id = ?", (task.id,)).fetchone()
            _write_mark(self._database.file.with_name(LIST), _mark(row))
            shared = _scrub(connection, row)
        self._remove_files(task, shared=shared)
        with suppress(sqlite3.Error), self._database.reading() as connection:
            connection.execute("VACUUM")  # what was overwritten would stand in free pages
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _remove_files(self, task: Generation, *, shared: bool) -> None:
        if task.sha256 is None:
            return
        arrival = self._images.arrival(task.sha256)
        if task.media_type:
            original = self._images.path(task.sha256, task.media_type)
            beside = sidecar.path_of(replace(task, path=original))
            beside.unlink(missing_ok=True)
            arrival = original
        if arrival is not None and not shared:
            arrival.unlink(missing_ok=True)


def forgotten(connection: sqlite3.Connection, requests: Iterable[GenerationRequest]) -> list[int]:
    """Return the numbers of the forgotten tasks that asked for the same."""
    marks = json.dumps([request.fingerprint() for request in requests])
    return [row["id"] for row in connection.execute(_OF_MARKS, (marks,))]


def forget_again(connection: sqlite3.Connection, home: Path) -> None:
    """Forget in a database that was made anew what was forgotten before."""
    with suppress(OSError):
        marks = {*(home / LIST).read_text(encoding="ascii").split()}
        for row in connection.execute("SELECT * FROM tasks").fetchall() if marks else ():
            if _mark(row) in marks:
                _scrub(connection, row)


def _mark(row: sqlite3.Row) -> str:
    """Return what tells a task from all others, in any copy of the ledger."""
    name = row["task_id"] or f"{row['created_at']!r} {row['fingerprint']}"
    return hashlib.sha256(f"{row['provider']}\n{name}".encode()).hexdigest()


def _write_mark(file: Path, mark: str) -> None:
    with file.open("a", encoding="ascii") as out:
        out.write(f"{mark}\n")


def _scrub(connection: sqlite3.Connection, row: sqlite3.Row) -> bool:
    """Take the words out of a row and of what names it; whether another has its picture too."""
    charged = Charged.YES if row["credits"] else None
    error = ForgottenError("It was forgotten", charged=charged, credits=row["credits"] or None)
    model = json.loads(row["request"])["model"]
    request = GenerationRequest(row["provider"], model, "", private=True)
    columns = {
        "request": json.dumps(request.to_record()),
        "state": State.FAILED,
        "error": json.dumps(error.to_record()),
        **dict.fromkeys(_EMPTY),
    }
    rows.update(connection, row["id"], columns)
    _scrub_plans(connection, row["fingerprint"])
    query = "SELECT 1 FROM tasks WHERE sha256 = ? LIMIT 1"
    shared = connection.execute(query, (row["sha256"],)).fetchone() is not None
    if row["sha256"] and not shared:
        for table in ("ratings", "scores"):
            connection.execute(f"DELETE FROM {table} WHERE sha256 = ?", (row["sha256"],))
    return shared


def _scrub_plans(connection: sqlite3.Connection, fingerprint: str) -> None:
    """Remove the plans of which all images are forgotten, and the words of the others."""
    for row in connection.execute(_PLANS, (fingerprint,)).fetchall():
        if _is_forgotten(connection, json.loads(row["fingerprints"])):
            connection.execute("DELETE FROM plans WHERE id = ?", (row["id"],))
        else:
            plan = _without_words(Plan.from_json(row["plan"])).to_json()
            connection.execute("UPDATE plans SET plan = ? WHERE id = ?", (plan, row["id"]))


def _without_words(plan: Plan) -> Plan:
    """Return a plan whose JSON has neither prompts nor what goes into them: its grid stays."""
    cells = tuple(replace(c, request=replace(c.request, private=True)) for c in plan.cells)
    recipe = None if plan.recipe is None else replace(plan.recipe, private=True)
    return replace(plan, cells=cells, recipe=recipe)


def _is_forgotten(connection: sqlite3.Connection, fingerprints: Sequence[str]) -> bool:
    """Whether no task of these requests has words left."""
    query = (
        "SELECT 1 FROM tasks WHERE fingerprint IN (SELECT value FROM json_each(?)) AND"
        f" COALESCE(json_extract(error, '$.kind'), '') <> '{ForgottenError.__name__}' LIMIT 1"
    )
    return connection.execute(query, (json.dumps(list(fingerprints)),)).fetchone() is None
