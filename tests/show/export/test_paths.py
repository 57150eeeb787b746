"""Where an export cannot go: one sentence of ours, and nothing half-written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nanobanana_nb.errors import InputError
from nanobanana_nb.show.export import ENDINGS, export
from nanobanana_nb.show.grid import ImageGrid
from tests.show.conftest import planned_grid

NO_PATHS = (5, None, b"a.png", 1.5, ["a.png"], "", " ", "a\0.png", "\ud800.png", Path("\ud800.csv"))
PLACES = ("folder", "missing/a", "file/a", "n" * 300, "circle/a", "dangling/a", "~nobody-here/a")


@pytest.fixture
def grid(photos: list[Path]) -> ImageGrid:
    """A finished grid."""
    return planned_grid(photos, "{a}", a=["ink", "oil"])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a file and links in it that lead nowhere."""
    there = tmp_path / "there"
    there.mkdir()
    (there / "file").write_text("x")
    (there / "circle").symlink_to("circle")
    (there / "dangling").symlink_to("nowhere")
    monkeypatch.chdir(there)
    return there


def entries(folder: Path) -> Iterator[str]:
    """Everything below a folder."""
    return (str(path.relative_to(folder)) for path in sorted(folder.rglob("*")))


@pytest.mark.parametrize("path", NO_PATHS, ids=ascii)
def test_what_is_no_path_is_refused(grid: ImageGrid, folder: Path, path: Any) -> None:
    """The sentence shows how a file is named."""
    before = list(entries(folder))
    with pytest.raises(InputError, match=r"grid\.export\("):
        grid.export(path)
    assert list(entries(folder)) == before


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("place", PLACES)
def test_place_that_cannot_be_written_is_told(
    grid: ImageGrid, folder: Path, place: str, ending: str
) -> None:
    """Whatever is in the way, for every ending, and nothing is left behind."""
    if place == "folder":
        (folder / f"folder{ending}").mkdir()
    before = list(entries(folder))
    with pytest.raises(InputError, match="cannot be written") as refusal:
        export(grid, f"{place}{ending}")
    str(refusal.value).encode()
    assert list(entries(folder)) == before


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
@pytest.mark.parametrize("ending", ENDINGS)
def test_closed_folder_is_told(grid: ImageGrid, folder: Path, ending: str) -> None:
    """A folder without permission is no place."""
    folder.chmod(0o500)
    try:
        with pytest.raises(InputError, match="cannot be written"):
            export(grid, folder / f"a{ending}")
    finally:
        folder.chmod(0o700)


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(st.characters(codec=None, exclude_characters="/"), max_size=300))
def test_any_name_is_a_file_or_an_error_of_ours(grid: ImageGrid, folder: Path, name: str) -> None:
    """No name raises anything else, and none leaves a part behind."""
    try:
        assert export(grid, f"{name}.csv").is_file()
    except InputError as error:
        str(error).encode()
    assert not list(folder.glob(".*.part"))
