"""Originals: what is an image, and how it comes to lie byte for byte under its name."""

from __future__ import annotations

import errno
import hashlib
import os
import struct
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from PIL import Image, features

from nanobanana_nb.errors import DownloadError, LedgerError
from nanobanana_nb.images.thumbnail import thumbnail
from nanobanana_nb.ledger.files.originals import MOST_PIXELS, Images, measure
from nanobanana_nb.model.result import Generation, State
from tests.ledger.conftest import picture, request_for

TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}


def chunk(name: bytes, data: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def bomb(width: int, height: int) -> bytes:
    """A small PNG of this many black pixels, or at least of this size in its head."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((width // 8 + 1) * min(height, 2000)), 9)
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", rows), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_measures_what_it_is(kind: str) -> None:
    """Type, size and hash come from the bytes alone."""
    data = picture(kind, (65, 48))
    found = measure(data)
    assert (found.media_type, found.width, found.height) == (TYPES[kind], 65, 48)
    assert found.sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_is_one(mode: str) -> None:
    """Grey, palette, transparency and 16 bits are images too."""
    buffer = BytesIO()
    Image.new(mode, (9, 7)).save(buffer, "PNG")
    assert (measure(buffer.getvalue()).width, measure(buffer.getvalue()).height) == (9, 7)


def test_photo_with_a_second_picture_inside_is_a_jpeg() -> None:
    """Phones put a preview behind the photo (MPF); the file is a JPEG all the same."""
    first, second = Image.effect_noise((64, 48), 50), Image.new("L", (8, 8))
    buffer = BytesIO()
    first.save(buffer, "MPO", save_all=True, append_images=[second])
    found = measure(buffer.getvalue())
    assert (found.media_type, found.width, found.height) == ("image/jpeg", 64, 48)


NO_BYTES_OF_AN_IMAGE = {
    "SVG": b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>",
    "XML": b"\xef\xbb\xbf<?xml version='1.0'?><Error>expired</Error>",
    "HTML": b"\n<!doctype html><html><body>Forbidden</body></html>",
    "HTML with control characters": b"<html>\x00\x01\x02</html>",
    "HTML in UTF-16": "<html>Zugriff</html>".encode("utf-16"),
    "JSON": b'{"code": 404}',
    "a list": b"[1, 2]",
    "text": b"rate limit exceeded\r\n",
    "text with umlauts": "Zugriff verweigert, bitte sp\u00e4ter".encode(),
    "text in Latin-1": "Der Dienst antwortet gerade nicht, sp\u00e4ter".encode("latin-1"),
    "a long text": ("\u00fc" * 5000).encode(),
    "empty": b"",
}
NOT_SHOWN = {
    "PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n\x00\x01",
    "zeros": bytes(4096),
    "random": bytes(range(256)) * 8,
    "HEIC": b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00heicmif1" + bytes(range(200)),
    "magic alone": b"\x89PNG\r\n\x1a\n",
    "wrong checksum": picture()[:40] + b"\x00" + picture()[41:],
    "cut PNG": picture(size=(200, 150))[:-30],
    "cut JPEG": picture("JPEG", (200, 150))[:3000],
    "cut WebP": picture("WEBP", (200, 150))[:3000],
    "PNG of no width": bomb(0, 5),
    "one pixel too many": bomb(MOST_PIXELS // 8000 + 1, 8000),
    "bomb": bomb(60_000, 60_000),
    "wide bomb": bomb(2_000_000_000, 1),
}
BINARY = bytes(range(7, 200)) * 30
KEPT = NOT_SHOWN | {
    **{f"binary after {start!r}": start + BINARY for start in (b"<", b"{", b"[", b"<a", b" <?")},
    "binary after 5 kB of text": b"[" + b"a = 1\n" * 900 + BINARY,
    "binary after a mark of UTF-16": b"\xff\xfe" + BINARY,
    "EPS": picture("EPS"),
    "EPS of text": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n",
    "XBM": b"#define im_width 8\n#define im_height 1\nstatic char im_bits[] = {\n0xff };\n",
    "XBM after words": b"/* made by x */\n#define im_width 8\n#define im_height 1\n",
    "XPM": b'/* XPM */\nstatic char *x[] = {"1 1 1 1", "a c #fff", "a"};\n',
    **{f"ASCII P{n}, cut": b"P%d\n# made by x\n1 1\n" % n for n in (1, 2, 3)},
    "ASCII P3 without words, cut": b"P3 1 1 255 255 0\n",
    "P6 of readable bytes, cut": b"P6\n8 8\n255\n" + b"x" * 191,
    "PDF of text": b"%PDF-1.4\n1 0 obj << >> endobj\n",
}
NO_IMAGES = NO_BYTES_OF_AN_IMAGE | NOT_SHOWN


@pytest.mark.parametrize("name", sorted(NO_IMAGES))
def test_what_is_no_image_is_refused(name: str) -> None:
    """Other files, pages and bombs are a download error."""
    assert len(NO_IMAGES[name]) < 1_000_000
    with pytest.raises(DownloadError):
        measure(NO_IMAGES[name])


@pytest.mark.parametrize("name", sorted(NO_BYTES_OF_AN_IMAGE))
def test_text_is_not_kept(name: str, tmp_path: Path) -> None:
    """Pages, XML, JSON and other text are no paid image: nothing is written."""
    with pytest.raises(DownloadError) as raised:
        Images(tmp_path / "originals").store(NO_BYTES_OF_AN_IMAGE[name])
    assert raised.value.kept is None
    assert list(tmp_path.rglob("*")) == []


@pytest.mark.parametrize("name", sorted(KEPT))
def test_what_cannot_be_shown_is_kept(name: str, tmp_path: Path) -> None:
    """The bytes lie in a folder of their own under their hash, and the error says where."""
    data, images = KEPT[name], Images(tmp_path / "originals")
    for _ in range(2):
        with pytest.raises(DownloadError) as raised:
            images.store(data)
    (file,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert file.parent == tmp_path / "arrived"
    assert file.stem == hashlib.sha256(data).hexdigest() == raised.value.kept
    assert file.suffix in (".bin", ".png", ".jpg", ".webp", ".heic")
    assert file.read_bytes() == data
    assert str(file) in str(raised.value)
    assert images.arrival(file.stem) == file


def test_bytes_are_on_disk_before_they_are_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A decoder that takes the process down leaves what was paid."""
    data, seen = picture(), []

    def deadly(*_: object) -> None:
        seen.extend(path.read_bytes() for path in tmp_path.rglob("*.png"))
        raise KeyboardInterrupt

    monkeypatch.setattr("nanobanana_nb.ledger.files.originals.measure", deadly)
    with pytest.raises(KeyboardInterrupt):
        Images(tmp_path / "originals").store(data)
    assert seen == [data]
    assert [path.read_bytes() for path in tmp_path.rglob("*.png")] == [data]


@pytest.mark.parametrize("same_disk", [True, False])
def test_originals_may_lie_on_another_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, same_disk: bool
) -> None:
    """Where the folder of originals leads elsewhere, what arrives is copied and not renamed."""
    real = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if not same_disk and "arrived" in (self.parent.name, Path(target).parent.name):
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    images, data = Images(tmp_path / "originals"), picture()
    assert images.store(data)[1].read_bytes() == data
    with pytest.raises(DownloadError):
        images.store(NOT_SHOWN["random"])
    assert sorted(path.suffix for path in tmp_path.rglob("*") if path.is_file()) == [".bin", ".png"]


