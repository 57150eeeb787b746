"""Pictures in formats that nobody asked for: which are shown, and which are never opened."""

from __future__ import annotations

import struct
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, features

from nanobanana_nb.errors import DownloadError
from nanobanana_nb.images import decoding
from nanobanana_nb.images.thumbnail import thumbnail
from nanobanana_nb.ledger.files.originals import Images
from nanobanana_nb.run.inputs.reference import reference

SIZE = (32, 24)


def picture(form: str, mode: str = "RGB", size: tuple[int, int] = SIZE) -> bytes:
    """A picture of one colour in this format."""
    out = BytesIO()
    Image.new(mode, size, "red" if mode == "RGB" else 1).save(out, form)
    return out.getvalue()


def psd() -> bytes:
    """A Photoshop file without layers, which Pillow does not write."""
    head = b"8BPS" + struct.pack(">H6xHIIHH", 1, 3, SIZE[1], SIZE[0], 8, 3) + bytes(12)
    return head + b"\0\0" + b"\xff" * SIZE[0] * SIZE[1] + bytes(2 * SIZE[0] * SIZE[1])


SHOWN = {
    **{form: picture(form) for form in ("PPM", "ICO", "TGA", "PCX", "SGI", "DDS", "DIB")},
    "PBM": picture("PPM", "1"),
    "PGM": picture("PPM", "L"),
    "written PPM": b"P3 32 24 255 " + b"255 0 0 " * 768,
    "TGA without a mark at its end": picture("TGA")[:-26],
    "ICNS": picture("ICNS", size=(32, 32)),
    "PSD": psd(),
}
if features.check("jpg_2000"):
    SHOWN["JPEG 2000"] = picture("JPEG2000")
    SHOWN["JPEG 2000 without its box"] = SHOWN["JPEG 2000"].partition(b"jp2c")[2]
NEVER = {
    **{form: picture(form) for form in ("EPS", "PDF")},
    "EPS in binary": struct.pack("<4s6I", b"\xc5\xd0\xd3\xc6", 30, 99, 0, 0, 0, 0) + picture("EPS"),
    "WMF": b"\xd7\xcd\xc6\x9a" + bytes(40),
    "FPX": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "MPEG": b"\0\0\1\xb3" + bytes(60),
    "HDF5": b"\x89HDF\r\n\x1a\n" + bytes(60),
}


@pytest.mark.parametrize("name", SHOWN)
def test_format_is_shown_as_it_came(name: str, tmp_path: Path) -> None:
    """It is stored byte for byte, opened again, made small, and can be a reference."""
    data = SHOWN[name]
    images = Images(tmp_path / "originals")
    measured, path = images.store(data)
    assert (path.read_bytes(), images.data(measured.sha256)) == (data, data)
    assert (measured.width, measured.height) == Image.open(BytesIO(data)).size
    assert path.suffix != ".bin"
    assert decoding.decoded(data, lambda image: image.size) == (measured.width, measured.height)
    assert Image.open(BytesIO(thumbnail(path, 16))).width == 16
    assert reference(path).media_type == "image/png"
    assert not (tmp_path / "arrived").exists() or not [*(tmp_path / "arrived").iterdir()]


@pytest.mark.parametrize("name", SHOWN)
def test_half_of_a_format_is_kept(name: str, tmp_path: Path) -> None:
    """What was cut in two is kept as it came, and not shown."""
    data = SHOWN[name][: len(SHOWN[name]) // 2]
    with pytest.raises(DownloadError) as raised:
        Images(tmp_path / "originals").store(data)
    assert raised.value.kept


@pytest.mark.parametrize("name", NEVER)
def test_format_that_starts_programs_is_not_opened(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is kept; no decoder of it runs, and no program is started."""

    def started(*_: object, **__: object) -> None:
        raise AssertionError("a program was started")

    monkeypatch.setattr(subprocess, "Popen", started)
    with pytest.raises(DownloadError) as raised:
        Images(tmp_path / "originals").store(NEVER[name])
    assert raised.value.kept


def test_decoders_that_start_programs_are_not_allowed() -> None:
    """The list that results and references share has none of them."""
    never = {"EPS", "WMF", "FPX", "MIC", "MPEG", "GRIB", "BUFR", "HDF5", "IPTC", "FITS"}
    assert not never & decoding.BY_NAME.keys()
