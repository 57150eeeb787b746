"""A full disk, a locked database, a home that cannot be written: told, kept, written later."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from nanobanana_nb.errors import LedgerError
from nanobanana_nb.ledger.claims.claims import To
from nanobanana_nb.ledger.claims.create_terms import CreateTerms
from nanobanana_nb.ledger.claims.pending_writes import memory_of
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.ledger.store import database
from nanobanana_nb.model.result import State
from tests.ledger.children import child
from tests.ledger.conftest import columns_of, intent, number_of, picture, request_for
from tests.mounts import small_disk

FULL = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

def full(yes):
    size = 512 if yes else resource.RLIM_INFINITY  # less than one page
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

def tried(work):
    try:
        return work()
    except LedgerError as error:
        say(type(error).__name__)

ROOM = CreateTerms(now=1.0, price=4.0)
"""


@pytest.mark.long
def test_full_disk_before_the_claim(ledger: Ledger) -> None:
    """Nothing may be created that is not written down, and the next try works."""
    intent(ledger, request_for("first"), 1.0)
    script = """
full(True)
tried(lambda: claims.claim(asked("a heron"), ROOM))
full(False)
say(claims.claim(asked("a heron"), ROOM).to.name)
"""
    with child(FULL + script, ledger.home) as one:
        assert one.end() == ["LedgerError", "CREATE"]
    assert ledger.count() == 2


def test_full_disk_before_leaving(ledger: Ledger) -> None:
    """What cannot be written down does not leave; the row stays planned and is asked again."""
    script = """
row = claims.claim(asked("a heron"), ROOM).generation
full(True)
tried(lambda: claims.leave(row, 2.0))
tried(lambda: claims.release(row.id))
full(False)
say(claims.claim(asked("a heron"), ROOM).to.name)
"""
    with child(FULL + script, ledger.home) as one:
        assert one.end() == ["LedgerError", "LedgerError", "CREATE"]
    assert ledger.count() == 1
    assert ledger.spending.today("crun", 1.0).credits == 4.0


@pytest.mark.long
@pytest.mark.parametrize("then", ["catch_up", "record", "claim", "release_left"])
def test_full_disk_after_the_answer(ledger: Ledger, then: str) -> None:
    """The id is kept and written with whatever comes next; until then it is not asked again."""
    script = """
row = claims.leave(claims.claim(asked("a heron"), ROOM).generation, 2.0)
full(True)
tried(lambda: ledger.record(replace(row, state=State.PENDING, task_id="t1")))
tried(lambda: claims.release(row.id))
tried(lambda: claims.claim(asked("a heron"), ROOM))
full(False)
if args[0] == "catch_up":
    ledger.catch_up()
elif args[0] == "record":
    other = claims.leave(claims.claim(asked("x"), ROOM).generation, 2.0)
    ledger.record(replace(other, state=State.PENDING, task_id="t2"))
elif args[0] == "release_left":
    claims.release_left()
found = claims.claim(asked("a heron"), ROOM)
say(found.to.name, found.generation.task_id)
"""
    with child(FULL + script, ledger.home, then) as one:
        assert one.end() == ["LedgerError"] * 3 + ["FETCH t1"]
    assert columns_of(ledger, 1, "task_id") == "t1"


def test_full_disk_and_then_killed(ledger: Ledger) -> None:
    """An id that never reached the disk leaves an unknown task, not one that is sent again."""
    script = """
row = claims.leave(claims.claim(asked("a heron"), ROOM).generation, 2.0)
full(True)
tried(lambda: ledger.record(replace(row, state=State.PENDING, task_id="t1")))
hear()
"""
    with child(FULL + script, ledger.home) as one:
        assert one.hear() == "LedgerError"
        one.kill()
    assert ledger.claims.claim(request_for(), CreateTerms(now=3.0)).to is To.UNKNOWN
    assert ledger.spending.today("crun", 1.0).credits == 4.0


