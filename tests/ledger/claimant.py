"""One claimant of a ledger in this process, under the number of another process that lives."""

from __future__ import annotations

import resource
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from unittest import mock

from PIL import Image

from nanobanana_nb.errors import OutcomeUnknownError, service_error
from nanobanana_nb.ledger.claims.claims import Claim, To
from nanobanana_nb.ledger.claims.create_terms import CreateTerms
from nanobanana_nb.ledger.claims.processes import this_process
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.ledger.tables.spending import Ceilings
from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.model.result import Generation, State
from tests.ledger.model import CEILING, GONE, Change

_NUMBERS: set[int] = set()


class Hands:
    """Uses a ledger as a process of its own would: with its own name, memory and death."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.rows: dict[int, Generation] = {}
        self._process = _sleeper()
        with self._acting():
            self._ledger = Ledger(home)
            self.name = this_process().id

    def kill(self) -> None:
        """End the process for which these hands work."""
        self._process.kill()
        self._process.wait(30)

    @contextmanager
    def _acting(self, *, full: bool = False) -> Iterator[None]:
        """Be that process; where the disk is `full` no file can grow."""
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        with mock.patch("os.getpid", return_value=self._process.pid):
            if full:
                resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
            try:
                yield
            finally:
                resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    def claim(self, prompt: str, price: float, fresh: bool, *, full: bool = False) -> Claim:
        """Claim an image under the ceiling, and remember a row that is ours."""
        order = CreateTerms(now=1.0, price=price, fresh=fresh, ceilings=Ceilings(day=CEILING))
        with self._acting(full=full):
            claim = self._ledger.claims.claim(GenerationRequest("crun", "m", prompt), order)
        if claim.to is To.LATER:
            return claim
        assert claim.generation is not None
        assert claim.generation.id is not None
        self.rows[claim.generation.id] = claim.generation
        return claim

    def leave(self, number: int, *, full: bool = False) -> None:
        """Send."""
        with self._acting(full=full):
            self.rows[number] = self._ledger.claims.leave(self.rows[number], 2.0)

    def not_taken(self, number: int) -> None:
        """Take back what was sent in vain."""
        with self._acting():
            self.rows[number] = self._ledger.claims.not_taken(self.rows[number])

    def record(self, number: int, change: Change, *, full: bool = False) -> None:
        """Write down what a run learned; its image was stored before the disk was full."""
        one = replace(self.rows[number], state=change.state, task_id=change.task_id)
        one = replace(one, credits=change.credits)
        if change.state is State.UNKNOWN:
            one = replace(one, error=OutcomeUnknownError("Lost", charged=change.charged))
        if change.state is State.FAILED:
            one = replace(one, error=service_error(501, "no", charged=change.charged))
        with self._acting():
            if change.state is State.SUCCESS:
                measured, path = self._ledger.images.store(_picture(number))
                one = replace(one, path=path, **vars(measured))
        self.rows[number] = one
        with self._acting(full=full):
            self._ledger.record(one)

    def forget(self, number: int) -> None:
        """Let go of a lost request, as the person decided."""
        with self._acting():
            one = self._ledger.get(str(number))
            assert one is not None
            self._ledger.record(replace(one, state=State.FAILED))

    def release(self, number: int, *, full: bool = False) -> None:
        """Let go of a row."""
        with self._acting(full=full):
            self._ledger.claims.release(number)

    def recover(self) -> None:
        """Take back what the dead left."""
        with self._acting():
            self._ledger.claims.recover()

    def unlink(self, number: int) -> None:
        """Delete the original of a row."""
        one = self._ledger.get(str(number))
        assert one is not None
        assert one.path is not None
        one.path.unlink()

    def spent(self) -> float:
        """Return the sum over the ledger."""
        return sum(line.credits for line in self._ledger.spending.rows())

    def table(self, names: dict[str, int]) -> dict[int, tuple[Any, ...]]:
        """Return every row as the file has it, its owner by the numbers of `names`."""
        if not self._ledger.file.exists():
            return {}
        with closing(sqlite3.connect(self._ledger.file)) as connection:
            if not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
                return {}  # the disk was full from the beginning
            found = connection.execute(
                "SELECT id, state, task_id, owner, reserved, credits FROM tasks"
            ).fetchall()
        return {
            number: (State(state), task_id, owner and names.get(owner, GONE), *money)
            for number, state, task_id, owner, *money in found
        }


def _sleeper() -> subprocess.Popen[bytes]:
    """Start a process whose number was not used before: this one remembers them all."""
    while True:
        process = subprocess.Popen(["sleep", "1000"])
        if process.pid not in _NUMBERS:
            _NUMBERS.add(process.pid)
            return process
        process.kill()
        process.wait(30)


@cache
def _picture(number: int) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (8, 8), (number % 256, number // 256, 0)).save(buffer, "PNG")
    return buffer.getvalue()
