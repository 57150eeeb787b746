"""Who is alive: processes of this machine by their start, others by their heartbeat."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from nanobanana_nb.ledger.claims import processes
from nanobanana_nb.ledger.claims.claims import To
from nanobanana_nb.ledger.claims.create_terms import CreateTerms
from nanobanana_nb.ledger.claims.pending_writes import memory_of
from nanobanana_nb.ledger.claims.processes import Claimant, Liveness, this_process
from nanobanana_nb.ledger.ledger import Ledger
from tests.ledger.children import child
from tests.ledger.conftest import columns_of, given_up, intent, number_of, request_for, set_columns

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc is Linux's")
STALE_S = 0.2


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    """Another process of this machine that lives."""
    process = subprocess.Popen(["sleep", "60"])
    yield process
    process.kill()
    process.wait()


def of(process: subprocess.Popen[bytes]) -> Claimant:
    """The claimant that a process would be."""
    born = processes._born(process.pid)
    assert born is not None
    return Claimant("one", this_process().machine, process.pid, born)


def elsewhere(one: Claimant) -> Claimant:
    """The same claimant in a container of its own, where it cannot be seen."""
    return replace(one, machine="another machine")


def test_this_process_lives() -> None:
    """A process does not take itself for dead, and has one name."""
    assert not Liveness().is_gone(this_process(), 0)
    assert this_process() == this_process()
    assert this_process().pid == os.getpid()


def test_live_process_lives_without_any_beat(sleeper: subprocess.Popen[bytes]) -> None:
    """One that can be seen needs no heartbeat: a busy kernel is not a dead one."""
    liveness, one = Liveness(), of(sleeper)
    assert not liveness.is_gone(one, 0)
    assert not liveness.is_gone(one, 0)


def test_stopped_process_is_not_gone(sleeper: subprocess.Popen[bytes]) -> None:
    """Nor does one that was suspended give up its claims."""
    sleeper.send_signal(signal.SIGSTOP)
    assert not Liveness().is_gone(of(sleeper), 0)


@linux
def test_killed_process_is_gone_before_anybody_waits_for_it(
    sleeper: subprocess.Popen[bytes],
) -> None:
    """A zombie counts as gone, and so does one that its parent has waited for."""
    one = of(sleeper)
    sleeper.kill()
    os.waitid(os.P_PID, sleeper.pid, os.WEXITED | os.WNOWAIT)
    assert Path(f"/proc/{sleeper.pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    assert Liveness().is_gone(one, 0)
    sleeper.wait()
    assert Liveness().is_gone(one, 0)


@linux
def test_number_that_another_process_has_now(sleeper: subprocess.Popen[bytes]) -> None:
    """A process number that was given again does not revive the one that had it."""
    assert Liveness().is_gone(replace(of(sleeper), born="1"), 0)


@linux
def test_program_with_an_odd_name(tmp_path: Path) -> None:
    """A program's name may hold brackets and spaces; its start is read all the same."""
    odd = tmp_path / "a) Z (b"
    odd.symlink_to("/bin/sleep")
    process = subprocess.Popen([odd, "60"])
    try:
        deadline = time.monotonic() + 10
        while b"a) Z" not in (stat := Path(f"/proc/{process.pid}/stat").read_bytes()):
            assert time.monotonic() < deadline, stat
        assert not Liveness().is_gone(of(process), 0)
        assert of(process).born.isdigit()
    finally:
        process.kill()
        process.wait()


@pytest.mark.long
def test_unseen_process_lives_as_long_as_it_beats(monkeypatch: pytest.MonkeyPatch) -> None:
    """Elsewhere a claimant is gone after so long without a new beat, and not before."""
    monkeypatch.setattr(processes, "STALE_S", STALE_S)
    liveness, one = Liveness(), elsewhere(this_process())
    until = time.monotonic() + 3 * STALE_S
    beat = 0
    while time.monotonic() < until:
        assert not liveness.is_gone(one, beat)
        beat += 1
        time.sleep(STALE_S / 4)
    assert not liveness.is_gone(one, beat)
    time.sleep(1.5 * STALE_S)
    assert liveness.is_gone(one, beat)
    assert not liveness.is_gone(one, beat + 1), "it beats again"
    assert not liveness.is_gone(one, 0), "and after it began anew"


