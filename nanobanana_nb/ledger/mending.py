"""A damaged database: set aside under a name that is told, and made anew from what is left.

Nothing is deleted. Rows that can still be read are taken over, images come back from their
sidecars.
"""

from __future__ import annotations

import shutil
import sqlite3
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from nanobanana_nb.ledger import rows, sidecar
from nanobanana_nb.ledger.database import check_whole, connect, is_damage
from nanobanana_nb.ledger.images import Images
from nanobanana_nb.ledger.schema import apply_steps

ASIDE = "ledger.damaged-"


class LedgerDamagedWarning(UserWarning):
    """The ledger's database was damaged and is set aside."""


def mend(file: Path, images: Images) -> None:
    """Keep a damaged database under another name and put a new one in its place.

    The new one is complete before it takes the name, so that no process finds half of it.
    """
    with _alone(file.with_name("mending.sqlite")):
        if not _is_damaged(file):  # another process just mended it
            return
        aside = _set_aside(file)
        fresh = file.with_name("ledger.new.sqlite")
        fresh.unlink(missing_ok=True)
        with closing(connect(fresh)) as connection:
            apply_steps(connection)
            _refill(connection, aside, images)
        fresh.replace(file)
    warnings.warn(
        f"The ledger {file} was damaged. It is kept as {aside.name}; what can be read of it"
        " and the images with their sidecars are in a new one.",
        LedgerDamagedWarning,
        stacklevel=2,
    )


def _set_aside(file: Path) -> Path:
    aside = _free_name(file)
    for ending in ("-wal", "-shm"):
        part = file.with_name(file.name + ending)
        if part.exists():
            part.rename(aside.with_name(aside.name + ending))
    shutil.copy2(file, aside)
    return aside


def _refill(connection: sqlite3.Connection, aside: Path, images: Images) -> None:
    """Put into an empty database what the damaged one and the sidecars still say."""
    connection.execute("BEGIN IMMEDIATE")
    for columns in _salvaged(aside):
        _insert_whole(connection, columns)
    known = {tuple(row) for row in connection.execute("SELECT task_id, sha256 FROM tasks")}
    for found, fingerprint in sidecar.read_all(images):
        if (found.task_id, found.sha256) not in known:
            columns = {**rows.request_columns(found.request), "fingerprint": fingerprint}
            columns["created_at"] = found.created_at
            rows.insert(connection, {**columns, **rows.changing_columns(found)})
    connection.execute("COMMIT")


def set_aside_files(home: Path) -> list[Path]:
    """Return the damaged databases that were set aside, oldest first."""
    return sorted(home.glob(f"{ASIDE}*.sqlite"))


def _salvaged(aside: Path) -> Iterator[dict[str, Any]]:
    """Return the rows that the damaged file still gives, from both of its ends."""
    for order in ("ASC", "DESC"):
        with suppress(sqlite3.Error), closing(connect(aside)) as connection:
            for row in connection.execute(f"SELECT * FROM tasks ORDER BY id {order}"):
                yield {**dict(row), "owner": None}


def _insert_whole(connection: sqlite3.Connection, columns: dict[str, Any]) -> None:
    """Insert a salvaged row if it is one: a broken page may give anything."""
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    with suppress(sqlite3.Error, ValueError, TypeError, KeyError):
        made = connection.execute(
            f"INSERT OR IGNORE INTO tasks ({names}) VALUES ({marks})", tuple(columns.values())
        )
        if made.rowcount:
            _check_row(connection, columns["id"])


def _check_row(connection: sqlite3.Connection, number: int) -> None:
    try:
        row = connection.execute("SELECT * FROM tasks WHERE id = ?", (number,)).fetchone()
        rows.generation(row)
    except (ValueError, TypeError, KeyError):
        connection.execute("DELETE FROM tasks WHERE id = ?", (number,))
        raise


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Let one process at a time into the block; SQLite's lock ends with its process."""
    with closing(sqlite3.connect(lock, timeout=60, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield


def _is_damaged(file: Path) -> bool:
    try:
        with closing(connect(file)) as connection:
            check_whole(connection)
    except sqlite3.DatabaseError as error:
        return is_damage(error)
    return False


def _free_name(file: Path) -> Path:
    stamp = f"{datetime.now():%Y%m%d-%H%M%S}"
    names = (f"{ASIDE}{stamp}{more}.sqlite" for more in ("", *(f"-{n}" for n in range(1, 1000))))
    return next(p for name in names if not (p := file.with_name(name)).exists())
