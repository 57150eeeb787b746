"""Small pictures."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from nanobanana_nb.images.thumbnail import fitted, prepare, thumbnail
from tests.show.conftest import photo


def _opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    assert image.format == "JPEG"
    return image.convert("RGB")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_the_longest_side_is_what_was_asked(tmp_path: Path, kind: str) -> None:
    """Each format of the services becomes a JPEG of the right shape."""
    path = tmp_path / "a"
    Image.new("RGB", (800, 400), "teal").save(path, kind)
    assert _opened(thumbnail(path, 256)).size == (256, 128)
    assert _opened(thumbnail(path, 600)).size == (600, 300)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparency_becomes_white(tmp_path: Path, mode: str) -> None:
    """What is see-through is not black."""
    path = tmp_path / "a.png"
    clear = Image.new("RGBA", (64, 64), (0, 0, 0, 0)).convert(mode)
    clear.save(path, **({"transparency": clear.getpixel((0, 0))} if mode == "P" else {}))
    assert _opened(thumbnail(path, 32)).getpixel((16, 16)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["L", "1", "CMYK", "I;16"])
def test_other_modes_are_shown(tmp_path: Path, mode: str) -> None:
    """Grey, print colours and 16 bits a channel keep their brightness."""
    path = tmp_path / "a.tiff"
    middle = {"I;16": 128 * 256, "CMYK": (0, 0, 0, 127), "1": 1, "L": 128}[mode]
    Image.new(mode, (64, 64), middle).save(path)
    red, green, blue = _opened(thumbnail(path, 32)).getpixel((16, 16))
    assert min(red, green, blue) > 120
    assert (max(red, green, blue) < 136) == (mode != "1")


def test_a_camera_turned_on_its_side_is_turned_back(tmp_path: Path) -> None:
    """The orientation in the file is obeyed."""
    path = tmp_path / "a.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (200, 100)).save(path, exif=exif)
    assert _opened(thumbnail(path, 100)).size == (50, 100)


def test_a_small_picture_is_not_blown_up(tmp_path: Path) -> None:
    """A picture smaller than asked stays as it is."""
    path = tmp_path / "a.png"
    Image.new("RGB", (20, 10)).save(path)
    assert _opened(thumbnail(path, 256)).size == (20, 10)


def test_a_picture_fits_its_bytes(tmp_path: Path) -> None:
    """Detail gives way to the limit; the shown size stays."""
    path = photo(tmp_path / "a.png", 400, 200)
    small = fitted(path, 192, 2_000)
    assert len(small.data) <= 2_000
    assert (small.width, small.height) == (192, 96)


def test_a_changed_file_is_drawn_anew(tmp_path: Path) -> None:
    """The cache knows a file by its content's time and size."""
    path = tmp_path / "a.png"
    Image.new("RGB", (64, 64), "white").save(path)
    assert _opened(thumbnail(path, 32)).getpixel((5, 5)) == (255, 255, 255)
    Image.new("RGB", (65, 65), "black").save(path)
    assert _opened(thumbnail(path, 32)).getpixel((5, 5)) == (0, 0, 0)


def test_no_picture_is_an_os_error(tmp_path: Path) -> None:
    """Missing, damaged and foreign files raise one kind of error, and preparing skips them."""
    text, cut = tmp_path / "a.txt", tmp_path / "cut.png"
    text.write_text("no picture")
    cut.write_bytes(photo(tmp_path / "whole.png").read_bytes()[:5000])
    for path in (tmp_path / "none.png", text, cut):
        with pytest.raises(OSError):  # noqa: PT011 - the kind is the contract
            thumbnail(path, 32)
    prepare([text, cut, None])