def with_text(size: int, kind: bytes) -> bytes:
    """A PNG with a long text in it, before its pixels."""
    text = b"note\x00" + (b"x" * size if kind == b"tEXt" else b"\x00" + zlib.compress(b"x" * size))
    data = picture()
    return data[:33] + chunk(kind, text) + data[33:]


SHOWN = {
    "PNG with data behind its end": picture() + b"\x00" * 5000,
    "JPEG with data behind its end": picture("JPEG") + b"ftypmp42" * 1000,
    "WebP with data behind its end": picture("WEBP") + b"\x01" * 5000,
    "GIF": picture("GIF"),
    "BMP": picture("BMP"),
    "TIFF": picture("TIFF"),
    "big-endian TIFF": picture("TIFF", big_tiff=False),
    "JPEG 2000": picture("JPEG2000"),
    "AVIF": picture("AVIF") if features.check("avif") else picture("GIF"),
    "PNG with 2 MB of text": with_text(2_000_000, b"tEXt"),
    "PNG with 2 MB of packed text": with_text(2_000_000, b"zTXt"),
    "progressive JPEG": picture("JPEG", progressive=True),
    "JPEG with restarts": picture("JPEG", restart_marker_rows=1),
}


@pytest.mark.parametrize("name", sorted(SHOWN))
def test_what_pillow_reads_is_shown(name: str, tmp_path: Path) -> None:
    """The original stays as it came; a thumbnail and the picture itself can be had of it."""
    data = SHOWN[name]
    measured, path = Images(tmp_path / "originals").store(data)
    assert path.read_bytes() == data
    assert (measured.width, measured.height) == (64, 48)
    assert thumbnail(path, 32).startswith(b"\xff\xd8")
    request = request_for("shown")
    made = Generation(request, State.SUCCESS, path=path, **vars(measured))
    assert made.image.size == (64, 48)
    assert not list((tmp_path / "arrived").iterdir())


