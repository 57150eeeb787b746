"""How a simulated service behaves: one frozen record."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

_CALLS, _WINDOW_S = 20, 10.0  # what a public client of the service holds itself to


@dataclass(frozen=True, kw_only=True)
class Options:
    """The settings of one simulated service.

    ``speed`` multiplies every duration: 1 is as slow as the real service, 0.1 ten times faster,
    0 finishes every task at once. ``seed``, ``median_s`` and ``sigma`` shape the log-normal
    durations in seconds. ``balance`` is the play money (credits) of each account at the start.
    ``keys`` names the only keys that are let in; with ``None`` any key that begins with ``ak_`` is
    an account of its own. ``rate`` is (calls, seconds) for each key; with ``None`` 20 calls in 10
    seconds, and so many times faster as durations are shorter. ``link_life_s`` is how long
    media and upload links live. ``state`` is a SQLite file that keeps tasks and uploads over a
    restart; balances start anew. ``base_url`` is what links begin with; with ``None`` it is taken
    from each request. ``faults`` opens the control endpoints for tests.
    """

    speed: float = 1.0
    seed: int = 0
    median_s: float = 12.0
    sigma: float = 0.35
    balance: float = 1000.0
    keys: tuple[str, ...] | None = None
    rate: tuple[int, float] | None = None
    link_life_s: float = 3600.0
    state: Path | None = None
    base_url: str | None = None
    faults: bool = False

    def __post_init__(self) -> None:
        """Refuse numbers that cannot be meant; raises ValueError."""
        for name in ("speed", "median_s", "sigma", "balance", "link_life_s"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value >= 0):
                raise ValueError(f"{name} must be a number of 0 or more, not {value!r}")
        if self.rate is not None and (self.rate[0] < 1 or not self.rate[1] > 0):
            raise ValueError(f"rate must be (calls, seconds), both above 0, not {self.rate!r}")

    @property
    def limit(self) -> tuple[int, float] | None:
        """Calls and seconds for each key; None where nothing takes time."""
        if self.rate is None and self.speed:
            return _CALLS, _WINDOW_S * min(1.0, self.speed)
        return self.rate
