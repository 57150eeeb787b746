"""Parquet with the originals in it, read as others read it."""

from __future__ import annotations

import sys
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from nanobanana_nb.errors import InputError
from nanobanana_nb.show.export import export
from nanobanana_nb.show.grid import ImageGrid
from tests.show.conftest import failed, planned_grid
from tests.show.judge.memory_opinions import Kept


@pytest.fixture
def grid(photos: list[Path]) -> ImageGrid:
    """Two images, one that failed, ratings and a score."""
    planned = planned_grid(photos, "{style} {n}", style=["ink", "oil", "pen"], n=[1])
    done = (replace(g, sha256=sha256(g.bytes).hexdigest()) for g in planned.generations[:2])
    images = [*done, failed()]
    return ImageGrid(images, planned.plan, opinions=Kept())


@pytest.mark.long
def test_datasets_reads_the_images(grid: ImageGrid, tmp_path: Path) -> None:
    """The column `image` is a feature of pictures, numbers are numbers, what failed is null."""
    datasets = pytest.importorskip("datasets")
    grid.score([1.5, None, None], name="sharp")
    grid.rate(0, stars=4)
    export(grid, tmp_path / "x.parquet")
    table = datasets.Dataset.from_parquet(str(tmp_path / "x.parquet"), cache_dir=str(tmp_path))
    assert type(table.features["image"]).__name__ == "Image"
    first, second, third = table
    assert first["image"].size == (grid[0].width, grid[0].height)
    assert third["image"] is None
    assert [row["sharp"] for row in (first, second, third)] == [1.5, None, None]
    assert [row["stars"] for row in (first, second, third)] == [4, None, None]
    assert (first["style"], first["credits"], first["width"]) == ("ink", 4.0, grid[0].width)


def test_bytes_are_the_originals(grid: ImageGrid, tmp_path: Path) -> None:
    """Byte for byte, with a name that says what it shows; what stays is a table."""
    parquet = pytest.importorskip("pyarrow.parquet")
    export(grid, tmp_path / "x.parquet")
    rows = parquet.read_table(tmp_path / "x.parquet").to_pylist()
    assert rows[0]["image"]["bytes"] == grid[0].bytes
    assert rows[0]["image"]["path"].endswith(".png")
    assert [row["state"] for row in rows] == ["done", "done", "failed"]
    assert "path" not in rows[0]


def test_an_axis_of_images_keeps_its_column(photos: list[Path], tmp_path: Path) -> None:
    """What is called like the pictures is told apart."""
    parquet = pytest.importorskip("pyarrow.parquet")
    grid = planned_grid(photos, "{image}", image=["ink", "oil"])
    export(grid, tmp_path / "x.parquet")
    rows = parquet.read_table(tmp_path / "x.parquet").to_pylist()
    assert [row["image (axis)"] for row in rows] == ["ink", "oil"]


def test_without_pyarrow_it_says_so(
    grid: ImageGrid, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence with what to install, and no half file."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(InputError, match="pip install pyarrow"):
        export(grid, tmp_path / "x.parquet")
    assert [*tmp_path.glob("*.parquet")] == []
