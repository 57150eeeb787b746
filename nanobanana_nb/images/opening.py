"""The first picture in a file, opened by Pillow within bounded memory."""

from __future__ import annotations

import hashlib
import struct
from io import BytesIO
from typing import Any, NamedTuple

from nanobanana_nb.errors import ReferenceImageError
from nanobanana_nb.images.containers import JPEG, Container, Kind
from nanobanana_nb.images.decoding import KINDS
from nanobanana_nb.images.formats import PREVIEW, Format, format_of
from nanobanana_nb.images.pixels import MOST_SIDE

MOST_PIXELS = 200_000_000  # decoded, they are 800 MB
LONGEST_SIDE = 500_000  # scaling takes time and memory for each step of a longer one
_ORIENTATION = 0x0112
_STORED_SIZE = (0x0100, 0x0101)
_REDUCED = 254  # the tag of a TIFF whose value 1 means a smaller version of another picture


class Opened(NamedTuple):
    """A loaded picture, its size in its file, and whether loading turned it upright."""

    image: Any
    size: tuple[int, int]
    turned: bool


def opened(data: bytes, name: str) -> Opened:
    """Return the picture in a file: a huge JPEG is decoded smaller.

    Raises:
        ReferenceImageError: it is no picture, or one of too many pixels.
    """
    image = _image_of(data)
    if image is None:
        raise unusable(name, format_of(data))
    if getattr(image, "tag_v2", {}).get(_REDUCED) == 1:
        raise unusable(name, PREVIEW)
    size, turned = image.size, turns_itself(image)
    _bound(image, name)
    try:
        image.load()
    except Exception:  # decoders raise many kinds for broken files
        raise unusable(name, format_of(data)) from None
    return Opened(image, size, turned)


def turns_itself(image: Any) -> bool:
    """Whether a picture that is not loaded yet is turned upright by loading it, as a TIFF is."""
    tags = getattr(image, "tag_v2", {})
    return tags.get(_ORIENTATION, 1) in range(2, 9) or image.info.get(
        "original_orientation"
    ) in range(2, 9)


def load(image: Any) -> None:
    """Load a picture that is open, never through a map of its file.

    Pillow maps raw pixels of a file that was opened by its path, and a TIFF that it will turn it
    maps by the size that comes after the turn: every line would break.
    """
    path = getattr(image, "filename", None)
    if not (path and turns_itself(image)):
        image.load()
        return
    image.filename = ""
    try:
        image.load()
    finally:
        image.filename = path


def was_loaded_wrong(image: Any) -> bool:
    """Whether Pillow mapped a TIFF by a size that its pixels do not have; the map tells."""
    if not (hasattr(image, "tag_v2") and getattr(image, "map", None)):
        return False
    copy = _image_of(bytes(image.map))
    copy.seek(image.tell())
    stored_size = tuple(copy.tag_v2.get(tag) for tag in _STORED_SIZE)
    return bool(copy.size != stored_size)


def unusable(name: str, form: Format) -> ReferenceImageError:
    """Return the error for bytes that are something else than a picture."""
    what = f"The reference image {name} cannot be used"
    return ReferenceImageError(what, why=f"it is {form.name}", action=form.action)


def is_complete(container: Container) -> bool:
    """Whether all pixels are there, even where the mark of the end is not.

    Pillow decodes a JPEG without its end as little as half a one. With an end it decodes both,
    and what stands before that end changes pixels only where some were missing.
    """
    from PIL import ImageFile

    if container.ended:
        return True
    if ImageFile.LOAD_TRUNCATED_IMAGES:
        return False
    if container.media_type != JPEG:
        return True  # decoding says it
    pixels = container.without(frozenset(Kind) - {Kind.PICTURE})[:-2]
    noise = b"".join(hashlib.sha256(bytes([n])).digest() for n in range(32)).replace(b"\xff", b"")
    return _pixels(pixels + b"\xff\xd9") == _pixels(pixels + noise + b"\xff\xd9")


def _pixels(data: bytes) -> bytes:
    image = _image_of(data)
    try:
        return b"" if image is None else hashlib.sha256(image.tobytes()).digest()
    except Exception as error:  # as above: broken in this way or in that
        return str(error).encode()


def _image_of(data: bytes) -> Any:
    """Return what the first fitting decoder makes of the head of a file, None where none fits.

    `Image.open` refuses pictures above a limit that is the whole program's.
    """
    from PIL import Image

    Image.init()
    names = (kind.name for kind in KINDS if kind.name in Image.OPEN)
    for factory, accepts in (Image.OPEN[name] for name in names):
        try:
            fits = accepts is None or accepts(data[:16])
            if fits and not isinstance(fits, str):  # else it says which library is missing
                return factory(BytesIO(data), "")
        except (SyntaxError, IndexError, TypeError, ValueError, OSError, struct.error):
            continue  # it only began like one
    return None


def _bound(image: Any, name: str) -> None:
    """Refuse a picture that would not fit into memory; a JPEG is decoded smaller."""
    width, height = image.size
    if image.format == "JPEG" and not image.info.get("progressive"):
        parts = (part for part in (1, 2, 4, 8) if width * height <= MOST_PIXELS * part**2)
        if (part := next(parts, 8)) > 1:
            image.draft(None, (width // part, height // part))
    if image.width * image.height > MOST_PIXELS or max(image.size) > LONGEST_SIDE:
        within_limits(width, height, name)


def within_limits(width: int, height: int, name: str) -> None:
    """Refuse a picture of too many pixels, or of too many on a side, before it is worked on."""
    if width * height <= MOST_PIXELS and max(width, height) <= LONGEST_SIDE:
        return
    limits = f"{MOST_PIXELS // 1_000_000} million, or {LONGEST_SIDE:,} on a side"
    raise ReferenceImageError(
        f"The reference image {name} is too large",
        why=f"it has {width:,} × {height:,} pixels, and more than {limits}, are not decoded",
        action=f"Make it smaller first: {MOST_SIDE} pixels on a side are sent at most.",
    )
