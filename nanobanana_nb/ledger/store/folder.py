"""What the folder of a ledger can do: be written, hold locks, keep memory that processes share."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from nanobanana_nb.errors import LedgerError

_MOUNTS = Path("/proc/self/mountinfo")
_NETWORK = ("nfs", "cifs", "smb", "9p", "afs", "ceph", "lustre", "gpfs", "beegfs", "fuse.")


def is_read_only(file: Path) -> bool:
    """Whether a database is in a folder, or is a file, that may only be read."""
    return any(os.access(p, os.F_OK) and not os.access(p, os.W_OK) for p in (file.parent, file))


def check_locks(folder: Path) -> None:
    """Refuse a folder whose files cannot be locked: two processes there would pay twice.

    SQLite takes a lock that cannot be had for one that somebody holds, and waits for its end.

    Raises:
        LedgerError: it has no locks.
    """
    if sys.platform == "win32":  # every file system there has them
        return
    import fcntl

    with tempfile.TemporaryFile(dir=folder) as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            reason = error.strerror
        else:
            return
    raise LedgerError(
        f"The folder {folder} cannot hold a ledger",
        why=f"its file system has no locks ({reason}), as some network folders have none",
        action="Set NANOBANANA_HOME to a folder on a disk of this machine.",
    )


def is_on_network(folder: Path) -> bool:
    """Whether a folder is on a file system that several machines may write to at once."""
    try:
        lines = _MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:  # no Linux
        return False
    place = folder.resolve()
    mounts = {}
    for line in lines:  # where it is mounted, and its type, which follows a lone dash (proc(5))
        before, _, behind = line.partition(" - ")
        mount = (*before.split(" "), *[""] * 5)[4].replace("\\040", " ")
        mounts[Path(mount)] = behind.partition(" ")[0]
    kind = next((mounts[path] for path in (place, *place.parents) if path in mounts), "")
    return kind.startswith(_NETWORK)
