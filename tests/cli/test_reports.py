"""The commands that report: a text for people, one JSON value for programs."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from nanobanana_nb.cli.exit_codes import ExitCode
from nanobanana_nb.cli.shell_commands import SHELL_COMMANDS
from tests.cli.shell import Shell
from tests.project.sources import CHECKOUT

pytestmark = pytest.mark.long

README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
MAKES = {"make", "run", "adopt", "forget"}  # what they do is tested where they stand
WORDS = {
    "search": ("heron",),
    "show": ("1",),
    "export": ("1", "heron.html"),
    "resume": ("1",),
}
NOT_LOADED = ("IPython", "ipywidgets", "pandas", "PIL", "httpx", "asyncio")


@pytest.mark.parametrize("name", sorted(SHELL_COMMANDS.keys() - MAKES))
def test_json_is_the_whole_answer(shell: Shell, name: str) -> None:
    """One value stands on the standard output; without `--json` it is a text."""
    assert shell("make", "A heron", "--yes").code == 0
    words = WORDS.get(name, ())
    done = shell(name, *words, "--json")
    assert done.code == 0, done.err
    assert json.loads(done.out) is not None
    assert shell(name, *words).code == 0


def test_history_is_of_images(shell: Shell) -> None:
    """Each has its number, what was asked, what it cost and where it lies."""
    shell("make", "A {red|blue} heron", "--yes")
    (first, second) = shell("history", "--json").value
    assert {first["prompt"], second["prompt"]} == {"A red heron", "A blue heron"}
    assert {first["credits"], second["credits"]} == {4}
    assert len(shell("search", "blue", "--json").value) == 1
    assert "A red heron" in shell("history", "1").out + shell("history", "2").out
    assert sum(row["credits"] for row in shell("spend", "--json").value) == 8
    assert "this folder 8" in shell("spend").out


def test_misspelt_limit_is_told(shell: Shell) -> None:
    """A limit that is none is a line beside the answer, and no warning of Python's."""
    done = shell("balance", NANOBANANA_MAX_CREDIT_DAY="5")
    assert done.code == 0
    assert done.err.startswith("NANOBANANA_MAX_CREDIT_DAY is set and is no setting")
    assert done.err.count("\n") == 1


def test_private_prompt_is_in_no_answer(shell: Shell) -> None:
    """A program that reads the answer keeps it."""
    done = shell("make", "A secret heron", "--private", "--yes", "--json")
    assert done.code == 0
    assert "secret" not in done.out


def test_every_command_has_its_help(shell: Shell) -> None:
    """Each is in the list, and tells its own words; the exit codes stand below."""
    told = shell("-h").out
    for code in ExitCode:
        assert f"{code.value}  {code.sentence}" in told
    for name, command in SHELL_COMMANDS.items():
        assert f"    {name} " in told
        assert command.purpose.replace("`", "")[1:20] in shell(name, "-h").out


def test_readme_has_the_commands_and_the_codes() -> None:
    """What a shell takes, and what it answers a script."""
    chapter = README.partition("## Command line")[2].partition("\n## ")[0]
    for name in SHELL_COMMANDS:
        assert f"`{name}" in chapter or f"nanobanana {name}" in chapter, name
    for code in ExitCode:
        assert f"{code.value} {code.sentence}" in " ".join(chapter.split()), code


@pytest.mark.parametrize("words", [("--version",), ("-h",), ("history",), ("spend",)])
def test_a_report_starts_quickly(shell: Shell, words: tuple[str, ...]) -> None:
    """What takes long to import is not, where it is not used."""
    assert shell("make", "A heron", "--yes").code == 0
    code = (
        "import sys\nfrom nanobanana_nb.cli.command_line import main\n"
        f"try:\n    main({list(words)!r})\nexcept SystemExit:\n    pass\n"
        "sys.stderr.write(' '.join(m for m in sys.modules if '.' not in m))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=shell.environ(PYTHONPATH=str(CHECKOUT)),
        capture_output=True,
        text=True,
        check=True,
    )
    assert set(NOT_LOADED) & set(done.stderr.split()) == set()


def test_simulator_serves() -> None:
    """`nanobanana simulator` takes the words of its own module."""
    done = subprocess.run(
        [sys.executable, "-m", "nanobanana_nb", "simulator", "--speed", "-1"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "speed must be a number" in done.stderr
