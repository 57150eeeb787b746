"""A damaged database: set aside under a name that is told, and made anew from what is left.

Nothing is deleted. Rows that can still be read are taken over, images come back from their
sidecars. Where that was all it is a warning; where tasks are lost the call that finds it ends with
an error, so that nobody buys them again without knowing.
"""

from __future__ import annotations

import sqlite3
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from nanobanana_nb.errors import Charged, LedgerError
from nanobanana_nb.ledger.files import sidecar
from nanobanana_nb.ledger.files.originals import Images
from nanobanana_nb.ledger.store import rows, salvage
from nanobanana_nb.ledger.store.damage import BEGUN, TasksLostError, check_whole, is_damage
from nanobanana_nb.ledger.store.database import check_beginning, connect
from nanobanana_nb.ledger.store.forgetting import forget_again

ASIDE = "ledger.damaged-"
_LOG_FIRST = ("-wal", "-shm", "")


class LedgerDamagedWarning(UserWarning):
    """The ledger's database was damaged and is set aside."""


def set_aside(file: Path) -> LedgerError | None:
    """Rename a damaged database, its log with it, unless another process just did.

    Returns why nothing may be bought by whoever found it: tasks of it are lost. None if they are
    not, which is a warning.
    """
    with _exclusive(file.with_name("mending.sqlite")), _write_locked(file) as damaged:
        if not damaged:
            return None
        aside = _free_name(file)
        for ending in _LOG_FIRST:  # a log that is left behind would be taken for the new file's
            part = file.with_name(file.name + ending)
            if part.exists():
                part.rename(aside.with_name(aside.name + ending))
        file.with_name(BEGUN).unlink(missing_ok=True)
    with salvage.opened(aside) as connection:
        tasks, whole = salvage.tasks(connection)
    if not whole:
        return _loss(file, aside, len(tasks))
    warnings.warn(
        f"The ledger {file} was damaged. It is kept as {aside.name}; all of its tasks are in a"
        " new one.",
        LedgerDamagedWarning,
        stacklevel=2,
    )
    return None


def _loss(file: Path, aside: Path, count: int) -> TasksLostError:
    rest = f"{count:,} tasks and the images" if count else "the images"
    return TasksLostError(
        f"The ledger {file} was damaged and is kept as {aside.name}",
        why=f"not all of its tasks can be read: {rest} with sidecars are in a new one; what else"
        " it held is lost, open and unknown tasks too",
        action="Running it again goes on with the new ledger, and buys what is not in it.",
        charged=Charged.NO,
    )


def refill(connection: sqlite3.Connection, images: Images) -> None:
    """Put into new tables what damaged databases and the sidecars still say, newest first."""
    for file in reversed(set_aside_files(images.folder.parent)):
        with salvage.opened(file) as damaged:
            for columns in salvage.tasks(damaged)[0]:
                _insert_if_whole(connection, columns)
            for table in ("ratings", "votes", "scores"):
                _take_over(connection, damaged, table)
    if images.folder.exists():  # else nothing was ever fetched
        _take_sidecars(connection, images)
    forget_again(connection, images.folder.parent)


def _take_sidecars(connection: sqlite3.Connection, images: Images) -> None:
    """Insert what the sidecars say, and what is not there yet."""
    pairs = {tuple(row) for row in connection.execute("SELECT task_id, sha256 FROM tasks")}
    for image, fingerprint in sidecar.read_all(images):
        if (rows.storable(image.task_id), image.sha256) not in pairs:
            request = {**rows.request_columns(image.request), "fingerprint": fingerprint}
            columns = {**request, "created_at": image.created_at, **rows.changing_columns(image)}
            _insert_if_whole(connection, columns)


def set_aside_files(home: Path) -> list[Path]:
    """Return the damaged databases that were set aside, oldest first."""
    return sorted(home.glob(f"{ASIDE}*.sqlite"))


def _take_over(connection: sqlite3.Connection, damaged: sqlite3.Connection, table: str) -> None:
    """Insert what a damaged file still gives of a table, and what is not there yet."""
    with suppress(sqlite3.Error):
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
        cursor = connection.execute(
            f"INSERT OR IGNORE INTO tasks ({names}) VALUES ({marks})", tuple(columns.values())
        )
        if cursor.rowcount:
            query = "SELECT * FROM tasks WHERE id = ?"
            rows.generation(connection.execute(query, (cursor.lastrowid,)).fetchone())
    except (sqlite3.Error, LedgerError, ValueError):
        connection.execute("ROLLBACK TO one")
    connection.execute("RELEASE one")


@contextmanager
def _exclusive(lock: Path) -> Iterator[None]:
    """Let one process at a time into the block; SQLite's lock ends with its process."""
    with closing(sqlite3.connect(lock, timeout=60, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield


@contextmanager
def _write_locked(file: Path) -> Iterator[bool]:
    """Say whether a file is damaged, and hold back those who could still write into it."""
    try:
        check_beginning(file)
    except sqlite3.DatabaseError:
        yield True
        return
    with closing(connect(file)) as connection:
        with suppress(sqlite3.DatabaseError):
            connection.execute("BEGIN IMMEDIATE")
        damaged = False
        try:
            check_whole(connection)
        except sqlite3.DatabaseError as error:
            damaged = is_damage(error)
        yield damaged


def _free_name(file: Path) -> Path:
    """Return a name that nothing has, or the one of a log whose database is still to follow."""
    for log in file.parent.glob(f"{ASIDE}*.sqlite-wal"):
        if not (database := log.with_name(log.name.removesuffix("-wal"))).exists():
            return database
    stamp = f"{datetime.now():%Y%m%d-%H%M%S}"
    names = (f"{ASIDE}{stamp}{more}.sqlite" for more in ("", *(f"-{n}" for n in range(1, 1000))))
    return next(p for name in names if not (p := file.with_name(name)).exists())
