"""What this process alone knows of a ledger: the rows it works on, what it could not write."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from nanobanana_nb.ledger.claims.processes import Liveness
from nanobanana_nb.model.result import Generation


@dataclass(eq=False)
class Memory:
    """`held` are the rows that a run of this process works on.

    Waiting because the disk was full or the database locked: `unwritten` to be written,
    `unreleased` to be let go of, `bare` images for their sidecars.
    """

    held: set[int] = field(default_factory=set)
    unwritten: dict[int, Generation] = field(default_factory=dict)
    unreleased: set[int] = field(default_factory=set)
    bare: dict[int, Generation] = field(default_factory=dict)
    liveness: Liveness = field(default_factory=Liveness)


_MEMORIES: dict[tuple[int, str], Memory] = {}  # by process and home
if hasattr(os, "register_at_fork"):  # what the parent works on is not the child's
    os.register_at_fork(after_in_child=_MEMORIES.clear)


def memory_of(home: Path) -> Memory:
    """Return the memory for a home folder: one for all its names and users in this process."""
    return _MEMORIES.setdefault((os.getpid(), os.path.realpath(home)), Memory())
