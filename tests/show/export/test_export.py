"""Exports: which file is written, whole or not at all, and what stays private."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nanobanana_nb.errors import InputError
from nanobanana_nb.ledger.files import sidecar
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.export import ENDINGS as KNOWN
from nanobanana_nb.show.export import export
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.sheet import canvas as drawing_module
from tests.show.conftest import failed, planned_grid

Made = Callable[..., Generation]
ENDINGS = tuple(ending.removeprefix(".") for ending in KNOWN)  # each is searched for secrets
BEGINNINGS = {
    "png": b"\x89PNG",
    "jpg": b"\xff\xd8",
    "jpeg": b"\xff\xd8",
    "html": b"<!doctype html>",
    "csv": b"\xef\xbb\xbfnumber,",
    "json": b"{",
    "parquet": b"PAR1",
    "zip": b"PK",
}


@pytest.fixture
def grid(photos: list[Path]) -> ImageGrid:
    """A finished grid of two axes."""
    return planned_grid(photos, "{a} {b}", a=["ink", "oil"], b=["cat", "hare", "owl"])


@pytest.mark.long
@pytest.mark.parametrize("ending", ENDINGS)
def test_the_ending_says_what_is_written(grid: ImageGrid, tmp_path: Path, ending: str) -> None:
    """Each ending, in capitals too, gives its own kind of file, and the path comes back."""
    for name in (f"x.{ending}", f"y.{ending.upper()}"):
        assert export(grid, str(tmp_path / name)) == tmp_path / name
        assert (tmp_path / name).read_bytes().startswith(BEGINNINGS[ending])


@pytest.mark.parametrize("name", ["x", "x.webp", "x.html.gz", ".png"])
def test_an_unknown_ending_names_the_known_ones(grid: ImageGrid, tmp_path: Path, name: str) -> None:
    """No file is written for an ending that means nothing here."""
    with pytest.raises(InputError, match=r"\.png.*\.zip"):
        export(grid, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_grid_is_refused(tmp_path: Path) -> None:
    """A grid without images has nothing to export."""
    with pytest.raises(InputError, match="nothing to export"):
        export(ImageGrid([]), tmp_path / "x.csv")


def test_a_folder_that_is_not_there_is_told(grid: ImageGrid, tmp_path: Path) -> None:
    """The error names the path and the reason."""
    with pytest.raises(InputError, match=r"x\.json cannot be written.*No such file"):
        export(grid, tmp_path / "none" / "x.json")


def test_a_file_is_replaced_whole_or_not_at_all(
    grid: ImageGrid, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where writing breaks off, the old file stands and no other is left."""
    target = tmp_path / "x.json"
    target.write_text("old")

    def broken(*_: Any) -> bytes:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("nanobanana_nb.show.export.data_files.json_file", broken)
        with pytest.raises(InputError, match="No space left"):
            export(grid, target)
    assert target.read_text() == "old"
    export(grid, target)
    assert json.loads(target.read_text())["images"]
    assert [path.name for path in tmp_path.iterdir()] == ["x.json"]


def test_a_link_to_a_file_stays_a_link(grid: ImageGrid, tmp_path: Path) -> None:
    """The file that a symbolic link names is replaced, not the link."""
    (tmp_path / "real.csv").write_text("old")
    (tmp_path / "x.csv").symlink_to("real.csv")
    export(grid, tmp_path / "x.csv")
    assert (tmp_path / "x.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text(encoding="utf-8-sig").startswith("number,")


@pytest.mark.long
@pytest.mark.parametrize("ending", ["html", "csv", "json", "parquet", "zip", "png"])
def test_the_same_grid_gives_the_same_bytes(grid: ImageGrid, tmp_path: Path, ending: str) -> None:
    """An export holds no time and nothing random of its own."""
    first, second = (export(grid, tmp_path / f"x.{ending}").read_bytes() for _ in range(2))
    assert first == second


@pytest.mark.long
@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("private", [False, True])
def test_private_prompts_stay_out_unless_told(
    photos: list[Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    ending: str,
    private: bool,
) -> None:
    """No word of a private prompt, axis values included, is in any export, nor drawn on a sheet."""
    drawn: list[str] = []
    monkeypatch.setattr(drawing_module, "wrapped", _noting(drawn, drawing_module.wrapped))
    grid = _private_grid(photos, tmp_path)
    path = export(grid, tmp_path / f"x.{ending}", private=private)
    told = _all_text(path) + "\n".join(drawn)
    for word in ("sesame", "walrus"):
        assert (word in told) is private


@pytest.mark.parametrize("ending", ENDINGS)
def test_signed_links_stay_out(photos: list[Path], tmp_path: Path, ending: str) -> None:
    """The query of a reference image's link, which may be a signature, is in no export."""
    from nanobanana_nb.model.request import ReferenceImage

    signed = ReferenceImage(url="https://a.example/i.png?sig=s3cr3tsig")
    grid = planned_grid(photos, "{a}", a=["ink", "oil"])
    images = [replace(g, request=replace(g.request, images=(signed,))) for g in grid]
    path = export(ImageGrid(images, grid.plan), tmp_path / f"x.{ending}")
    assert "s3cr3tsig" not in _all_text(path)


def _noting(said: list[str], real: Callable[..., Any]) -> Callable[..., Any]:
    def wrapped(text: str, *rest: Any, **named: Any) -> Any:
        said.append(text)
        return real(text, *rest, **named)

    return wrapped


def _private_grid(photos: list[Path], folder: Path) -> ImageGrid:
    """Return a private grid, one image failed with the prompt in its reason, one with a sidecar."""
    grid = planned_grid(photos, "sesame {a}", a=["walrus", "hare", "owl"])
    assert grid.plan is not None
    cells = tuple(replace(c, request=replace(c.request, private=True)) for c in grid.plan.cells)
    images = [replace(g, request=c.request) for g, c in zip(grid, cells, strict=True)]
    images[1] = replace(failed(), request=cells[1].request)
    images[1].error.why = f"blocked: {cells[1].request.prompt}"  # type: ignore[union-attr]
    copy = folder / "original.png"
    copy.write_bytes(photos[0].read_bytes())
    images[0] = replace(images[0], path=copy)
    plain = replace(images[0], request=replace(cells[0].request, private=False))
    record = sidecar.to_record(plain, "f" * 64)
    sidecar.path_of(images[0]).write_text(json.dumps(record))
    return ImageGrid(images, replace(grid.plan, cells=cells, notes=("sesame is long",)))


def _all_text(path: Path) -> str:
    """Return all that can be read in a file: parts of an archive, chunks of a picture."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as file:
            return "\n".join(file.read(name).decode("latin-1") for name in file.namelist())
    if path.suffix == ".parquet":
        from pyarrow.parquet import read_table

        return repr(read_table(path).to_pylist())
    if path.suffix == ".png":
        from PIL import Image

        with Image.open(path) as image:
            return repr(image.info)
    return path.read_bytes().decode("latin-1")
