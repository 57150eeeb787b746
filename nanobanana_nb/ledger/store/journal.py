"""Which journal a database keeps: WAL, or the rollback journal where WAL cannot be."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from nanobanana_nb.ledger.store.folder import is_on_network


def choose_journal(connection: sqlite3.Connection, home: Path) -> None:
    """Begin a file with WAL, if it can be; one that has begun stays as it is.

    It is tried on another file first, so that nobody meets this one half begun.
    """
    if connection.execute("PRAGMA page_count").fetchone()[0] or is_on_network(home):
        return
    with (
        tempfile.TemporaryDirectory(dir=home, prefix=".probe-") as folder,
        closing(sqlite3.connect(Path(folder) / "probe.sqlite")) as probe,
    ):
        probe.execute("PRAGMA synchronous = OFF")
        probe.execute("PRAGMA journal_mode = WAL")
        try:
            probe.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError as error:
            if not lacks_memory(error):
                raise
            return
    connection.execute("PRAGMA journal_mode = WAL")


def lacks_memory(error: sqlite3.Error) -> bool:
    """Whether WAL failed because processes can share no memory in this folder."""
    return error.sqlite_errorname.startswith("SQLITE_IOERR_SHM")


def leave_wal(connection: sqlite3.Connection) -> None:
    """Go over to the rollback journal, as the first thing that a connection does."""
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")  # WAL then needs no such memory
    connection.execute("PRAGMA journal_mode = DELETE")
