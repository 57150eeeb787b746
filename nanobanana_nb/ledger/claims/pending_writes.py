"""What this process alone knows of a ledger: the rows it works on, what it could not write."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from nanobanana_nb.ledger.claims.processes import Liveness
from nanobanana_nb.model.result import Generation


class Memory:
    """`held` are the rows that a run of this process works on.

    Waiting because the disk was full or the database locked: `unwritten` to be written,
    `unreleased` to be let go of, `bare` images for their sidecars.
    """

    def __init__(self) -> None:
        self.held: set[int] = set()
        self.unwritten: dict[int, Generation] = {}
        self.unreleased: set[int] = set()
        self.bare: dict[int, Generation] = {}
        self.liveness = Liveness()


def memory_of(home: Path) -> Memory:
    """Return the memory for a home folder: one for all its names and users in this process."""
    return _memory(os.getpid(), os.path.realpath(home))


@cache
def _memory(pid: int, home: str) -> Memory:
    return Memory()


if hasattr(os, "register_at_fork"):  # what the parent works on is not the child's
    os.register_at_fork(after_in_child=_memory.cache_clear)
