"""What a test left in a folder, read while something may still write there."""

from __future__ import annotations

from pathlib import Path

TRIES = 50


def contents(folder: Path) -> dict[Path, bytes]:
    """Return the bytes of every file below `folder`, all as they were at one time.

    A database's log may go while this reads: then its words are in the database, which may have
    been read before. So where a file vanishes, all of them are read again.
    """
    for _ in range(TRIES - 1):
        try:
            return _read(folder)
        except FileNotFoundError:
            continue
    return _read(folder)


def _read(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
