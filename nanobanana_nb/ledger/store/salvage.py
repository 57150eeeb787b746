"""What a damaged database still gives.

SQLite reads nothing of a file whose beginning it does not know. Most of what stands there is the
same in every ledger, so a copy gets a new beginning: the head, or the whole first page, which
says where each table begins.
Source: sqlite.org/fileformat2.html, sections 1.3 and 1.6.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from nanobanana_nb.errors import LedgerError
from nanobanana_nb.ledger.store import rows
from nanobanana_nb.ledger.store.database import connect
from nanobanana_nb.ledger.store.schema import apply_steps

_MAGIC = b"SQLite format 3\x00"
_HEAD = 100  # bytes
_USUAL_PAGE = 4096
_PAGES = frozenset(1 << power for power in range(9, 16))


@contextmanager
def opened(file: Path) -> Iterator[sqlite3.Connection]:
    """Lend a damaged database to be read, or a copy with a new beginning. The file stays as is."""
    with (
        TemporaryDirectory(dir=file.parent, prefix=".mending-") as folder,
        closing(connect(_readable(file, Path(folder)), "ro")) as connection,
    ):
        with suppress(sqlite3.Error):
            connection.execute("PRAGMA writable_schema = ON")  # reads a file that was cut, too
        yield connection


def tasks(damaged: sqlite3.Connection) -> tuple[list[dict[str, Any]], bool]:
    """Return the rows that can be read, from both ends, and whether these are all there were."""
    records: dict[Any, dict[str, Any]] = {}
    whole = True
    for order in ("ASC", "DESC"):
        try:
            for row in damaged.execute(f"SELECT * FROM tasks ORDER BY id {order}"):
                records[row["id"]] = {**dict(row), "owner": None}
                if row["state"] == "planned":
                    records[row["id"]]["reserved"] = None
                rows.generation(row)
            return list(records.values()), whole
        except (LedgerError, sqlite3.Error):
            whole = False
    return list(records.values()), False


def _readable(file: Path, folder: Path) -> Path:
    """Return the file or, where no table can be found in it, the copy in which one can."""
    if file.stat().st_size and _has_tasks(file):  # of an empty one SQLite would delete the log
        return file
    copy = folder / "copy.sqlite"
    for number, beginning in enumerate(_beginnings(file, folder)):
        copy = folder / f"copy{number}.sqlite"
        _copy(file, copy, beginning)
        if _has_tasks(copy):
            break
    return copy


def _has_tasks(file: Path) -> bool:
    with suppress(sqlite3.Error), closing(connect(file, "ro")) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("SELECT id, request FROM tasks LIMIT 0")
        return True
    return False


def _copy(file: Path, copy: Path, beginning: bytes) -> None:
    shutil.copyfile(file, copy)
    with copy.open("r+b") as handle:
        handle.write(beginning)
    log = file.with_name(file.name + "-wal")
    if log.exists():
        shutil.copyfile(log, copy.with_name(copy.name + "-wal"))


def _beginnings(file: Path, folder: Path) -> Iterator[bytes]:
    with file.open("rb") as damaged:
        size = int.from_bytes(damaged.read(18)[16:], "big")
    size = size if size in _PAGES else _USUAL_PAGE
    yield _head(size)
    new = folder / "new.sqlite"  # its tables begin where those of any other ledger do
    with closing(connect(new)) as connection:
        connection.execute(f"PRAGMA page_size = {size}")
        apply_steps(connection, lambda _: None)
    yield _head(size) + new.read_bytes()[_HEAD:size]


def _head(size: int) -> bytes:
    """Return the head of a database with a log, which leaves its length to the file's."""
    head = bytearray(_HEAD)
    head[:16] = _MAGIC
    head[16:18] = size.to_bytes(2, "big")
    head[18:24] = bytes((2, 2, 0, 64, 32, 32))  # with a log; the rest is fixed
    head[47] = 4  # the form of the schema
    head[59] = 1  # UTF-8
    return bytes(head)
