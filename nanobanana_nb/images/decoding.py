"""Pictures in bytes: of which kind they are, whether they are whole, and how Pillow opens them."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, TypeVar

from nanobanana_nb.images.containers import container_of
from nanobanana_nb.images.quiet import quiet

if TYPE_CHECKING:
    from PIL import Image

T = TypeVar("T")

_HEIF_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_JPEG_MARKER = re.compile(rb"\xff+[\x01-\xcf\xd8-\xfe]")  # neither a stuffed zero nor a restart
_HEAD = 4096  # bytes that tell whether it is a text
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_PAGE = re.compile(rb"(\xef\xbb\xbf)?\s*<(!doctype|html|head|body|\?xml|svg)", re.IGNORECASE)
# PostScript and PDF, PNM and PFM, XBM, XPM, Radiance, FITS: pictures that are, or begin as, text.
_WRITTEN_PICTURE = re.compile(
    rb"%!PS|%PDF-|P[1-6]\s+[\d#]|P7\s|P[Ff]\s+\d|(/\*.{0,999}?\*/\s*)?#define\s+\S*width\s|"
    rb"/\*\s*XPM\s*\*/|#\?R|SIMPLE  =",
    re.DOTALL,
)


@dataclass(frozen=True)
class Kind:
    """One kind of picture: Pillow's name for it, its media type, and how its files end."""

    name: str
    media_type: str
    ending: str


PNG = Kind("PNG", "image/png", "png")
JPEG = Kind("JPEG", "image/jpeg", "jpg")
WEBP = Kind("WEBP", "image/webp", "webp")
GIF = Kind("GIF", "image/gif", "gif")
BMP = Kind("BMP", "image/bmp", "bmp")
TIFF = Kind("TIFF", "image/tiff", "tif")
AVIF = Kind("AVIF", "image/avif", "avif")
HEIF = Kind("HEIF", "image/heif", "heic")
JPEG2000 = Kind("JPEG2000", "image/jp2", "jp2")
KINDS = (  # that are opened at all: they have pixels, and their decoders start no other program
    *(PNG, JPEG, WEBP, GIF, TIFF, BMP),
    Kind("DIB", "image/x-dib", "dib"),
    *(AVIF, HEIF),
    Kind("JXL", "image/jxl", "jxl"),
    JPEG2000,
    Kind("ICO", "image/x-icon", "ico"),
    Kind("PSD", "image/x-psd", "psd"),
    Kind("PPM", "image/x-portable-anymap", "pnm"),
    Kind("QOI", "image/qoi", "qoi"),
    Kind("ICNS", "image/icns", "icns"),
    Kind("PCX", "image/x-pcx", "pcx"),
    Kind("SGI", "image/sgi", "sgi"),
    Kind("DDS", "image/x-dds", "dds"),
    Kind("CUR", "image/x-cursor", "cur"),
    Kind("TGA", "image/x-tga", "tga"),  # the last: it has no mark
)
BY_NAME = {kind.name: kind for kind in KINDS}
ENDINGS = {kind.media_type: kind.ending for kind in KINDS}
IN_BROWSERS = frozenset(kind.media_type for kind in (PNG, JPEG, WEBP, GIF, BMP, AVIF))
_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"GIF8", GIF),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", JPEG2000),
)


def kind_of(data: bytes) -> Kind | None:
    """Return which usual kind of picture begins so, None for anything else."""
    for beginning, kind in _BEGINNINGS:
        if data.startswith(beginning):
            return kind
    if data[:2] == b"BM" and data[6:10] == bytes(4):
        return BMP
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP
    if data[4:8] == b"ftyp":
        brands = data[8 : min(64, int.from_bytes(data[:4], "big"))]
        return AVIF if b"avi" in brands else HEIF if data[8:12] in _HEIF_BRANDS else None
    return None


def is_text(data: bytes) -> bool:
    """Whether it is empty, a page (HTML, XML, SVG), JSON or other text, and so no picture."""
    if kind_of(data) is not None or _WRITTEN_PICTURE.match(data):
        return False
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _is_utf16(data)
    if _CONTROL.search(data):
        return _PAGE.match(data) is not None
    head = data[:_HEAD]
    readable = sum(byte < 0x80 for byte in head)
    return readable >= 0.9 * len(head) or _is_utf8(head, cut=len(data) > _HEAD)


def _is_utf16(data: bytes) -> bool:
    try:
        text = data.decode("utf-16")
    except UnicodeDecodeError:
        return False
    return all(sign.isprintable() or sign.isspace() for sign in text[:_HEAD])


def _is_utf8(head: bytes, *, cut: bool) -> bool:
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return cut and error.start >= len(head) - 3  # a letter that was cut in two
    return True


def decoded(data: bytes, use: Callable[[Image.Image], T]) -> T:
    """Return what `use` makes of the picture in these bytes, which it opens lazily.

    Where Pillow refuses it, what does not carry the pixels is left out.

    Raises:
        Exception: of one of Pillow's many kinds, where it cannot be opened or decoded.
    """
    try:
        return _with_image(data, use)
    except Exception:
        container = container_of(data)
        if container is None or not container.ended:
            raise
        for parts in container.spared():  # ever more of them
            plain = container.without(parts)
            with suppress(Exception):
                return _with_image(plain, use)
        raise


def _with_image(data: bytes, use: Callable[[Image.Image], T]) -> T:
    from PIL import Image, UnidentifiedImageError

    kind = kind_of(data)
    Image.preinit()
    if kind is None or kind.name not in Image.OPEN:
        Image.init()  # takes about 0.1 s, which PNG and JPEG do not need
    if kind is not None and kind.name not in Image.OPEN:
        raise UnidentifiedImageError(f"no reader for {kind.name} is installed")
    formats = (kind,) if kind else KINDS
    names = tuple(kind.name for kind in formats if kind.name in Image.OPEN)
    with quiet(), Image.open(BytesIO(data), formats=names) as image:
        return use(image)


def has_end(data: bytes, kind: Kind) -> bool:
    """Whether the picture's own end is there, whatever may follow: Pillow forgives a missing one.

    Of kinds without an end that can be told, the decoder is the judge.
    """
    if kind is PNG:
        at, name = 8, b""
        while name != b"IEND" and at + 12 <= len(data):
            name = data[at + 4 : at + 8]
            at += 12 + int.from_bytes(data[at : at + 4], "big")
        return name == b"IEND" and at <= len(data)
    if kind is JPEG:
        at = 2
        while marker := _JPEG_MARKER.search(data, at):
            at, code = marker.end(), data[marker.end() - 1]
            if code == 0xD9:
                return True
            if code not in (0x01, 0xD8):  # the others have a length, and may hold a small picture
                at += int.from_bytes(data[at : at + 2], "big")
        return False
    return kind is not WEBP or len(data) >= 8 + int.from_bytes(data[4:8], "little")
