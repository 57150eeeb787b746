"""The Binder image: pinned, complete, and with the simulator switched on."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.project.sources import CHECKOUT

pytestmark = pytest.mark.long

BINDER = CHECKOUT / "binder"
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def _pins() -> dict[str, str]:
    lines = (BINDER / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pins = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {canonicalize_name(name): version for name, version in pins}


def test_every_requirement_is_pinned_and_fits() -> None:
    """What the package and its extra `lab` ask for is pinned, to versions that they take."""
    asked = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["lab"]]
    pins = _pins()
    for requirement in map(Requirement, asked):
        assert pins[canonicalize_name(requirement.name)] in requirement.specifier


def test_python_is_one_that_the_package_takes() -> None:
    """The image's Python is not older than the package wants."""
    found = re.fullmatch(r"python-(\d+)\.(\d+)", (BINDER / "runtime.txt").read_text().strip())
    assert found
    assert tuple(map(int, found.groups())) >= (3, 11)


def test_scripts_can_be_executed() -> None:
    """Binder runs `postBuild` and `start` as programs."""
    for name in ("postBuild", "start"):
        assert os.access(BINDER / name, os.X_OK)
        assert (BINDER / name).read_text(encoding="utf-8").startswith("#!")


def test_start_switches_the_simulator_on() -> None:
    """`start` runs what it is given, with the simulator as the provider."""
    assert _started("printenv", "NANOBANANA_PROVIDER") == "simulator"


def test_start_opens_the_quickstart(tmp_path: Path) -> None:
    """A Jupyter server that `start` runs opens the quickstart, which is there."""
    server = tmp_path / "jupyter-lab"
    server.write_text('#!/bin/sh\necho "$@"\n', encoding="utf-8")
    server.chmod(0o755)
    told = _started(str(server), "--port=1")
    assert told.startswith("--port=1 ")
    path = told.rpartition("/lab/tree/")[2]
    assert (CHECKOUT / path).is_file()


def _started(*command: str) -> str:
    done = subprocess.run(
        [str(BINDER / "start"), *command], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()
