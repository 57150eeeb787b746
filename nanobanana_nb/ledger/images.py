"""The originals, byte for byte, in files named by what is in them."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

from nanobanana_nb.errors import DownloadError, LedgerError
from nanobanana_nb.ledger.claimant import this_process
from nanobanana_nb.model.result import Generation

MOST_PIXELS = 80_000_000  # a 4K image of the widest ratio has 17 million
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
_FORMATS = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",  # a JPEG with further pictures behind the first
    "WEBP": "image/webp",
}
_OPENED = ("PNG", "JPEG", "WEBP")
_ENDS = {"image/png": b"IEND\xaeB`\x82", "image/jpeg": b"\xff\xd9"}
_PARTS = ".parts"  # in the same file system, or a rename would copy
_OLD_S = 86_400.0  # half a file of a writer that no ledger knows is left alone for a day
_TAIL = 1024  # bytes behind the end that some programs add


@dataclass(frozen=True)
class Measured:
    """What an image file is: hash, type and size in pixels, found from its bytes."""

    sha256: str
    media_type: str
    width: int
    height: int


def measure(data: bytes) -> Measured:
    """Decode an image wholly and say what it is. Takes about 20 ms for a megapixel.

    The size is read before decoding, so that a small file cannot unpack into a huge one.

    Raises:
        DownloadError: the bytes are no complete PNG, JPEG or WebP of a sane size.
    """
    from PIL import Image

    try:
        with Image.open(BytesIO(data), formats=_OPENED) as image:
            width, height = image.size
            if width * height > MOST_PIXELS:
                raise DownloadError("The image is too large", why=f"{width} × {height} pixels")
            image.load()
            media_type = _FORMATS[str(image.format)]
        if not _has_end(data, media_type):
            raise EOFError
    except DownloadError:
        raise
    except Exception as error:  # Pillow's decoders raise many kinds for broken files
        looks = "a web page" if data.lstrip()[:1] == b"<" else f"{len(data):,} bytes"
        reason = f"{looks} that cannot be decoded ({type(error).__name__})"
        raise DownloadError("What came is not a complete image", why=reason) from None
    return Measured(hashlib.sha256(data).hexdigest(), media_type, width, height)


def _has_end(data: bytes, media_type: str) -> bool:
    """Whether the file's own end is there: Pillow forgives a missing one, or is told to."""
    if media_type == "image/webp":
        return len(data) >= 8 + int.from_bytes(data[4:8], "little")
    return _ENDS[media_type] in data[-_TAIL:]


class Images:
    """A folder of originals. A file under its final name is complete."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str, media_type: str) -> Path:
        """Return where the image with this hash lies, or would lie."""
        return self.folder / sha256[:2] / f"{sha256}.{_ENDINGS[media_type]}"

    def store(self, data: bytes) -> tuple[Measured, Path]:
        """Check the bytes, write them under a temporary name, sync, and rename.

        Raises:
            DownloadError: the bytes are no image.
            LedgerError: they cannot be written.
        """
        found = measure(data)
        path = self.path(found.sha256, found.media_type)
        try:
            if not (path.exists() and path.read_bytes() == data):
                self.write_whole(path, data)
        except OSError as error:
            raise LedgerError(f"The image cannot be written to {path}", why=str(error)) from None
        return found, path

    def completed(self, generation: Generation) -> Generation:
        """Add the path of the original, if the file is there."""
        if not (generation.sha256 and generation.media_type):
            return generation
        path = self.path(generation.sha256, generation.media_type)
        there = os.path.exists(path)  # noqa: PTH110 - says no where a folder is closed to us
        return replace(generation, path=path if there else None)

    def data(self, sha256: str) -> bytes | None:
        """Return the bytes of the original with this hash, None where it is not there."""
        for media_type in _ENDINGS:
            with suppress(OSError):
                return self.path(sha256, media_type).read_bytes()
        return None

    def write_whole(self, path: Path, data: bytes) -> None:
        """Write a file so that it is complete whenever it is there, after a power cut too."""
        parts = self.folder / _PARTS
        known = path.parent.exists()
        path.parent.mkdir(parents=True, exist_ok=True)
        parts.mkdir(exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=parts, prefix=this_process().id + "-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        for folder in (path.parent,) if known else (path.parent, self.folder):
            _sync_folder(folder)

    def part_writers(self) -> set[str]:
        """Return the processes of which half-written files are there."""
        return {_writer(part) for part in self._parts()}

    def forget_parts(self, gone: Collection[str], living: Collection[str]) -> None:
        """Delete half-written files whose writers are gone, and old ones of nobody's."""
        for part in self._parts():
            writer = _writer(part)
            if writer in gone or (writer not in living and _is_old(part)):
                part.unlink(missing_ok=True)

    def _parts(self) -> Iterator[Path]:
        return (self.folder / _PARTS).glob("*-*")


def _writer(part: Path) -> str:
    return part.name.partition("-")[0]


def _is_old(part: Path) -> bool:
    try:
        return time.time() - part.stat().st_mtime > _OLD_S
    except FileNotFoundError:
        return False


def _sync_folder(folder: Path) -> None:
    """Let the new name survive a power cut, where the system can do that."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:  # some network folders cannot; the file itself is whole and on disk
        pass
    finally:
        os.close(handle)
