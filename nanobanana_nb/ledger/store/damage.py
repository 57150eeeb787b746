"""How a broken database file is known."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from nanobanana_nb.errors import LedgerError

BEGUN = "ledger.begun"  # an empty file: this tells an emptied ledger from one just beginning
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


class TasksLostError(LedgerError):
    """The ledger was damaged, and tasks of it are lost: whoever finds that buys nothing."""


def is_damage(error: BaseException) -> bool:
    """Whether SQLite says that the file itself is broken."""
    return code(error) in _DAMAGE


def code(error: BaseException) -> int:
    """Return SQLite's primary code of an error, 0 for one of something else."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def check_whole(connection: sqlite3.Connection) -> None:
    """Raise SQLite's own error where a page of the file is broken. Reads the whole file."""
    report = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if report != "ok":
        raise damage(str(report))


def damage(what: str) -> sqlite3.DatabaseError:
    """Return the error that SQLite raises for a broken file."""
    error = sqlite3.DatabaseError(what)
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error


def is_emptied(file: Path) -> bool:
    """Whether a file of 0 bytes held a ledger: its log is there, or the mark that it was begun."""
    was_begun = file.with_name(BEGUN).exists()  # first: a file that is begun anew has none by then
    if file.stat().st_size:
        return False
    log = file.with_name(file.name + "-wal")
    return was_begun or (log.exists() and log.stat().st_size > 0)
