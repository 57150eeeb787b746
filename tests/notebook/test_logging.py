"""What `logging` hears of us: what happens to tasks and money, and no secret and no prompt."""

from __future__ import annotations

import logging
import subprocess
import sys

import pytest

from nanobanana_nb.privacy import logs
from nanobanana_nb.privacy.redaction import keep_secret
from tests.notebook.bench import Bench
from tests.notebook.secrets_search import KEY, SIGNED
from tests.project.sources import CHECKOUT, PACKAGE, package_files

PROMPT = "A pangolin in the rain"


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """What we log, at DEBUG."""
    caplog.set_level(logging.DEBUG, logger=logs.NAME)
    return caplog


def told(log: pytest.LogCaptureFixture, level: int) -> str:
    """The lines of one level."""
    return "\n".join(
        r.getMessage() for r in log.records if r.levelno == level and r.name.startswith(logs.NAME)
    )


def test_info_has_tasks_and_money(bench: Bench, log: pytest.LogCaptureFixture) -> None:
    """Created, finished, failed, fetched and refused, with ids, model and credits."""
    image = bench.run(f"%%nanobanana\n{PROMPT}").value.one
    bench.run(f"%%nanobanana\n{PROMPT} [fail]")
    bench.run(f"%%nanobanana --max-credits 1\n{PROMPT} at night")
    bench.run(f"%%nanobanana --private\n{PROMPT}, unseen")
    text = told(log, logging.INFO)
    created = f"Image {image.id}: task {image.task_id} created, google/nano-banana, 4.0 credits"
    assert created in text
    assert f"task {image.task_id} is success, 4.0 credits" in text
    assert "is failed (GenerationFailedError)" in text
    assert f"Image {image.id}: its original is here" in text
    assert "refused for money, the bill is 4.0 credits" in text


def test_debug_has_requests(bench: Bench, log: pytest.LogCaptureFixture) -> None:
    """Method, host and path, status, time and bytes of each, and what the ledger says."""
    bench.run(f"%%nanobanana\n{PROMPT}")
    text = told(log, logging.DEBUG)
    assert "POST simulator.localhost/api/v1/client/job/CreateTask: 200 after" in text
    assert "the ledger says CREATE" in text


@pytest.mark.parametrize("option", ["", "--private"])
def test_no_prompt_is_logged(bench: Bench, log: pytest.LogCaptureFixture, option: str) -> None:
    """Not even where the service quotes it, nor at DEBUG."""
    for words in (PROMPT, f"{PROMPT} [fail]"):
        bench.run(f"%%nanobanana {option}\n{words}")
    assert log.records
    assert "pangolin" not in "".join(repr(vars(record)) for record in log.records)


def test_keys_and_links_are_taken_out(log: pytest.LogCaptureFixture) -> None:
    """In one place, for whoever of us logs what."""
    keep_secret(KEY)
    logs.logger(f"{logs.NAME}.test").info("%s and %s", KEY, SIGNED)
    logs.logger(f"{logs.NAME}.test").info(f"{KEY} and {SIGNED}")
    assert len(log.records) == 2
    for record in log.records:
        assert KEY not in repr(vars(record))
        assert "quietly" not in repr(vars(record))


def test_every_logger_is_redacted() -> None:
    """No module takes one that is not."""
    direct = {
        file.relative_to(CHECKOUT / PACKAGE).as_posix()
        for file in package_files()
        if "getLogger(" in file.read_text(encoding="utf-8")
    }
    assert direct == {"privacy/logs.py", "api/http.py"}, "the second is for httpx's own"


def test_only_faults_are_heard_unasked() -> None:
    """Where nobody set up logging, a fault of ours is shown and nothing else."""
    code = (
        "from nanobanana_nb.privacy.logs import logger\nlog = logger('nanobanana_nb.test')\n"
        "log.info('quiet')\nlog.error('a fault')\n"
        "import logging\nlogging.basicConfig(format='set up: %(message)s')\nlog.error('once')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "a fault\nset up: once\n"
