"""Pieces of a picture: text in lines that fit, and pieces beside and under each other."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from nanobanana_nb.show.html import wording

if TYPE_CHECKING:
    from PIL import Image

INK, SOFT, PAPER = "#1a1a1a", "#555555", "#ffffff"
_LEADING = 1.35  # from one line to the next, in sizes of the letters


def page(width: int, height: int) -> Image.Image:
    """Return an empty piece of paper of at least one pixel."""
    from PIL import Image

    return Image.new("RGB", (max(1, width), max(1, height)), PAPER)


def text(
    words: str | Sequence[str],
    width: int,
    size: int,
    *,
    bold: bool = False,
    colour: str = SOFT,
    most: int = 3,
    align: str = "left",
) -> Image.Image:
    """Return the words in lines no longer than `width`; each of several texts starts a line."""
    from PIL import ImageDraw

    texts = [words] if isinstance(words, str) else words
    lines = [line for part in texts for line in wrapped(part, width, size, most, bold)]
    paper = page(width, round(size * _LEADING) * len(lines))
    draw, letters = ImageDraw.Draw(paper), font(size, bold)
    x, anchor = {"left": (0, "la"), "right": (width, "ra"), "middle": (width // 2, "ma")}[align]
    for n, line in enumerate(lines):
        draw.text((x, n * round(size * _LEADING)), line, fill=colour, font=letters, anchor=anchor)
    return paper


def beside(pieces: Sequence[Image.Image], gap: int) -> Image.Image:
    """Return the pieces in one row, their tops in line."""
    width = sum(piece.width + gap for piece in pieces) - gap
    whole = page(width, max(piece.height for piece in pieces))
    x = 0
    for piece in pieces:
        whole.paste(piece, (x, 0))
        x += piece.width + gap
    return whole


def under(pieces: Sequence[Image.Image], gap: int, edge: int = 0) -> Image.Image:
    """Return the pieces in one column, their left sides in line, with an empty edge around."""
    height = sum(piece.height + gap for piece in pieces) - gap
    whole = page(max(piece.width for piece in pieces) + 2 * edge, height + 2 * edge)
    y = edge
    for piece in pieces:
        whole.paste(piece, (edge, y))
        y += piece.height + gap
    return whole


def outlined(paper: Image.Image, colour: str, width: int) -> None:
    """Draw a line along the edge of `paper`."""
    from PIL import ImageDraw

    edge = (0, 0, paper.width - 1, paper.height - 1)
    ImageDraw.Draw(paper).rectangle(edge, outline=colour, width=width)


def dashed(paper: Image.Image, colour: str, step: int, width: int) -> None:
    """Draw a dashed line along the edge of `paper`."""
    from PIL import ImageDraw

    draw, right, bottom = ImageDraw.Draw(paper), paper.width - 1, paper.height - 1
    for x in range(0, right, 2 * step):
        for y in (width // 2, bottom - width // 2):
            draw.line([(x, y), (min(x + step, right), y)], colour, width)
    for y in range(0, bottom, 2 * step):
        for x in (width // 2, right - width // 2):
            draw.line([(x, y), (x, min(y + step, bottom))], colour, width)


def wrapped(text: str, width: int, size: int, most: int, bold: bool = False) -> list[str]:
    """Return the text in at most `most` lines, an ellipsis where it was cut."""
    letters, lines = font(size, bold), [""]
    for word in wording.cut(text, 600).split():
        longer = f"{lines[-1]} {word}".strip()
        if not lines[-1] or letters.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1] + "…"]
    for n in range(len(lines)):
        while len(lines[n]) > 1 and letters.getlength(lines[n]) > width:
            lines[n] = lines[n][:-2].rstrip() + "…"
    return [line for line in lines if line]


@lru_cache(maxsize=32)
def font(size: int, bold: bool = False) -> Any:
    """Return a font with many letters where the machine has one, else Pillow's own."""
    from PIL import ImageFont

    try:
        return ImageFont.truetype("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf", size)
    except OSError:
        return ImageFont.load_default(size)
