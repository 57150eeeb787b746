"""The SQLite file: how it is opened, read, written, and set aside when it is damaged.

WAL, one connection a call, `BEGIN IMMEDIATE` for what writes: with plain `BEGIN` three
processes at once run into lock errors. What was written is on disk (synchronous=FULL) before
the call returns, because an intent or a task id that a power cut takes back costs money.

WAL wants memory that all processes share. On a network's file system, or where there is no such
memory, it is the rollback journal: slower, and as safe where files can be locked.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nanobanana_nb.errors import LedgerError
from nanobanana_nb.ledger.store.availability import unusable
from nanobanana_nb.ledger.store.damage import (
    BEGUN,
    check_whole,
    code,
    damage,
    is_damage,
    is_emptied,
)
from nanobanana_nb.ledger.store.folder import check_locks, is_read_only
from nanobanana_nb.ledger.store.forks import GATE
from nanobanana_nb.ledger.store.journal import choose_journal, lacks_memory, leave_wal
from nanobanana_nb.ledger.store.schema import apply_steps, check_steps

BUSY_S = 30.0
_TRIES = 5  # to open a file that other processes set aside at the same time
_Place = tuple[int, int] | None  # device and number of a file, None where there is none


@dataclass(eq=False)
class Database:
    """One file. Safe for threads and processes; holds nothing open.

    Args:
        mend: called with the file's path when it was found damaged; sets it aside, and returns
            why the call that found it does not go on, None if it may.
        refill: puts into a new database what is left of a lost one, before anybody sees it.

    Raises:
        LedgerError: from every method, when the folder or the file cannot be used.
    """

    file: Path
    mend: Callable[[Path], LedgerError | None]
    refill: Callable[[sqlite3.Connection], None]
    _ready: bool = field(default=False, init=False)

    def read(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """Return the rows of a query; none where there is no file yet."""
        try:
            if not self.file.exists():
                return []
        except OSError as error:  # no permission, or a name that the system does not take
            raise unusable(self.file, error) from None
        for _ in range(_TRIES - 1):
            with suppress(_ChangedError), self._connection() as (connection, _):
                return connection.execute(sql, values).fetchall()
        with self._connection() as (connection, _):
            return connection.execute(sql, values).fetchall()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection for several queries, and for temporary tables of its own."""
        with self._connection() as (connection, _):
            yield connection

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[sqlite3.Connection]:
        """Run the block in one transaction that is taken back if it raises.

        Args:
            durable: wait until it is on disk, which takes about 0.3 ms on an SSD.
        """
        if is_read_only(self.file):
            raise LedgerError(
                f"The ledger {self.file} cannot be written",
                why="its folder may only be read, so nothing new can be asked for",
                action="What is there is shown. For new images set NANOBANANA_HOME to your own.",
            )
        with self._connection() as (connection, place):
            connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            connection.execute("BEGIN IMMEDIATE")
            try:
                if self._place() != place:  # set aside while this waited for its turn
                    raise LedgerError(
                        f"The ledger {self.file} was replaced just now",
                        action="Run the cell again.",
                    )
                yield connection
            except BaseException:
                if connection.in_transaction:  # SQLite itself goes back where the disk is full
                    connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    @contextmanager
    def _connection(self) -> Iterator[tuple[sqlite3.Connection, _Place]]:
        try:
            if is_read_only(self.file):
                with connected_to_read(self.file) as connection:
                    check_steps(connection)
                    yield connection, None
                return
            self.file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with GATE.passed():
                self._make_ready()
                place = self._place()
                with closing(connect(self.file)) as connection:
                    yield connection, place
        except (OSError, sqlite3.Error) as error:
            self._ready = self._ready and not is_damage(error)
            raise unusable(self.file, error) from None

    def _make_ready(self) -> None:
        if self._ready and self.file.exists() and self.file.stat().st_size:
            return
        loss: LedgerError | None = None
        for last in (False,) * (_TRIES - 1) + (True,):
            before = self._place()
            try:
                self._prepare()
                break
            except sqlite3.Error as error:
                if last or not (is_damage(error) or self._place() != before):
                    raise
                if is_damage(error):
                    loss = self.mend(self.file) or loss
        self._ready = True
        if loss is not None:
            raise loss

    def _place(self) -> _Place:
        """Tell this file from another one that takes its name."""
        try:
            status = self.file.stat()
        except FileNotFoundError:
            return None
        return status.st_dev, status.st_ino

    def _prepare(self) -> None:
        check_locks(self.file.parent)
        mark = self.file.with_name(BEGUN)
        if self.file.exists():
            check_beginning(self.file)
        else:
            mark.unlink(missing_ok=True)
        try:
            self._begin()
        except sqlite3.OperationalError as error:
            if not lacks_memory(error):
                raise
            with closing(connect(self.file)) as connection:
                leave_wal(connection)
            self._begin()
        mark.touch()

    def _begin(self) -> None:
        """Begin the file, or check it; SQLite itself does not wait while others make it."""
        deadline = time.monotonic() + BUSY_S
        while True:
            try:
                with closing(connect(self.file)) as connection:
                    choose_journal(connection, self.file.parent)
                    check_whole(connection)
                    apply_steps(connection, self.refill)
                return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > deadline:
                    raise
            time.sleep(0.01)


class _ChangedError(LedgerError):
    """A file that was read without locks was written meanwhile."""


@contextmanager
def connected_to_read(file: Path) -> Iterator[sqlite3.Connection]:
    """Open a database that may only be read.

    Without a log the file is all there is, and SQLite could not begin a log: it is read as it
    is, and whether it stayed so is looked at afterwards.

    Raises:
        LedgerError: somebody else wrote it meanwhile.
    """
    log = file.with_name(file.name + "-wal")
    alone = not (log.exists() and log.stat().st_size)
    before = _version(file)
    try:
        with closing(connect(file, "ro&immutable=1" if alone else "ro")) as connection:
            yield connection
    finally:
        if alone and _version(file) != before:
            raise _ChangedError(
                f"The ledger {file} was written while it was read", action="Run the cell again."
            )


def _version(file: Path) -> tuple[int, int]:
    status = file.stat()
    return status.st_mtime_ns, status.st_size


def connect(file: Path, mode: str = "rwc") -> sqlite3.Connection:
    """Open a database file; its rows have names."""
    name = f"{file.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(name, timeout=BUSY_S, isolation_level=None, uri=True)
    connection.row_factory = sqlite3.Row
    return connection


def check_beginning(file: Path) -> None:
    """Raise for what is no database any more, before SQLite opens it: it would empty the log.

    SQLite itself reads it, without log and locks. A plain `open` would do harm: closing any
    descriptor of a file gives up every lock that this process holds on it, SQLite's too
    (sqlite.org/howtocorrupt.html, section 2.2).
    """
    if not file.is_file():
        return
    if is_emptied(file):
        raise damage("file is not a database")
    try:
        with closing(connect(file, "ro&immutable=1")) as connection:
            connection.execute("PRAGMA schema_version")
    except sqlite3.DatabaseError as error:
        if code(error) == sqlite3.SQLITE_NOTADB:  # the rest is for `check_whole`, under a lock
            raise
