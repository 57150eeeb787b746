"""What people hand over as a reference image: how it is read, and how much of it at most."""

from __future__ import annotations

import base64
import os
import socket
import subprocess
import sys
import threading
from io import BytesIO, StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import ipywidgets
import numpy
import pandas
import pytest
from IPython.display import Image as Shown
from PIL import Image

from nanobanana_nb.errors import ReferenceImageError
from nanobanana_nb.run.inputs import sources
from nanobanana_nb.run.inputs.reference import reference, references
from tests.fixtures import png

LARGE = 3_000_000_000


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a picture in it whose name has a blank."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a cat.png").write_bytes(png())
    return tmp_path


@pytest.mark.parametrize("way", ["path", "open", "BytesIO"])
def test_large_file_is_refused_by_its_size(here: Path, monkeypatch: Any, way: str) -> None:
    """Three gigabytes are refused without reading one byte of them."""
    with (here / "model.bin").open("wb") as file:
        file.truncate(LARGE)
    monkeypatch.setattr(sources, "_bounded", lambda *_: pytest.fail("it is read"))
    with (here / "model.bin").open("rb") as file:
        value: Any = {"path": "model.bin", "open": file, "BytesIO": _Large()}[way]
        with pytest.raises(ReferenceImageError, match=r"3,000,000,000 bytes.*100 MB"):
            reference(value)


@pytest.mark.long
@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there are no such devices here")
@pytest.mark.parametrize("value", ["'/dev/zero'", "open('/dev/zero', 'rb')", "endless()"])
def test_what_does_not_end_takes_no_memory(here: Path, value: str) -> None:
    """A device, opened or not, and an endless stream are given up at the limit."""
    script = f"""
import resource
from types import SimpleNamespace
from nanobanana_nb.errors import ReferenceImageError
from nanobanana_nb.run.inputs.reference import reference
def endless():
    return SimpleNamespace(read=lambda size: bytes(size))
limit = 1_000_000_000
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
try:
    reference({value})
except ReferenceImageError as error:
    print(error)
"""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    )
    assert "it is a device" in done.stdout or "it does not end" in done.stdout


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such files here")
@pytest.mark.parametrize("kind", ["a pipe", "a socket", "a folder", "a device"])
def test_what_is_no_file_is_named(tmp_path: Path, kind: str) -> None:
    """It is neither opened nor waited for."""
    path = tmp_path / "x"
    with socket.socket(socket.AF_UNIX) as listener:
        if kind == "a pipe":
            os.mkfifo(path)
        elif kind == "a socket":
            listener.bind(str(path))
        elif kind == "a folder":
            path.mkdir()
        else:
            path = Path(os.devnull)
        with pytest.raises(ReferenceImageError, match=f"it is {kind}, not a file"):
            reference(path)


def test_stream_that_cannot_go_back_is_read(here: Path) -> None:
    """A pipe that somebody opened gives its picture once."""
    into, out = os.pipe()
    writer = threading.Thread(target=lambda: os.write(out, png()) and os.close(out))
    writer.start()
    with os.fdopen(into, "rb") as stream:
        assert reference(stream).data == png()
        with pytest.raises(ReferenceImageError, match="it is empty"):
            reference(stream)
    writer.join()


def test_open_file_stays_where_it_stood(here: Path) -> None:
    """It is read from its beginning, wherever it stands, and left there."""
    buffer = BytesIO()
    Image.new("RGB", (4, 4)).save(buffer, "PNG")
    stood = buffer.tell()
    assert reference(buffer).data == buffer.getvalue()
    assert buffer.tell() == stood
    with Path("a cat.png").open("rb") as file, Path("a cat.png").open() as text:
        assert [reference(opened).name for opened in (file, text)] == ["a cat.png"] * 2
        assert (file.tell(), file.closed, reference(text).data) == (0, False, png())


@pytest.mark.parametrize(
    "make",
    [
        lambda: Shown(data=png()),
        lambda: Shown(filename="a cat.png"),
        lambda: Shown(filename="a cat.png", embed=False),
        lambda: Shown("a cat.png"),
        lambda: ipywidgets.Image(value=png()),
        lambda: SimpleNamespace(status_code=200, content=png()),
        lambda: Path("a cat.png").absolute().as_uri(),
        lambda: "FILE://localhost" + Path("a cat.png").absolute().as_uri()[7:],
        lambda: "data:image/png;base64," + base64.b64encode(png()).decode(),
        lambda: "DATA:;BASE64," + base64.b64encode(png()).decode().replace("+", "%2B"),
        lambda: memoryview(png()),
        lambda: Path("a cat.png"),
        lambda: numpy.str_("a cat.png"),
    ],
)
def test_whatever_holds_a_picture_is_taken(here: Path, make: Any) -> None:
    """Displays, widgets, answers of the web and links to files give the bytes that they hold."""
    assert reference(make()).data == png()


