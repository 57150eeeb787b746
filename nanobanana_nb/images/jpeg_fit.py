"""The JPEG that fits a number of bytes, found in about three encodings.

Bytes fall with the quality by a power law: of what a JPEG divides its numbers by (its
coarseness, as libjpeg has it), to an exponent of 0.45 for smooth pictures, 0.6 for photos and
0.9 for noise. The first encoding gives the size, the second, at the quality that it lets expect,
the exponent of this picture; the third is the answer. Where no quality fits, the picture becomes
smaller: at half the area it has 0.6 of the bytes, noise 0.3.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from PIL import Image

BEST, LEAST = 82, 26  # qualities
SMALL, SHRUNK = 32, 40  # qualities of a picture that has to become smaller, or much smaller
LEAST_PX = 24  # it becomes no smaller than this
_TABLES = 300  # bytes of a JPEG without a picture
_SLOPE = 0.55
_LEAST_SLOPE = 0.25
_FULL = 0.88  # of the room: what uses so much of it need not be tried once more


@dataclass(frozen=True)
class Encoding:
    """A picture, the quality at which it was encoded, and its bytes."""

    image: Image.Image
    quality: int
    data: bytes

    @classmethod
    def of(cls, image: Image.Image, quality: int) -> Self:
        """Encode `image`."""
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality, optimize=True)
        return cls(image, quality, out.getvalue())

    @property
    def size(self) -> int:
        """The bytes of the picture itself, which its quality decides."""
        return max(1, len(self.data) - _TABLES)

    @property
    def is_tiny(self) -> bool:
        """Whether it cannot become smaller."""
        return max(self.image.size) < LEAST_PX

    def coarser(self, times: float) -> Self:
        """Encode it so many times as coarsely, between the least quality and the best."""
        return type(self).of(self.image, _quality(_coarseness(self.quality) * times))

    def scaled(self, original: Image.Image, part: float, quality: int) -> Self:
        """Encode the original at a part of this size."""
        part = min(1.0, max(part, 16 / max(self.image.size)))
        width, height = (max(1, round(side * part)) for side in self.image.size)
        return type(self).of(original.resize((width, height)), quality)


def within(image: Image.Image, most_bytes: int) -> bytes:
    """Return about the best JPEG of at most `most_bytes`, or the smallest that is still a picture.

    It takes one to three encodings; a fourth only where bytes follow no law, as in a ramp.
    """
    first = Encoding.of(image, BEST)
    if len(first.data) <= most_bytes:
        return first.data
    room = max(1, most_bytes - _TABLES)
    excess = first.size / (room * 0.97)
    if excess ** (1 / _SLOPE) > 3 * _range(BEST) and not first.is_tiny:
        last = _smaller(first, room, excess)
    else:
        last = _coarser(first, room, excess)
    while len(last.data) > most_bytes and not last.is_tiny:
        last = last.scaled(image, 0.5, LEAST)
    return last.data


def _coarser(first: Encoding, room: int, excess: float) -> Encoding:
    """Return the picture at a quality that fits, made smaller only where none does."""
    second = first.coarser(excess ** (1 / _SLOPE))
    slope = _slope(first, second)
    over = second.size / room
    if over > 1:
        return _coarser_still(second, over, slope)
    if over > _FULL or second.quality >= BEST - 1:
        return second
    # nearer to the best quality bytes change more slowly than between the two
    third = second.coarser((over / 0.96) ** (1 / max(slope * 1.18, 0.1)))
    return third if third.size <= room else second


def _coarser_still(second: Encoding, over: float, slope: float) -> Encoding:
    """Return what is expected to fit where the quality that was expected to does not."""
    least = over * _range(second.quality) ** -slope
    if least < 0.98 and slope > 0.05:
        return second.coarser((over / 0.95) ** (1 / max(slope, _LEAST_SLOPE)))
    if second.is_tiny:
        return second
    at_shrunk = least * _range(SMALL) ** max(slope, 0.45)
    return second.scaled(second.image, (at_shrunk / 0.92) ** (-1 / 1.15), SMALL)


def _smaller(first: Encoding, room: int, excess: float) -> Encoding:
    """Return the picture in the size that fits, at one quality."""
    at_shrunk = excess * (_coarseness(SHRUNK) / _coarseness(BEST)) ** -_SLOPE
    second = first.scaled(first.image, at_shrunk ** (-1 / 1.6), SHRUNK)
    over = second.size / room
    if over > 1:
        return second.scaled(first.image, (over / _FULL) ** (-1 / 1.15), SHRUNK)
    if over > _FULL or second.image.size == first.image.size:
        return second
    larger = (over / 0.95) ** (-1 / 3.2)
    part = min(1.0, larger * max(second.image.size) / max(first.image.size))
    third = first.scaled(first.image, part, SHRUNK)
    return third if third.size <= room else second


def _slope(fine: Encoding, coarse: Encoding) -> float:
    """Return the exponent by which the bytes of this picture fall with its coarseness."""
    if fine.quality == coarse.quality or fine.size <= coarse.size:
        return 0.0
    times = _coarseness(coarse.quality) / _coarseness(fine.quality)
    return math.log(fine.size / coarse.size) / math.log(times)


def _range(quality: int) -> float:
    """Return how many times as coarse as this the least quality is."""
    return _coarseness(LEAST) / _coarseness(quality)


def _coarseness(quality: int) -> float:
    return 5000 / quality if quality < 50 else 200 - 2 * quality


def _quality(coarseness: float) -> int:
    quality = 5000 / coarseness if coarseness > 100 else 100 - coarseness / 2
    return max(LEAST, min(BEST, math.floor(quality)))
