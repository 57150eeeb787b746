"""What a picture's file says beside the picture, in the words of a bill; none of it is sent."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Collection
from itertools import islice
from typing import Any

from nanobanana_nb.images.containers import BESIDE, Container, Kind, Part

PLACE, SERIALS, NAMES, NOTES = "place", "serial numbers", "names", "camera notes"
UNREAD = "metadata"  # whatever is not known to be one of these
_ORDER = (PLACE, SERIALS, NAMES, NOTES)
_LONGEST = 100_000  # bytes of one text that are looked at
_MOST = 100  # parts that are looked at; all are left out
_ORIENTATION = 0x0112

_GPS_IFD, _EXIF_IFD = 0x8825, 0x8769
_SAYING = BESIDE - {Kind.MOTION}
_EXIF_TAGS = {
    0x013B: NAMES,  # artist
    0x013C: NAMES,  # host computer
    0x8298: NAMES,  # copyright
    0x9C9D: NAMES,  # author, as Windows writes it
    0xA430: NAMES,  # the camera's owner
    0xA420: SERIALS,  # of the image
    0xA431: SERIALS,  # of the camera
    0xA435: SERIALS,  # of the lens
    0xC62F: SERIALS,  # of the camera, in a raw file
    0x927C: NOTES,  # the maker's own, which nearly always hold a serial number
}
_WORDS = {
    PLACE: (b"gps", b"geotag", b"latitude", b"location", b"photoshop:city", b":countr"),
    SERIALS: (b"serial", b"imageuniqueid"),
    NAMES: (
        b"dc:creator",
        b"dc:rights",
        b"owner",
        b"author",
        b"artist",
        b"personinimage",
        b"copyright\0",
        b"creator\0",
    ),
}


def in_file(container: Container) -> str:
    """Return what is left out of a file, for the bill; empty where it is nothing."""
    parts = (part for part in container.parts if part.kind in _SAYING)
    return _without({kind for part in islice(parts, _MOST) for kind in _kinds_of(part)})


def in_image(image: Any) -> str:
    """Return what of a Pillow image is not sent, for the bill."""
    texts = (image.info.get(name, b"") for name in ("xmp", "XML:com.adobe.xmp"))
    contents = (text.encode() if isinstance(text, str) else text for text in texts)
    kinds = _of_exif(image.getexif).union(*map(_of_text, contents))
    return _without(kinds & {*_ORDER})  # any TIFF has tags


def _without(kinds: Collection[str]) -> str:
    if not kinds:
        return ""
    *most, last = [kind for kind in _ORDER if kind in kinds] or [UNREAD]
    return f"without its {', '.join(most)}{' and ' * bool(most)}{last}"


def _kinds_of(part: Part) -> set[str]:
    if part.kind is Kind.EXIF:
        return _of_exif(lambda: _exif(part.content))
    return _of_text(_unpacked(part.content)) or {UNREAD}


def _exif(content: bytes) -> Any:
    from PIL import Image

    exif = Image.Exif()
    exif.load(content)
    return exif


def _of_exif(read: Callable[[], Any]) -> set[str]:
    """Return what camera data says; the way to turn the picture says nothing."""
    try:
        exif = read()
        tags = {*exif, *exif.get_ifd(_EXIF_IFD)}
        place = {PLACE} if _GPS_IFD in exif or exif.get_ifd(_GPS_IFD) else set()
    except Exception:  # Pillow raises many kinds for a broken table, which may hold anything
        return {UNREAD}
    return place | {_EXIF_TAGS.get(tag, UNREAD) for tag in tags - {_ORIENTATION}}


def _of_text(text: bytes) -> set[str]:
    text = text.lower()
    return {kind for kind, words in _WORDS.items() if any(word in text for word in words)}


def _unpacked(content: bytes) -> bytes:
    """Return the beginning of a text, and of what is packed in it, as PNG does after its name."""
    text = content[:_LONGEST]
    packed = re.search(rb"\x78[\x01\x5e\x9c\xda]", text[:400])
    if packed is None:
        return text
    try:
        return text + zlib.decompressobj().decompress(text[packed.start() :], _LONGEST)
    except zlib.error:  # these two bytes begin nothing
        return text
