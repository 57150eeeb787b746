"""What this process alone knows of a ledger: the rows it works on, what it could not write."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from nanobanana_nb.ledger.claimant import Liveness
from nanobanana_nb.model.result import Generation


class Memory:
    """`held` are the rows that a run of this process works on; `unwritten` are waiting to be
    written, and `unreleased` to be let go of, because the disk was full or the database locked.
    """

    def __init__(self) -> None:
        self.held: set[int] = set()
        self.unwritten: dict[int, Generation] = {}
        self.unreleased: set[int] = set()
        self.liveness = Liveness()


def memory_of(home: Path) -> Memory:
    """Return the memory for a home folder: one for all its users in this process."""
    return _memory(os.getpid(), home.absolute())


@cache
def _memory(pid: int, home: Path) -> Memory:
    return Memory()
