"""PNG, JPEG and WebP files taken into parts, so that some can be left out without encoding."""

from __future__ import annotations

import re
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum, auto

PNG, JPEG, WEBP = "image/png", "image/jpeg", "image/webp"
_ENDS = {PNG: b"\0\0\0\0IEND\xaeB`\x82", JPEG: b"\xff\xd9", WEBP: b""}
_PNG_START = b"\x89PNG\r\n\x1a\n"
_JPEG_START = b"\xff\xd8"
_MOST_PARTS = 20_000  # a PNG of 100 MB has some 13,000
_MOST_READ = 300  # of what says how to show the picture: a profile may be in 255 pieces
_JPEG_MARKER = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])")  # not one inside of coded pixels
_END_OF_IMAGE, _SCAN, _APPLICATION = 0xD9, 0xDA, 0xE0
_PACKED_EXIF = (b"Raw profile type exif\0", b"Raw profile type APP1\0")  # in a text, as hex
_JPEG_PICTURE = {(0xE0, b"JFIF\0"): 14, (0xEE, b"Adobe"): 12}  # without a preview
_PNG_PICTURE = {b"IHDR": 13, b"PLTE": 768, b"IDAT": 2**31, b"IEND": 0}  # and the most bytes
_PNG_HINTS = {  # and how many bytes one may have
    b"tRNS": range(1, 257),
    b"bKGD": range(1, 7),
    b"hIST": range(2, 513),
    b"pHYs": range(9, 10),
    b"sBIT": range(1, 5),
    b"sRGB": range(1, 2),
}
_PNG_COLOURS = {b"gAMA": 4, b"cHRM": 32, b"cICP": 4}
_WEBP_PICTURE = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"}


class Kind(Enum):
    """What a part of a file is for."""

    PICTURE = auto()  # pixels, and all that decoding them needs
    HINTS = auto()  # what a PNG says of its pixels: which are clear, how large they are
    PROFILE = auto()
    COLOURS = auto()  # what a PNG says of them without a profile
    EXIF = auto()
    XMP = auto()
    MOTION = auto()  # what makes one picture of an animated PNG into many
    OTHER = auto()  # whatever no decoder needs: texts, previews, origins, stray or broken parts


BESIDE = frozenset(Kind) - {Kind.PICTURE, Kind.HINTS, Kind.PROFILE, Kind.COLOURS}
_SPARED = (  # in turn, for a decoder that refuses a file: what says least of its pixels goes first
    frozenset({Kind.OTHER, Kind.MOTION}),
    BESIDE,
    BESIDE | {Kind.PROFILE},
    frozenset(Kind) - {Kind.PICTURE},
)
_WEBP_FLAGS = {Kind.PROFILE: 0x20, Kind.EXIF: 0x08, Kind.XMP: 0x04}


@dataclass(frozen=True)
class Part:
    """A segment or chunk of a file as it stands there, and its content without the frame."""

    kind: Kind
    raw: bytes
    name: bytes = b""
    content: bytes = b""


@dataclass(frozen=True)
class Container:
    """A file in parts: the first picture in it, and how many bytes follow the picture's end."""

    media_type: str
    parts: tuple[Part, ...]
    ended: bool
    trailing: int = 0

    def without(self, kinds: Collection[Kind]) -> bytes:
        """Return the file without these parts, without what follows, and with an end."""
        raw = b"".join(part.raw for part in self.parts if part.kind not in kinds)
        if self.media_type == WEBP:
            if raw.startswith(b"VP8X"):  # its header names none that are left out
                flags = raw[8] & ~sum(_WEBP_FLAGS.get(kind, 0) for kind in kinds)
                raw = raw[:8] + bytes([flags]) + raw[9:]
            return b"RIFF" + (len(raw) + 4).to_bytes(4, "little") + b"WEBP" + raw
        if self.ended:
            return raw
        return raw.rstrip(b"\xff") + _ENDS[self.media_type]  # half an end of a JPEG may be there

    def spared(self) -> Iterator[frozenset[Kind]]:
        """Yield which parts to leave out, ever more, where a decoder refuses the file.

        What does not carry the pixels cannot spoil a picture.
        """
        present, before = {part.kind for part in self.parts}, frozenset[Kind]()
        for kinds in _SPARED:
            if kinds & present != before:
                yield kinds
            before = kinds & present

    @property
    def is_in_pieces(self) -> bool:
        """Whether it has more parts than can be read in a moment."""
        read = sum(part.kind in (Kind.PROFILE, Kind.EXIF, Kind.XMP) for part in self.parts)
        return len(self.parts) > _MOST_PARTS or read > _MOST_READ

    def parts_of(self, kind: Kind) -> tuple[Part, ...]:
        """Return the parts of one kind."""
        return tuple(part for part in self.parts if part.kind is kind)


def container_of(data: bytes) -> Container | None:
    """Return the parts of a PNG, JPEG or WebP file, None for other bytes."""
    if data.startswith(_PNG_START):
        return _container(PNG, *_png_parts(data), len(data))
    if data.startswith(_JPEG_START):
        return _container(JPEG, *_jpeg_parts(data), len(data))
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return _container(WEBP, *_webp_parts(data), len(data))
    return None


