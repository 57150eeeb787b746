"""Tables at a terminal are as wide as it is, and paths stay whole."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.html.text import table_text
from tests.show.conftest import generation, photo

ROW = ("owl", "An owl, " * 20, "words " * 10)


@pytest.fixture
def at_terminal(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Lets the standard output be a terminal of so many columns."""

    def be(columns: int) -> None:
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
        size = os.terminal_size((columns, 30))
        monkeypatch.setattr(shutil, "get_terminal_size", lambda: size)

    return be


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_a_table_fits(at_terminal: Any, columns: int) -> None:
    """The widest columns give way, the others stay whole."""
    at_terminal(columns)
    lines = table_text(("bird", "prompt", "more"), [ROW, ("heron", "A", "b")]).splitlines()
    assert columns - 4 < max(map(len, lines)) <= columns
    assert lines[1].startswith("owl    An owl")
    assert "…" in lines[1]


def test_nothing_is_cut_elsewhere() -> None:
    """A pipe and a notebook have no width."""
    assert max(map(len, table_text(("bird", "prompt", "more"), [ROW]).splitlines())) > 200


def test_paths_stay_whole(at_terminal: Any, tmp_path: Path) -> None:
    """Each stands on a line of its own, to be opened or copied."""
    at_terminal(40)
    images: list[Generation] = [
        generation(photo(tmp_path / f"{n}-{'long' * 20}.png")) for n in range(2)
    ]
    lines = [line.strip() for line in repr(ImageGrid(images)).splitlines()]
    assert all(str(image.path) in lines for image in images)
