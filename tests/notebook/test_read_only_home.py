"""A class's home that others may only read: what is there shows, and new images say why not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nanobanana_nb.errors import NanobananaError
from nanobanana_nb.run.runtime import RUNTIME
from tests import mounts
from tests.notebook.bench import Bench
from tests.service import Service

CELL = "%%nanobanana -o {name}\nA small heron, {{ink|oil}}"


@pytest.fixture
def read_only(
    bench: Bench, service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """A home in which its owner has run a grid, as others see it."""
    owner, other = tmp_path / "home", tmp_path / "other"
    bench.run(CELL.format(name="first"))
    with mounts.read_only(owner, other):
        RUNTIME.reset()
        monkeypatch.setenv("NANOBANANA_HOME", str(other))
        yield other
        RUNTIME.reset()


@pytest.mark.long
def test_cached_images_show(bench: Bench, service: Service, read_only: Path) -> None:
    """The same cell shows the same images, and asks the service for nothing that costs."""
    ran = bench.run(CELL.format(name="again"))
    assert ran.error is None, ran.told
    first, again = bench.names["first"], bench.names["again"]
    assert [one.sha256 for one in again] == [one.sha256 for one in first]
    assert all(one.cached and one.image.size == (one.width, one.height) for one in again)
    assert len(service.creates()) == 2


COMMANDS = ["history", "history heron", "show 1", "grid", "grid g1", "spend", "tree 1", "doctor"]
COMMANDS += ["models", "balance", "config", "resume", "export g1 {folder}/sheet.html"]


@pytest.mark.long
def test_commands_that_look(bench: Bench, read_only: Path, tmp_path: Path) -> None:
    """Whatever only looks works, and says nothing of errors."""
    for command in COMMANDS:
        ran = bench.run("%nanobanana " + command.format(folder=tmp_path))
        assert ran.error is None, ran.told
        assert ran.told.strip(), command


def test_new_images_say_why_not(bench: Bench, service: Service, read_only: Path) -> None:
    """An intent that cannot be written down is not sent."""
    ran = bench.fails("%%nanobanana\nAn owl", NanobananaError)
    assert "may only be read" in ran.told
    assert "NANOBANANA_HOME" in ran.told
    assert len(service.creates()) == 2


@pytest.mark.long
def test_half_of_a_grid_is_there(bench: Bench, service: Service, read_only: Path) -> None:
    """What is there shows beside what cannot be made, and doctor names the reason."""
    bench.run("%%nanobanana -o half\nA small heron, {ink|oil|chalk}")
    assert [one.ok for one in bench.names["half"]] == [True, True, False]
    assert "may only be read" in str(bench.names["half"][2].error)
    assert "may only be read; the 2 tasks" in bench.run("%nanobanana doctor").text
    assert len(service.creates()) == 2
