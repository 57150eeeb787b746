"""The README: two commands that are complete, and a table that is true."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from nanobanana_nb.settings.config import SETTINGS, VARIABLES, Setting, Settings
from tests.project.sources import CHECKOUT

README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")
HELP = """
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.oinspect import getdoc
shell = InteractiveShell.instance()
shell.run_line_magic("load_ext", "nanobanana_nb")
print(getdoc(shell.find_cell_magic("nanobanana")))
"""


def _set_up() -> str:
    """The section that tells how to set the project up."""
    sections = re.split(r"^## ", README, flags=re.M)
    (found,) = (part for part in sections if re.match("set.?up", part, re.I))
    return found


def _commands(text: str) -> list[str]:
    return [block.strip() for block in re.findall(r"^```sh\n(.*?)^```", text, re.M | re.S)]


def _options_of_the_table() -> set[str]:
    rows = [line for line in README.splitlines() if line.startswith("| `-")]
    return {option for row in rows for option in OPTION.findall(row.split("|")[1])}


def _options_of_the_magic(folder: Path) -> set[str]:
    command = [sys.executable, "-c", HELP]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(OPTION.findall(done.stdout))


def test_set_up_is_two_commands() -> None:
    """The set-up section has two shell commands of one line; they are the README's first two."""
    commands = _commands(_set_up())
    assert len(commands) == 2
    assert all("\n" not in command for command in commands)
    assert _commands(README)[:2] == commands


def test_each_command_is_complete() -> None:
    """Each command makes its own environment, so that it works on a fresh machine."""
    opens, tests = _commands(_set_up())
    assert "venv" in opens
    assert "01_quickstart.ipynb" in opens
    assert "venv" in tests
    assert "pytest" in tests
    assert "[test]" in tests


def test_table_names_the_options_of_the_magic(tmp_path: Path) -> None:
    """The table of options and what `%%nanobanana?` shows name the same options."""
    assert _options_of_the_table() == _options_of_the_magic(tmp_path)


def test_pictures_of_the_readme_are_there() -> None:
    """Each picture and file that the README links to is in the project."""
    links = re.findall(r"\]\((?!https?:|#)([^)\s]+)\)", README)
    links += re.findall(r'src="(?!https?:)([^"]+)"', README)
    missing = [link for link in links if not (CHECKOUT / link.partition("#")[0]).exists()]
    assert links
    assert missing == []


def _default(setting: Setting) -> str:
    """The default of a setting, as the README writes it."""
    if setting.default:
        return setting.default
    value = getattr(Settings(), setting.name)
    return f"`{value:g}`" if isinstance(value, int | float) else f"`{value}`"


def test_table_of_settings_is_the_records() -> None:
    """Each setting is in the table with its variable, sentence and default, in this order."""
    key = "| `CRUN_API_KEY` | the key | none |"
    rows = [
        f"| `{VARIABLES[setting.name]}` | {setting.sentence} | {_default(setting)} |"
        for setting in SETTINGS.values()
    ]
    _, _, table = README.partition("| variable | what it does | default |\n|---|---|---|\n")
    *lines, price = table.partition("\n\n")[0].splitlines()
    assert lines == [key, *rows]
    assert price.startswith("| `NANOBANANA_CRUN_CREDIT_PRICE` | ")  # each provider has its own


def test_default_of_a_setting_is_a_value_or_words() -> None:
    """Words stand for a default that is nobody's to write, and only for such a one."""
    unwritten = {s.name for s in SETTINGS.values() if getattr(Settings(), s.name) is None}
    assert {s.name for s in SETTINGS.values() if s.default} == unwritten | {"home"}


def test_settings_of_the_readme_are_read() -> None:
    """Every environment variable that the README names is read somewhere in the package."""
    named = set(re.findall(r"\b(?:NANOBANANA|CRUN)_[A-Z_]+\b", README))
    code = "".join(
        file.read_text(encoding="utf-8") for file in (CHECKOUT / "nanobanana_nb").rglob("*.py")
    )
    assert "CRUN_API_KEY" in named
    assert {name for name in named - {*VARIABLES.values()} if name not in code} == set()