def test_first_look_never_says_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has just come has seen no silence yet."""
    monkeypatch.setattr(processes, "STALE_S", 0.0)
    assert not Liveness().is_gone(elsewhere(this_process()), 7)


def test_wall_clock_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that is set a day on kills nobody."""
    liveness, one = Liveness(), elsewhere(this_process())
    assert not liveness.is_gone(one, 1)
    monkeypatch.setattr(time, "time", lambda: 4e9)
    assert not liveness.is_gone(one, 1)


@pytest.mark.long
@linux
@pytest.mark.parametrize("trouble", ["no /proc", "too many open files"])
def test_system_that_does_not_tell(
    sleeper: subprocess.Popen[bytes],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    trouble: str,
) -> None:
    """Where the start of a process cannot be read it is not taken for dead: its beats decide."""
    one = of(sleeper)
    if trouble == "no /proc":
        monkeypatch.setattr(processes, "_PROCESSES", tmp_path)
    else:

        def refuse(path: Path, **_: str) -> str:
            raise OSError(24, "Too many open files", str(path))

        monkeypatch.setattr(Path, "read_text", refuse)
    monkeypatch.setattr(processes, "STALE_S", STALE_S)
    liveness = Liveness()
    assert not liveness.is_gone(one, 0)
    time.sleep(1.5 * STALE_S)
    assert not liveness.is_gone(one, 1)
    if trouble == "no /proc":
        sleeper.kill()
        sleeper.wait()
        assert liveness.is_gone(one, 2), "it is asked whether the process is there at all"


CLAIMER = """
number = claims.claim(asked("a heron"), CreateTerms(now=1.0)).generation.id
say(number)
while hear() == "beat":
    claims.beat()
    say("beaten")
"""


@pytest.mark.long
@pytest.mark.parametrize("seen", [True, False])
def test_claim_of_a_process_that_is_killed(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, seen: bool
) -> None:
    """Its claim is waited for as long as it lives, and then taken: at once, or after silence."""
    monkeypatch.setattr(processes, "STALE_S", STALE_S)
    if not seen:
        monkeypatch.setattr(processes, "_machine", lambda: "another machine")
    processes._CLAIMANTS.clear()
    terms = CreateTerms(now=2.0)
    with child(CLAIMER, ledger.home) as other:
        number = int(other.hear())
        for _ in range(4):
            other.tell("beat")
            assert other.hear() == "beaten"
            assert ledger.claims.claim(request_for(), terms).to is To.WAIT
            time.sleep(STALE_S / 2)
        other.kill()
        if not seen:
            assert ledger.claims.claim(request_for(), terms).to is To.WAIT
            time.sleep(1.5 * STALE_S)
        said = ledger.claims.claim(request_for(), terms)
    assert (said.to, number_of(said.generation)) == (To.CREATE, number)
    processes._CLAIMANTS.clear()


@pytest.mark.long
def test_names_of_the_dead_are_forgotten(ledger: Ledger) -> None:
    """The list of claimants does not grow with every kernel there ever was."""
    for _ in range(2):
        with child(CLAIMER, ledger.home) as other:
            other.hear()
            other.kill()
        ledger.claims.recover()
    ledger.claims.claim(request_for(), CreateTerms(now=1.0))
    ledger.claims.recover()
    names = ledger._database.read("SELECT id FROM claimants")
    assert [row["id"] for row in names] == [this_process().id]
    assert memory_of(ledger.home).held == {1}


def test_row_of_a_forgotten_claimant_is_free(ledger: Ledger) -> None:
    """An owner of whom nothing is known any more holds nothing: its task is fetched at once."""
    number = number_of(intent(ledger, request_for(), 1.0))
    set_columns(ledger, number, owner="nobody", state="pending", task_id="t1")
    assert ledger.claims.claim(request_for(), CreateTerms(now=2.0)).to is To.FETCH
    set_columns(ledger, number, owner="nobody", state="running")
    given_up(ledger)
    ledger.claims.recover()
    assert columns_of(ledger, number, "owner", "state") == (None, "detached")
