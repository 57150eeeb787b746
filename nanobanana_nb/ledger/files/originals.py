"""The originals, byte for byte, in files named by what is in them.

What a download brought is paid: it is on disk, in a folder of its own, before anybody judges
it. A picture that can be shown moves on to the originals, anything else stays there.
"""

from __future__ import annotations

import hashlib
import os
import stat
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from nanobanana_nb.errors import DownloadError, LedgerError
from nanobanana_nb.images import decoding, disk
from nanobanana_nb.ledger.files.atomic_write import WholeFiles
from nanobanana_nb.model.result import Generation

if TYPE_CHECKING:
    from PIL import Image

MOST_PIXELS = 80_000_000  # a 4K image of the widest ratio has 17 million
_NO_IMAGE = "What came is not a complete image"
ARRIVED = "arrived"  # the folder of what came and is not, or not yet, an original


@dataclass(frozen=True)
class Measurement:
    """What an image file is: hash, type and size in pixels, found from its bytes."""

    sha256: str
    media_type: str
    width: int
    height: int


def measure(data: bytes) -> Measurement:
    """Decode an image wholly and say what it is. Takes about 20 ms for a megapixel.

    The size is read before decoding, so that a small file cannot unpack into a huge one. What
    follows the picture's own end does not matter.

    Raises:
        DownloadError: the bytes are no complete image of a sane size and of a kind that Pillow
            reads.
    """
    try:
        name, width, height = decoding.decoded(data, _decoded_size)
        kind = decoding.kind_of(data) or decoding.BY_NAME[name]
        if not decoding.has_end(data, kind):
            raise EOFError
    except DownloadError:
        raise
    except Exception as error:  # Pillow's decoders raise many kinds for broken files
        why = _words(data)
        if decoding.kind_of(data) is not None:
            why += f" that cannot be decoded ({type(error).__name__})"
        raise DownloadError(_NO_IMAGE, why=why) from None
    return Measurement(hashlib.sha256(data).hexdigest(), kind.media_type, width, height)


def _decoded_size(image: Image.Image) -> tuple[str, int, int]:
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise DownloadError("The image is too large", why=f"{width} × {height} pixels")
    image.load()
    return str(image.format), width, height


def _words(data: bytes) -> str:
    """Say what bytes are that may be no image."""
    kind = decoding.kind_of(data)
    if kind is not None:
        return f"{len(data):,} bytes of {kind.name}"
    if not decoding.is_text(data):
        return f"{len(data):,} bytes of an unknown kind"
    page = data.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")[:1] == b"<"
    return "a web page" if page else f"{len(data):,} bytes of text"


class Images(WholeFiles):
    """A folder of originals. A file under its final name is complete."""

    def path(self, sha256: str, media_type: str) -> Path:
        """Return where the image with this hash lies, or would lie."""
        return self.folder / sha256[:2] / f"{sha256}.{decoding.ENDINGS[media_type]}"

    def store(self, data: bytes) -> tuple[Measurement, Path]:
        """Write the bytes of a paid answer, check them, and give an image its place.

        Raises:
            DownloadError: they are no image that can be shown. They are kept unless they are
                text; the error says where.
            LedgerError: they cannot be written.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        arrival: Path | None = None
        try:
            if not (decoding.is_text(data) or self.data(sha256)):
                kind = decoding.kind_of(data)
                name = f"{sha256}.{kind.ending if kind else 'bin'}"
                arrival = self.folder.with_name(ARRIVED) / name
                self.write(arrival, data)
            measurement = measure(data)
            path = self.path(sha256, measurement.media_type)
            if arrival is not None:
                self.move(arrival, path, data)
        except DownloadError as error:
            if arrival is None:
                raise
            failure = DownloadError(error.what, why=f"{error.why}; it is kept as {arrival}")
            failure.kept = arrival.stem
            raise failure from None
        except OSError as error:
            where = self.folder.parent
            raise LedgerError(f"The image cannot be written to {where}", why=str(error)) from None
        return measurement, path

    def arrival(self, sha256: str) -> Path | None:
        """Return where bytes with this hash lie that came and cannot be shown, if they do."""
        return next(self.folder.with_name(ARRIVED).glob(f"{sha256}.*"), None)

    def completed(self, generation: Generation) -> Generation:
        """Add the path of the original, if the file is there and whole; or what came instead."""
        if not generation.sha256:
            return generation
        if generation.media_type:
            path = self.path(generation.sha256, generation.media_type)
            return replace(generation, path=path if _is_whole(path, generation) else None)
        arrival, error = self.arrival(generation.sha256), generation.error
        if arrival is None or (error is not None and arrival.name in error.why):
            return generation
        note = f"What came for it cannot be shown, and is kept as {arrival}"
        return replace(generation, notes=tuple(dict.fromkeys((*generation.notes, note))))

    def data(self, sha256: str) -> bytes | None:
        """Return the bytes of the original with this hash, None where it is not there, whole."""
        for media_type in decoding.ENDINGS:
            with suppress(OSError):
                data = disk.read_regular(self.path(sha256, media_type))
                if hashlib.sha256(data).hexdigest() == sha256:
                    return data
        return None


def _is_whole(path: Path, generation: Generation) -> bool:
    """Whether an original is as it came: by its size, by its hash where it was touched since."""
    try:
        status = os.stat(path)  # noqa: PTH116 - one call for each image of a long list
        if not stat.S_ISREG(status.st_mode):
            return False
        if generation.file_size not in (None, status.st_size):
            return False
        if generation.file_size and status.st_mtime <= (generation.finished_at or 0.0):
            return True
        return _digest_of(str(path), status.st_mtime_ns, status.st_size) == generation.sha256
    except OSError:  # gone, or in a folder that is closed to us
        return False


@lru_cache(maxsize=8192)
def _digest_of(path: str, _changed: int, _size: int) -> str:
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
