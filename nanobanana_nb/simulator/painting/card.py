"""A card for a noun that has no motif: the word, set large, under a pattern of its own."""

from __future__ import annotations

import random as chances
from collections.abc import Mapping
from dataclasses import dataclass

from PIL import Image, ImageDraw

from nanobanana_nb.simulator.painting.fonts import Font, font, typeset
from nanobanana_nb.simulator.painting.palette import Rgb, mix
from nanobanana_nb.simulator.painting.reading import chance

_COLUMNS = 5
_MOST_LINES = 3
_LARGEST, _SMALLEST = 0.215, 0.085


@dataclass(frozen=True)
class _Lines:
    """A word as it fits onto a card: its lines, their font, and the distance between them."""

    texts: tuple[str, ...]
    font: Font
    pitch: float


def card(
    word: str, colours: Mapping[str, Rgb], side: int, light_from_left: bool = True
) -> tuple[Image.Image, Image.Image]:
    """An upright card in a transparent square of ``side`` pixels, and the mask of its letters.

    A word that no font can write leaves the whole card to its pattern.
    """
    random = chance("card", word)
    layer, ink = Image.new("RGBA", (side, side)), Image.new("L", (side, side))
    pen = ImageDraw.Draw(layer)
    left, top, right, bottom = (side * share for share in (0.11, 0.07, 0.89, 0.945))
    edge, radius = max(1, side // 160), side * 0.022
    paper = colours["w"]
    back = edge * (2 if light_from_left else -2)
    thickness = (left + back, top + edge, right + back, bottom + edge)
    pen.rounded_rectangle(thickness, radius, (*mix(paper, colours["k"], 0.42), 255))
    pen.rounded_rectangle((left, top, right, bottom), radius, (*paper, 255))
    inset = side * 0.045
    lines = _fitted(word, right - left - 2.6 * inset, side)
    rows = 4 if lines is None or len(lines.texts) == 1 else 3
    rows = 5 if lines is None else rows if len(lines.texts) < 3 else 2
    cell = (right - left - 2 * inset) / _COLUMNS
    _pattern(pen, (left + inset, top + inset, cell), rows, colours, random)
    if lines is not None:
        below = top + inset + rows * cell
        _write(ink, lines, ((left + right) / 2, (below + bottom) / 2 - edge))
        layer.paste(colours["k"], mask=ink)
    _shade(layer, light_from_left)
    tilt = random.choice((-2.4, -1.4, 1.4, 2.4))
    smooth = Image.Resampling.BILINEAR
    return layer.rotate(tilt, smooth), ink.rotate(tilt, smooth)


def _shade(layer: Image.Image, light_from_left: bool) -> None:
    """Light that falls off across the paper, from the side of the sun."""
    fall = Image.linear_gradient("L").rotate(90 if light_from_left else -90)
    fall = fall.point(lambda v: v // 5).resize(layer.size)
    alpha = layer.getchannel("A")
    layer.paste((24, 18, 44), mask=fall)
    layer.putalpha(alpha)


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


def _pattern(
    pen: ImageDraw.ImageDraw,
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
        pen.rectangle((x, y, x + cell, y + cell), fill=(*ground, 255))
        form = random.randrange(6)
        if form < 4:
            turn = ((0, 0), (1, 0), (1, 1), (0, 1))[form]
            cx, cy = x + cell * turn[0], y + cell * turn[1]
            box = (cx - cell, cy - cell, cx + cell, cy + cell)
            pen.pieslice(box, 90 * form, 90 * form + 90, fill=(*ink, 255))
        else:
            gap = cell * (0.12 if form == 4 else 0.28)
            pen.ellipse((x + gap, y + gap, x + cell - gap, y + cell - gap), fill=(*ink, 255))
