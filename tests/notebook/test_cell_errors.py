"""Every error that a cell can end in: raised, and short."""

from __future__ import annotations

from pathlib import Path

import pytest

from nanobanana_nb import errors
from nanobanana_nb.errors import (
    BudgetError,
    GenerationFailedError,
    InvalidRequestError,
    LedgerError,
    MissingKeyError,
    NanobananaError,
    NotSentError,
    SettingsError,
)
from tests.notebook.bench import Bench
from tests.service import Service


@pytest.mark.parametrize(
    "cell",
    [
        "%%nanobanana\n ",
        "%%nanobanana\nA {cat}",
        "%%nanobanana -x\nA cat",
        "%%nanobanana -i no.png\nA cat",
        "%%nanobanana --provider crn\nA cat",
        "%nanobanana nothing",
    ],
)
def test_error_is_raised_and_nothing_is_printed(bench: Bench, cell: str) -> None:
    """The cell fails, so that the next one does not run on what is not there."""
    ran = bench.fails(cell, NanobananaError)
    assert ran.printed == ""
    assert ran.outputs == []
    assert len(ran.traceback) == 1
    assert ran.traceback[0].startswith(f"{type(ran.error).__name__}: ")


def test_refused_ratio_shows_warning_and_reason(bench: Bench, service: Service) -> None:
    """A ratio that is not known here is sent; the service's own words are in the error."""
    ran = bench.fails("%%nanobanana -a 7:5\nA cat", InvalidRequestError)
    assert "'7:5' is not one of 1:1" in ran.told
    assert "No credits were taken" in ran.told
    assert service.creates()[0]["body"]["input"]["aspect_ratio"] == "7:5"


def test_ignored_field_is_told_once_beside_the_result(bench: Bench, service: Service) -> None:
    """What the model does not take is not sent, and the result says so once."""
    bench.like_a_kernel()
    ran = bench.run("%%nanobanana -m nano-banana-v2 -f png -n 2\nA cat")
    assert ran.text.count("does not take output_format") == 1
    assert all("output_format" not in call["body"]["input"] for call in service.creates())


def test_missing_key_is_told(bench: Bench) -> None:
    """The real service without a key, where nobody can type one: both ways out are named."""
    ran = bench.fails("%%nanobanana --provider crun\nA cat", MissingKeyError)
    assert "CRUN_API_KEY" in ran.told
    assert "--provider simulator" in ran.told


def test_unreachable_service_is_told(bench: Bench, unreachable: str) -> None:
    """Where it was looked for, that nothing was taken, and what to check."""
    ran = bench.fails("%%nanobanana\nA cat", NotSentError)
    for said in (unreachable, "No credits were taken", "NANOBANANA_BASE_URL"):
        assert said in ran.told


@pytest.mark.parametrize("command", ["balance", "resume 1", "doctor"])
def test_commands_without_a_service_end_shortly(
    bench: Bench, unreachable: str, command: str
) -> None:
    """A command that cannot do its work says so in a line or two."""
    ran = bench.run(f"%nanobanana {command}")
    assert ran.short, ran.traceback[-1]
    assert ran.told.strip()


@pytest.mark.parametrize("cell", ["%%nanobanana\nA cat", "%nanobanana history"])
def test_home_that_is_a_file_is_told(bench: Bench, tmp_path: Path, cell: str) -> None:
    """A file in the place of the home folder: its path and the setting to change are named."""
    (tmp_path / "home").write_text("a file")
    ran = bench.run(cell)
    assert ran.short, ran.traceback[-1]
    if ran.error is not None:
        assert isinstance(ran.error, LedgerError)
        assert str(tmp_path / "home") in ran.told
        assert "NANOBANANA_HOME" in ran.told


@pytest.mark.parametrize("mark", ["[fail]", "[fail-silent]"])
def test_failed_task_is_told(bench: Bench, mark: str) -> None:
    """The reason or its absence, the money, the task, and what to do."""
    ran = bench.fails(f"%%nanobanana -o grid\nA cat {mark}", GenerationFailedError)
    assert "No credits were taken" in ran.told
    assert str(bench.names["grid"].task_id) in ran.told
    assert "reason" in ran.told or "filter" in ran.told


