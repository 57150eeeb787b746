"""Interrupts that somebody else's code swallowed."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any


@dataclass
class Interrupts:
    """Remembers that an interrupt came, in case its KeyboardInterrupt did not arrive.

    Python drops a KeyboardInterrupt that is raised inside a weak reference's callback or a
    `__del__` (an import runs such callbacks), and a bare `except:` swallows it. Whoever waits
    in a loop asks here and raises it again.
    """

    pending: bool = False

    def raise_lost(self) -> None:
        """Raise the KeyboardInterrupt that came and did not arrive."""
        if self.pending:
            self.pending = False
            raise KeyboardInterrupt


@contextmanager
def watch_interrupts() -> Iterator[Interrupts]:
    """Note interrupts within the block. Only the main thread gets any."""
    interrupts = Interrupts()
    before = signal.getsignal(signal.SIGINT)

    def note(signum: int, frame: FrameType | None) -> Any:
        interrupts.pending = True
        return before(signum, frame) if callable(before) else None

    try:
        if callable(before):
            signal.signal(signal.SIGINT, note)
    except ValueError:  # not the main thread
        before = None
    try:
        yield interrupts
    finally:
        if callable(before):
            signal.signal(signal.SIGINT, before)