def _container(media_type: str, parts: list[Part], end: int | None, size: int) -> Container:
    return Container(media_type, tuple(parts), end is not None, 0 if end is None else size - end)


def _jpeg_parts(data: bytes) -> tuple[list[Part], int | None]:
    """Return the segments, with coded pixels between them, and where the picture ends."""
    parts, at, in_scan = [Part(Kind.PICTURE, _JPEG_START)], 2, False
    while len(parts) <= _MOST_PARTS and (match := _JPEG_MARKER.search(data, at)):
        marker, start = match[1][0], match.end()
        between = data[at : match.start()]
        if in_scan or between.strip(b"\xff"):
            parts.append(Part(Kind.PICTURE if in_scan else Kind.OTHER, between))
        if marker == _END_OF_IMAGE:
            parts.append(Part(Kind.PICTURE, match[0]))
            return parts, start
        at = start + int.from_bytes(data[start : start + 2])
        parts += _jpeg_segment(match[0], data[start:at])
        in_scan = marker == _SCAN
    return [*parts, Part(Kind.PICTURE, data[at:])], None


def _jpeg_segment(marker: bytes, body: bytes) -> list[Part]:
    """Return a segment, and what hangs on to one that says how the colours are coded."""
    content = body[2:]
    for (number, start), size in _JPEG_PICTURE.items():
        if marker[1] == number and content.startswith(start) and len(content) >= size:
            picture = Part(Kind.PICTURE, marker + (size + 2).to_bytes(2) + content[:size])
            preview = content[size:]
            return [picture, Part(Kind.OTHER, preview)] if preview else [picture]
    return [Part(_jpeg_kind(marker[1], content), marker + body, marker[1:], content)]


def _jpeg_kind(marker: int, content: bytes) -> Kind:
    starts = {
        (0xE1, b"Exif\0"): Kind.EXIF,
        (0xE1, b"http://ns.adobe.com/"): Kind.XMP,
        (0xE2, b"ICC_PROFILE\0"): Kind.PROFILE,
    }
    for (application, start), kind in starts.items():
        if marker == application and content.startswith(start):
            return kind
    return Kind.OTHER if marker >= _APPLICATION else Kind.PICTURE


def _png_parts(data: bytes) -> tuple[list[Part], int | None]:
    parts, at = [Part(Kind.PICTURE, _PNG_START)], len(_PNG_START)
    while len(parts) <= _MOST_PARTS and at + 12 <= len(data):
        end = at + 12 + int.from_bytes(data[at : at + 4])
        if end > len(data):
            break
        name, content = data[at + 4 : at + 8], data[at + 8 : end - 4]
        kind = Kind.OTHER if _is_broken(data[at:end]) else _png_kind(name, content)
        parts.append(Part(kind, data[at:end], name, content))
        at = end
        if name == b"IEND":
            return [*parts, Part(Kind.PICTURE, _ENDS[PNG])] if content else parts, at
    return [*parts, Part(_png_kind(data[at + 4 : at + 8], b""), data[at:])], None


def _is_broken(chunk: bytes) -> bool:
    """Whether the checksum of a chunk that a decoder can do without is wrong."""
    return bool(chunk[4] & 0x20) and zlib.crc32(chunk[4:-4]) != int.from_bytes(chunk[-4:])


def _png_kind(name: bytes, content: bytes) -> Kind:
    kinds = {b"iCCP": Kind.PROFILE, b"eXIf": Kind.EXIF}
    if name in kinds:
        return kinds[name]
    if name == b"iTXt" and content.startswith(b"XML:com.adobe.xmp\0"):
        return Kind.XMP
    if name in (b"tEXt", b"zTXt", b"iTXt") and content.startswith(_PACKED_EXIF):
        return Kind.EXIF
    if len(content) == _PNG_COLOURS.get(name):
        return Kind.COLOURS
    if name in (b"acTL", b"fcTL", b"fdAT"):
        return Kind.MOTION
    if len(content) in _PNG_HINTS.get(name, ()):
        return Kind.HINTS
    return Kind.PICTURE if len(content) <= _PNG_PICTURE.get(name, -1) else Kind.OTHER


def _webp_parts(data: bytes) -> tuple[list[Part], int | None]:
    """Return the chunks; one that is cut off stays as it is, for the decoder to judge."""
    whole = 8 + int.from_bytes(data[4:8], "little")
    parts: list[Part] = []
    at = 12
    while len(parts) <= _MOST_PARTS and at + 8 <= min(whole, len(data)):
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        end = at + 8 + size + size % 2
        content = data[at + 8 : at + 8 + size]
        parts.append(Part(_webp_kind(name), data[at:end], name, content))
        at = end
    if stray := data[at:whole]:
        parts.append(Part(Kind.OTHER, stray))
    return parts, whole if whole <= len(data) else None


def _webp_kind(name: bytes) -> Kind:
    kinds = {b"ICCP": Kind.PROFILE, b"EXIF": Kind.EXIF, b"XMP ": Kind.XMP}
    return Kind.PICTURE if name in _WEBP_PICTURE else kinds.get(name, Kind.OTHER)
