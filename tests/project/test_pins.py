"""What Colab and Kaggle pin stays as it is: their kernels do not start with other versions."""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.project.conftest import call
from tests.project.sources import CHECKOUT

pytestmark = pytest.mark.long

PLACES = ["colab", "kaggle"]
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
WANTED = [Requirement(line) for line in PROJECT["dependencies"]]
EXTRAS = [
    Requirement(line)
    for extra in ("lab", "server")
    for line in PROJECT["optional-dependencies"][extra]
]


def _asked(place: str) -> list[Requirement]:
    """Return what a place asks pip for."""
    file = Path(__file__).with_name("pins") / f"{place}.txt"
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


def _pinned(place: str) -> dict[str, str]:
    """Return the versions that a place pins, by name."""
    found = {}
    for asked in _asked(place):
        for clause in asked.specifier:
            if clause.operator == "==":
                found[canonicalize_name(asked.name)] = clause.version
    return found


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("wanted", [*WANTED, *EXTRAS], ids=lambda wanted: wanted.name)
def test_what_is_pinned_will_do(wanted: Requirement, place: str) -> None:
    """The version that a place pins is one that the project takes."""
    version = _pinned(place).get(canonicalize_name(wanted.name))
    assert version is None or wanted.specifier.contains(version, prereleases=True)


def test_floors_are_those_of_colab() -> None:
    """Kernel and widgets are taken as old as Colab has them, and none older is promised."""
    pinned = _pinned("colab")
    floors = {wanted.name: str(wanted.specifier) for wanted in (*WANTED, *EXTRAS)}
    assert floors["ipython"] == ">=7.34" == f">={pinned['ipython'].removesuffix('.0')}"
    for name in ("ipywidgets", "ipykernel"):
        assert floors[name] == f">={pinned[name]}"
    assert PROJECT["requires-python"] == ">=3.11"


@pytest.mark.parametrize("place", PLACES)
def test_installing_moves_nothing(place: str, tmp_path: Path) -> None:
    """pip finds all that the project needs, down to the last, without another version of a pin."""
    held = tmp_path / "held.txt"
    held.write_text("\n".join(f"{asked.name}{asked.specifier}" for asked in _asked(place)))
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--report", "-")
    options = ("--ignore-installed", "--only-binary", ":all:", "--constraint", str(held))
    report = json.loads(call(tmp_path, *pip, *options, *map(str, WANTED)))
    metadata = [found["metadata"] for found in report["install"]]
    versions = {canonicalize_name(found["name"]): found["version"] for found in metadata}
    pinned = _pinned(place)
    assert {name: v for name, v in versions.items() if pinned.get(name, v) != v} == {}
