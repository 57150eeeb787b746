"""Folders on networks: without locks nothing is begun, without shared memory WAL is left out."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.ledger.store import folder, journal
from tests.ledger.children import HEAD
from tests.ledger.conftest import intent, request_for

CREATE = """
try:
    say(claims.claim(asked("a heron"), CreateTerms(now=1.0)).to.name)
except LedgerError as error:
    say(error)
"""


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What makes a folder lack something, for the processes that load it."""
    if not shutil.which("gcc") or not sys.platform.startswith("linux"):
        pytest.skip("no compiler for the stand-in of a network folder")
    library = tmp_path_factory.mktemp("shim") / "no_locks.so"
    source = Path(__file__).with_name("no_locks.c")
    command = ["gcc", "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"]
    subprocess.run(command, check=True)
    return library


def run(shim: Path, lacking: str, home: Path, script: str) -> str:
    """Return what a process says whose home lacks something."""
    lacks = {"LD_PRELOAD": str(shim), "LACKING": lacking, "FOLDER": str(home)}
    command = [sys.executable, "-c", HEAD + script, str(home)]
    ran = subprocess.run(
        command, env={**os.environ, **lacks}, capture_output=True, text=True, timeout=60
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


def mode_of(ledger: Path) -> str:
    """The journal that a database keeps."""
    with closing(sqlite3.connect(ledger)) as connection:
        return str(connection.execute("PRAGMA journal_mode").fetchone()[0])


@pytest.mark.long
@pytest.mark.parametrize("begun", [False, True])
def test_folder_without_locks(shim: Path, tmp_path: Path, begun: bool) -> None:
    """It is noticed at once, and the error says what it is and where to go."""
    home = tmp_path / "home"
    if begun:
        intent(Ledger(home), request_for("before"), 1.0)
    since = time.monotonic()
    told = run(shim, "locks", home, CREATE)
    assert time.monotonic() - since < 10
    assert "no locks" in told
    assert "NANOBANANA_HOME to a folder on a disk of this machine" in told
    assert Ledger(home).count() == int(begun)


@pytest.mark.long
@pytest.mark.parametrize("begun", [False, True])
def test_folder_without_shared_memory(shim: Path, tmp_path: Path, begun: bool) -> None:
    """The rollback journal serves there, also for a ledger that was begun elsewhere."""
    home = tmp_path / "home"
    if begun:
        intent(Ledger(home), request_for("before"), 1.0)
    for _ in range(2):
        assert run(shim, "memory", home, CREATE) == "CREATE"
    assert mode_of(home / "ledger.sqlite") == "delete"
    assert Ledger(home).count() == 1 + begun
    intent(Ledger(home), request_for("after"), 1.0)
    assert mode_of(home / "ledger.sqlite") == "delete", "others may still be there"


@pytest.mark.long
def test_two_processes_without_shared_memory(shim: Path, tmp_path: Path) -> None:
    """Each request has one row, which one of them takes at a time."""
    home = tmp_path / "home"
    script = CREATE.replace('"a heron"', "str(n)").replace("try:", "for n in range(20):\n  try:")
    script = script.replace("    say(claims", "   say(claims").replace("except", "  except")
    lacks = {"LD_PRELOAD": str(shim), "LACKING": "memory", "FOLDER": str(home)}
    command = [sys.executable, "-c", HEAD + script, str(home)]
    env = {**os.environ, **lacks}
    both = [subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [word for one in both for word in one.communicate(timeout=60)[0].split("\n") if word]
    assert set(said) <= {"CREATE", "WAIT"}, "a lock is waited for, and no error"
    assert Ledger(home).count() == 20


SIMULATE = """
from nanobanana_nb import NanobananaError, generate
os.environ["NANOBANANA_HOME"] = str(home)
os.environ["NANOBANANA_PROVIDER"] = "simulator"
try:
    generate("[fail]")
except NanobananaError as error:
    say(error)
"""


@pytest.mark.long
@pytest.mark.parametrize(
    ("lacking", "expected"),
    [("memory", "content filter"), ("locks", "No locks available")],
)
def test_simulator_there(shim: Path, tmp_path: Path, lacking: str, expected: str) -> None:
    """It keeps its tasks in the same home, and so by the same rules."""
    since = time.monotonic()
    assert expected in run(shim, lacking, tmp_path / "home", SIMULATE)
    assert time.monotonic() - since < 20


def test_local_folder_keeps_wal(tmp_path: Path) -> None:
    """Where several processes write most often."""
    intent(Ledger(tmp_path / "home"), request_for(), 1.0)
    assert mode_of(tmp_path / "home" / "ledger.sqlite") == "wal"


MOUNTS = """\
22 1 0:21 / / rw,relatime - ext4 /dev/sda rw
23 22 0:22 / /net rw - nfs4 server:/home rw
24 22 0:23 / /net/local\\040disk rw - ext4 /dev/sdb rw
25 22 0:24 / /mnt/share rw shared:1 - cifs //server/share rw
26 22 0:25 / /mnt/far rw - fuse.sshfs far: rw
nonsense
"""


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("/data", False),
        ("/net", True),
        ("/net/deep/folder", True),
        ("/nets", False),
        ("/mnt/share/x", True),
        ("/mnt/far/x", True),
        ("/mnt", False),
        ("/net/local disk/x", False),
    ],
)
def test_file_systems_of_networks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, expected: bool
) -> None:
    """The innermost mount counts; its name may be written with escapes."""
    (tmp_path / "mountinfo").write_text(MOUNTS)
    monkeypatch.setattr(folder, "_MOUNTS", tmp_path / "mountinfo")
    assert folder.is_on_network(Path(place)) is expected
    monkeypatch.setattr(folder, "_MOUNTS", tmp_path / "nothing")
    assert folder.is_on_network(Path(place)) is False


def test_network_folder_keeps_the_rollback_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Machines share no memory, so that WAL would lose what the other one writes."""
    monkeypatch.setattr(journal, "is_on_network", lambda home: True)
    intent(Ledger(tmp_path / "home"), request_for(), 1.0)
    assert mode_of(tmp_path / "home" / "ledger.sqlite") == "delete"
