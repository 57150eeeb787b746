"""A ledger that cannot be used, was deleted by hand, or comes from the future."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from nanobanana_nb.errors import LedgerError
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.ledger.store.schema import STEPS
from nanobanana_nb.model.result import State
from tests.ledger.conftest import intent, picture, request_for

USES: dict[str, Callable[[Ledger], object]] = {
    "begin": lambda ledger: intent(ledger, request_for(), 1.0),
    "find": lambda ledger: ledger.find("f"),
    "get": lambda ledger: ledger.get("1"),
    "waiting": lambda ledger: ledger.waiting("crun"),
    "recent": lambda ledger: ledger.recent(1),
}
each_use = pytest.mark.parametrize("use", sorted(USES))


def _delete(home: Path) -> None:
    for file in home.glob("*.sqlite*"):
        file.unlink()


def test_ledger_deleted_by_hand_starts_anew(ledger: Ledger) -> None:
    """A file that disappears under a running kernel is made again, and old rows harm nobody."""
    old = intent(ledger, request_for(), 1.0)
    _delete(ledger.home)
    assert ledger.find(request_for().fingerprint()) is None
    assert intent(ledger, request_for("new"), 2.0).id == 1
    ledger.record(replace(old, id=99, state=State.PENDING))
    assert [row.request.prompt for row in ledger.recent(5)] == ["new"]


def test_home_deleted_by_hand_starts_anew(ledger: Ledger) -> None:
    """So is the whole folder."""
    intent(ledger, request_for(), 1.0)
    shutil.rmtree(ledger.home)
    assert intent(ledger, request_for(), 2.0).id == 1


@each_use
def test_name_that_the_system_does_not_take(tmp_path: Path, use: str) -> None:
    """A home folder that cannot even be looked at is an error of ours that says what to set."""
    with pytest.raises(LedgerError, match="NANOBANANA_HOME"):
        USES[use](Ledger(tmp_path / ("long" * 100)))


def test_original_that_cannot_be_looked_at_is_not_here(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the folder of the originals is closed, its images count as not fetched."""
    row = intent(ledger, request_for(), 1.0)
    found, path = ledger.images.store(picture())
    done = replace(row, state=State.SUCCESS, task_id="t1", path=path, **vars(found))

    def closed(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(os, "stat", closed)
        seen = ledger.images.completed(done)
    assert (done.ok, seen.ok) == (True, False)


@each_use
def test_newer_ledger_is_refused(home: Path, use: str) -> None:
    """A ledger with a step that is not known is refused, and says to update."""
    intent(Ledger(home), request_for(), 1.0)
    with closing(sqlite3.connect(home / "ledger.sqlite")) as connection, connection:
        connection.execute("INSERT INTO steps VALUES ('9999 of the future')")
    with pytest.raises(LedgerError, match=r"newer.*9999 of the future.*[Uu]pdate") as raised:
        USES[use](Ledger(home))
    assert "pip install" in raised.value.action


def test_steps_are_applied_once(home: Path) -> None:
    """Opening again applies nothing and keeps everything."""
    intent(Ledger(home), request_for(), 1.0)
    intent(Ledger(home), request_for(), 2.0)
    with closing(sqlite3.connect(home / "ledger.sqlite")) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM steps")]
    assert names == [name for name, _ in STEPS]
    assert len(Ledger(home).recent(5)) == 2


def test_step_that_was_cut_off_is_repeated(home: Path) -> None:
    """A file that stopped before its first step is brought up to date."""
    home.mkdir(parents=True)
    with closing(sqlite3.connect(home / "ledger.sqlite")) as connection, connection:
        connection.execute("CREATE TABLE steps (name TEXT PRIMARY KEY)")
    assert intent(Ledger(home), request_for(), 1.0).id == 1


def test_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    """A home that is a file cannot be written, and the error names it and the way out."""
    home = tmp_path / "home"
    home.write_text("in the way")
    with pytest.raises(LedgerError, match="home") as raised:
        intent(Ledger(home), request_for(), 1.0)
    assert "NANOBANANA_HOME" in str(raised.value)
    assert home.read_text() == "in the way"


def test_file_above_the_folder(tmp_path: Path) -> None:
    """So does a file somewhere above it."""
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(LedgerError):
        intent(Ledger(tmp_path / "file" / "home"), request_for(), 1.0)


@each_use
@pytest.mark.parametrize("head", [b"no database\n", b"SQLite format 3\x00"])
def test_what_is_no_database_is_set_aside(home: Path, use: str, head: bytes) -> None:
    """A ledger file that is no database is kept under a name that is told, and a new one works."""
    home.mkdir(parents=True)
    broken = head + b"\xff" * 4096
    (home / "ledger.sqlite").write_bytes(broken)
    with pytest.raises(LedgerError, match=r"ledger\.damaged-"):
        USES[use](Ledger(home))
    (aside,) = home.glob("ledger.damaged-*.sqlite")
    assert aside.read_bytes() == broken
    USES[use](Ledger(home))


@each_use
def test_folder_in_the_place_of_the_file_is_told(home: Path, use: str) -> None:
    """A folder of that name is told as what it is."""
    (home / "ledger.sqlite").mkdir(parents=True)
    with pytest.raises(LedgerError, match=r"ledger\.sqlite.*it is a folder.*Move it") as raised:
        USES[use](Ledger(home))
    assert "NANOBANANA_HOME" not in str(raised.value)


@each_use
def test_foreign_database_is_told(home: Path, use: str) -> None:
    """A database of somebody else's is told as what it is."""
    home.mkdir(parents=True)
    with closing(sqlite3.connect(home / "ledger.sqlite")) as connection, connection:
        connection.execute("CREATE TABLE tasks (other TEXT)")
    with pytest.raises(LedgerError, match="no ledger, or not a whole one") as raised:
        USES[use](Ledger(home))
    assert "NANOBANANA_HOME" not in str(raised.value)


@pytest.mark.parametrize("table", ["tasks", "claimants"])
def test_ledger_without_a_table_is_told(ledger: Ledger, table: str) -> None:
    """A table that is gone is no fault of the folder, and nothing is created without it."""
    intent(ledger, request_for(), 1.0)
    with closing(sqlite3.connect(ledger.file)) as connection:
        connection.execute(f"DROP TABLE {table}")
    with pytest.raises(LedgerError, match=f"{table}.*not a whole one") as raised:
        intent(ledger, request_for("new"), 2.0)
    assert "NANOBANANA_HOME" not in str(raised.value)


@pytest.mark.parametrize("prompt", ["half a pair \ud83d", "\udcff"])
def test_text_that_cannot_be_encoded(ledger: Ledger, prompt: str) -> None:
    """Half a surrogate pair, as a broken paste gives it, is stored or refused, never a crash."""
    try:
        row = intent(ledger, request_for(prompt), 1.0)
    except LedgerError:
        assert ledger.recent(5) == []
    else:
        assert ledger.get(str(row.id)) == row
