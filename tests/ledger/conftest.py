"""A ledger of the test's own, requests for it, and small pictures."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from nanobanana_nb.ledger.claims import processes
from nanobanana_nb.ledger.claims.create_terms import CreateTerms
from nanobanana_nb.ledger.claims.pending_writes import memory_of
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.model.result import Generation


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder that is not there yet."""
    return tmp_path / "new" / "home"


@pytest.fixture
def ledger(home: Path) -> Ledger:
    """A ledger that has never been used."""
    return Ledger(home)


def request_for(prompt: str = "a heron", **fields: Any) -> GenerationRequest:
    """A request with this prompt."""
    return GenerationRequest(**{"provider": "crun", "model": "m", **fields, "prompt": prompt})


def intent(ledger: Ledger, request: GenerationRequest, now: float) -> Generation:
    """Write that a request leaves now, as a run does, and return its row."""
    row = ledger.claims.claim(request, CreateTerms(now=now, fresh=True)).generation
    assert row is not None
    return ledger.claims.leave(row, now)


def given_up(ledger: Ledger) -> None:
    """Let this process die, as far as the ledger knows: it works on nothing any more."""
    memory_of(ledger.home).held.clear()


def strangers(ledger: Ledger, number: int, *, alive: bool) -> None:
    """Give a row to another process of this machine, which lives or has ended."""
    memory_of(ledger.home).held.discard(number)
    pid = os.getppid()
    born = processes._born(pid) if alive else "0"  # nothing started with the machine
    name = f"stranger {alive}"
    known = (name, processes.this_process().machine, pid, born)
    with closing(sqlite3.connect(ledger.file)) as connection, connection:
        connection.execute("INSERT OR IGNORE INTO claimants VALUES (?, ?, ?, ?, 0)", known)
        connection.execute("UPDATE tasks SET owner = ? WHERE id = ?", (name, number))


def set_columns(ledger: Ledger, number: int, **columns: Any) -> None:
    """Write straight into a row."""
    names = ", ".join(f"{name} = ?" for name in columns)
    with closing(sqlite3.connect(ledger.file)) as connection, connection:
        connection.execute(f"UPDATE tasks SET {names} WHERE id = ?", (*columns.values(), number))


def columns_of(ledger: Ledger, number: int, *names: str) -> Any:
    """Return columns of a row as they stand in the file."""
    with closing(sqlite3.connect(ledger.file)) as connection:
        found = connection.execute(
            f"SELECT {', '.join(names)} FROM tasks WHERE id = ?", (number,)
        ).fetchone()
    return found[0] if len(names) == 1 and found else found


def number_of(row: Generation | None) -> int:
    """The number of a row that must have one."""
    assert row is not None
    assert row.id is not None
    return row.id


def picture(kind: str = "PNG", size: tuple[int, int] = (64, 48), **options: Any) -> bytes:
    """The bytes of a picture with some noise in it."""
    buffer = BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(buffer, kind, **options)
    return buffer.getvalue()
