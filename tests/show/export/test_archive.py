"""The archive: originals byte for byte, and everything that explains them."""

from __future__ import annotations

import json
import re
import zipfile
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from nanobanana_nb.ledger.files import sidecar
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.export import export
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.text.file_names import file_name
from tests.show.conftest import failed, generation, planned_grid


@pytest.fixture
def stored(photos: list[Path], tmp_path: Path) -> Generation:
    """An image as the ledger keeps it: named by its hash, a sidecar beside it."""
    data = photos[0].read_bytes()
    digest = sha256(data).hexdigest()
    path = tmp_path / f"{digest}.png"
    path.write_bytes(data)
    made = generation(path, sha256=digest, prompt="../../evil name\n")
    record = sidecar.to_record(made, "f" * 64)
    sidecar.path_of(made).write_text(json.dumps(record, indent=1))
    return made


def _archive(grid: ImageGrid, folder: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(export(grid, folder / "x.zip")) as file:
        assert file.testzip() is None
        assert len(set(file.namelist())) == len(file.namelist())
        return {name: file.read(name) for name in file.namelist()}


def test_originals_and_sidecars_come_byte_for_byte(stored: Generation, tmp_path: Path) -> None:
    """An original is called so that a person finds it, a sidecar as in the ledger."""
    files = _archive(ImageGrid([stored]), tmp_path)
    assert stored.path is not None
    beside = sidecar.path_of(stored)
    (name,) = (name for name in files if name.startswith("images/"))
    assert name == f"images/0-{file_name(stored.request.prompt, stored.path.stem, '.png')}"
    assert files[name] == stored.path.read_bytes()
    assert files[f"sidecars/{beside.name}"] == beside.read_bytes()


def test_the_ledger_could_be_made_anew_from_the_archive(stored: Generation, tmp_path: Path) -> None:
    """Sidecars are read as the ledger reads its own, once each original stands beside its own."""
    from nanobanana_nb.ledger.files.originals import Images

    export(ImageGrid([stored]), f"{tmp_path}/out/")
    assert stored.sha256 is not None
    (picture,) = (tmp_path / "out" / "images").iterdir()
    folder = (tmp_path / "out" / "sidecars").rename(tmp_path / "out" / stored.sha256[:2])
    picture.rename(folder / f"{stored.sha256}.png")
    found = [one for one, _ in sidecar.read_all(Images(tmp_path / "out"))]
    assert [(g.sha256, g.request) for g in found] == [(stored.sha256, stored.request)]


@pytest.mark.parametrize(
    "prompt", ["../../evil", "a/b\\c:d", "CON", "\u202egpj", "猫 と 犬", "-rf *"]
)
def test_names_are_ours(stored: Generation, tmp_path: Path, prompt: str) -> None:
    """No name leads out of the archive, whatever prompt and service say; private words stay out."""
    request = replace(stored.request, prompt=prompt)
    odd = replace(stored, media_type="image/../x", request=request)
    for name in _archive(ImageGrid([odd]), tmp_path):
        assert re.fullmatch(r"(images/\d+-|sidecars/)?[\w-]+(\.\w+){1,2}", name), name
    names = _archive(ImageGrid([replace(odd, request=replace(request, private=True))]), tmp_path)
    assert any(re.fullmatch(r"images/0-image-[0-9a-f]{8}\.png", name) for name in names)


def test_one_image_of_two_tasks_is_there_once(stored: Generation, tmp_path: Path) -> None:
    """Two tasks made the same image: one original, and in the table two rows that lead to it."""
    again = replace(stored, task_id="task_other")
    files = _archive(ImageGrid([stored, again]), tmp_path)
    assert len([name for name in files if name.endswith(".png")]) == 1
    rows = json.loads(files["images.json"])["images"]
    assert rows[0]["path"] == rows[1]["path"] != ""


def test_table_page_and_plan_lead_to_the_originals(photos: list[Path], tmp_path: Path) -> None:
    """Inside the archive every path leads to a file of the archive; what failed has none."""
    grid = planned_grid(photos, "{a}", a=["ink", "oil", "pen"])
    images = [*grid.generations[:2], failed()]
    files = _archive(ImageGrid(images, grid.plan), tmp_path)
    rows = json.loads(files["images.json"])["images"]
    assert [row["path"] in files for row in rows] == [True, True, False]
    assert files["images.csv"].startswith(b"\xef\xbb\xbfnumber")
    assert json.loads(files["plan.json"])["prompt"] == "{a}"
    assert rows[0]["path"].encode() in files["index.html"]


def test_a_broken_sidecar_is_left_out(stored: Generation, tmp_path: Path) -> None:
    """A sidecar that is no JSON stops nothing."""
    sidecar.path_of(stored).write_text("{half")
    names = list(_archive(ImageGrid([stored]), tmp_path))
    assert not any(name.startswith("sidecars/") for name in names)
    assert len([name for name in names if name.startswith("images/")]) == 1
