"""Small colour profiles, built by hand: Pillow itself can only make sRGB."""

from __future__ import annotations

import struct
from functools import cache

from PIL import ImageCms

P3 = ((0.5151, 0.2412, -0.0011), (0.2920, 0.6922, 0.0419), (0.1571, 0.0666, 0.7841))
WHITE = (0.9642, 1.0, 0.8249)


@cache
def srgb() -> bytes:
    """The profile of sRGB."""
    return bytes(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())


def wide() -> bytes:
    """The profile of a wider gamut than that of sRGB."""
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, int(2.2 * 256))
    columns = {name: _xyz(xyz) for name, xyz in zip((b"rXYZ", b"gXYZ", b"bXYZ"), P3, strict=True)}
    curves = dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    return _profile(b"mntr", b"RGB ", b"XYZ ", {**columns, **curves})


def grey() -> bytes:
    """The profile of greys that are darker than those of sRGB."""
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, int(3.0 * 256))
    return _profile(b"mntr", b"GRAY", b"XYZ ", {b"kTRC": curve})


def inks() -> bytes:
    """The profile of a press whose four inks are greys."""
    levels = [255 - 60 * bin(n).count("1") for n in range(16)]
    points = b"".join(bytes([max(0, level), 128, 128]) for level in levels)
    ramp = bytes(range(256))
    matrix = struct.pack(">9i", *(65536 if n % 4 == 0 else 0 for n in range(9)))
    table = b"mft1\0\0\0\0" + bytes([4, 3, 2, 0]) + matrix + ramp * 4 + points + ramp * 3
    return _profile(b"prtr", b"CMYK", b"Lab ", dict.fromkeys((b"A2B0", b"A2B1"), table))


def _xyz(values: tuple[float, float, float]) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(v * 65536) for v in values))


def _profile(kind: bytes, space: bytes, between: bytes, tags: dict[bytes, bytes]) -> bytes:
    text = b"desc\0\0\0\0" + struct.pack(">I", 5) + b"test\0" + bytes(79)
    whole = {b"desc": text, b"wtpt": _xyz(WHITE), **tags}
    at, table, body = 128 + 4 + 12 * len(whole), b"", b""
    for name, data in whole.items():
        padded = data + bytes(-len(data) % 4)
        table += name + struct.pack(">II", at + len(body), len(data))
        body += padded
    head = bytes(8) + struct.pack(">I", 0x02400000) + kind + space + between
    head += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(28)
    head += struct.pack(">3i", *(round(v * 65536) for v in WHITE))
    data = head + bytes(128 - len(head)) + struct.pack(">I", len(whole)) + table + body
    return struct.pack(">I", len(data)) + data[4:]
