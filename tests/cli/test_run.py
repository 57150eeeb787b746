"""`nanobanana run`: long plans, stopped in the middle and gone on with."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from nanobanana_nb import plan
from tests.cli.shell import COMMAND, Shell
from tests.fixtures import until
from tests.service import KEY

pytestmark = pytest.mark.long


@pytest.fixture
def written(slow_shell: Shell, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Path]:
    """Writes a plan of so many images of the service into the shell's folder."""

    def write(count: int) -> Path:
        for name, value in slow_shell.service.environ.items():
            monkeypatch.setenv(name, value)
        path = slow_shell.folder / "plan.json"
        path.write_text(plan("Heron {n}", {"n": list(range(count))}).to_json(), encoding="utf-8")
        return path

    return write


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends a process no SIGINT")
def test_stopped_and_gone_on_with(slow_shell: Shell, written: Callable[[int], Path]) -> None:
    """An interrupt leaves what is paid at the service; the same command fetches it, at no cost."""
    written(6)
    service = slow_shell.service
    with slow_shell.start("run", "plan.json", "--yes", "--json") as process:
        until(lambda: len(service.creates()) == 6, 60)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "6 paid images are on their way" in err
    assert "pays nothing twice" in err
    assert "Traceback" not in err
    assert '"state": "detached"' in out
    service.advance(10_000)
    again = slow_shell("run", "plan.json", "--json")
    assert again.code == 0, again.err
    assert "6 already in the ledger" in again.err
    assert len(again.value["images"]) == 6
    assert all(Path(image["path"]).is_file() for image in again.value["images"])
    assert len(service.creates()) == 6


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends a process no SIGINT")
def test_resume_fetches_it_too(slow_shell: Shell, written: Callable[[int], Path]) -> None:
    """All that is paid, or one of it by its number."""
    written(2)
    with slow_shell.start("run", "plan.json", "--yes") as process:
        until(lambda: len(slow_shell.service.creates()) == 2, 60)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    slow_shell.service.advance(10_000)
    first = slow_shell("resume", "1", "--json")
    assert first.code == 1, "the other image of its grid is still to come"
    rest = slow_shell("resume")
    assert rest.code == 0, rest.err
    assert len(rest.out.splitlines()) == 2
    nothing = slow_shell("resume", "--json")
    assert (nothing.code, nothing.value) == (0, {"images": []})
    assert len(slow_shell.service.creates()) == 2


def test_a_table_is_one_image_a_row(shell: Shell) -> None:
    """Its columns are places of the prompt and parameters, or the prompt itself."""
    (shell.folder / "birds.csv").write_text("bird,aspect_ratio\nowl,1:1\nheron,16:9\n")
    done = shell("run", "birds.csv", "--template", "A {bird}", "--yes", "--json")
    assert done.code == 0, done.err
    asked = [(i["prompt"], i["parameters"]["aspect_ratio"]) for i in done.value["images"]]
    assert asked == [("A owl", "1:1"), ("A heron", "16:9")]
    rows = '{"prompt": "A {blue} wren"}\n{"prompt": "A tit"}\n'
    (shell.folder / "birds.jsonl").write_text(rows)
    done = shell("run", "birds.jsonl", "--yes", "--json")
    assert [i["prompt"] for i in done.value["images"]] == ["A {blue} wren", "A tit"]


def test_a_plan_says_itself_what_is_made(shell: Shell) -> None:
    """Options that would be ignored are refused."""
    assert shell("make", "A {red|blue} heron", "--dry-run", "-o", "plan.json").code == 0
    done = shell("run", "plan.json", "-m", "nano-banana-pro", "--yes")
    assert done.code == 2
    assert "--model" in done.err


def test_pipe_that_is_closed_early(shell: Shell) -> None:
    """`| head -1` ends it quietly."""
    command = [*COMMAND, "config"]
    process = subprocess.Popen(
        command, env=shell.environ(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == ""
    process.stderr.close()
    assert process.wait(60) == 0


def test_adopted_and_forgotten(shell: Shell) -> None:
    """A task of elsewhere is fetched; a forgotten one costs what it did and shows nothing."""
    body = {"model": "google/nano-banana", "input": {"prompt": "A heron"}}
    url = f"{shell.service.url}/api/v1/client/job/CreateTask"
    made = httpx.post(url, json=body, headers={"x-api-key": KEY}).json()["data"]["task_id"]
    done = shell("adopt", made, "--json")
    assert done.code == 0, done.err
    (image,) = done.value["images"]
    assert image["prompt"] == "A heron"
    assert Path(image["path"]).is_file()
    assert "is in the ledger: number 1, done" in shell("adopt", made).err
    assert shell("forget", "1").code == 2
    assert shell("forget", "1", "--yes").code == 0
    assert not Path(image["path"]).exists()
    assert "forgotten" in shell("history").out
