"""The files of the project: nothing that does not belong, nothing that must stay private."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

import pytest

from tests.project.sources import CHECKOUT, tracked

ALLOWED = {
    ".ci",
    ".gitignore",
    ".pre-commit-config.yaml",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "README.md",
    "binder",
    "nanobanana_nb",
    "notebooks",
    "pyproject.toml",
    "tests",
}
# Homes of people and of machines, as they slip into outputs and logs.
MACHINE_PATH = re.compile(
    r"(?<![\w.~])/(?:root|work|home/(?!jovyan)\w+|Users/\w+)/\w|[A-Z]:\\Users\\"
)
KEY = re.compile(r"\bak_([A-Za-z0-9]{32})\b")


@pytest.fixture(scope="module")
def files() -> list[Path]:
    """The files that git keeps."""
    found = [file for file in tracked() if file.exists()]
    if not found:
        pytest.skip("this is no git checkout, or nothing is committed yet")
    return found


def _text(file: Path) -> str:
    return file.read_bytes().decode("utf-8", errors="replace")


def _looks_real(key: str) -> bool:
    """Whether a key has the variety of a real one; made-up ones repeat themselves."""
    return len(set(key)) > 9 and key not in (key + key)[1:-1]


def _private(text: str) -> list[str]:
    keys = [found for found in KEY.findall(text) if _looks_real(found)]
    return keys + [found.group() for found in MACHINE_PATH.finditer(text)]


def test_top_level_is_what_it_should_be(files: list[Path]) -> None:
    """At the top stand the agreed files and folders, all of them and no others."""
    assert {file.relative_to(CHECKOUT).parts[0] for file in files} == ALLOWED


def test_nothing_private_is_kept(files: list[Path]) -> None:
    """No file holds a path of somebody's machine or something that looks like a key."""
    found = {str(file.relative_to(CHECKOUT)): _private(_text(file)) for file in files}
    assert {name: texts for name, texts in found.items() if texts} == {}


@pytest.mark.parametrize(
    "text",
    [
        "ak_" + sha256(b"any text").hexdigest()[:32],
        "".join(["/ho", "me/ada/notes"]),
        "".join(["C:", "\\Users\\ada"]),
    ],
)
def test_private_things_are_seen(text: str) -> None:
    """The search itself finds keys and paths."""
    assert _private(f"see {text} there")


def test_files_are_small(files: list[Path]) -> None:
    """No file is above 2 MB: the project stays quick to clone."""
    big = [str(file) for file in files if file.stat().st_size > 2_000_000]
    assert big == []


def test_ci_runs_the_command_of_the_readme() -> None:
    """`.ci/run` is executable and takes its command out of the README."""
    script = CHECKOUT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert "README.md" in script.read_text(encoding="utf-8")
