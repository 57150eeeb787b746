"""`%nanobanana` and its words."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from nanobanana_nb.entry import launch
from nanobanana_nb.errors import (
    DownloadError,
    GenerationFailedError,
    InputError,
    NanobananaError,
)
from nanobanana_nb.model.catalog import MODELS
from nanobanana_nb.notebook.commands.registry import COMMANDS
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.html.report import Report
from tests.html_reader import Reader
from tests.notebook.bench import Bench, wait_until
from tests.service import Service

LITE = "-m nano-banana-2-lite"
# These want to know of what, and the panel wants a kernel.
WITH_WORDS = {"show", "resolve", "export", "retry", "rerun", "tree", "panel", "adopt", "forget"}
BUDGET = 400_000  # characters of one output


@pytest.mark.parametrize("command", [*sorted({*COMMANDS} - WITH_WORDS), "", "-h", "--help"])
def test_command_answers_in_text_and_html(bench: Bench, command: str) -> None:
    """Each word, and none at all, answers with text and with HTML that is in order."""
    ran = bench.run(f"%nanobanana {command}")
    assert ran.error is None, ran.told
    assert isinstance(ran.value, Report)
    (html,) = ran.all("text/html")
    assert Reader(html).text
    assert ran.text.strip()


def test_value_of_a_command_can_be_kept(bench: Bench) -> None:
    """`x = %nanobanana balance` shows nothing until `x` is asked for."""
    assert bench.run("x = %nanobanana balance").outputs == []
    assert "1,000 credits" in bench.run("x").text


def test_balance_tells_credits_and_service(bench: Bench) -> None:
    """The number, grouped as people write it, and whose it is."""
    assert bench.run("%nanobanana balance").text.strip().startswith("1,000 credits left")


def test_models_tell_what_each_takes(bench: Bench) -> None:
    """One row for each model, with ratios, formats and sizes."""
    text = bench.run("%nanobanana models").text
    for name in MODELS:
        short = name.removeprefix("google/")
        assert any(line.startswith(f"{short} ") for line in text.splitlines())
    for said in ("21:9", "jpeg", "4K", "aspect ratio"):
        assert said in text


def test_models_are_told_without_the_service(bench: Bench, unreachable: str) -> None:
    """What each model takes is known here, so a service that is away does not hide it."""
    ran = bench.run("%nanobanana models")
    assert ran.error is None, ran.told
    assert "nano-banana-pro" in ran.text
    assert "not be reached" in ran.text


def test_history_is_newest_first(bench: Bench) -> None:
    """Prompt, state, credits and task of each; as many as asked for."""
    bench.run("%%nanobanana\nThe first [fail]")
    bench.run(f"%%nanobanana {LITE}\nThe second")
    text = bench.run("%nanobanana history").text
    assert text.index("The second") < text.index("The first")
    assert "2.5" in text
    assert "failed" in text
    assert "The first" not in bench.run("%nanobanana history 1").text


def test_history_shows_pictures_in_html_only(bench: Bench) -> None:
    """The thumbnail stands in the HTML; the text has columns that a person can read."""
    made = bench.run(f"%%nanobanana {LITE}\nA cat").value.one
    ran = bench.run("%nanobanana history")
    assert "data:image/jpeg" in ran.html
    assert made.sha256 not in ran.text, "64 letters that nobody reads"


def test_history_and_result_use_the_same_words(bench: Bench) -> None:
    """An image that is here is `done` in the list as under its cell."""
    bench.run(f"%%nanobanana {LITE}\nA cat")
    assert "done" in bench.run("%nanobanana history").text


@pytest.mark.parametrize("limit", ["0", "0 cat", "00"])
def test_history_wants_a_number(bench: Bench, limit: str) -> None:
    """A number below 1 is refused with an example."""
    assert "history 50" in bench.fails(f"%nanobanana history {limit}", InputError).told


def test_history_of_any_length_fits_an_output(bench: Bench, tmp_path: Path) -> None:
    """A thousand tasks do not make an output that a notebook cannot hold."""
    bench.run(f"%%nanobanana {LITE}\nA cat")
    _repeat_row(tmp_path / "home" / "ledger.sqlite", 600)
    ran = bench.run("%nanobanana history 600")
    assert ran.error is None, ran.told
    assert len(ran.html) < BUDGET


def test_number_is_no_beginning_of_a_task(bench: Bench, tmp_path: Path) -> None:
    """`show 99` in a ledger of one row is not the task whose id happens to begin with 99."""
    bench.run("%%nanobanana\n[fail]")
    with closing(sqlite3.connect(tmp_path / "home" / "ledger.sqlite")) as ledger, ledger:
        ledger.execute("UPDATE tasks SET task_id = '99' || task_id")
    bench.fails("%nanobanana show 99", InputError)


def _repeat_row(file: Path, times: int) -> None:
    columns = "provider, request, state, created_at, task_id, sha256, media_type, width, height"
    with closing(sqlite3.connect(file)) as ledger, ledger:
        for number in range(times):
            ledger.execute(
                f"INSERT INTO tasks (fingerprint, {columns})"
                f" SELECT ?, {columns} FROM tasks WHERE id = 1",
                (f"copy {number}",),
            )


def test_history_takes_an_absurd_number(bench: Bench) -> None:
    """More than any ledger holds is all of it, or a refusal, but no traceback."""
    bench.run("%%nanobanana\n[fail]")
    ran = bench.run(f"%nanobanana history {10**20}")
    assert ran.short, ran.traceback[-1]


def test_show_finds_by_number_task_and_beginning(bench: Bench) -> None:
    """The number in the ledger, the task id, or its first letters name an image."""
    made = bench.run(f"%%nanobanana {LITE}\nA cat").value.one
    for name in (str(made.id), made.task_id, made.task_id[:9]):
        ran = bench.run(f"%nanobanana show {name}")
        assert ran.value.one.sha256 == made.sha256
        assert len(ran.all("image/jpeg")) == 1


@pytest.mark.parametrize("words", ["", "1 2", "4711000", "nothing", "''"])
def test_show_of_nothing_names_history(bench: Bench, words: str) -> None:
    """No name, two, or one that is not there: the error says where names are listed."""
    bench.run("%%nanobanana\n[fail]")
    assert "%nanobanana history" in bench.fails(f"%nanobanana show {words}", InputError).told


def test_resume_fetches_what_is_paid(bench: Bench, service: Service) -> None:
    """A task that nobody waited for is fetched without a new create."""
    service.fault(on="create", task="unknown-state", looks=2)
    job = bench.run(f"%%nanobanana {LITE} --no-wait -o job\nA cat").value
    ledger = launch.session_for().ledger
    wait_until(lambda: any(row.task_id for row in ledger.recent(1)))
    assert ledger.waiting("simulator") == [], "a run follows it"
    job.cancel()
    wait_until(lambda: bool(ledger.waiting("simulator")))
    assert not job.grid.one.ok
    ran = bench.run("%nanobanana resume")
    assert ran.value.one.ok, ran.told
    assert len(service.creates()) == 1
    assert "Nothing to resume" in bench.run("%nanobanana resume").text


def test_resume_shows_a_grid_in_its_places(bench: Bench, service: Service) -> None:
    """What was stopped comes back as the grid that it was, in the one in hand too."""
    service.fault(on="create", task="unknown-state", looks=50)
    job = bench.run(f"%%nanobanana {LITE} --no-wait -o cats\nA cat, {{style: ink|oil}}").value
    ledger = launch.session_for().ledger
    wait_until(lambda: len([row for row in ledger.recent(2) if row.task_id]) == 2)
    wait_until(lambda: any(image.ok for image in job.generations))
    job.cancel()
    wait_until(lambda: bool(ledger.waiting("simulator")))
    service.forget_faults()
    wait_until(lambda: not bench.names["cats"].running)
    resumed = bench.run("%nanobanana resume").value
    assert isinstance(resumed, ImageGrid)
    assert (len(resumed), len(resumed["ink"]), resumed.number) == (2, 1, 1)
    assert all(image.ok for image in [*resumed, *bench.names["cats"]])
    assert resumed.retry() is resumed, "it can be gone on with"
    assert len(service.creates()) == 2


def test_resume_by_number_of_what_is_here(bench: Bench, service: Service) -> None:
    """Naming an image that is here gives it and pays nothing."""
    bench.run(f"%%nanobanana {LITE}\nA cat")
    assert bench.run("%nanobanana resume 1").value.one.ok
    assert len(service.creates()) == 1


@pytest.mark.parametrize("status", [422, 500])
def test_resume_of_what_has_no_task_is_told(bench: Bench, service: Service, status: int) -> None:
    """A create that was refused or lost has nothing to fetch: said in words."""
    service.fault(on="create", status=status)
    bench.run("%%nanobanana\nA cat")
    ran = bench.fails("%nanobanana resume 1", NanobananaError)
    assert not isinstance(ran.error, DownloadError)
    assert len(service.creates()) == 1


def test_resume_of_a_stranger_is_told(bench: Bench) -> None:
    """A name that the ledger does not know is named."""
    assert "'4711000'" in bench.fails("%nanobanana resume 4711000", InputError).told


def test_wait_shows_what_finished_meanwhile(bench: Bench) -> None:
    """Jobs that ended before anybody waited are shown too, once."""
    bench.like_a_kernel()
    bench.run(f"%%nanobanana {LITE} --no-wait -o cat\nA cat")
    bench.run("cat.wait();")
    ran = bench.run("%nanobanana wait")
    assert len(ran.all("image/jpeg")) == 1, ran.text


def test_several_grids_are_shown_once(bench: Bench) -> None:
    """Each stands under the cell, and the list of them is its value without a word of its own."""
    bench.like_a_kernel()
    for bird in ("heron", "owl"):
        bench.run(f"%%nanobanana {LITE} --no-wait\n{bird}")
    ran = bench.run("%nanobanana wait")
    assert [grid.one.request.prompt for grid in ran.value] == ["heron", "owl"]
    assert len(ran.all("image/jpeg")) == 2
    assert bench.shell.shown == [], "no value is shown beside them"
    assert "heron" in bench.run("_").text, "in another cell it is a value as any other"


def test_wait_tells_of_what_failed_meanwhile(bench: Bench) -> None:
    """A background job that failed is not passed over in silence."""
    job = bench.run("%%nanobanana --no-wait\nA cat [fail]").value
    wait_until(job.done)
    assert isinstance(bench.run("%nanobanana wait").error, GenerationFailedError)


def test_wait_waits_for_all_of_them(bench: Bench) -> None:
    """One job that fails does not leave the others running."""
    bench.run("%%nanobanana --no-wait -o first\nA cat [fail]")
    bench.run(f"%%nanobanana {LITE} --no-wait -o second\nA cat")
    bench.run("%nanobanana wait")
    assert bench.run("first.running, second.running").value == (False, False)
    assert bench.run("second.one.ok").value is True


def test_wait_with_nothing_to_wait_for(bench: Bench) -> None:
    """It says so."""
    assert "Nothing runs" in bench.run("%nanobanana wait").text


@pytest.mark.parametrize(
    ("word", "near"), [("balence", "balance"), ("modles", "models"), ("Help", "help")]
)
def test_unknown_command_names_the_nearest(bench: Bench, word: str, near: str) -> None:
    """A slip is answered with the word that was meant."""
    assert f"did you mean {near}?" in bench.fails(f"%nanobanana {word}", InputError).told


def test_prompt_after_one_percent_is_told(bench: Bench, service: Service) -> None:
    """Who writes a prompt after `%nanobanana` is told of `%%nanobanana`."""
    ran = bench.fails("%nanobanana a cat in the rain", InputError)
    assert "%%nanobanana" in ran.told
    assert service.creates() == []


@pytest.mark.parametrize("command", ["balance", "models", "wait", "doctor", "config", "help"])
def test_further_words_are_refused(bench: Bench, command: str) -> None:
    """A command that takes no words names those that it got."""
    assert "now please" in bench.fails(f"%nanobanana {command} now please", InputError).told


@pytest.mark.parametrize("command", ["history", "show 1"])
def test_what_is_here_needs_no_key(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """The ledger can be read when the service cannot be used, for want of a key."""
    bench.run("%%nanobanana\n[fail]")
    monkeypatch.setenv("NANOBANANA_PROVIDER", "crun")
    ran = bench.run(f"%nanobanana {command}")
    assert ran.error is None, ran.told
