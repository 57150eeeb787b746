"""A home that stops taking what is written, at each moment of a run."""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from nanobanana_nb.ledger.store import database
from nanobanana_nb.model.result import State
from tests.faults.bench import Bench
from tests.faults.conftest import OpenBench
from tests.faults.proxy import Fault
from tests.mounts import small_disk
from tests.run.conftest import plan

GROUP = "the disk is full, read-only or locked"
MOMENTS = ("/estimate", "/CreateTask", "/TaskInfo", "/media/")


@dataclass
class Disk:
    """A small disk that can be filled, locked against writing, and given back."""

    folder: Path

    def fill(self) -> None:
        """Leave no room."""
        with (self.folder / "ballast").open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(512))

    def free(self) -> None:
        """Make room again."""
        self._remount("rw")
        (self.folder / "ballast").unlink(missing_ok=True)

    def protect(self) -> None:
        """Let nothing be written."""
        self._remount("ro")

    def _remount(self, how: str) -> None:
        command = ["mount", "-o", f"remount,{how}", str(self.folder)]
        subprocess.run(command, capture_output=True, check=False)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """A disk of 2 MB."""
    with small_disk(tmp_path / "disk", "2m") as folder:
        yield Disk(folder)


@pytest.fixture
def bench(disk: Disk, open_bench: OpenBench) -> Bench:
    """A bench whose home is on the small disk, which goes after it."""
    return open_bench(home=disk.folder / "home")


def when(bench: Bench, on: str, work: Callable[[], None]) -> None:
    """Do `work` right before the client gets the answer to a call."""

    def then(answer: bytes) -> bytes:
        work()
        return answer

    bench.proxy.fault(Fault(on, rewrite=then))


def told_and_kept(bench: Bench, on: str, give_back: Callable[[], None]) -> None:
    """Run into the trouble; then check what is told, and that all comes when it is over."""
    grid = bench.grid(plan(repeats=1))
    one, known = grid[0], bench.service.task_ids()
    if on == "/estimate":
        assert one.state is State.FAILED
        assert known == set()
    else:
        assert {one.task_id} == known, "the person sees the id though it may not be on disk"
        assert one.error is not None
        assert str(one.task_id) in str(one.error)
    give_back()
    bench.grid(plan(repeats=1))
    assert [row.state for row in bench.rows()][-1:] == [State.SUCCESS]
    assert len(bench.service.tasks()) == 1


@pytest.mark.parametrize("on", MOMENTS)
def test_disk_that_is_full(bench: Bench, disk: Disk, on: str) -> None:
    """From any call on nothing can be written: a clear error, and nothing is lost."""
    when(bench, on, disk.fill)
    told_and_kept(bench, on, disk.free)


@pytest.mark.parametrize("on", MOMENTS)
def test_disk_that_becomes_read_only(bench: Bench, disk: Disk, on: str) -> None:
    """So it is with a disk that takes nothing any more."""
    when(bench, on, disk.protect)
    told_and_kept(bench, on, disk.free)


@pytest.mark.parametrize("on", MOMENTS)
def test_database_that_is_locked(
    open_bench: OpenBench, monkeypatch: pytest.MonkeyPatch, on: str
) -> None:
    """So it is with a database that another program keeps to itself."""
    bench = open_bench()
    monkeypatch.setattr(database, "BUSY_S", 0.05)
    holder = sqlite3.connect(
        bench.session.ledger.file, isolation_level=None, check_same_thread=False
    )
    when(bench, on, lambda: holder.execute("BEGIN IMMEDIATE"))  # type: ignore[arg-type]
    told_and_kept(bench, on, lambda: (holder.execute("ROLLBACK"), holder.close()))  # type: ignore
