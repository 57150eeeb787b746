"""The Python environments whose kernels are driven."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import platformdirs

CHECKOUT = Path(__file__).resolve().parents[2]
_PINS = CHECKOUT / "tests" / "project" / "pins" / "colab.txt"
_IN_COLAB = ("ipykernel", "jupyter-console", "rich")  # what the tests use of it


class BuildError(Exception):
    """An environment could not be built; the text is the end of what pip or venv said."""


@dataclass(frozen=True)
class Environment:
    """A Python that has a kernel and the checkout, installed so that code changes count."""

    name: str
    python: Path


def current() -> Environment:
    """The environment that runs the tests: it has the newest ipykernel."""
    return Environment("current", Path(sys.executable))


def colab() -> Environment:
    """An environment with the versions that Colab pins, built once and kept in the cache folder.

    pip may change none of them for the checkout, and none that the checkout asks for besides. The
    first call takes about half a minute and asks the package index. Raises BuildError.
    """
    kept = _cache() / f"colab-{_fingerprint()}"
    if not _python_of(kept).exists():  # also when its base Python has gone
        shutil.rmtree(kept, ignore_errors=True)
        _build(kept)
    return Environment("colab", _python_of(kept))


def _cache() -> Path:
    return Path(platformdirs.user_cache_dir("nanobanana_nb-tests", appauthor=False))


def _fingerprint() -> str:
    """Change whenever the environment would come out different."""
    parts = (
        (CHECKOUT / "pyproject.toml").read_bytes(),
        sys.version.encode(),
        sys.executable.encode(),
        str(CHECKOUT).encode(),  # an editable installation points there
        _PINS.read_bytes(),
        repr(_IN_COLAB).encode(),
    )
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def _build(kept: Path) -> None:
    """Build beside the final place and rename, so that a half-built one is never found."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept.parent, prefix="building-") as scratch:
        folder = Path(scratch) / "venv"
        _call(sys.executable, "-m", "venv", str(folder))
        pip = (str(_python_of(folder)), "-m", "pip", "install", "--quiet")
        _call(*pip, "--constraint", str(_PINS), *_IN_COLAB, "--editable", str(CHECKOUT))
        try:
            folder.rename(kept)
        except OSError:  # another run was faster: its environment is as good
            shutil.rmtree(folder)


def _call(*command: str) -> None:
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(f"{' '.join(command)}\n{(done.stdout + done.stderr)[-2000:]}")


def _python_of(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
