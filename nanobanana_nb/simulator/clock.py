"""Time that does not jump."""

from __future__ import annotations

import time


class Clock:
    """UTC seconds that go on evenly even when somebody sets the machine's clock."""

    def __init__(self) -> None:
        self._start = time.time() - time.monotonic()

    def now(self) -> float:
        """Seconds since 1970 (UTC), as the machine's clock stood when this one was made."""
        return self._start + time.monotonic()
