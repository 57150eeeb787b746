"""Several processes and threads on one ledger."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest

from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.model.result import State
from tests.ledger.children import child
from tests.ledger.conftest import intent, picture, request_for

WRITER = """
import sys
from dataclasses import replace
from pathlib import Path
from nanobanana_nb.ledger.claims.create_terms import CreateTerms
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.model.result import State

home, name, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
print("ready", flush=True)
sys.stdin.readline()
ledger = Ledger(home)
for n in range(count):
    asked = GenerationRequest("crun", "m", f"{name} {n}")
    row = ledger.claims.claim(asked, CreateTerms(now=float(n))).generation
    row = ledger.claims.leave(row, float(n))
    ledger.record(replace(row, state=State.PENDING, task_id=f"{name}-{n}"))
    assert ledger.find(row.request.fingerprint()).id == row.id
print("done", flush=True)
"""


def write_at_once(home: Path, processes: int, count: int) -> list[str]:
    """Let processes write this many rows each, from the same moment on; what they complain."""
    command = [sys.executable, "-c", WRITER, str(home)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    writers = [
        subprocess.Popen([*command, f"p{n}", str(count)], text=True, **pipes)  # type: ignore[call-overload]
        for n in range(processes)
    ]
    for writer in writers:
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        writer.stdin.write("\n")
        writer.stdin.flush()
    return [writer.communicate(timeout=120)[1] for writer in writers]


@pytest.mark.long
def test_three_processes_write_without_a_lock_error(ledger: Ledger) -> None:
    """Three processes write 200 tasks each into a new ledger: all arrive, nobody complains."""
    assert write_at_once(ledger.home, 3, 200) == ["", "", ""]
    rows = ledger.recent(1000)
    assert len(rows) == 600
    assert {row.task_id for row in rows} == {f"p{p}-{n}" for p in range(3) for n in range(200)}


@pytest.mark.long
def test_processes_open_a_new_ledger_at_once(tmp_path: Path) -> None:
    """The tables are made once, however many come first at the same time."""
    for attempt in range(4):
        home = tmp_path / str(attempt)
        assert write_at_once(home, 4, 1) == [""] * 4
        assert len(Ledger(home).recent(10)) == 4


@pytest.mark.long
def test_threads_open_a_new_ledger_at_once(tmp_path: Path) -> None:
    """The same holds for threads, each with a ledger object of its own."""
    for attempt in range(15):
        home, start = tmp_path / str(attempt), Barrier(6)

        def write(n: int, home: Path = home, start: Barrier = start) -> int | None:
            ledger = Ledger(home)
            start.wait()
            return intent(ledger, request_for(str(n)), n).id

        with ThreadPoolExecutor(6) as pool:
            assert set(pool.map(write, range(6))) == {1, 2, 3, 4, 5, 6}


@pytest.mark.long
def test_threads_share_one_ledger(ledger: Ledger) -> None:
    """One ledger object serves many threads."""

    def write(n: int) -> None:
        row = intent(ledger, request_for(str(n)), n)
        ledger.record(replace(row, state=State.RUNNING, task_id=f"t{n}"))
        assert ledger.get(f"t{n}") is not None

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(80)))
    assert ledger.waiting("crun") == [], "this process works on them"
    assert len(ledger.recent(100)) == 80


def test_threads_store_the_same_image(ledger: Ledger) -> None:
    """The same picture stored by many at once is one whole file."""
    data = picture(size=(256, 256))
    with ThreadPoolExecutor(8) as pool:
        stored = list(pool.map(ledger.images.store, [data] * 24))
    assert {path.read_bytes() for _, path in stored} == {data}
    assert [path.name for path in stored[0][1].parent.iterdir()] == [stored[0][1].name]


SAME = """
from collections import Counter
said = Counter()
granted = []
for n in range(30):
    found = claims.claim(asked(str(n)), CreateTerms(now=1.0, price=1.0))
    said[found.to.name] += 1
    if found.to is To.CREATE:
        granted.append(n)
        row = claims.leave(found.generation, 2.0)
        ledger.record(replace(row, state=State.PENDING, task_id=f"t{n}"))
say(*granted)
hear()
"""


@pytest.mark.long
def test_processes_with_the_same_requests(ledger: Ledger) -> None:
    """Five processes claim the same 30 requests: each may be created exactly once."""
    with ExitStack() as stack:
        ones = [stack.enter_context(child("hear()\n" + SAME, ledger.home)) for _ in range(5)]
        for one in ones:
            one.tell()
        granted = [int(n) for one in ones for n in one.hear().split()]
        assert sorted(granted) == list(range(30))
        assert ledger.waiting() == [], "all of it is in living hands"
    ledger.claims.recover()
    assert {row.task_id for row in ledger.waiting()} == {f"t{n}" for n in range(30)}
    assert ledger.count() == 30
    assert ledger.spending.today("crun", 1.0).credits == 30.0


@pytest.mark.long
def test_claims_of_the_dead_are_granted_once(ledger: Ledger) -> None:
    """What a killed process had only planned goes to one of those who ask for it at once."""
    plan = (
        "for n in range(10): claims.claim(asked(str(n)), CreateTerms(now=1.0))\nsay('done')\nhear()"
    )
    with child(plan, ledger.home) as one:
        assert one.hear() == "done"
        one.kill()
    script = """
mine = [n for n in range(10) if claims.claim(asked(str(n)), CreateTerms(now=2.0)).to is To.CREATE]
say(*mine)
hear()
"""
    with ExitStack() as stack:
        ones = [stack.enter_context(child("hear()\n" + script, ledger.home)) for _ in range(4)]
        for one in ones:
            one.tell()
        assert sorted(int(n) for one in ones for n in one.hear().split()) == list(range(10))
    assert ledger.count() == 10
