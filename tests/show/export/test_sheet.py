"""The contact sheet as a file: large, with headings, and with its parameters inside."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import ExifTags, Image

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.show.export import export
from nanobanana_nb.show.export.content import content_of
from nanobanana_nb.show.export.metadata import SOURCE_TYPE, xmp
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.sheet import canvas
from nanobanana_nb.show.sheet.sheet_file import MOST_IMAGES, _sizes, drawn, tables_of
from tests.show.conftest import failed, planned_grid, waiting

Made = Callable[..., Generation]
XMP_DESCRIPTION = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}Description"
XMP_SOURCE = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType"


def _packet(path: Path) -> bytes:
    """Return the XMP packet as a program finds it that knows nothing of us."""
    data = path.read_bytes()
    with Image.open(path) as image:
        if image.format == "PNG":
            return str(image.info["XML:com.adobe.xmp"]).encode()
    head = b"http://ns.adobe.com/xap/1.0/\x00"
    start = data.index(head)
    length = int.from_bytes(data[start - 2 : start], "big")
    assert data[start - 4 : start - 2] == b"\xff\xe1"
    return data[start + len(head) : start - 2 + length]


@pytest.mark.parametrize("ending", ["png", "jpg"])
def test_xmp_says_that_a_model_made_it(made: Made, tmp_path: Path, ending: str) -> None:
    """The packet is XML and names IPTC's source type for trained models."""
    path = export(ImageGrid([made(prompt="<b> & \x01 \ufffe ]]>")]), tmp_path / f"x.{ending}")
    root = ET.fromstring(_packet(path))
    assert root.find(f".//{XMP_DESCRIPTION}").attrib[XMP_SOURCE] == SOURCE_TYPE  # type: ignore[union-attr]
    assert SOURCE_TYPE.endswith("/digitalsourcetype/trainedAlgorithmicMedia")


def test_a_png_carries_its_parameters(photos: list[Path], tmp_path: Path) -> None:
    """The record of the JSON export is in an iTXt chunk, the prompt in another."""
    grid = planned_grid(photos, "{a} cat, größe", a=["ink", "oil"])
    path = export(grid, tmp_path / "x.png")
    with Image.open(path) as image:
        image.load()
        told = json.loads(image.info["nanobanana_nb"])
        assert "{a} cat, größe" in image.info["Description"]
    assert [one["values"]["a"] for one in told["images"]] == ["ink", "oil"]
    assert told["plan"]["prompt"] == "{a} cat, größe"


def test_a_jpeg_carries_its_parameters(photos: list[Path], tmp_path: Path) -> None:
    """The record is in EXIF's UserComment, marked as ASCII; the description is in plain words."""
    grid = planned_grid(photos, "{a} cat, größe", a=["ink", "oil"])
    with Image.open(export(grid, tmp_path / "x.jpg")) as image:
        image.load()
        exif = image.getexif()
    comment = exif.get_ifd(ExifTags.IFD.Exif)[0x9286]
    assert comment[:8] == b"ASCII\0\0\0"
    assert json.loads(comment[8:])["prompt"] == "{a} cat, größe"
    assert "{a} cat, gr??e" in exif[0x010E]


@pytest.mark.long
def test_a_large_record_is_shortened_in_a_jpeg(made: Made, tmp_path: Path) -> None:
    """A JPEG's segment holds 64 kB: the longest parts are left out, and that is told."""
    grid = ImageGrid([made(i, prompt="x" * 3000) for i in range(40)])
    with Image.open(export(grid, tmp_path / "x.jpg")) as image:
        image.load()
        comment = image.getexif().get_ifd(ExifTags.IFD.Exif)[0x9286]
    told = json.loads(comment[8:])
    assert told["left_out"][0] == "plan"
    assert told["images"] is None
    assert told["prompt"] == "x" * 3000


def test_xmp_always_fits_a_segment(made: Made) -> None:
    """A prompt of 20 kB, of letters that take several bytes, leaves room."""
    assert len(xmp(content_of(ImageGrid([made(prompt="漢" * 20_000)])))) < 60_000


@pytest.mark.long
@pytest.mark.parametrize("count", [1, 2, 12, 60, 120])
def test_letters_can_be_read_when_the_sheet_is_shrunk(made: Made, count: int) -> None:
    """On a screen of 1,400 pixels the legends are at least 9 pixels high."""
    content = content_of(ImageGrid([made(i) for i in range(count)]))
    sheet = drawn(content)
    body = _sizes([page for _, page in tables_of(content)], count).body
    assert body * min(1.0, 1400 / sheet.width) >= 9
    assert sheet.width * sheet.height < 60_000_000


def test_tiles_are_large_where_there_is_room(made: Made) -> None:
    """Two images stand beside each other at their own 512 pixels."""
    assert drawn(content_of(ImageGrid([made(0), made(1)]))).width > 2 * 512


def test_every_axis_has_its_headings(photos: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Values of all axes are written on the sheet, however many axes there are."""
    said: list[str] = []
    real = canvas.wrapped
    monkeypatch.setattr(
        canvas, "wrapped", lambda text, *rest: (said.append(text), real(text, *rest))[1]
    )
    axes = {"a": ["ink", "oil"], "b": ["cat", "hare"], "c": ["day", "night"], "d": ["sea", "wood"]}
    drawn(content_of(planned_grid(photos, "{a} {b} {c} {d}", **axes)))
    for values in axes.values():
        for value in values:
            assert any(value in text for text in said)


@pytest.mark.parametrize("state", list(State))
def test_every_state_is_drawn(made: Made, tmp_path: Path, state: State) -> None:
    """No state breaks the sheet, nor does a lost or broken file, or an odd text."""
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    odd = waiting(state, prompt="\ud800 صورة " * 400, task_id=None)
    images = [odd, made(path=tmp_path / "lost.png"), made(path=broken, model="x" * 500)]
    assert drawn(content_of(ImageGrid(images))).width > 300


def test_a_failure_has_a_red_border(made: Made) -> None:
    """A failed image looks like a failure, not like an empty place."""
    sheet = drawn(content_of(ImageGrid([failed(), made()])))
    colours = [colour for _, colour in sheet.crop((0, 0, 520, 500)).getcolors(1 << 20) or []]
    assert any(r > 180 and g < 130 and b < 130 for r, g, b in colours)  # type: ignore[misc]


def test_too_many_images_are_refused(made: Made, tmp_path: Path) -> None:
    """A sheet that nobody could read is not begun, and the error says what to do."""
    with pytest.raises(InputError, match=r"at most 1,000 images.*\.html"):
        export(ImageGrid([made()] * (MOST_IMAGES + 1)), tmp_path / "x.png")
