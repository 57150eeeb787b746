"""How a broken database file is known."""

from __future__ import annotations

import sqlite3

_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def is_damage(error: BaseException) -> bool:
    """Whether SQLite says that the file itself is broken."""
    return code(error) in _DAMAGE


def code(error: BaseException) -> int:
    """Return SQLite's primary code of an error, 0 for one of something else."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def check_whole(connection: sqlite3.Connection) -> None:
    """Raise SQLite's own error where a page of the file is broken. Reads the whole file."""
    found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    if found != "ok":
        raise damage(str(found))


def damage(what: str) -> sqlite3.DatabaseError:
    """Return the error that SQLite raises for a broken file."""
    error = sqlite3.DatabaseError(what)
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error