def test_page_in_the_place_of_an_image_is_told() -> None:
    """The person reads that a web page came."""
    with pytest.raises(DownloadError, match="a web page"):
        measure(NO_IMAGES["HTML"])


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.98])
@pytest.mark.parametrize("kind", sorted(TYPES))
def test_truncated_image_is_refused(kind: str, share: float) -> None:
    """A file that was cut is not taken for a complete one."""
    data = picture(kind, (200, 150))
    with pytest.raises(DownloadError, match="not a complete image"):
        measure(data[: int(len(data) * share)])


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_image_that_lacks_its_end_is_refused(kind: str) -> None:
    """Not even the last byte may be missing: the hash would name another file for ever."""
    with pytest.raises(DownloadError):
        measure(picture(kind, (200, 150))[:-1])


def test_lenient_pillow_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A notebook that told Pillow to load truncated files still gets no cut original."""
    monkeypatch.setattr("PIL.ImageFile.LOAD_TRUNCATED_IMAGES", True)
    data = picture("JPEG", (200, 150))
    with pytest.raises(DownloadError):
        measure(data[: len(data) // 2])


def test_large_but_sane_image_is_taken_without_a_warning() -> None:
    """An image just below the limit is measured, and no warning is shown."""
    buffer = BytesIO()
    Image.new("1", (8000, MOST_PIXELS // 8000)).save(buffer, "PNG")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert measure(buffer.getvalue()).height == MOST_PIXELS // 8000


def test_measuring_leaves_the_warnings_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two images measured at once by two threads leave the process's filters as they were."""
    inside, opened = Barrier(2), Image.open

    def open_together(*args: Any, **options: Any) -> Image.Image:
        inside.wait(10)
        return opened(*args, **options)

    monkeypatch.setattr(Image, "open", open_together)
    data = [picture(), picture(size=(300, 300))]
    with warnings.catch_warnings(), ThreadPoolExecutor(2) as pool:
        before = list(warnings.filters)
        for _ in range(10):
            list(pool.map(measure, data))
        assert list(warnings.filters) == before


def test_stores_byte_for_byte(tmp_path: Path) -> None:
    """The file is named by its hash and holds what came, comments and all."""
    data = picture("JPEG", comment=b"made by a model")
    found, path = Images(tmp_path / "a" / "b").store(data)
    assert path.read_bytes() == data
    assert path == tmp_path / "a" / "b" / found.sha256[:2] / f"{found.sha256}.jpg"


def test_same_content_twice_is_one_file(tmp_path: Path) -> None:
    """The second time nothing is written."""
    images, data = Images(tmp_path), picture()
    _, first = images.store(data)
    before = first.stat()
    _, second = images.store(data)
    assert second == first
    assert (second.stat().st_mtime_ns, second.stat().st_ino) == (before.st_mtime_ns, before.st_ino)
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_damaged_file_is_mended(tmp_path: Path) -> None:
    """A file that was cut on disk is written again."""
    images, data = Images(tmp_path), picture()
    _, path = images.store(data)
    path.write_bytes(data[:100])
    assert images.store(data)[1].read_bytes() == data


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_failed_write_leaves_no_partial_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """A full disk is an error of ours, and neither half a file nor a temporary one is left."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(*((os, "fsync", full) if step == "fsync" else (Path, "replace", full)))
    with pytest.raises(LedgerError, match="No space left"):
        Images(tmp_path).store(picture())
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_interrupted_write_leaves_no_partial_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does an interrupt between writing and renaming."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        Images(tmp_path).store(picture())
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    """A folder that cannot be made is told with its way out."""
    (tmp_path / "originals").write_text("in the way")
    with pytest.raises(LedgerError, match="NANOBANANA_HOME"):
        Images(tmp_path / "originals").store(picture())
