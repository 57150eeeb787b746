"""The public functions in a plain script, without a kernel."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.kernel.environments import Environment

pytestmark = pytest.mark.kernel


def _run(environment: Environment, folder: Path, source: str) -> subprocess.CompletedProcess[str]:
    script = folder / "script.py"
    script.write_text(source, encoding="utf-8")
    command = [str(environment.python), str(script)]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )


def test_generate_in_a_script(environment: Environment, tmp_path: Path) -> None:
    """A script imports `generate`, gets its pictures and ends with exit code 0."""
    done = _run(
        environment,
        tmp_path,
        "from nanobanana_nb import generate\n"
        "grid = generate('a heron', repeats=2)\n"
        "print(len(grid), *(one.image.size for one in grid))\n",
    )
    assert (done.returncode, done.stdout) == (0, "2 (1024, 1024) (1024, 1024)\n"), done.stderr


def test_agenerate_in_a_script(environment: Environment, tmp_path: Path) -> None:
    """`agenerate` runs on the loop of `asyncio.run`."""
    done = _run(
        environment,
        tmp_path,
        "import asyncio, nanobanana_nb\n"
        "grid = asyncio.run(nanobanana_nb.agenerate('a heron'))\n"
        "print(len(grid), grid[0].path.exists())\n",
    )
    assert (done.returncode, done.stdout) == (0, "1 True\n"), done.stderr


def test_submit_in_a_script(environment: Environment, tmp_path: Path) -> None:
    """`submit` returns a job whose result is the grid."""
    done = _run(
        environment,
        tmp_path,
        "from nanobanana_nb import submit\n"
        "job = submit('a heron')\n"
        "print(type(job).__name__, len(job.result()))\n",
    )
    assert (done.returncode, done.stdout) == (0, "Job 1\n"), done.stderr


def test_script_ends_with_a_job_running(environment: Environment, tmp_path: Path) -> None:
    """A script that does not wait for its job ends by itself, without a word on stderr."""
    done = _run(
        environment,
        tmp_path,
        "import os\n"
        "os.environ['NANOBANANA_SIMULATOR_SPEED'] = '1'\n"
        "from nanobanana_nb import submit\n"
        "submit('a heron')\n",
    )
    assert (done.returncode, done.stderr) == (0, "")