def test_none_of_many_is_told(bench: Bench) -> None:
    """When all images of a cell fail, the one error that is shown says that it stands for all."""
    ran = bench.fails("%%nanobanana -n 3\nA cat [fail]", GenerationFailedError)
    assert any("None of the 3 images" in line for line in ran.traceback)


def test_retry_that_fails_again_keeps_the_grid(bench: Bench) -> None:
    """A grid that has an image is returned, as a cell returns it; the failed place says why."""
    bench.run("%%nanobanana -o grid\nA {cat|dog [fail]}")
    ran = bench.run("grid.retry() is grid")
    assert ran.error is None
    assert ran.value is True
    grid = bench.names["grid"]
    assert [image.ok for image in grid] == [True, False]
    assert grid[1].error is not None
    more = bench.run("grid.repeat(2)")
    assert more.error is None
    assert [image.ok for image in more.value] == [True, True, False, False]


def test_retry_raises_where_there_is_no_image_or_nothing_was_sent(bench: Bench) -> None:
    """A grid without one image, and a bill that is not allowed, are errors."""
    bench.fails("%%nanobanana -o none\nA {cat|dog} [fail]", GenerationFailedError)
    bench.fails("none.retry()", GenerationFailedError)
    bench.run("%%nanobanana -o grid\nA {cat|dog [fail]}")
    bench.fails("grid.retry(max_credits=1)", BudgetError)


def test_nothing_made_is_not_called_made(bench: Bench) -> None:
    """Under a result without any image nobody reads that the simulator made it."""
    bench.like_a_kernel()
    ran = bench.run("%%nanobanana\nA cat [fail]")
    assert ran.all("text/plain")
    assert "Made by the built-in simulator" not in ran.text


@pytest.mark.parametrize("name", ["NANOBANANA_WAIT_S", "NANOBANANA_STATUS", "NANOBANANA_BASE_URL"])
def test_setting_that_cannot_be_used_is_told(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The variable and its value are named."""
    monkeypatch.setenv(name, "purple")
    ran = bench.fails("%%nanobanana\nA cat [fail]", SettingsError)
    assert name in ran.told
    assert "'purple'" in ran.told


@pytest.mark.parametrize("command", ["config", "doctor", "help"])
def test_bad_setting_can_be_looked_at(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """The command that the error sends people to works while the setting is wrong."""
    monkeypatch.setenv("NANOBANANA_WAIT_S", "purple")
    ran = bench.run(f"%nanobanana {command}")
    assert ran.error is None, ran.told
    assert command == "help" or "purple" in ran.text


def test_every_kind_is_told_in_three_lines() -> None:
    """Also the longest words that a service may send do not fill the screen with frames."""
    types = [value for value in vars(errors).values() if isinstance(value, type)]
    kinds = [kind for kind in types if issubclass(kind, NanobananaError)]
    assert len(kinds) > 20
    for kind in kinds:
        error = kind("What happened", why="line one\nline two\r\n\x1b[31mthree", task_id="t-1")
        lines = error._render_traceback_()
        assert sum(len(line.splitlines()) for line in lines) <= 3
        assert lines[0].startswith(kind.__name__)
        assert "\x1b" not in "".join(lines), "a service's colours stay with the service"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ALL_PROXY", "socks4://user:pass-word-9@127.0.0.1:1080"),
        ("https_proxy", "http://[::1"),
        ("SSL_CERT_FILE", "/nope.pem"),
    ],
)
def test_environment_that_cannot_be_used(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    """A cell and the commands name the variable in one sentence, and go on once it is unset."""
    monkeypatch.setenv("NANOBANANA_PROVIDER", "crun")
    monkeypatch.setenv("NANOBANANA_BASE_URL", "https://api.invalid")
    monkeypatch.setenv("CRUN_API_KEY", "ak_" + "x" * 32)
    monkeypatch.setenv(variable, value)
    for cell in ("%%nanobanana\nA fox", "%%nanobanana\nA {fox|owl}", "%nanobanana balance"):
        ran = bench.fails(cell, NanobananaError)
        assert variable in ran.told
        assert "pass-word-9" not in ran.told
    monkeypatch.delenv(variable)
    monkeypatch.setenv("NANOBANANA_PROVIDER", "simulator")
    assert bench.run("%nanobanana balance").error is None
