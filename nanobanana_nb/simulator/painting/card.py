"""A card for a noun that has no motif: the word, set large, under a pattern of its own."""

from __future__ import annotations

import math
import random as chances
from collections.abc import Mapping
from dataclasses import dataclass

from PIL import Image, ImageDraw

from nanobanana_nb.simulator.painting.fonts import Font, font, typeset
from nanobanana_nb.simulator.painting.palette import Rgb, mix
from nanobanana_nb.simulator.words.reading import chance

Fill = Rgb | int

_COLUMNS = 5
_MOST_LINES = 3
_LARGEST, _SMALLEST = 0.215, 0.085


@dataclass(frozen=True)
class Card:
    """A square with a card: its colours, where it is, and where its letters are."""

    image: Image.Image
    alpha: Image.Image
    ink: Image.Image


@dataclass(frozen=True)
class _Lines:
    """A word as it fits onto a card: its lines, their font, and the distance between them."""

    texts: tuple[str, ...]
    font: Font
    pitch: float


@dataclass(frozen=True)
class _Pen:
    """Draws shapes turned around the middle of a square, clockwise by some degrees."""

    pen: ImageDraw.ImageDraw
    middle: float
    degrees: float

    def turned(self, x: float, y: float) -> tuple[float, float]:
        """Where a point comes to lie."""
        angle = math.radians(self.degrees)
        dx, dy = x - self.middle, y - self.middle
        across = dx * math.cos(angle) - dy * math.sin(angle)
        return self.middle + across, self.middle + dx * math.sin(angle) + dy * math.cos(angle)

    def box(self, left: float, top: float, right: float, bottom: float, fill: Fill) -> None:
        """A rectangle."""
        corners = ((left, top), (right, top), (right, bottom), (left, bottom))
        self.pen.polygon([self.turned(*corner) for corner in corners], fill=fill)

    def pie(self, x: float, y: float, radius: float, start: float, fill: Fill) -> None:
        """A quarter of a circle."""
        x, y = self.turned(x, y)
        box = (x - radius, y - radius, x + radius, y + radius)
        self.pen.pieslice(box, start + self.degrees, start + self.degrees + 90, fill=fill)

    def disc(self, x: float, y: float, radius: float, fill: Fill) -> None:
        """A circle."""
        x, y = self.turned(x, y)
        self.pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)


