"""The heartbeat of this process in the ledger, while it works on tasks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from nanobanana_nb.errors import LedgerError
from nanobanana_nb.ledger.claims import processes
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.run.loop.shield import off_loop


@dataclass(eq=False, repr=False)
class Heart:
    """Beats while at least one run is inside `beating`. Belongs to one event loop."""

    ledger: Ledger
    _runs: int = 0
    _task: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def beating(self) -> AsyncIterator[None]:
        """Keep the claims of this process alive until the block ends."""
        self._runs += 1
        if self._task is None:
            self._task = asyncio.ensure_future(self._beat())
        try:
            yield
        finally:
            self._runs -= 1
            if not self._runs:
                self._task.cancel()
                self._task = None

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(processes.BEAT_S)
            with suppress(LedgerError):  # a full disk now may have room at the next beat
                await off_loop(self.ledger.claims.beat)
                await off_loop(self.ledger.catch_up)
                await off_loop(self.ledger.claims.release_left)
