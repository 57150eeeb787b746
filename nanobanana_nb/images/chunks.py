"""Colours that a PNG names without a profile (gAMA and cHRM), as a profile; cICP is not followed.

Pillow keeps these two of a file that it opened, so that they count whichever way it is given.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard

_Matrix = tuple[tuple[float, ...], ...]
_SRGB_GAMMA = 1 / 2.2  # the gAMA that stands for the curve of sRGB, which is none
_SRGB_POINTS = (0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06)  # white, red, green, blue
_NEAR = 0.006  # what rounding makes of these
_GAMMAS = (0.1, 10.0)  # others are no curve that anybody sees by
_D50 = (0.9642, 1.0, 0.8249)  # the white of every profile
_BRADFORD = ((0.8951, 0.2664, -0.1614), (-0.7502, 1.7135, 0.0367), (0.0389, -0.0685, 1.0296))
_SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


def named_profile(info: Mapping[Any, Any], mode: str) -> bytes | None:
    """Return the profile of the colours that a Pillow image's `info` names, None for sRGB.

    Args:
        mode: `L` for greys, or `RGB`.
    """
    if "srgb" in info:
        return None
    gamma, points = info.get("gamma"), info.get("chromaticity")
    curve = _curve(1 / gamma) if _is_gamma(gamma) else None
    if mode == "L":
        return _profile(b"GRAY", {b"kTRC": curve}) if curve else None
    columns = _columns(points) if _is_points(points) else None
    if curve is None and columns is None:
        return None
    columns = columns or _columns(_SRGB_POINTS) or ()
    names = (b"rXYZ", b"gXYZ", b"bXYZ")
    curves = dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve or _curve(*_SRGB_CURVE))
    return _profile(b"RGB ", {**dict(zip(names, map(_xyz, columns), strict=True)), **curves})


def _is_gamma(value: Any) -> TypeGuard[float]:
    """Whether it is a gamma, and not that of sRGB."""
    if not isinstance(value, float) or not _GAMMAS[0] <= value <= _GAMMAS[1]:
        return False
    return abs(value - _SRGB_GAMMA) > _NEAR


def _is_points(value: Any) -> TypeGuard[Sequence[float]]:
    """Whether these are white and three primaries, and not those of sRGB."""
    if not isinstance(value, Sequence) or len(value) != 8 or min(value[1::2]) <= 0:
        return False
    return any(abs(a - b) > _NEAR for a, b in zip(value, _SRGB_POINTS, strict=True))


def _columns(points: Sequence[float]) -> _Matrix | None:
    """Return what each primary gives in full, seen under the white of profiles."""
    pairs = zip(points[::2], points[1::2], strict=True)
    white, *primaries = ((x / y, 1.0, (1 - x - y) / y) for x, y in pairs)
    shares = _solved(tuple(zip(*primaries, strict=True)), white)
    cones = _times(_BRADFORD, white)
    if shares is None or min(cones) <= 0:
        return None
    gains = [new / old for new, old in zip(_times(_BRADFORD, _D50), cones, strict=True)]
    columns = []
    for share, primary in zip(shares, primaries, strict=True):
        response = _times(_BRADFORD, [share * part for part in primary])
        adapted = [gain * part for gain, part in zip(gains, response, strict=True)]
        columns.append(_solved(_BRADFORD, adapted) or ())
    return tuple(columns)


def _times(matrix: _Matrix, vector: Sequence[float]) -> tuple[float, ...]:
    return tuple(sum(m * v for m, v in zip(row, vector, strict=True)) for row in matrix)


def _solved(matrix: _Matrix, vector: Sequence[float]) -> tuple[float, ...] | None:
    """Return by what the columns are multiplied to give the vector (Cramer's rule)."""
    whole = _volume(matrix)
    if abs(whole) < 1e-9:
        return None
    parts = []
    for n in range(3):
        rows = zip(matrix, vector, strict=True)
        parts.append(_volume(tuple((*row[:n], v, *row[n + 1 :]) for row, v in rows)) / whole)
    return tuple(parts)


def _volume(m: _Matrix) -> float:
    (a, b, c), (d, e, f), (g, h, i) = m
    return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)


def _curve(*numbers: float) -> bytes:
    """Return a curve by its power alone, or by the five numbers of one that begins straight."""
    return b"para\0\0\0\0" + struct.pack(">HH", 3 if numbers[1:] else 0, 0) + _fixed(numbers)


def _xyz(values: Sequence[float]) -> bytes:
    return b"XYZ \0\0\0\0" + _fixed(values)


def _fixed(values: Sequence[float]) -> bytes:
    return struct.pack(
        f">{len(values)}i", *(round(max(-9.0, min(value, 99.0)) * 65536) for value in values)
    )


def _profile(space: bytes, tags: Mapping[bytes, bytes]) -> bytes:
    """Return an ICC profile of a screen."""
    whole = {b"wtpt": _xyz(_D50), **tags}
    at, table, body = 132 + 12 * len(whole), b"", b""
    for name, data in whole.items():
        table += name + struct.pack(">II", at + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    head = struct.pack(">4x4xI", 0x04200000) + b"mntr" + space + b"XYZ " + bytes(12)
    head += b"acsp" + bytes(28) + _fixed(_D50)
    data = head + bytes(128 - len(head)) + struct.pack(">I", len(whole)) + table + body
    return struct.pack(">I", len(data)) + data[4:]
