"""The SQLite file: how it is opened, read, written, and set aside when it is damaged.

WAL, one connection a call, `BEGIN IMMEDIATE` for what writes: with plain `BEGIN` three
processes at once run into lock errors. What was written is on disk (synchronous=FULL) before
the call returns, because an intent or a task id that a power cut takes back costs money.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from nanobanana_nb.errors import LedgerError
from nanobanana_nb.ledger.schema import apply_steps

BUSY_S = 30.0
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


class Database:
    """One file under `home`. Safe for threads and processes; holds nothing open.

    Args:
        mend: called with the file's path when it was found damaged; puts a new one there.

    Raises:
        LedgerError: from every method, when the folder or the file cannot be used.
    """

    def __init__(self, home: Path, mend: Callable[[Path], None]) -> None:
        self.home = home
        self.file = home / "ledger.sqlite"
        self._mend = mend
        self._ready = False

    def read(self, sql: str, *values: Any) -> list[sqlite3.Row]:
        """Return the rows of a query; none where there is no file yet."""
        if not self.file.exists():
            return []
        with self._connection() as connection:
            return connection.execute(sql, values).fetchall()

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[sqlite3.Connection]:
        """Run the block in one transaction that is taken back if it raises.

        Args:
            durable: wait until it is on disk, which takes about 0.3 ms on an SSD.
        """
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
            self._make_ready()
            with closing(connect(self.file)) as connection:
                yield connection
        except (OSError, sqlite3.Error) as error:
            self._ready = self._ready and not is_damage(error)
            raise LedgerError(f"The ledger {self.file} cannot be used", why=str(error)) from None

    def _make_ready(self) -> None:
        if self._ready and self.file.exists() and self.file.stat().st_size:
            return
        try:
            self._prepare()
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
            self._mend(self.file)
            self._prepare()
        self._ready = True

    def _prepare(self) -> None:
        with closing(connect(self.file)) as connection:
            _patiently(lambda: connection.execute("PRAGMA journal_mode = WAL"))
            _patiently(lambda: apply_steps(connection))
            check_whole(connection)


def connect(file: Path) -> sqlite3.Connection:
    """Open a database file; its rows have names."""
    connection = sqlite3.connect(file, timeout=BUSY_S, isolation_level=None)
    connection.row_factory = sqlite3.Row
    return connection


def is_damage(error: BaseException) -> bool:
    """Whether SQLite says that the file itself is broken."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGE


def check_whole(connection: sqlite3.Connection) -> None:
    """Raise SQLite's own error where a page of the file is broken. Reads the whole file."""
    found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        error = sqlite3.DatabaseError(str(found))
        error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise error


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
