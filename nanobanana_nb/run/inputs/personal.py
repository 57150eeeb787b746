"""What a picture's file says of people: where it was taken, with which camera, by whom."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Collection, Iterator
from typing import Any

from nanobanana_nb.run.inputs.containers import Container, Kind, Part

PLACE, SERIALS, NAMES, NOTES = "place", "serial numbers", "names", "camera notes"
UNREAD = "metadata"  # what cannot be read may say anything
_ORDER = (PLACE, SERIALS, NAMES, NOTES, UNREAD)
_LONGEST = 10_000_000  # bytes of one text that are unpacked

_GPS_IFD, _EXIF_IFD = 0x8825, 0x8769
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
    NAMES: (b"dc:creator", b"dc:rights", b"owner", b"author", b"artist", b"personinimage"),
}
_IPTC = b"8BIM\x04\x04"  # place names and the photographer's name, as agencies write them


def in_file(container: Container) -> str:
    """Return what is left out with a file's texts, for the bill; empty where it is nothing."""
    return _without({kind for part in container.parts for kind in _said_in(part)})


def in_image(image: Any) -> str:
    """Return what of a Pillow image is not sent, for the bill."""
    texts = (image.info.get(name, b"") for name in ("xmp", "XML:com.adobe.xmp"))
    coded = (text.encode() if isinstance(text, str) else text for text in texts)
    return _without(_of_exif(image.getexif).union(*map(_of_text, coded)))


def _without(kinds: Collection[str]) -> str:
    known = [kind for kind in _ORDER if kind in kinds]
    *most, last = known or [""]
    return f"without its {', '.join(most)}{' and ' * bool(most)}{last}" if last else ""


def _said_in(part: Part) -> set[str]:
    if part.kind is Kind.EXIF:
        return _of_exif(lambda: _exif(part.content))
    if part.kind is Kind.XMP:
        return _of_text(_unpacked(part))
    if part.kind is Kind.OTHER:
        return _of_other(part)
    return set()


def _exif(content: bytes) -> Any:
    from PIL import Image

    exif = Image.Exif()
    exif.load(content)
    return exif


def _of_exif(read: Callable[[], Any]) -> set[str]:
    try:
        exif = read()
        tags = {*exif, *exif.get_ifd(_EXIF_IFD)}
        place = {PLACE} if _GPS_IFD in exif or exif.get_ifd(_GPS_IFD) else set()
    except Exception:  # Pillow raises many kinds for a broken table, which may hold anything
        return {UNREAD}
    return place | {_EXIF_TAGS[tag] for tag in tags if tag in _EXIF_TAGS}


def _of_text(text: bytes) -> set[str]:
    text = text.lower()
    return {kind for kind, words in _WORDS.items() if any(word in text for word in words)}


def _of_other(part: Part) -> set[str]:
    """Return what a text or a part of unknown use says; camera data in a text is not read."""
    if _IPTC in part.content or part.content.startswith(b"Raw profile type"):
        return {UNREAD}
    return _of_text(_unpacked(part)) if part.name in (b"tEXt", b"zTXt", b"iTXt") else set()


def _unpacked(part: Part) -> bytes:
    """Return a text with what is packed in it; PNG packs from some place in a chunk on."""
    return b"\n".join([part.content, *_streams(part.content)])


def _streams(content: bytes) -> Iterator[bytes]:
    for start in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", content[:400]):
        try:
            yield zlib.decompressobj().decompress(content[start.start() :], _LONGEST)
        except zlib.error:  # these two bytes begin nothing
            continue
