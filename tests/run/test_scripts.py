"""Plain scripts in their own process: the three faces, the end of the interpreter, and fork."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.model.result import State
from tests.run.conftest import script
from tests.service import Service

FACES = {
    "generate": "grid = nb.generate('a heron', aspect_ratio='21:9')",
    "submit": "grid = nb.submit('a heron', aspect_ratio='21:9').result()",
    "agenerate": "grid = asyncio.run(nb.agenerate('a heron', aspect_ratio='21:9'))",
    "await": """
async def main():
    return await nb.submit('a heron', aspect_ratio='21:9')
grid = asyncio.run(main())""",
}
SHOW = "\nprint(grid.one.ok, grid.one.cached, grid.image.width > 0, len(grid.bytes) > 0)\n"


@pytest.mark.long
@pytest.mark.parametrize("face", sorted(FACES))
def test_face_works_in_a_script(service: Service, tmp_path: Path, face: str) -> None:
    """Each face returns the image in a plain script, which then ends by itself."""
    code = f"import asyncio\nimport nanobanana_nb as nb\n{FACES[face]}{SHOW}"
    assert script(code, tmp_path / "home", service) == "True False True True\n"
    assert len(service.creates()) == 1


@pytest.mark.long
def test_second_script_pays_nothing(tmp_path: Path) -> None:
    """With no key the simulator answers; a second script finds the image of the first."""
    code = f"import nanobanana_nb as nb\n{FACES['generate']}{SHOW}"
    assert script(code, tmp_path / "home", None) == "True False True True\n"
    assert script(code, tmp_path / "home", None) == "True True True True\n"


LEAVES = """
import json, time, urllib.request
import nanobanana_nb as nb

job = nb.submit("a heron", repeats=2)
while True:
    with urllib.request.urlopen("URL/simulator/PLACE") as answer:
        if len(json.load(answer)) >= COUNT:
            break
    time.sleep(0.01)
print("leaves", flush=True)
"""


@pytest.mark.long
def test_script_that_ends_while_a_task_runs(slow: Service, tmp_path: Path) -> None:
    """The end of the interpreter writes down every task that the service has, and comes soon."""
    code = _leaving(slow, "tasks", 2)
    begun = time.monotonic()
    assert script(code, tmp_path / "home", slow) == "leaves\n"
    assert time.monotonic() - begun < 20
    found = Ledger(tmp_path / "home").waiting("crun")
    assert {row.task_id for row in found} == slow.task_ids()


@pytest.mark.long
def test_script_that_ends_while_a_create_is_on_its_way(service: Service, tmp_path: Path) -> None:
    """The end waits for the answer of a create that has left, and writes its task down."""
    service.fault("create", times=None, delay_s=1)
    code = _leaving(service, "log", 4)  # estimate, balance and two creates have arrived
    assert script(code, tmp_path / "home", service) == "leaves\n"
    rows = Ledger(tmp_path / "home").recent(10)
    assert {row.task_id for row in rows} == service.task_ids()
    assert {row.state for row in rows} <= {State.DETACHED, State.PENDING, State.SUCCESS}


@pytest.mark.long
def test_script_that_ends_before_silence_does(service: Service, tmp_path: Path) -> None:
    """A service that never answers does not keep the process alive; the intent stays as sent."""
    service.fault("create", times=None, delay_s=60)
    begun = time.monotonic()
    code = _leaving(service, "log", 4)
    assert script(code, tmp_path / "home", service, timeout=50) == "leaves\n"
    assert time.monotonic() - begun < 20
    states = {row.state for row in Ledger(tmp_path / "home").recent(10)}
    assert states <= {State.SENT, State.UNKNOWN}
    assert states


FORK = """
import os, signal, sys, time
import nanobanana_nb as nb

if BEFORE:
    assert nb.generate("before", aspect_ratio="21:9").one.ok
child = os.fork()
if not child:
    try:
        os._exit(0 if nb.generate("in the child", aspect_ratio="21:9").one.ok else 3)
    except BaseException as error:
        print(repr(error), flush=True)
    finally:
        os._exit(4)
for _ in range(160):
    done, status = os.waitpid(child, os.WNOHANG)
    if done:
        break
    time.sleep(0.05)
else:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    sys.exit("the child hangs")
assert status == 0, status
assert nb.generate("after", aspect_ratio="21:9").one.ok
print("both")
"""


@pytest.mark.long
@pytest.mark.skipif("not hasattr(__import__('os'), 'fork')", reason="this system has no fork")
@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("provider", ["over TCP", "simulator"])
def test_child_of_a_fork_generates(
    service: Service, tmp_path: Path, provider: str, before: bool
) -> None:
    """A forked child makes its image, whether its parent had made one or not, and so does it."""
    used = service if provider == "over TCP" else None
    code = FORK.replace("BEFORE", str(before))
    assert script(code, tmp_path / "home", used) == "both\n"


def _leaving(service: Service, place: str, count: int) -> str:
    code = LEAVES.replace("URL", service.url)
    return code.replace("PLACE", place).replace("COUNT", str(count))


@pytest.mark.long
@pytest.mark.parametrize("warm", ["", "nb.generate('a heron', provider='simulator')\n"])
def test_thread_that_outlives_the_main_one_is_told(
    service: Service, tmp_path: Path, warm: str
) -> None:
    """What is asked for when the program is at its end is one sentence, and nothing is sent."""
    code = f"""
import threading
import nanobanana_nb as nb
{warm}
def late():
    threading.main_thread().join()
    try:
        nb.generate('a toad')
    except nb.NanobananaError as error:
        print(error)

threading.Thread(target=late).start()
"""
    assert "program is at its end" in script(code, tmp_path / "home", service)
    assert service.creates() == []


OUTLIVES = """
import threading, time
import nanobanana_nb as nb

job = nb.submit("a heron")

def late():
    threading.main_thread().join()
    while not job.done():
        time.sleep(0.01)
    one, = job.generations
    print(one.state, one.error or "")

threading.Thread(target=late).start()
while not STATE:
    time.sleep(0.01)
"""
SENTENCES = {
    "success": "",
    "detached": "resume",
    "unknown": "not sent again by itself",
    "failed": "No credits were taken",
}


@pytest.mark.long
@pytest.mark.parametrize(
    ("place", "state", "possible"),
    [
        ("info", "job.generations[0].task_id", {"detached", "success"}),
        ("media", "job.generations[0].looks", {"detached", "success"}),
        ("create", "job.generations[0].sent_at", {"unknown", "detached", "success"}),
        ("estimate", "True", {"failed", "success", "planned", "detached"}),  # or it is late
    ],
)
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_image_on_its_way_when_the_main_thread_ends(
    service: Service, tmp_path: Path, host: str, place: str, state: str, possible: set[str]
) -> None:
    """Wherever the end of the program meets it, an image says how it stands and is not lost."""
    service.fault(place, times=None, delay_s=0.7)
    code = OUTLIVES.replace("STATE", state)
    local = replace(service, url=service.url.replace("127.0.0.1", host))
    said = script(code, tmp_path / "home", local)
    assert "a fault in" not in said
    name, _, words = said.partition(" ")
    assert name in possible
    assert SENTENCES.get(name, "") in words
