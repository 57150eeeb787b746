"""Pillow images made fit to be sent: upright, 8 bit, sRGB and not too large, and as files."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from nanobanana_nb.images.alpha import keyed, with_alpha
from nanobanana_nb.images.containers import JPEG, PNG
from nanobanana_nb.images.levels import as_levels, as_mask
from nanobanana_nb.images.profiles import MADE_SRGB, UNFIT, in_srgb, profile_of

MOST_BYTES = 20_000_000
MOST_SIDE = 8192  # the longest side of a 4K image of the widest ratio; nothing ours is scaled
EIGHT_BIT = "made 8 bit"
TURNED = "turned upright"
TURNED_BY_EXIF = "turned by its EXIF (if you had turned it already: `del image.getexif()[274]`)"
_QUALITIES = (95, 88, 80, 70)
_LOSSLESS_PIXELS = 16_000_000  # above, a PNG takes seconds and rarely fits
_LOSSY_PIXELS = 4_000_000  # above, a photo that was coded with loss is coded so again
_LOSSY = ("JPEG", "MPO", "HEIF", "AVIF")
_SHARP_PIXELS = 80_000_000  # above, scaling well takes as much memory again
_STRIP_PIXELS = 16_000_000  # that are averaged at once
_ORIENTATION = 0x0112
_ACROSS = range(5, 9)
_EXIF_IFD, _EXIF_WIDTH, _EXIF_HEIGHT = 0x8769, 0xA002, 0xA003
_TURNS = {
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}


@dataclass(frozen=True)
class Fit:
    """An image that can be sent, and what was changed for it, in the words of a bill."""

    image: Any
    changes: tuple[str, ...] = ()
    is_lossy: bool = False


@dataclass(frozen=True)
class File:
    """A picture as it is sent, and what was changed for it, in the words of a bill."""

    data: bytes
    media_type: str
    changes: tuple[str, ...] = ()


def pixel_hash(image: Any) -> str:
    """Return what makes a Pillow image itself: its pixels, and all that says how to read them.

    Nothing of it depends on what Pillow would write or convert.
    """
    is_indexed = image.mode in ("P", "PA")
    key = None if is_indexed else image.info.get("transparency")
    profile = hashlib.sha256(profile_of(image) or b"").hexdigest()
    read_by = (image.mode, image.size, key, orientation_of(image), profile)
    whole = hashlib.sha256(f"nanobanana_nb/pixels/1 {read_by!r}\n".encode())
    whole.update((image.convert("RGBA") if is_indexed else image).tobytes())
    return whole.hexdigest()


def fit(image: Any, name: str, size: tuple[int, int] | None = None, *, turned: bool = False) -> Fit:
    """Return a loaded image as L, LA, RGB or RGBA that means what it shows; it stays itself.

    Args:
        size: what it had before it was decoded smaller.
        turned: whether decoding turned it already.

    Raises:
        ReferenceImageError: its numbers are no colours.
    """
    from PIL import Image

    turn = _TURNS.get(orientation_of(image))
    eight = _eight_bit(image, name)
    plain = as_mask(eight)
    upright = _within_sides(plain)
    if turn is not None:
        upright = upright.transpose(Image.Transpose[turn])
    srgb, recoloured = in_srgb(upright)
    is_doubtful = turn is not None and _may_be_upright(image)
    possible = {
        TURNED: turned or (turn is not None and not is_doubtful),
        TURNED_BY_EXIF: is_doubtful,
        EIGHT_BIT: image.mode.startswith(("I", "F")),
        "0 and 1 made black and white": plain is not eight,
        MADE_SRGB: MADE_SRGB in recoloured or image.mode == "LAB",
        UNFIT: UNFIT in recoloured,
        _scaled(srgb): max(size or image.size) > MOST_SIDE,
    }
    changes = tuple(change for change, happened in possible.items() if happened)
    return Fit(srgb, changes, is_lossy=image.format in _LOSSY)


def encoded(picture: Fit) -> File:
    """Return a file that fits the limits: PNG where that does, else quality and size go down."""
    image = picture.image.copy()
    image.info = {}  # Pillow writes comments and profiles from here
    while True:
        for form, media_type, options in _forms(image, picture.is_lossy):
            buffer = BytesIO()
            image.save(buffer, form, **options)
            if buffer.tell() <= MOST_BYTES:
                changes = picture.changes
                if image.size != picture.image.size:  # told is the size that it has in the end
                    others = (c for c in changes if c != _scaled(picture.image))
                    changes = (*others, _scaled(image))
                return File(buffer.getvalue(), media_type, changes)
        image = image.resize((image.width * 3 // 4 or 1, image.height * 3 // 4 or 1))


def _scaled(image: Any) -> str:
    return f"scaled to {image.width} × {image.height}"


def _forms(image: Any, is_lossy: bool) -> list[tuple[str, str, dict[str, Any]]]:
    """Return the formats to try, the best first."""
    is_clear = image.mode in ("LA", "RGBA")
    jpegs = [("JPEG", JPEG, {"quality": q, "subsampling": 0}) for q in _QUALITIES]
    png = ("PNG", PNG, {"compress_level": 1})
    if is_clear:
        return [png]
    most = _LOSSY_PIXELS if is_lossy else _LOSSLESS_PIXELS
    return [png, *jpegs] if image.width * image.height <= most else jpegs


def orientation_of(image: Any) -> Any:
    """Return how the image is to be turned, 1 where nothing that can be read says so."""
    try:
        exif = image.getexif()
        size = _size_in_file(exif)
        # Pixels in memory may lie across the file that they came from, as after `rotate`.
        lies_across = not hasattr(image, "filename") and image.size == size[::-1] != size
        value = 1 if lies_across else exif.get(_ORIENTATION, 1)
    except Exception:  # Pillow raises many kinds for a broken table
        return 1
    return value if isinstance(value, int) else 1


def _may_be_upright(image: Any) -> bool:
    """Whether nothing tells if pixels in memory were turned since they came from their file."""
    exif = image.getexif()
    lies_as_there = image.size == _size_in_file(exif) != image.size[::-1]
    is_across = exif.get(_ORIENTATION) in _ACROSS
    return not hasattr(image, "filename") and not (is_across and lies_as_there)


def _size_in_file(exif: Any) -> tuple[Any, Any]:
    table = exif.get_ifd(_EXIF_IFD)
    return table.get(_EXIF_WIDTH), table.get(_EXIF_HEIGHT)


def _eight_bit(image: Any, name: str) -> Any:
    """Return the image as L, LA, RGB, RGBA or CMYK."""
    if image.mode.startswith(("I", "F")):
        return keyed(as_levels(image, name), image, image.info.get("transparency"))
    if image.mode in ("L", "LA", "RGB", "RGBA", "CMYK"):
        is_keyed = image.mode in ("L", "RGB") and "transparency" in image.info
        return with_alpha(image) if is_keyed else image
    if image.mode == "1":
        key = image.info.get("transparency")
        white = 255 if key else 0  # Pillow has it as the file says it, or as it shows
        return keyed(image.convert("L"), image, None if key is None else white)
    if image.mode == "La":
        return image.convert("LA")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _within_sides(image: Any) -> Any:
    """Return the image with no side above the limit."""
    from PIL import Image

    longest = max(image.size)
    if longest <= MOST_SIDE:
        return image
    if image.width * image.height > _SHARP_PIXELS:
        return _reduced(image, math.ceil(longest / MOST_SIDE))
    size = [max(1, round(side * MOST_SIDE / longest)) for side in image.size]
    return image.resize(size, Image.Resampling.LANCZOS)


def _reduced(image: Any, factor: int) -> Any:
    """Return the averages of squares, made in strips: Pillow copies what it reduces."""
    from PIL import Image

    width, height = (math.ceil(side / factor) for side in image.size)
    small = Image.new(image.mode, (width, height))
    small.info = dict(image.info)
    rows = max(1, _STRIP_PIXELS // (image.width * factor))
    for top in range(0, height, rows):
        bottom = min(image.height, (top + rows) * factor)
        strip = image.crop((0, top * factor, image.width, bottom))
        small.paste(strip.reduce(factor), (0, top))
    return small
