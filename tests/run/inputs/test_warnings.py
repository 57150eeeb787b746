"""Pillow's warnings about odd files reach nobody, and the filters of the process stay."""

from __future__ import annotations

import struct
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from PIL import Image

from nanobanana_nb.images.decoding import decoded
from nanobanana_nb.images.quiet import quiet
from nanobanana_nb.images.thumbnail import thumbnail
from nanobanana_nb.ledger.files.originals import measure
from nanobanana_nb.run.inputs.reference import reference
from tests.run.inputs.test_odd_parts import chunk, jpeg, png, segment

EXIF = b"Exif\0\0MM\0*\0\0\0\x08\0\x02\x87i\0\x04\0\0\0\1\xff\xff\xff\0\x01\x12\0\3\0\0\0\1"
MPF = b"MPF\0II*\0\x08\0\0\0\x01\0\x01\xb0\x04\0\xff\xff\xff\xff\0\0\0\0"


def wide() -> bytes:
    """A picture of more pixels than Pillow opens without a word, of one bit each."""
    head = struct.pack(">IIBBBBB", 10_000, 10_000, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(1251 * 10_000))
    parts = chunk(b"IHDR", head), chunk(b"IDAT", rows), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


NOISY = {
    "EXIF of a JPEG": jpeg(segment(0xE1, EXIF)),
    "EXIF of a PNG": png(chunk(b"eXIf", b"II*\0\xff\xff\xff\xff")),
    "EXIF beyond its end": jpeg(segment(0xE1, b"Exif\0\0MM\0*\xff\xff\xff\xff")),
    "APNG": png(chunk(b"acTL", bytes(8))),
    "MPO": jpeg(segment(0xE2, MPF)),
    "MPO of junk": jpeg(segment(0xE2, b"MPF\0garbage")),
}


def used(data: bytes, folder: Path) -> None:
    """Do all that opens a picture: measure it, show it in both sizes, refer to it in three ways."""
    path = folder / "original"
    path.write_bytes(data)
    measure(data)
    decoded(data, lambda image: image.getexif())
    thumbnail(path, 8)
    reference(data)
    reference(path)


@pytest.mark.parametrize("action", ["error", "always"])
@pytest.mark.parametrize("name", NOISY)
def test_nothing_of_pillow_is_heard(name: str, action: Any, tmp_path: Path) -> None:
    """Under whatever filters a person has, of results and references."""
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter(action)
        image = Image.open(BytesIO(NOISY[name])) if action == "always" else None
        heard.clear()
        if image is not None:
            reference(image)
        used(NOISY[name], tmp_path)
    assert [str(one.message) for one in heard] == []


def test_size_is_told_by_us_alone() -> None:
    """A picture above our limit is an error of ours, without a word of Pillow's before."""
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        with pytest.raises(Exception, match="too large"):
            measure(wide())
    assert heard == []


def test_others_are_heard() -> None:
    """Pillow's warnings in another thread, and warnings of others, are nobody else's to silence."""
    inside, done = Barrier(2), Barrier(2)

    def silent() -> None:
        with quiet():
            inside.wait(10)
            done.wait(10)

    with warnings.catch_warnings(record=True) as heard, ThreadPoolExecutor(1) as pool:
        warnings.simplefilter("always")
        work = pool.submit(silent)
        inside.wait(10)
        Image.open(BytesIO(NOISY["APNG"]))
        with quiet():
            warnings.warn("of mine", stacklevel=1)
            Image.open(BytesIO(NOISY["APNG"]))
        done.wait(10)
        work.result()
    assert ["APNG" in str(one.message) for one in heard] == [True, False]


def test_filters_stay_as_they_were() -> None:
    """Threads that overlap, and one that fails, leave no filter behind."""
    together = Barrier(4)

    def work(_: int) -> None:
        with quiet():
            together.wait(10)

    before = list(warnings.filters)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    with pytest.raises(KeyError), quiet():
        raise KeyError
    with quiet():
        warnings.resetwarnings()
        warnings.filters[:] = before  # type: ignore[index]
    assert list(warnings.filters) == before
