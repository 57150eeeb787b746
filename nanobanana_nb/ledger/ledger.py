"""The ledger: every task that was ever asked for, in one SQLite file.

WAL, one connection a call, `BEGIN IMMEDIATE` for what writes: with plain `BEGIN` three
processes at once run into lock errors. Intents and task ids are on disk (synchronous=FULL)
before the call returns.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from nanobanana_nb import errors
from nanobanana_nb.errors import LedgerError
from nanobanana_nb.ledger.images import Images
from nanobanana_nb.ledger.schema import apply_steps
from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.model.result import Generation, State

BUSY_S = 30.0
SHORTEST_ID = 6
_OPEN = (State.PENDING, State.RUNNING, State.DETACHED)
_SETTLED = (State.SUCCESS, State.FAILED)
_UNSENT = (State.PLANNED, State.SENT)
_CHANGING = (
    *("state", "task_id", "credits", "error", "sha256", "media_type"),
    *("width", "height", "seconds"),
)


class Ledger:
    """Tasks and results under `home`. Safe for threads and processes; holds nothing open.

    Raises:
        LedgerError: from every method, when the folder or the file cannot be used.
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self.file = home / "ledger.sqlite"
        self.images = Images(home / "originals")
        self._ready = False

    def begin(self, request: GenerationRequest, now: float) -> Generation:
        """Write the intent to send `request`, before it is sent, and return its row."""
        values = (
            request.fingerprint(),
            request.provider,
            json.dumps(request.to_record()),
            State.SENT,
            now,
        )
        with self._write(durable=True) as connection:
            row = connection.execute(
                "INSERT INTO tasks (fingerprint, provider, request, state, created_at)"
                " VALUES (?, ?, ?, ?, ?)",
                values,
            )
        return Generation(request, State.SENT, id=row.lastrowid, created_at=now)

    def record(self, generation: Generation) -> None:
        """Write what is new about a task. States go forward: `success` and `failed` stay."""
        assignments = ", ".join(f"{name} = ?" for name in _CHANGING)
        values = [_column(generation, name) for name in _CHANGING]
        before = _SETTLED if generation.state not in _UNSENT else tuple(set(State) - set(_UNSENT))
        where = f"id = ? AND (state = ? OR state NOT IN ({_listed(before)}))"
        with self._write(durable=True) as connection:
            connection.execute(
                f"UPDATE tasks SET {assignments} WHERE {where}",
                (*values, generation.id, generation.state),
            )

    def find(self, fingerprint: str) -> Generation | None:
        """Return the best earlier try of a request, or None where a new one is to be made.

        An image comes first, then a task to fetch it from, then one whose outcome is unknown.
        """
        rows = self._read("WHERE fingerprint = ? ORDER BY id DESC", fingerprint)
        found = [self._complete(row) for row in rows]
        return next((one for fits in _BEST_FIRST for one in found if fits(one)), None)

    def get(self, name: str) -> Generation | None:
        """Return a task by its number in the ledger, or by the service's id.

        The first six or more characters of an id will do where only one id begins so.
        """
        number = int(name) if name.isascii() and name.isdigit() and len(name) < 12 else -1
        rows = self._read("WHERE id = ?", number) or self._read("WHERE task_id = ?", name)
        if not rows and len(name) >= SHORTEST_ID:
            rows = self._read("WHERE substr(task_id, 1, ?) = ?", len(name), name)
        return self._complete(rows[0]) if len(rows) == 1 else None

    def waiting(self, provider: str) -> list[Generation]:
        """Return the tasks that the service has and whose image is not here yet."""
        where = f"WHERE provider = ? AND state IN ({_listed(_OPEN)}) ORDER BY id"
        return [self._complete(row) for row in self._read(where, provider)]

    def recent(self, limit: int) -> list[Generation]:
        """Return the newest tasks, newest first."""
        return [self._complete(row) for row in self._read("ORDER BY id DESC LIMIT ?", limit)]

    def count(self) -> int:
        """Return how many tasks the ledger holds."""
        if not self.file.exists():
            return 0
        with self._connection() as connection:
            return int(connection.execute("SELECT count(*) FROM tasks").fetchone()[0])

    def _complete(self, row: Generation) -> Generation:
        """Add the path of the original, if the file is there."""
        if not (row.sha256 and row.media_type):
            return row
        path = self.images.path(row.sha256, row.media_type)
        return replace(row, path=path if path.exists() else None)

    def _read(self, where: str, *values: Any) -> list[Generation]:
        if not self.file.exists():
            return []
        with self._connection() as connection:
            connection.row_factory = sqlite3.Row
            return [
                _generation(r) for r in connection.execute(f"SELECT * FROM tasks {where}", values)
            ]

    @contextmanager
    def _write(self, *, durable: bool) -> Iterator[sqlite3.Connection]:
        with self._connection() as connection:
            connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        try:
            self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
            opened = sqlite3.connect(self.file, timeout=BUSY_S, isolation_level=None)
            with closing(opened) as connection:
                self._prepare(connection)
                yield connection
        except (OSError, sqlite3.Error) as error:
            raise LedgerError(f"The ledger {self.file} cannot be used", why=str(error)) from None

    def _prepare(self, connection: sqlite3.Connection) -> None:
        if self._ready and self.file.stat().st_size:
            return
        _patiently(lambda: connection.execute("PRAGMA journal_mode = WAL"))
        _patiently(lambda: apply_steps(connection))
        self._ready = True


_BEST_FIRST: tuple[Callable[[Generation], bool], ...] = (
    lambda one: one.ok,
    lambda one: one.state.is_open,
    lambda one: one.state is State.SUCCESS,  # paid, and its file is gone: fetch it again
    lambda one: one.state in (State.UNKNOWN, State.SENT),
)


def _patiently(work: Callable[[], object]) -> None:
    """Do `work` again while another process makes the file: SQLite itself does not wait there."""
    deadline = time.monotonic() + BUSY_S
    while True:
        try:
            work()
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
        time.sleep(0.01)


def _listed(states: Sequence[State]) -> str:
    return ", ".join(f"'{state}'" for state in states)


def _column(generation: Generation, name: str) -> Any:
    value = getattr(generation, name)
    return json.dumps(value.to_record()) if name == "error" and value else value


def _generation(row: sqlite3.Row) -> Generation:
    fields = dict(row)
    for name in ("fingerprint", "provider"):
        fields.pop(name)
    record, error = json.loads(fields.pop("request")), fields.pop("error")
    return Generation(
        GenerationRequest.from_record(record),
        State(fields.pop("state")),
        error=errors.from_record(json.loads(error)) if error else None,
        **fields,
    )