def card(word: str, colours: Mapping[str, Rgb], side: int, light_from_left: bool = True) -> Card:
    """An upright card in a square of ``side`` pixels, tilted and patterned by the word's hash.

    A word that no font can write gives way to the plain sign of a picture.
    """
    random = chance("card", word)
    tilt = random.choice((-2.4, -1.4, 1.4, 2.4))
    left, top, right, bottom = (side * share for share in (0.11, 0.07, 0.89, 0.945))
    edge = max(1, side // 160) * (1 if light_from_left else -1)
    thickness = (left + 2 * edge, top + abs(edge), right + 2 * edge, bottom + abs(edge))
    image = Image.new("RGB", (side, side), mix(colours["w"], colours["k"], 0.42))
    alpha, ink = Image.new("L", (side, side)), Image.new("L", (side, side))
    mask = _Pen(ImageDraw.Draw(alpha), side / 2, tilt)
    mask.box(*thickness, 255)
    mask.box(left, top, right, bottom, 255)
    pen = _Pen(ImageDraw.Draw(image), side / 2, tilt)
    pen.box(left, top, right, bottom, colours["w"])
    inset = side * 0.045
    lines = _fitted(word, right - left - 2.6 * inset, side)
    rows = (4, 3, 2)[len(lines.texts) - 1] if lines else 3
    cell = (right - left - 2 * inset) / _COLUMNS
    _pattern(pen, (left + inset, top + inset, cell), rows, colours, random)
    middle = ((left + right) / 2, (top + inset + rows * cell + bottom) / 2)
    if lines:
        _write(ink, lines, middle)
    else:
        _draw_sign(ink, middle)
    ink = ink.rotate(-tilt, Image.Resampling.BILINEAR)
    image.paste(colours["k"], mask=ink)
    fall = Image.linear_gradient("L").rotate(90 if light_from_left else -90)
    image.paste((24, 18, 44), mask=fall.point(lambda v: v // 5).resize(image.size))
    return Card(image, alpha, ink)


def _fitted(word: str, width: float, side: int) -> _Lines | None:
    """The word in the largest type that fits: in one line, or in as few as its length needs."""
    setting = typeset(word)
    if setting is None:
        return None
    text, name = setting
    for count in range(1, _MOST_LINES + 1):
        texts = _broken(text, count)
        largest = _LARGEST if count == 1 else 0.30 / count
        unit = max(font(name, 100).getlength(line) for line in texts) / 100
        size = min(largest * side, width / max(unit, 0.1))
        if size >= _SMALLEST * side * (1.35 if count == 1 else 1) or count == _MOST_LINES:
            break
    size = max(size, _SMALLEST * side * 0.8)
    face = font(name, max(6, round(size)))
    return _Lines(tuple(_cut(line, face, width) for line in texts), face, size * 1.08)


def _broken(text: str, count: int) -> list[str]:
    """A text in ``count`` lines of like length, at blanks where it has them, else with hyphens."""
    words = text.split()
    if len(words) >= count:
        lines: list[str] = []
        per_line = len(text) / count
        for word in words:
            if lines and (len(lines) == count or len(lines[-1]) + len(word) / 2 < per_line):
                lines[-1] += f" {word}"
            else:
                lines.append(word)
        return lines
    step = -(-len(text) // count)
    parts = [text[n : n + step] for n in range(0, len(text), step)]
    hyphen = "-" if text.isascii() else ""
    return [part + hyphen if part[-1:].isalpha() else part for part in parts[:-1]] + parts[-1:]


def _cut(line: str, face: Font, width: float) -> str:
    if face.getlength(line) <= width * 1.02:
        return line
    while len(line) > 1 and face.getlength(line + "...") > width:
        line = line[:-1]
    return line + "..."


def _write(ink: Image.Image, lines: _Lines, middle: tuple[float, float]) -> None:
    pen, (x, y) = ImageDraw.Draw(ink), middle
    y -= lines.pitch * (len(lines.texts) - 1) / 2
    for n, text in enumerate(lines.texts):
        pen.text((x, y + n * lines.pitch), text, 255, lines.font, anchor="mm")


def _draw_sign(ink: Image.Image, middle: tuple[float, float]) -> None:
    """A frame with sun and hills, which stands for a picture in any language."""
    pen, side, (x, y) = ImageDraw.Draw(ink), ink.width, middle
    wide, high, line = side * 0.17, side * 0.125, max(1, round(side * 0.016))
    pen.rounded_rectangle((x - wide, y - high, x + wide, y + high), side * 0.03, None, 255, line)
    x0, y0, radius = x - wide * 0.48, y - high * 0.38, side * 0.026
    pen.ellipse((x0 - radius, y0 - radius, x0 + radius, y0 + radius), 255)
    low = y + high * 0.66
    for across, half, peak in ((-0.28, 0.42, 0.0), (0.26, 0.50, -0.46)):
        foot = x + wide * across
        tips = ((foot - wide * half, low), (foot, y + high * peak), (foot + wide * half, low))
        pen.polygon(tips, 255)


def _pattern(
    pen: _Pen,
    corner: tuple[float, float, float],
    rows: int,
    colours: Mapping[str, Rgb],
    random: chances.Random,
) -> None:
    """Tiles of quarter and whole circles, as on an old school poster."""
    left, top, cell = corner
    body, second, accent, paper = (colours[letter] for letter in "abcw")
    grounds = (mix(body, paper, 0.62), mix(body, paper, 0.62), mix(accent, paper, 0.55), second)
    for n in range(rows * _COLUMNS):
        x, y = left + n % _COLUMNS * cell, top + n // _COLUMNS * cell
        ground = random.choice(grounds)
        ink = random.choice([c for c in (body, body, second, accent, paper) if c != ground])
        pen.box(x, y, x + cell, y + cell, ground)
        form = random.randrange(6)
        if form < 4:
            dx, dy = ((0, 0), (1, 0), (1, 1), (0, 1))[form]
            pen.pie(x + cell * dx, y + cell * dy, cell, 90 * form, ink)
        else:
            pen.disc(x + cell / 2, y + cell / 2, cell * (0.38 if form == 4 else 0.22), ink)