@pytest.mark.parametrize("start", ["http://", "HTTP://", "HTTPS://", "Https://", "  https://"])
def test_links_begin_in_any_case(start: str) -> None:
    """The start of a link has no case, and blanks around it are no part of it."""
    found = reference(f"{start}a.example/Cat.png \n")
    assert found.url == f"{start.strip().lower()}a.example/Cat.png"
    assert reference(Shown(url=found.url)) == found


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("*.png", r"Patterns are not filled in: give a list, `sorted"),
        ("s3://bucket/cat.png", "http and https only"),
        ("gs://bucket/cat.png", "http and https only"),
        ("ftp://host/cat.png", "http and https only"),
        ("file://server/cat.png", "it is on the machine server"),
        ("data:image/png", "a comma before its data"),
        ("data:image/png;base64,A", "its base64 is broken"),
        ("data:text/plain,hello", "it is text"),
        (None, "it is None.*Leave it out"),
        (float("nan"), "it is nan.*Leave it out"),
        (numpy.float64("nan"), "is an array of the shape"),
        (pandas.NA, "it is <NA>.*Leave it out"),
        (pandas.NaT, "it is NaT.*Leave it out"),
        (pandas.Series(["a.png", "b.png"]), r"a Series of 2 values.*`list\(\.\.\.\)`"),
        (pandas.DataFrame({"a": ["x"]}), "is a DataFrame, not an image: it is a table"),
        (pandas.DataFrame({"a": [0, 255], "b": [9, 9]}), "it is a table.*a plain array"),
        (pandas.Series([1, 2]), "is a Series, not an image: it is a table"),
        (numpy.ma.masked_less(numpy.eye(3), 1), "a part is masked.*a plain array"),
        (os, "is a module, not an image"),
        (base64, "is a module, not an image"),
        ((name for name in "ab"), "is a generator, not one image.*as a list"),
        (Path().glob("*.png"), "not one image.*as a list"),
        ({"a.png"}, "is a set, not one image"),
        ({"a": 1}, "is a dict, not one image"),
        (["a.png"], "is a list, not one image"),
        (True, "is True, not an image"),
        (Image.Image, "is a type, not an image"),
        (StringIO("abc"), "it gives str, not bytes.*`rb`"),
        (numpy.zeros((3, 8, 9)), r"shape \(3, 8, 9\).*`array.transpose\(1, 2, 0\)`"),
        (numpy.zeros((1, 8, 9, 3)), "which is no picture"),
    ],
    ids=lambda value: repr(value).partition(" at 0x")[0][:20],
)
def test_what_is_not_taken_is_named_in_a_sentence(here: Path, value: Any, words: str) -> None:
    """What it is and what to give instead."""
    with pytest.raises(ReferenceImageError, match=words) as raised:
        reference(value, "" if isinstance(value, str) else "the cat")
    assert len(str(raised.value)) < 400


@pytest.mark.parametrize("shape", [(1, 190_000_000), (190_000_000, 1), (60_000, 50_000, 3)])
@pytest.mark.parametrize("way", ["map", "lazy"])
def test_large_array_is_refused_by_its_shape(here: Path, shape: tuple[int, ...], way: str) -> None:
    """Not one of its numbers is read, be it on disk or not even calculated yet."""
    value: Any = SimpleNamespace(shape=shape, __array__=lambda: pytest.fail("it is read"))
    if way == "map":
        value = numpy.broadcast_to(numpy.uint8(7), shape)
    with pytest.raises(ReferenceImageError, match=r"too large: it has .* Make it smaller first"):
        reference(value, "scan")


def test_entry_of_a_folder_is_its_path(here: Path) -> None:
    """What `os.scandir` gives is taken for the file that it stands for."""
    with os.scandir(here) as entries:
        (entry,) = entries
    assert (reference(entry).data, reference(entry).name) == (png(), "a cat.png")


def test_file_whose_name_looks_like_a_pattern_is_a_file(here: Path) -> None:
    """What exists is never taken for a pattern."""
    (here / "a[1]*.png").write_bytes(png())
    assert reference("a[1]*.png").name == "a[1]*.png"


@pytest.mark.parametrize("read", [False, True])
def test_closed_pillow_image_says_what_to_do(here: Path, read: bool) -> None:
    """Its pixels count if they were read before; else the person hears how to."""
    with Image.open("a cat.png") as image:
        if read:
            image.load()
    if read:
        assert reference(image).data is not None
        return
    with pytest.raises(ReferenceImageError, match=r"its file is closed.*`load\(\)`"):
        reference(image, "the cat")


def test_closed_file_is_told(here: Path) -> None:
    """A file that was closed says so."""
    with Path("a cat.png").open("rb") as file:
        pass
    with pytest.raises(ReferenceImageError, match=r"a cat\.png cannot be read.*closed file"):
        reference(file)


@pytest.mark.parametrize("error", [TypeError("use Tensor.cpu()"), RuntimeError("use detach()")])
def test_tensor_says_what_it_needs(error: Exception) -> None:
    """What a library says of its own object is handed on."""

    class Tensor:
        def __array__(self, *_: Any, **__: Any) -> Any:
            raise error

    with pytest.raises(ReferenceImageError, match=str(error)[:6]):
        reference(Tensor())


def test_tensor_is_taken() -> None:
    """Whatever NumPy makes an array of is an array."""

    class Tensor:
        def __array__(self, *_: Any, **__: Any) -> Any:
            return numpy.full((3, 4, 3), 7, "uint8")

    assert reference(Tensor()) == reference(numpy.full((3, 4, 3), 7, "uint8"))


def test_no_images_are_none() -> None:
    """`images=None` is what is meant by it."""
    assert references(None) == []


class _Large(BytesIO):
    """Says that it is large, and can be read."""

    def seek(self, place: int, whence: int = 0) -> int:
        return LARGE if whence == os.SEEK_END else super().seek(place, whence)
