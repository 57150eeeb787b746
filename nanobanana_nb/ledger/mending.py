"""A damaged database: set aside under a name that is told, and made anew from what is left.

Nothing is deleted. Rows that can still be read are taken over, images come back from their
sidecars.
"""

from __future__ import annotations

import sqlite3
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from nanobanana_nb.errors import LedgerError
from nanobanana_nb.ledger import rows, sidecar
from nanobanana_nb.ledger.damage import check_whole, is_damage
from nanobanana_nb.ledger.database import check_beginning, connect
from nanobanana_nb.ledger.images import Images

ASIDE = "ledger.damaged-"
_LOG_FIRST = ("-wal", "-shm", "")


class LedgerDamagedWarning(UserWarning):
    """The ledger's database was damaged and is set aside."""


def set_aside(file: Path) -> None:
    """Rename a damaged database, its log with it, unless another process just did."""
    with _alone(file.with_name("mending.sqlite")), _held_back(file) as damaged:
        if not damaged:
            return
        aside = _free_name(file)
        for ending in _LOG_FIRST:  # a log that is left behind would be taken for the new file's
            part = file.with_name(file.name + ending)
            if part.exists():
                part.rename(aside.with_name(aside.name + ending))
    warnings.warn(
        f"The ledger {file} was damaged. It is kept as {aside.name}; what can be read of it"
        " and the images with their sidecars are in a new one.",
        LedgerDamagedWarning,
        stacklevel=2,
    )


def refill(connection: sqlite3.Connection, images: Images) -> None:
    """Put into new tables what damaged databases and the sidecars still say, newest first."""
    for file in reversed(set_aside_files(images.folder.parent)):
        for columns in _salvaged(file):
            _insert_if_whole(connection, columns)
        for table in ("ratings", "votes"):
            _take_over(connection, file, table)
    known = {tuple(row) for row in connection.execute("SELECT task_id, sha256 FROM tasks")}
    for found, fingerprint in sidecar.read_all(images):
        if (rows.storable(found.task_id), found.sha256) not in known:
            asked = {**rows.request_columns(found.request), "fingerprint": fingerprint}
            columns = {**asked, "created_at": found.created_at, **rows.changing_columns(found)}
            _insert_if_whole(connection, columns)


def set_aside_files(home: Path) -> list[Path]:
    """Return the damaged databases that were set aside, oldest first."""
    return sorted(home.glob(f"{ASIDE}*.sqlite"))


def _salvaged(file: Path) -> Iterator[dict[str, Any]]:
    """Return the rows that a damaged file still gives, from both of its ends."""
    if not file.stat().st_size:  # SQLite would delete the log beside it
        return
    for order in ("ASC", "DESC"):
        with suppress(sqlite3.Error), closing(connect(file, "ro")) as connection:
            connection.execute("PRAGMA writable_schema = ON")  # reads a file that was cut, too
            for row in connection.execute(f"SELECT * FROM tasks ORDER BY id {order}"):
                columns = {**dict(row), "owner": None}
                yield {**columns, "reserved": None} if row["state"] == "planned" else columns


def _take_over(connection: sqlite3.Connection, file: Path, table: str) -> None:
    """Insert what a damaged file still gives of a table, and what is not there yet."""
    if not file.stat().st_size:
        return
    with suppress(sqlite3.Error), closing(connect(file, "ro")) as damaged:
        damaged.execute("PRAGMA writable_schema = ON")
        for row in damaged.execute(f"SELECT * FROM {table}"):
            marks = ", ".join("?" * len(row))
            names = ", ".join(row.keys())
            connection.execute(
                f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})", tuple(row)
            )


def _insert_if_whole(connection: sqlite3.Connection, columns: dict[str, Any]) -> None:
    """Insert a row if it is one: a broken page may give anything."""
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    connection.execute("SAVEPOINT one")
    try:
        made = connection.execute(
            f"INSERT OR IGNORE INTO tasks ({names}) VALUES ({marks})", tuple(columns.values())
        )
        if made.rowcount:
            found = "SELECT * FROM tasks WHERE id = ?"
            rows.generation(connection.execute(found, (made.lastrowid,)).fetchone())
    except (sqlite3.Error, LedgerError, ValueError):
        connection.execute("ROLLBACK TO one")
    connection.execute("RELEASE one")


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Let one process at a time into the block; SQLite's lock ends with its process."""
    with closing(sqlite3.connect(lock, timeout=60, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield


@contextmanager
def _held_back(file: Path) -> Iterator[bool]:
    """Say whether a file is damaged, and hold back those who could still write into it."""
    try:
        check_beginning(file)
    except sqlite3.DatabaseError:
        yield True
        return
    with closing(connect(file)) as connection:
        with suppress(sqlite3.DatabaseError):
            connection.execute("BEGIN IMMEDIATE")
        yield _is_damaged(connection)


def _is_damaged(connection: sqlite3.Connection) -> bool:
    try:
        check_whole(connection)
    except sqlite3.DatabaseError as error:
        return is_damage(error)
    return False


def _free_name(file: Path) -> Path:
    """Return a name that nothing has, or the one of a log whose database is still to follow."""
    for log in file.parent.glob(f"{ASIDE}*.sqlite-wal"):
        if not (begun := log.with_name(log.name.removesuffix("-wal"))).exists():
            return begun
    stamp = f"{datetime.now():%Y%m%d-%H%M%S}"
    names = (f"{ASIDE}{stamp}{more}.sqlite" for more in ("", *(f"-{n}" for n in range(1, 1000))))
    return next(p for name in names if not (p := file.with_name(name)).exists())
