"""A ledger that was emptied, and one whose beginning is spoiled: no task is bought again unseen."""

from __future__ import annotations

import sqlite3
import warnings
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from nanobanana_nb.errors import Charged, LedgerError
from nanobanana_nb.ledger.claims.claims import To
from nanobanana_nb.ledger.claims.create_terms import CreateTerms
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.ledger.store.repair import LedgerDamagedWarning, set_aside_files
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.plan.record import Cell
from nanobanana_nb.model.result import State
from nanobanana_nb.run import recall
from tests.ledger.conftest import given_up, intent, request_for

ORDER = CreateTerms(now=9.0)
ASKED = {"unknown": To.UNKNOWN, "open": To.FETCH}


@pytest.fixture
def begun(ledger: Ledger) -> Ledger:
    """A ledger with an unknown task and an open one, all of it in its file."""
    ledger.record(replace(intent(ledger, request_for("unknown"), 1.0), state=State.UNKNOWN))
    row = replace(intent(ledger, request_for("open"), 1.0), state=State.PENDING, task_id="t1")
    ledger.record(row)
    given_up(ledger)
    with closing(sqlite3.connect(ledger.file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return ledger


@pytest.mark.parametrize("same", [True, False], ids=["running kernel", "new kernel"])
@pytest.mark.parametrize("call", ["claim", "recover", "note"])
def test_emptied_ledger_ends_the_call_that_finds_it(begun: Ledger, same: bool, call: str) -> None:
    """A ledger of 0 bytes that held tasks is told once and buys nothing; the next call goes on."""
    begun.file.write_bytes(b"")
    ledger = begun if same else Ledger(begun.home)
    calls = {
        "claim": lambda: ledger.claims.claim(request_for("open"), ORDER),
        "recover": ledger.claims.recover,
        "note": lambda: recall.alike(ledger, Plan((Cell(request_for("open")),))),
    }
    with pytest.raises(LedgerError, match=r"ledger\.damaged-.*lost.*[Rr]unning it again") as raised:
        calls[call]()
    assert raised.value.charged is Charged.NO
    assert "NANOBANANA_HOME" not in str(raised.value)
    assert ledger.count() == 0
    assert ledger.claims.claim(request_for("open"), ORDER).to is To.CREATE
    assert len(set_aside_files(begun.home)) == 1


def test_file_that_was_never_begun_is_no_damage(home: Path) -> None:
    """A process that died between making the file and its first commit leaves 0 bytes."""
    home.mkdir(parents=True)
    (home / "ledger.sqlite").touch()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert intent(Ledger(home), request_for(), 1.0).id == 1
    assert set_aside_files(home) == []


def test_ledger_that_was_deleted_is_begun_anew_by_many_at_once(begun: Ledger) -> None:
    """Nobody takes the new file, which is empty for a moment, for one that was emptied."""
    for _ in range(5):
        for file in begun.home.glob("ledger.sqlite*"):
            file.unlink()

        def write(n: int) -> int | None:
            return intent(Ledger(begun.home), request_for(str(n)), n).id

        with ThreadPoolExecutor(4) as pool:
            assert set(pool.map(write, range(4))) == {1, 2, 3, 4}
    assert set_aside_files(begun.home) == []


SPOILED = {
    "first bytes": (0, 16),
    "size of a page": (0, 18),
    "whole head": (0, 100),
    "list of tables": (100, 4096),
    "whole first page": (0, 4096),
    "a bit of everything": (7, 3000),
}


@pytest.mark.parametrize("byte", [b"\0", b"\xff", b"S"], ids=["zeros", "ones", "letters"])
@pytest.mark.parametrize("part", sorted(SPOILED))
def test_spoiled_beginning_loses_no_row(begun: Ledger, part: str, byte: bytes) -> None:
    """Whatever is broken of the first page: every row comes along, and nothing is sent again."""
    start, end = SPOILED[part]
    whole = begun.file.read_bytes()
    broken = whole[:start] + byte * (end - start) + whole[end:]
    begun.file.write_bytes(broken)
    ledger = Ledger(begun.home)
    with pytest.warns(LedgerDamagedWarning, match="all of its tasks"):
        ledger.claims.recover()
    assert {name: ledger.claims.claim(request_for(name), ORDER).to for name in ASKED} == ASKED
    (aside,) = set_aside_files(begun.home)
    assert aside.read_bytes() == broken
    assert not list(begun.home.glob(".mending-*"))


def test_spoiled_beginning_loses_no_row_of_its_log(begun: Ledger) -> None:
    """What a killed process left in the log is read with it."""
    with closing(sqlite3.connect(begun.file)) as holder:  # the log is not emptied before its end
        holder.execute("SELECT * FROM tasks").fetchall()
        row = intent(begun, request_for("in the log"), 2.0)
        begun.record(replace(row, state=State.UNKNOWN))
        log = begun.file.with_name("ledger.sqlite-wal")
        left, whole = log.read_bytes(), begun.file.read_bytes()
    begun.file.write_bytes(b"\xff" * 16 + whole[16:])
    log.write_bytes(left)
    ledger = Ledger(begun.home)
    with pytest.warns(LedgerDamagedWarning):
        ledger.claims.recover()
    assert ledger.claims.claim(request_for("in the log"), ORDER).to is To.UNKNOWN
