"""Why a ledger cannot be used, and what helps."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

from nanobanana_nb.errors import LedgerError
from nanobanana_nb.ledger.store.damage import code, is_damage

_FOREIGN = ("no such table", "no such column", "no column named", "already exists")
_NOT_WHOLE = (
    "The file is no ledger, or not a whole one. Put a copy of it back, or move it away: a new one"
    " is made then, with the images that have sidecars."
)
_ROOM = "Make room on the disk, then run it again."
_LET_GO = "Another program holds it: run it again when that has let go."
_BY_CODE = {
    sqlite3.SQLITE_BUSY: _LET_GO,
    sqlite3.SQLITE_LOCKED: _LET_GO,
    sqlite3.SQLITE_FULL: _ROOM,
}


def unusable(file: Path, error: Exception) -> LedgerError:
    """Return the error for a ledger that cannot be used: what it is, and what to do."""
    what, why = f"The ledger {file} cannot be used", str(error)
    if os.path.isdir(file):  # noqa: PTH112 - a name that the system does not take is none
        action = "Move it away: a new ledger is made then, with the images that have sidecars."
        return LedgerError(what, why="it is a folder, not a file", action=action)
    return LedgerError(what, why=why, action=_action(error))


def _action(error: Exception) -> str | None:
    """Return what helps, None where it is the folder that cannot be used."""
    if is_damage(error):
        return "Run it again: what can be read of it is put into a new one then."
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _ROOM
    if code(error) == sqlite3.SQLITE_ERROR and any(word in str(error) for word in _FOREIGN):
        return _NOT_WHOLE
    return _BY_CODE.get(code(error))
