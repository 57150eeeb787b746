"""The colours of a picture as few numbers: a small copy of it in a perceptual colour space.

A picture becomes 16 × 16 points, each the average of its part of the picture, in OKLab
(B. Ottosson, "A perceptual color space for image processing", 2020). The numbers are scaled so
that black and white lie 1 apart (`stats.distance`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

SIDE = 16
Point = tuple[float, float, float]


def colours(picture: Image.Image) -> list[Point]:
    """Return lightness and two colour axes of 16 × 16 points, row by row."""
    from PIL import Image

    data = picture.resize((SIDE, SIDE), Image.Resampling.BOX).tobytes()
    return [_oklab(*point) for point in zip(data[::3], data[1::3], data[2::3], strict=True)]


def mirrored(points: Sequence[Point]) -> list[Point]:
    """Return the colours of the picture in a mirror."""
    rows = (points[at : at + SIDE] for at in range(0, SIDE * SIDE, SIDE))
    return [point for row in rows for point in reversed(row)]


def scaled(points: Sequence[Point]) -> tuple[float, ...]:
    """Return the numbers of all points, so that black and white lie 1 apart."""
    return tuple(part / SIDE for point in points for part in point)


def _oklab(red: int, green: int, blue: int) -> Point:
    r, g, b = _light(red), _light(green), _light(blue)
    long = math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
    middle = math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    short = math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


@cache
def _light(value: int) -> float:
    """Return the linear light of one sRGB byte (IEC 61966-2-1)."""
    part = value / 255
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