@pytest.mark.long
def test_full_disk_while_an_image_is_stored(ledger: Ledger) -> None:
    """No part of it is left, and it can be stored when there is room."""
    script = """
from PIL import Image
buffer = BytesIO()
Image.effect_noise((256, 256), 60).convert("RGB").save(buffer, "PNG")
claims.claim(asked("a heron"), ROOM)
full(True)
tried(lambda: ledger.images.store(buffer.getvalue()))
say(len([p for p in (home / "originals").rglob("*") if p.is_file()]))
full(False)
say(ledger.images.store(buffer.getvalue())[1].read_bytes() == buffer.getvalue())
"""
    with child(FULL + script, ledger.home) as one:
        assert one.end() == ["LedgerError", "0", "True"]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 kB."""
    with small_disk(tmp_path / "disk", "256k") as folder:
        yield folder


def test_small_disk_fills_up(disk: Path) -> None:
    """Nothing is granted on a full disk; what was accepted is written when there is room."""
    ledger = Ledger(disk / "home")
    row = intent(ledger, request_for("sent"), 1.0)
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
    with pytest.raises(LedgerError, match=r"full|I/O error"):
        ledger.claims.claim(request_for("x"), CreateTerms(now=1.0))
    with pytest.raises(LedgerError, match=r"full|I/O error"):
        ledger.record(replace(row, state=State.PENDING, task_id="t1"))
    with pytest.raises(LedgerError, match="No space"):
        ledger.images.store(picture(size=(200, 200)))
    ballast.unlink()
    ledger.catch_up()
    assert columns_of(ledger, number_of(row), "task_id") == "t1"
    assert ledger.claims.claim(request_for("new"), CreateTerms(now=1.0)).to is To.CREATE


def test_locked_database(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a lock keeps from being written is an error now and is written after it ends."""
    row = intent(ledger, request_for(), 1.0)
    monkeypatch.setattr(database, "BUSY_S", 0.05)
    with closing(sqlite3.connect(ledger.file, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        with pytest.raises(LedgerError, match="locked"):
            ledger.record(replace(row, state=State.PENDING, task_id="t1"))
        with pytest.raises(LedgerError, match="locked"):
            ledger.claims.release(number_of(row))
        with pytest.raises(LedgerError, match="locked"):
            ledger.claims.claim(request_for("x"), CreateTerms(now=1.0))
        with pytest.raises(LedgerError, match="locked"):
            ledger.claims.leave(row, 2.0)
        memory = memory_of(ledger.home)
        assert (set(memory.unwritten), memory.unreleased, memory.held) == ({1}, {1}, set())
    ledger.claims.release_left()
    assert columns_of(ledger, 1, "state", "task_id", "owner") == ("pending", "t1", None)
    assert (memory.unwritten, memory.unreleased, ledger.count()) == ({}, set(), 1)


def test_claim_that_was_not_written_holds_nothing(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A commit that fails leaves no row in this process's hands that nobody would release."""
    row = intent(ledger, request_for(), 1.0)
    ledger.record(replace(row, state=State.PENDING, task_id="t1"))
    ledger.claims.release(number_of(row))
    real = sqlite3.connect

    class Full(sqlite3.Connection):
        def execute(self, sql: str, *values: object) -> sqlite3.Cursor:
            if sql == "COMMIT":
                raise sqlite3.OperationalError("database or disk is full")
            return super().execute(sql, *values)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(sqlite3, "connect", lambda *a, **k: real(*a, **{**k, "factory": Full}))
        with pytest.raises(LedgerError, match="full"):
            ledger.claims.claim(request_for(), CreateTerms(now=2.0))
    assert memory_of(ledger.home).held == set()
    assert ledger.claims.claim(request_for(), CreateTerms(now=2.0)).to is To.FETCH


def test_home_that_may_not_be_written(tmp_path: Path) -> None:
    """A folder without rights is an error that names it and the way out."""
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere; a file in the place of the folder is tested")
    home = tmp_path / "home"
    home.mkdir(mode=0o500)
    with pytest.raises(LedgerError, match="NANOBANANA_HOME"):
        Ledger(home).claims.claim(request_for(), CreateTerms(now=1.0))


def test_disk_that_is_read_only(disk: Path) -> None:
    """Nothing may be created on a disk that became read-only, and it is told."""
    ledger = Ledger(disk / "home")
    row = intent(ledger, request_for(), 1.0)
    remount = ["mount", "-o", "remount,ro", str(disk)]
    if subprocess.run(remount, capture_output=True).returncode:
        pytest.skip("a tmpfs cannot be made read-only here")
    with pytest.raises(LedgerError, match="NANOBANANA_HOME"):
        ledger.claims.claim(request_for("x"), CreateTerms(now=1.0))
    with pytest.raises(LedgerError):
        ledger.record(replace(row, state=State.PENDING, task_id="t1"))
    with pytest.raises(LedgerError):
        ledger.images.store(picture())
    subprocess.run([*remount[:2], "remount,rw", str(disk)], check=True)
    ledger.catch_up()
    assert columns_of(ledger, number_of(row), "task_id") == "t1"
