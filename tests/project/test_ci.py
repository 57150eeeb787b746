"""`.ci/run`: what fails runs once more, alone, and what then passes is named."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.project.sources import CHECKOUT

README = """
```sh
true
```

```sh
.venv/bin/python -m pytest -n 1
```
"""
PASSES = "def test_passes():\n    assert True\n"
FAILS = "def test_fails():\n    assert False\n"
FLAKY = """
import os, pathlib

def test_flaky():
    first = pathlib.Path("first")
    seen, alone = first.exists(), "PYTEST_XDIST_WORKER" not in os.environ
    first.touch()
    assert seen and alone
"""


def _program(file: Path, line: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
    file.chmod(0o755)


def _run(checkout: Path, tests: str) -> subprocess.CompletedProcess[str]:
    """Run a copy of the script over a project that has nothing but these tests."""
    (checkout / ".ci").mkdir()
    shutil.copy(CHECKOUT / ".ci" / "run", checkout / ".ci" / "run")
    (checkout / "README.md").write_text(README, encoding="utf-8")
    (checkout / "test_it.py").write_text(tests, encoding="utf-8")
    (checkout / "pytest.ini").write_text("[pytest]\naddopts = -p xdist\n", encoding="utf-8")
    _program(checkout / ".venv/bin/python", f'exec {sys.executable} "$@"')
    _program(checkout / "programs/npm", "true")  # nothing is to be installed here
    environ = {name: value for name, value in os.environ.items() if "PYTEST" not in name}
    environ |= {"NANOBANANA_CHROMIUM": "none", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    environ["PATH"] = f"{checkout / 'programs'}{os.pathsep}{environ['PATH']}"
    command = ["bash", str(checkout / ".ci" / "run")]
    return subprocess.run(
        command, cwd=checkout, env=environ, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("tests", "status", "flaky"),
    [
        (PASSES, 0, ""),
        (PASSES + FLAKY, 0, "test_it.py::test_flaky"),
        (PASSES + FAILS, 1, ""),
        (FAILS + FLAKY, 1, "test_it.py::test_flaky"),
        ("no python at all", 2, ""),
    ],
    ids=["passes", "flaky", "fails", "fails and flaky", "is not collected"],
)
def test_ci_names_what_is_flaky(tmp_path: Path, tests: str, status: int, flaky: str) -> None:
    """What passes alone is listed and forgiven; what fails again fails the run."""
    done = _run(tmp_path, tests)
    _, _, listed = done.stdout.partition("\nflaky\n")
    assert (done.returncode, listed.strip()) == (status, flaky), done.stdout + done.stderr


def test_ci_forgets_what_failed_before(tmp_path: Path) -> None:
    """Failures of an earlier run are not taken for failures of this one."""
    cache = tmp_path / ".pytest_cache/v/cache"
    cache.mkdir(parents=True)
    (cache / "lastfailed").write_text('{"test_it.py::test_passes": true}', encoding="utf-8")
    done = _run(tmp_path, PASSES + FLAKY)
    assert done.stdout.rstrip().endswith("\nflaky\ntest_it.py::test_flaky")
