"""Accounts: who may call, how often, and with how much play money."""

from __future__ import annotations

import heapq
import math
import threading
import time
from collections import deque

from nanobanana_nb.simulator.errors import Refusal
from nanobanana_nb.simulator.options import Options

DISABLED_PREFIX = "ak_disabled"


class Account:
    """The balance, the reservations and the recent calls of one key. Not thread-safe by itself."""

    def __init__(self, balance: float) -> None:
        self.balance = balance
        self.reserved = 0.0
        self._open: list[tuple[float, str, float, float]] = []
        self._calls: deque[float] = deque()

    def settle(self, now: float) -> None:
        """Charge every task that has finished by now."""
        while self._open and self._open[0][0] <= now:
            _, _, reserved, charge = heapq.heappop(self._open)
            self.reserved -= reserved
            self.balance -= charge

    def reserve(self, task_id: str, credits: float, charge: float, finishes: float) -> None:
        """Set credits aside for a task until it finishes; then ``charge`` of them are taken."""
        heapq.heappush(self._open, (finishes, task_id, credits, charge))
        self.reserved += credits

    @property
    def available(self) -> float:
        """Credits that are neither spent nor reserved."""
        return self.balance - self.reserved

    def wait_s(self, now: float, calls: int, seconds: float) -> float:
        """Count a call; seconds to wait when it is one too many, otherwise 0."""
        while self._calls and self._calls[0] <= now - seconds:
            self._calls.popleft()
        if len(self._calls) >= calls:
            return self._calls[0] + seconds - now
        self._calls.append(now)
        return 0.0


class Accounts:
    """All accounts of one process; safe to use from several threads."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._lock = threading.Lock()
        self._accounts: dict[str, Account] = {}

    def admit(self, key: str | None) -> str:
        """Check a key and count the call: 401, 403 or 429 are raised as Refusal."""
        known = self._options.keys
        if not key:
            raise Refusal(401, "API key missing")
        if not key.startswith("ak_") if known is None else key not in known:
            raise Refusal(401)
        if key.startswith(DISABLED_PREFIX):
            raise Refusal(403)
        if (limit := self._options.limit) is not None:
            with self._lock:
                wait = self._account(key).wait_s(time.monotonic(), *limit)
            if wait > 0:
                raise Refusal(429, retry_after_s=max(1, math.ceil(wait)))
        return key

    def balance(self, key: str, now: float) -> tuple[float, float]:
        """(balance, what of it is available) of a key, after settling what has finished."""
        with self._lock:
            account = self._account(key)
            account.settle(now)
            return round(account.balance, 6), round(account.available, 6)

    def reserve(
        self, key: str, task_id: str, credits: float, *, charge: float, finishes: float, now: float
    ) -> None:
        """Reserve credits for a task; raises Refusal 402 when they do not suffice."""
        with self._lock:
            account = self._account(key)
            account.settle(now)
            if credits > account.available + 1e-9:
                raise Refusal(402)
            account.reserve(task_id, credits, charge, finishes)

    def _account(self, key: str) -> Account:
        return self._accounts.setdefault(key, Account(self._options.balance))
