"""Draws motifs, parsed from their lines, smoothed and lit from one side, and cards."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from nanobanana_nb.simulator.painting.belongings import BELONGINGS
from nanobanana_nb.simulator.painting.card import card
from nanobanana_nb.simulator.painting.creatures import CREATURES
from nanobanana_nb.simulator.painting.living import LIVING
from nanobanana_nb.simulator.painting.palette import Rgb
from nanobanana_nb.simulator.painting.things import THINGS

Point = tuple[float, float]

MOTIFS: dict[str, str] = {**LIVING, **CREATURES, **THINGS, **BELONGINGS}


@dataclass(frozen=True)
class Shape:
    """One filled outline of a motif, in its unit square, and the letter of its colour."""

    colour: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Place:
    """Where a motif stands: the middle of its feet, its size (pixels), and which way it looks."""

    x: float
    y: float
    size: float
    flipped: bool = False
    light_from_left: bool = True
    shaded: bool = True
    aloft: bool = False

    def corner(self, side: int) -> tuple[int, int]:
        """Where a square of ``side`` pixels around the motif begins."""
        return round(self.x - side / 2), round(self.y - self.size * 1.06)


@cache
def shapes(name: str) -> tuple[Shape, ...]:
    """The outlines of a motif."""
    lines = MOTIFS[name].strip().splitlines()
    return tuple(shape for line in lines for shape in _shapes(line.split()))


def draw_motif(canvas: Image.Image, name: str, colours: Mapping[str, Rgb], place: Place) -> None:
    """Draw a motif with its shadow, lit from one side, onto an RGB canvas."""
    side = max(8, round(place.size * 1.12))
    layer = Image.new("RGBA", (side, side))
    pen = ImageDraw.Draw(layer)
    for shape in shapes(name):
        pen.polygon([_placed(p, place, side) for p in shape.points], (*colours[shape.colour], 255))
    _shadow(canvas, place)
    body = _lit(layer, place) if place.shaded else layer.convert("RGB")
    canvas.paste(body, place.corner(side), layer.getchannel("A"))


def draw_card(
    canvas: Image.Image, ink: Image.Image, word: str, colours: Mapping[str, Rgb], place: Place
) -> None:
    """Draw a word's card with its shadow; its letters also onto ``ink``, a grey canvas."""
    side = max(8, round(place.size * 1.12))
    sheet, corner = card(word, colours, side, place.light_from_left), place.corner(side)
    _shadow(canvas, place)
    canvas.paste(sheet.image, corner, sheet.alpha)
    ink.paste(0, corner, sheet.alpha)
    ink.paste(sheet.ink, corner, sheet.ink)


def _placed(point: Point, place: Place, side: int) -> Point:
    x = 1 - point[0] if place.flipped else point[0]
    margin = (side - place.size) / 2
    return x * place.size + margin, point[1] * place.size + margin


def _lit(layer: Image.Image, place: Place) -> Image.Image:
    small = layer.getchannel("A").resize((max(2, layer.width // 6), max(2, layer.height // 6)))
    step = max(1, small.width // 16) * (1 if place.light_from_left else -1)
    blur = ImageFilter.GaussianBlur(small.width / 26)
    soft = small.filter(blur)
    bright = ImageChops.multiply(small, ImageChops.subtract(small, _shifted(soft, step)))
    shade = ImageChops.multiply(small, ImageChops.subtract(small, _shifted(soft, -step)))
    lit = layer.convert("RGB")
    lit.paste((255, 246, 222), mask=bright.resize(layer.size).point(lambda v: v * 0.42))
    lit.paste((16, 12, 34), mask=shade.resize(layer.size).point(lambda v: v * 0.46))
    return lit


def _shifted(mask: Image.Image, step: int) -> Image.Image:
    shifted = Image.new("L", mask.size)
    shifted.paste(mask, (step, abs(step) // 2))
    return shifted


def _shadow(canvas: Image.Image, place: Place) -> None:
    if place.aloft:
        return
    width, height = max(4, round(place.size * 0.98)), max(2, round(place.size * 0.15))
    mask = Image.new("L", (96, 32))
    ImageDraw.Draw(mask).ellipse((14, 9, 82, 23), fill=150)
    mask = mask.filter(ImageFilter.GaussianBlur(4)).resize((width, height))
    lean = place.size * (0.07 if place.light_from_left else -0.07)
    corner = (round(place.x - width / 2 + lean), round(place.y - height * 0.55))
    canvas.paste((10, 10, 26), corner, mask)


def _shapes(line: list[str]) -> Iterator[Shape]:
    kind, colour, *values = line
    numbers = [[float(n) for n in value.split(",")] for value in values]
    outline = tuple(_OUTLINES[kind[0]](numbers))
    yield Shape(colour, outline)
    if kind.endswith("|"):
        yield Shape(colour, tuple((1 - x, y) for x, y in outline))


def _ellipse(numbers: list[list[float]]) -> list[Point]:
    (x, y), (wide, high) = numbers[:2]
    turn = math.radians(numbers[2][0]) if len(numbers) > 2 else 0.0
    return [
        (
            x + wide * math.cos(a) * math.cos(turn) - high * math.sin(a) * math.sin(turn),
            y + wide * math.cos(a) * math.sin(turn) + high * math.sin(a) * math.cos(turn),
        )
        for a in (i * math.tau / 44 for i in range(44))
    ]


def _polygon(numbers: list[list[float]]) -> list[Point]:
    return [(x, y) for x, y in numbers]


def _closed(numbers: list[list[float]]) -> list[Point]:
    points = _polygon(numbers)
    return _smooth([points[-1], *points, points[0], points[1]])


def _stroke(numbers: list[list[float]]) -> list[Point]:
    half = numbers[0][0] / 2
    points = _polygon(numbers[1:])
    middle = _smooth([points[0], *points, points[-1]]) if len(points) > 2 else points
    return _thick(middle, half)


def _smooth(points: list[Point]) -> list[Point]:
    """Catmull-Rom through all points but the first and the last."""
    curve = []
    for p0, p1, p2, p3 in zip(points, points[1:], points[2:], points[3:], strict=False):
        for t in (i / 9 for i in range(9)):
            curve.append(
                (_spline(p0[0], p1[0], p2[0], p3[0], t), _spline(p0[1], p1[1], p2[1], p3[1], t))
            )
    return [*curve, points[-2]]


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    bend = (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t * t * t
    return b + 0.5 * ((c - a) * t + bend)


def _thick(line: list[Point], half: float) -> list[Point]:
    """The outline of a line of some width, with round ends."""
    left, right = [], []
    for n, (x, y) in enumerate(line):
        (x0, y0), (x1, y1) = line[max(0, n - 1)], line[min(len(line) - 1, n + 1)]
        long = math.hypot(x1 - x0, y1 - y0) or 1.0
        across, down = -(y1 - y0) / long * half, (x1 - x0) / long * half
        left.append((x + across, y + down))
        right.append((x - across, y - down))
    end = _cap(line[-1], left[-1], half)
    start = _cap(line[0], right[0], half)
    return [*left, *end, *reversed(right), *start]


def _cap(middle: Point, first: Point, half: float) -> list[Point]:
    start = math.atan2(first[1] - middle[1], first[0] - middle[0])
    angles = (start - math.pi * i / 8 for i in range(1, 8))
    return [(middle[0] + half * math.cos(a), middle[1] + half * math.sin(a)) for a in angles]


_OUTLINES = {"o": _ellipse, "p": _polygon, "s": _closed, "t": _stroke}
