"""Who holds a claim on a task, and whether that process still lives.

A process on this machine is asked for by its number and its start time, which the system
never gives twice. One that cannot be seen from here (another container, say) must count up its
heartbeat in the ledger; the beats are numbers, so that no clock has to be right.
"""

from __future__ import annotations

import os
import platform
import sys
import time
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from uuid import uuid4

_PROCESSES = Path("/proc")

BEAT_S = 2.0
STALE_S = 15.0  # a process that cannot be seen is gone after so long without a beat


@dataclass(frozen=True)
class Claimant:
    """One process: a name of its own, and how to find out whether it lives."""

    id: str
    machine: str
    pid: int
    born: str


_CLAIMANTS: dict[int, Claimant] = {}  # by process
if hasattr(os, "register_at_fork"):  # a number may come again in a later generation
    os.register_at_fork(after_in_child=_CLAIMANTS.clear)


def this_process() -> Claimant:
    """Return the claimant that this process is; another one after a fork."""
    pid = os.getpid()
    if pid not in _CLAIMANTS:  # two threads at once: the first one's counts
        _CLAIMANTS.setdefault(pid, Claimant(uuid4().hex, _machine(), pid, _born(pid) or ""))
    return _CLAIMANTS[pid]


@dataclass(eq=False)
class Liveness:
    """Tells which claimants are gone; remembers the beats that it saw."""

    _beats: dict[str, tuple[int, float]] = field(default_factory=dict)

    def is_gone(self, claimant: Claimant, beat: int) -> bool:
        """Whether this process has ended, or, where it cannot be seen, has long been silent."""
        if claimant.machine == _machine():
            born = _born(claimant.pid)
            if born is None:
                return True
            if born and claimant.born:
                return born != claimant.born
        now = time.monotonic()
        last, since = self._beats.get(claimant.id, (None, now))
        if last != beat:
            self._beats[claimant.id] = (beat, now)
            return False
        return now - since > STALE_S


@cache
def _machine() -> str:
    """Name the system in which a process number means one process: host, boot, container."""
    boot_id = Path("/proc/sys/kernel/random/boot_id")
    try:
        boot = boot_id.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        boot = ""
    try:
        space = str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        space = ""
    return " ".join((platform.node(), boot, space))


def _born(pid: int) -> str | None:
    """Return when a process started, "" where the system does not tell, None if it is gone.

    A zombie is gone: it has ended, and only its number is still in use.
    """
    if sys.platform.startswith("linux"):
        try:
            stat = (_PROCESSES / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
            # The second field is the program's name in brackets and may hold spaces.
            fields = stat.rpartition(")")[2].split()
            return None if fields[0] in "ZX" else fields[19]
        except (FileNotFoundError, ProcessLookupError):
            if (_PROCESSES / "self").exists():
                return None
        except OSError:  # too many open files, say: that tells nothing about the process
            return ""
    return _if_there(pid)


def _if_there(pid: int) -> str | None:
    if os.name != "posix":  # there the call below would end the process
        return ""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except OSError:
        pass
    return ""
