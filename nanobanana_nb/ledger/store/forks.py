"""A fork waits until no thread has a ledger open.

SQLite remembers in its own memory which locks a process holds. A child inherits that memory and
not the thread that would let go of them, so it would wait for a lock of its own for ever
(sqlite.org/howtocorrupt.html, section 2.6).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE_S = 2.0  # a thread that forks in the middle of its own work waits no longer for itself


class ForkGate:
    """Counts what is open, and lets a fork and an opening wait for each other."""

    def __init__(self) -> None:
        self._renew()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(
                before=self._close, after_in_parent=self._reopen, after_in_child=self._renew
            )

    @contextmanager
    def passed(self) -> Iterator[None]:
        """Keep forks waiting until the block ends."""
        with self._condition:
            self._condition.wait_for(lambda: not self._forking, PATIENCE_S)
            self._open += 1
        try:
            yield
        finally:
            with self._condition:
                self._open -= 1
                self._condition.notify_all()

    def _close(self) -> None:
        self._condition.acquire()
        self._forking = True
        self._condition.wait_for(lambda: self._open <= 0, PATIENCE_S)

    def _reopen(self) -> None:
        self._forking = False
        self._condition.notify_all()
        self._condition.release()

    def _renew(self) -> None:
        self._condition = threading.Condition()
        self._open, self._forking = 0, False


GATE = ForkGate()
