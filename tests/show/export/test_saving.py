"""`save`: originals as files, byte for byte, under the names of the images folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nanobanana_nb.errors import (
    DownloadError,
    GenerationFailedError,
    InputError,
    NanobananaError,
)
from nanobanana_nb.model.result import Generation
from nanobanana_nb.notebook.page import image_copies
from nanobanana_nb.show.grid import ImageGrid
from tests.show.conftest import failed, photo

Made = Callable[..., Generation]


@pytest.fixture
def grid(made: Made) -> ImageGrid:
    """Two images and a failure."""
    return ImageGrid([whole(made(0, prompt="A cat")), failed(), whole(made(1, prompt="An owl"))])


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder."""
    place = tmp_path / "here"
    place.mkdir()
    monkeypatch.chdir(place)
    return place


def whole(image: Generation) -> Generation:
    """Return an image with the hash of its file, as the ledger has it."""
    assert image.path is not None
    return replace(image, sha256=sha256(image.path.read_bytes()).hexdigest())


def test_names_are_those_of_the_images_folder(
    grid: ImageGrid, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words of the prompt and the beginning of the hash; bytes are the original's."""
    monkeypatch.setattr(image_copies, "start_folder", lambda: folder)
    files = grid.save("cats")
    links = [image_copies.Originals("copies").link(grid[n]) for n in (0, 2)]
    assert [file.name for file in files] == [Path(str(link)).name for link in links]
    assert [file.read_bytes() for file in files] == [grid[0].bytes, grid[2].bytes]
    assert files[0].name.startswith("a-cat-")
    assert {file.parent for file in files} == {Path("cats")}


@pytest.mark.parametrize("path", ["new/er", "cats.v2/", "there", Path("there"), "."])
def test_what_names_no_file_is_a_folder(grid: ImageGrid, folder: Path, path: Any) -> None:
    """It is made where it is not there; a dot in the name of one that is there does not matter."""
    (folder / "there").mkdir()
    saved = grid[0].save(path)
    assert saved.parent == Path(path)
    assert saved.read_bytes() == grid[0].bytes


def test_a_folder_with_an_ending_is_one(grid: ImageGrid, folder: Path) -> None:
    """What is there decides."""
    (folder / "cats.png").mkdir()
    assert grid[0].save("cats.png").parent == Path("cats.png")


@pytest.mark.parametrize("name", ["cat.png", "CAT.PNG", "made/up/../cat.png"])
def test_one_image_goes_into_a_file(grid: ImageGrid, folder: Path, name: str) -> None:
    """Of an image, and of a grid of one; what is there is replaced."""
    (folder / "made" / "up").mkdir(parents=True)
    Path(name).write_text("before")
    assert grid[0].save(name) == Path(name)
    assert Path(name).read_bytes() == grid[0].bytes
    assert grid[2:].save(name) == [Path(name)]
    assert Path(name).read_bytes() == grid[2].bytes


def test_several_do_not_go_into_one_file(grid: ImageGrid, folder: Path) -> None:
    """It says to name a folder, and writes nothing."""
    with pytest.raises(InputError, match="2 images do not go into one file"):
        grid.save("cat.png")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("name", ["cat.jpg", "cat.webp", "cat.txt", "cat.csv"])
def test_no_file_says_another_format_than_it_is(grid: ImageGrid, name: str) -> None:
    """Nothing is converted in silence: it tells the right name."""
    with pytest.raises(InputError, match=r"Name it cat\.png"):
        grid[0].save(name)
    assert not Path(name).exists()


def test_jpeg_has_two_endings(tmp_path: Path, made: Made) -> None:
    """`.jpg` and `.jpeg` are one format."""
    picture = photo(tmp_path / "x.png", 32, 32).rename(tmp_path / "x.jpg")
    image = made(path=picture, sha256=None)
    assert image.save("a.jpeg").exists()
    assert image.save("a.jpg").exists()


def test_what_is_no_image_is_not_saved(grid: ImageGrid, folder: Path) -> None:
    """A failure raises its own error, a lost file says so, and nothing is made."""
    with pytest.raises(GenerationFailedError):
        grid[1].save("cats")
    with pytest.raises(GenerationFailedError):
        grid[1:2].save("cats")
    with pytest.raises(InputError, match="no image to save"):
        ImageGrid([failed(), failed()]).save("cats")
    with pytest.raises(InputError, match="no image to save"):
        ImageGrid([]).save("cats")
    with pytest.raises(DownloadError):
        replace(grid[0], path=folder / "gone.png").save("cats")
    assert list(folder.iterdir()) == []


def test_a_private_prompt_is_in_no_name(made: Made) -> None:
    """The name says image, as in the images folder."""
    assert whole(made(prompt="A secret", private=True)).save("x").name.startswith("image-")


@pytest.mark.parametrize(
    "path", ["file/a.png", "file/a", "n" * 300, "missing/a.png", "~nobody-here/a"]
)
def test_place_that_cannot_be_written_is_told(grid: ImageGrid, folder: Path, path: str) -> None:
    """One sentence of ours, and nothing half-written."""
    (folder / "file").write_text("x")
    with pytest.raises(InputError):
        grid[0].save(path)
    assert [entry.name for entry in folder.rglob("*")] == ["file"]


HERE = st.text(st.characters(exclude_characters="/~"), max_size=4)
ANY = st.none() | st.integers() | st.binary(max_size=3) | HERE | st.lists(HERE)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=ANY)
def test_whatever_is_given_for_a_path(grid: ImageGrid, path: Any) -> None:
    """A file is there afterwards, or one sentence says what is wrong."""
    message = ""
    try:
        saved = grid[0].save(path)
    except NanobananaError as error:
        message = str(error)
    assert "\n" not in message
    assert message or saved.is_file()


@pytest.mark.parametrize("write", [ImageGrid.save, ImageGrid.export], ids=["save", "export"])
@pytest.mark.parametrize("linked", [False, True])
def test_no_original_is_written_over(
    grid: ImageGrid, folder: Path, write: Callable[..., object], linked: bool
) -> None:
    """A paid image is not lost to another, by its own name or by a link to it."""
    data = grid[2].bytes
    paid = folder / "originals" / (digest := sha256(data).hexdigest())[:2] / f"{digest}.png"
    paid.parent.mkdir(parents=True)
    paid.write_bytes(data)
    target = folder / "mine.png" if linked else paid
    if linked:
        target.symlink_to(paid)
    with pytest.raises(InputError, match="an original of the ledger would be lost"):
        write(grid[:1], target)
    assert paid.read_bytes() == data
