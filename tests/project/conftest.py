"""The packages as they would be published, built once for all tests."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.project.sources import CHECKOUT


@dataclass(frozen=True)
class Packages:
    """The two files that a release consists of."""

    wheel: Path
    sdist: Path


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Packages:
    """Build the sdist, and the wheel out of that sdist, so that it is complete too."""
    folder = tmp_path_factory.mktemp("dist")
    # Without hatchling here, build fetches it into an environment of its own.
    here = ["--no-isolation"] if importlib.util.find_spec("hatchling") else []
    call(folder, sys.executable, "-m", "build", *here, "--outdir", str(folder), str(CHECKOUT))
    (wheel,) = folder.glob("*.whl")
    (sdist,) = folder.glob("*.tar.gz")
    return Packages(wheel, sdist)


@pytest.fixture(scope="session")
def installed(packages: Packages, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python that has the wheel and what it asks for, and nothing else."""
    folder = tmp_path_factory.mktemp("installed") / "venv"
    call(folder.parent, sys.executable, "-m", "venv", str(folder))
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    call(folder.parent, str(python), "-m", "pip", "install", "--quiet", str(packages.wheel))
    return python


def call(folder: Path, *command: str) -> str:
    """Return what a command prints; where it fails for want of an index the test is skipped."""
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        command, cwd=folder, env=environ, capture_output=True, text=True, check=False
    )
    if done.returncode:
        told = f"{' '.join(command)}\n{(done.stdout + done.stderr)[-3000:]}"
        if not os.environ.get("CI") and "Could not find a version" in told:
            pytest.skip(f"the package index is out of reach: {told}")
        pytest.fail(told)
    return done.stdout
