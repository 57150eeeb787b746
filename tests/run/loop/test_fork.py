"""A process forked while a job runs: nothing in it waits for ever."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.run.conftest import script
from tests.service import Line, Service

pytestmark = pytest.mark.skipif(
    "not hasattr(__import__('os'), 'fork')", reason="this system has no fork"
)

FORK = """
import asyncio, os, signal, time
import nanobanana_nb as nb

async def waited():
    return await job

def outcome(call):
    try:
        return eval(call)
    except nb.NanobananaError as error:
        return f"{type(error).__name__}: {error}"

BEFORE
child = os.fork()
if not child:
    signal.alarm(30)  # a child that waits for ever ends here
    for call in CALLS:
        print(outcome(call), flush=True)
    os._exit(0)
_, status = os.waitpid(child, 0)
assert status == 0, status
print(outcome("PARENT"))
"""
RUNNING = """
job = nb.submit("a heron", aspect_ratio="21:9")
while job.grid[0].task_id is None:
    time.sleep(0.01)
"""
ENDED = """
job = nb.submit("a heron", aspect_ratio="21:9")
job.result()
"""
FAILED = """
job = nb.submit("a heron [fail]", aspect_ratio="21:9")
while not job.done():
    time.sleep(0.01)
grid = job.grid
"""


@pytest.fixture
def slow(tcp: Line) -> Service:
    """A service whose tasks take two seconds."""
    return tcp.simulator(speed=1.0, median_s=2.0, sigma=0.0)


def _forked(
    service: Service, home: Path, before: str, *calls: str, parent: str = "job.result().one.ok"
) -> list[str]:
    """Fork after `before`: what each call comes to in the child, and then that of the parent."""
    code = FORK.replace("BEFORE", before).replace("CALLS", repr(calls)).replace("PARENT", parent)
    return script(code, home, service).splitlines()


@pytest.mark.long
def test_waiting_for_the_job_of_the_parent_says_so(slow: Service, tmp_path: Path) -> None:
    """The child is told at once whose job it is and what to do; the parent gets its image."""
    calls = ("job.result()", "job.follow()", "job.until_accepted()", "asyncio.run(waited())")
    *child, parent = _forked(slow, tmp_path / "home", RUNNING, *calls)
    assert len(child) == len(calls)
    for line in child:
        assert line.startswith("OtherProcessError: This process cannot wait for it: ")
        assert "before the fork" in line
        assert "not paid again" in line
    assert parent == "True"
    assert len(slow.creates()) == 1


@pytest.mark.long
def test_the_rest_of_a_job_neither_waits_nor_disturbs(slow: Service, tmp_path: Path) -> None:
    """What a child does with the job changes nothing for the parent, who gets its image."""
    calls = ("job.cancel()", "job.again(0)", "job.on_result(print)", "len(job.grid)", "job.done()")
    told = _forked(slow, tmp_path / "home", RUNNING, *calls)
    assert told == ["None", "None", "None", "1", "True", "True"]
    assert len(slow.creates()) == 1


@pytest.mark.long
def test_asking_again_in_the_child_waits_for_the_parent(slow: Service, tmp_path: Path) -> None:
    """What the error says holds: the child gets the image that its parent pays for."""
    call = "nb.generate('a heron', aspect_ratio='21:9').one.ok"
    assert _forked(slow, tmp_path / "home", RUNNING, call) == ["True", "True"]
    assert len(slow.creates()) == 1


@pytest.mark.long
@pytest.mark.parametrize("call", ["grid.retry()", "grid.repeat(2)"])
def test_grid_of_before_goes_on_in_both(service: Service, tmp_path: Path, call: str) -> None:
    """A grid made before the fork can be gone on with by child and parent, each by itself."""
    told = _forked(service, tmp_path / "home", FAILED, call, parent="grid.retry()")
    assert len(told) == 2
    assert all(line.startswith("GenerationFailedError: ") for line in told)
    assert len(service.creates()) == 3


@pytest.mark.long
def test_job_that_ended_before_the_fork_is_the_childs_too(service: Service, tmp_path: Path) -> None:
    """Images that were there at the fork are there in the child, without a wait."""
    told = _forked(service, tmp_path / "home", ENDED, "job.result().one.ok")
    assert told == ["True", "True"]
