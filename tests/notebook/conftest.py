"""A shell for each test, in a folder of its own, and the simulated service behind it."""

from __future__ import annotations

import getpass
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import pytest

from nanobanana_nb.api import retry, simulated
from nanobanana_nb.simulator import pictures
from nanobanana_nb.simulator.painting.painter import paint
from tests.notebook.bench import Bench
from tests.service import Service, in_process


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the notebook, which is the shell's; nobody there types a key."""
    place = tmp_path / "notebooks"
    place.mkdir()
    monkeypatch.chdir(place)
    monkeypatch.setattr(getpass, "getpass", _nobody_types)
    return place


@pytest.fixture(autouse=True)
def small_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pictures be drawn an eighth as wide and high: those of 1K take 0.3 s of a core each."""
    monkeypatch.setattr(pictures, "paint", _paint_small)


def _paint_small(picture: Any, references: Sequence[Any] = ()) -> bytes:
    return paint(replace(picture, width=picture.width // 8, height=picture.height // 8), references)


def _nobody_types(prompt: str = "") -> NoReturn:
    raise OSError("nobody is there")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """A shell with the extension loaded, closed afterwards."""
    made = Bench(tmp_path / "ipython")
    yield made
    made.close()


@pytest.fixture
def board(bench: Bench) -> Iterator[Any]:
    """A board in a shell without a page."""
    from nanobanana_nb.notebook.page.output import Place
    from nanobanana_nb.notebook.status.board import Board
    from nanobanana_nb.notebook.status.forms import show_widget

    made = Board(lambda box: show_widget(box, Place("here")))
    yield made
    made.close()


@pytest.fixture
def service() -> Iterator[Service]:
    """The simulator with its control endpoints open, in the place of the built-in one."""
    service = in_process(rate=None, balance=1000.0)
    assert service.url == simulated.BASE_URL
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(simulated, "_app", lambda speed, home: service.app)
        yield service


@pytest.fixture
def unreachable(monkeypatch: pytest.MonkeyPatch) -> str:
    """A key, and an address where nobody listens; one try is enough to see that."""
    monkeypatch.setattr(retry, "ATTEMPTS", 1)
    monkeypatch.setattr(retry, "MAINTENANCE_S", 0)
    monkeypatch.setenv("NANOBANANA_PROVIDER", "crun")
    monkeypatch.setenv("NANOBANANA_BASE_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("CRUN_API_KEY", KEY)
    return "http://127.0.0.1:9"


KEY = "ak_" + "Secret7q" * 4
