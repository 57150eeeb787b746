"""Exports to folders and to addresses, and what stands there afterwards."""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path

import pytest

from nanobanana_nb.errors import InputError
from nanobanana_nb.show.export import ENDINGS, export
from nanobanana_nb.show.grid import ImageGrid
from tests.show.conftest import planned_grid


@pytest.fixture
def grid(photos: list[Path]) -> ImageGrid:
    """Two images of one axis."""
    return planned_grid(photos, "A {style} cat", style=["ink", "oil"])


def _names(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_a_folder_has_what_an_archive_has(grid: ImageGrid, tmp_path: Path) -> None:
    """With a slash it is made; one that is there keeps what else is in it."""
    export(grid, tmp_path / "x.zip")
    made = export(grid, f"{tmp_path}/deep/herons/")
    assert made == tmp_path / "deep" / "herons"
    with zipfile.ZipFile(tmp_path / "x.zip") as file:
        assert _names(tmp_path / "deep" / "herons") == set(file.namelist())
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    export(grid, tmp_path / "mine")
    assert "notes.txt" in _names(tmp_path / "mine")
    rows = json.loads((tmp_path / "mine" / "images.json").read_text())["images"]
    assert all((tmp_path / "mine" / row["path"]).is_file() for row in rows)
    before = _names(tmp_path / "mine")
    export(grid, tmp_path / "mine")
    assert _names(tmp_path / "mine") == before


def test_a_folder_that_cannot_be_made_says_so(grid: ImageGrid, tmp_path: Path) -> None:
    """A file stands in its way."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="cannot be made"):
        export(grid, f"{tmp_path}/file/herons/")


@pytest.mark.parametrize("suffix", ENDINGS)
def test_every_ending_goes_to_an_address(grid: ImageGrid, suffix: str) -> None:
    """The same as in a file, whole."""
    fsspec = pytest.importorskip("fsspec")
    address = f"memory://bucket/x{suffix}"
    assert export(grid, address) == address
    assert len(fsspec.open(address).open().read()) > 200


def test_a_folder_at_an_address(grid: ImageGrid) -> None:
    """Each file under its name."""
    fsspec = pytest.importorskip("fsspec")
    export(grid, "memory://bucket/herons/")
    files = fsspec.filesystem("memory").find("/bucket/herons")
    assert {name.rpartition("herons/")[2].partition("/")[0] for name in files} >= {
        *("index.html", "images.csv", "images.json", "plan.json", "images")
    }


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("nosuch://bucket/x.zip", "Protocol not known"),
        ("memory://bucket/x.docx", "Nothing is known for the ending .docx"),
        ("memory://bucket/x", "a name without an ending"),
        ("file:///proc/no/such/x.zip", "cannot be written"),
    ],
)
def test_what_no_address_takes_is_one_sentence(grid: ImageGrid, address: str, why: str) -> None:
    """Whatever fsspec and those below it raise."""
    pytest.importorskip("fsspec")
    with pytest.raises(InputError, match=why) as caught:
        export(grid, address)
    assert "\n" not in str(caught.value)


def test_a_secret_in_an_address_is_not_repeated(grid: ImageGrid) -> None:
    """A name and a password before the host stay out of the error."""
    pytest.importorskip("fsspec")
    with pytest.raises(InputError) as caught:
        export(grid, "nosuch://me:s3cretword@host/x.zip")
    assert "s3cretword" not in str(caught.value)


def test_without_fsspec_it_says_so(grid: ImageGrid, monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence with what to install."""
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(InputError, match="pip install fsspec"):
        export(grid, "memory://bucket/x.zip")
