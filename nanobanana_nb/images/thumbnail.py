"""Small pictures of originals on disk: JPEG for what is kept, WebP for what is replaced."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from nanobanana_nb.images import decoding, disk
from nanobanana_nb.images.jpeg_fit import Encoding
from nanobanana_nb.images.jpeg_fit import within as within

if TYPE_CHECKING:
    from PIL import Image

BASE_PX = 512  # an original is decoded once, to this size; smaller pictures are made from it
_BASE_QUALITY = 92
_TINY_QUALITIES = (60, 30, 5)
_WHITE = (255, 255, 255)


@dataclass(frozen=True)
class Thumbnail:
    """A picture and the size in pixels at which it is shown."""

    data: bytes
    width: int
    height: int
    media_type: str = "image/jpeg"


def thumbnail(path: Path | str, px: int) -> bytes:
    """Return a JPEG whose longest side is at most `px` pixels.

    Raises:
        OSError: the file is not there or is no picture.
    """
    return fitted(path, px).data


def fitted(path: Path | str, px: int, most_bytes: int = 1 << 20) -> Thumbnail:
    """Return a thumbnail of at most about `most_bytes`: coarser, then smaller, until it fits.

    Raises:
        OSError: the file is not there or is no picture.
    """
    return _fitted(str(path), px, most_bytes, version(path))


def tiny(path: Path | str, px: int, most_bytes: int) -> Thumbnail | None:
    """Return a thumbnail of a few hundred bytes, None where it cannot be had or read.

    It is a WebP: half the size of the JPEG, and seen by browsers alone.
    """
    try:
        thumbnails = _tiny(str(path), px, version(path))
    except OSError:
        return None
    return next((small for small in thumbnails if len(small.data) <= most_bytes), None)


def prepare(paths: Iterable[Path | None]) -> None:
    """Decode the originals beforehand, several at a time; what cannot be read is left out."""
    with ThreadPoolExecutor(4, "thumbnail") as pool:
        list(pool.map(_prepare, filter(None, paths)))


def version(path: Path | str) -> tuple[int, int]:
    """Return what changes with the content of a file.

    Raises:
        OSError: there is none.
    """
    status = os.stat(path)  # noqa: PTH116 - for each image of a display
    return status.st_mtime_ns, status.st_size


def opened(path: Path | str, px: int) -> Image.Image:
    """Return the picture as RGB, upright, on white, with its longest side at most `px`.

    Raises:
        OSError: the file is not there or is no picture.
    """
    from PIL import Image

    if px > BASE_PX:
        return _decoded(path, px)
    image = Image.open(io.BytesIO(_base(str(path), version(path))))
    image.thumbnail((px, px), reducing_gap=2.0)
    return image


@lru_cache(maxsize=512)
def _fitted(path: str, px: int, most_bytes: int, _version: tuple[int, int]) -> Thumbnail:
    image = opened(path, px)
    return Thumbnail(within(image, most_bytes), image.width, image.height)


@lru_cache(maxsize=512)
def _tiny(path: str, px: int, _version: tuple[int, int]) -> tuple[Thumbnail, ...]:
    """Return the picture in several qualities, the best first."""
    image = opened(path, px)
    thumbnails = []
    for quality in _TINY_QUALITIES:
        out = io.BytesIO()
        image.save(out, "WEBP", quality=quality, method=4)
        thumbnails.append(Thumbnail(out.getvalue(), image.width, image.height, "image/webp"))
    return tuple(thumbnails)


@lru_cache(maxsize=256)
def _base(path: str, _version: tuple[int, int]) -> bytes:
    return Encoding.of(_decoded(path, BASE_PX), _BASE_QUALITY).data


def _prepare(path: Path) -> None:
    with suppress(OSError):
        _base(str(path), version(path))


def _decoded(path: Path | str, px: int) -> Image.Image:
    data = disk.read_regular(Path(path))
    try:
        return decoding.decoded(data, partial(_small_rgb, px=px))
    except Exception as error:  # Pillow's decoders raise many kinds for broken files
        disk.doubt(Path(path))
        raise OSError(f"{Path(path).name} cannot be read as a picture") from error


def _small_rgb(image: Image.Image, px: int) -> Image.Image:
    """Return the picture at most `px` large, upright, on white."""
    from PIL import Image, ImageOps

    if image.mode == "P":  # a palette cannot be averaged
        image = image.convert("RGBA")
    image.thumbnail((px, px), reducing_gap=2.0)
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I"):  # 16 bits a channel: keep the upper eight
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if not image.has_transparency_data:
        return image.convert("RGB")
    alpha = image.convert("RGBA")
    page = Image.new("RGB", alpha.size, _WHITE)
    page.paste(alpha, mask=alpha)
    return page
