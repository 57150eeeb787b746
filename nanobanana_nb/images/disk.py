"""Files that somebody may have put something else in the place of, and originals in doubt."""

from __future__ import annotations

import os
import re
import stat
import time
from contextlib import suppress
from pathlib import Path

LARGEST = 256_000_000  # bytes; what the service makes is at most a quarter of it
_HASH = re.compile(r"[0-9a-f]{64}")
_AHEAD_S = 60.0  # the clock of a network folder may be behind


def read_regular(path: Path, most: int = LARGEST) -> bytes:
    """Return what is in a file; a pipe or device, which may never end, is not opened.

    Raises:
        OSError: it is no regular file, is larger than `most`, or cannot be read.
    """
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise OSError("it is no regular file")
    if status.st_size > most:
        raise OSError(f"it is larger than {most:,} bytes")
    return path.read_bytes()


def is_original(path: Path) -> bool:
    """Whether a file is an original of a ledger, which are named by the hash of what they hold."""
    return bool(_HASH.fullmatch(path.stem)) and path.parent.name == path.stem[:2]


def doubt(path: Path) -> None:
    """Touch an original that could not be read, so that the ledger checks it by its hash."""
    ahead = time.time() + _AHEAD_S
    with suppress(OSError):  # it is gone, which is noticed too
        os.utime(path, (ahead, ahead))
