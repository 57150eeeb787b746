"""Tasks, reference images and uploads in SQLite: in memory, or in a file for ever."""

from __future__ import annotations

import json
import secrets
import sqlite3
import sys
import tempfile
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from nanobanana_nb.simulator.tasks import Fate, Picture, Reference, Task

_SCHEMA = """
CREATE TABLE IF NOT EXISTS secret (id INTEGER PRIMARY KEY CHECK (id = 1), value BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS task (
  id TEXT PRIMARY KEY, account TEXT NOT NULL, fingerprint TEXT NOT NULL, created REAL NOT NULL,
  duration REAL NOT NULL, credits REAL NOT NULL, param TEXT NOT NULL, picture TEXT NOT NULL,
  fate TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS task_twin ON task (account, fingerprint);
CREATE TABLE IF NOT EXISTS reference (
  task TEXT NOT NULL, place INTEGER NOT NULL, digest TEXT NOT NULL, image BLOB,
  PRIMARY KEY (task, place));
CREATE TABLE IF NOT EXISTS drawing (digest TEXT PRIMARY KEY, task TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS upload (
  id TEXT PRIMARY KEY, content_type TEXT NOT NULL, created REAL NOT NULL, body BLOB);
"""

_TASK = "id, account, created, duration, credits, param, picture, fate"


@dataclass(frozen=True)
class Upload:
    """A file that was announced (``body`` None) or has arrived."""

    id: str
    content_type: str
    body: bytes | None


class Store:
    """One connection behind a lock, for any thread; several processes may share the file."""

    def __init__(self, path: Path | None) -> None:
        self._lock = threading.Lock()
        self._db = _connect(":memory:") if path is None else _open(path)
        weakref.finalize(self, self._db.close)  # an application has no end of its own to close it
        self._db.executescript(_SCHEMA)

    def secret(self) -> bytes:
        """The key that signs links; made once for each store."""
        with self._writing() as db:
            fresh = secrets.token_bytes(32)
            db.execute("INSERT OR IGNORE INTO secret VALUES (1, ?)", (fresh,))
            (value,) = db.execute("SELECT value FROM secret").fetchone()
        return bytes(value)

    def add_task(
        self,
        account: str,
        fingerprint: str,
        references: Sequence[Reference],
        make: Callable[[int], Task],
    ) -> Task:
        """Keep the task that ``make`` builds from the number of identical requests before it.

        What ``make`` raises goes through and nothing is kept.
        """
        with self._writing() as db:
            twin = (account, fingerprint)
            count = "SELECT count(*) FROM task WHERE account = ? AND fingerprint = ?"
            task = make(int(db.execute(count, twin).fetchone()[0]))
            db.execute("INSERT INTO task VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", _row(task, twin))
            rows = [(task.id, n, ref.digest, ref.image) for n, ref in enumerate(references)]
            db.executemany("INSERT INTO reference VALUES (?, ?, ?, ?)", rows)
        return task

    def task(self, task_id: str) -> Task | None:
        """A task by its id."""
        rows = self._read(f"SELECT {_TASK} FROM task WHERE id = ?", (task_id,))
        return _task(rows[0]) if rows else None

    def tasks(self) -> list[Task]:
        """All tasks, in the order of their creation."""
        return [_task(row) for row in self._read(f"SELECT {_TASK} FROM task ORDER BY rowid", ())]

    def references(self, task_id: str) -> tuple[Reference, ...]:
        """The reference images of a task, in the order of the request."""
        query = "SELECT digest, image FROM reference WHERE task = ? ORDER BY place"
        return tuple(Reference(digest, image) for digest, image in self._read(query, (task_id,)))

    def add_drawing(self, digest: str, task_id: str) -> None:
        """Remember whose picture has this hash."""
        with self._writing() as db:
            db.execute("INSERT OR IGNORE INTO drawing VALUES (?, ?)", (digest, task_id))

    def drawing(self, digest: str) -> str:
        """The id of the task whose picture has this hash, or ""."""
        rows = self._read("SELECT task FROM drawing WHERE digest = ?", (digest,))
        return str(rows[0][0]) if rows else ""

    def announce_upload(self, upload_id: str, content_type: str, now: float) -> None:
        """Remember that a file of this type may be put here."""
        with self._writing() as db:
            db.execute("INSERT INTO upload VALUES (?, ?, ?, NULL)", (upload_id, content_type, now))

    def put_upload(self, upload_id: str, body: bytes) -> None:
        """Keep the bytes of an announced file."""
        with self._writing() as db:
            db.execute("UPDATE upload SET body = ? WHERE id = ?", (body, upload_id))

    def upload(self, upload_id: str) -> Upload | None:
        """An announced or arrived file by its id."""
        rows = self._read("SELECT id, content_type, body FROM upload WHERE id = ?", (upload_id,))
        return Upload(*rows[0]) if rows else None

    def _read(self, query: str, values: tuple[object, ...]) -> list[Any]:
        with self._lock:
            return self._db.execute(query, values).fetchall()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")


def _check_locks(folder: Path) -> None:
    """Raise OSError where files cannot be locked, which SQLite takes for a lock to wait for."""
    if sys.platform != "win32":
        import fcntl

        with tempfile.TemporaryFile(dir=folder) as file:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _open(path: Path) -> sqlite3.Connection:
    """WAL, or the rollback journal where a folder gives processes no memory to share."""
    _check_locks(path.parent)
    db = _connect(path)
    db.execute("PRAGMA synchronous = NORMAL")
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        return db
    except sqlite3.OperationalError as error:
        db.close()
        if not error.sqlite_errorname.startswith("SQLITE_IOERR_SHM"):
            raise
    with closing(_connect(path)) as db:
        db.execute("PRAGMA locking_mode = EXCLUSIVE")  # WAL then needs no such memory
        db.execute("PRAGMA journal_mode = DELETE")
    return _connect(path)


def _connect(name: Path | str) -> sqlite3.Connection:
    return sqlite3.connect(name, check_same_thread=False, isolation_level=None, timeout=30.0)


def _row(task: Task, twin: tuple[str, str]) -> tuple[object, ...]:
    texts = (
        json.dumps(task.param),
        json.dumps(asdict(task.picture)),
        json.dumps(asdict(task.fate)),
    )
    return (task.id, *twin, task.created, task.duration, task.credits, *texts)


def _task(row: Any) -> Task:
    task_id, account, created, duration, credits, param, picture, fate = row
    return Task(
        id=task_id,
        account=account,
        created=created,
        duration=duration,
        credits=credits,
        param=json.loads(param),
        picture=Picture(**json.loads(picture)),
        fate=Fate(**json.loads(fate)),
    )
