"""Pages of pixels: words, pictures beside and under each other, on white."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from nanobanana_nb.show import wording

if TYPE_CHECKING:
    from PIL import Image, ImageDraw

INK, SOFT, PAPER = "#1a1a1a", "#555555", "#ffffff"
LINE = 17  # pixels from one line of a legend to the next
GAP = 12


def blank_page(width: int, height: int) -> Image.Image:
    """Return an empty page of at least one pixel."""
    from PIL import Image

    return Image.new("RGB", (max(1, width), max(1, height)), PAPER)


def pen(page: Image.Image) -> ImageDraw.ImageDraw:
    """Return what draws on a page."""
    from PIL import ImageDraw

    return ImageDraw.Draw(page)


@lru_cache(maxsize=16)
def font(size: int, bold: bool = False) -> Any:
    """Return a font with many letters where the machine has one, else Pillow's own."""
    from PIL import ImageFont

    try:
        return ImageFont.truetype("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf", size)
    except OSError:
        return ImageFont.load_default(size)


def wrapped(text: str, width: int, most: int, bold: bool = False) -> list[str]:
    """Return `text` in at most `most` lines of `width` pixels."""
    letters, lines = font(14 if bold else 13, bold), [""]
    for word in wording.cut(text, 400).split():
        longer = f"{lines[-1]} {word}".strip()
        if letters.getlength(longer) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1] + "…"]
    return [_fit(line, width, letters) for line in lines if line]


def _fit(line: str, width: int, letters: Any) -> str:
    while len(line) > 1 and letters.getlength(line) > width:
        line = line[:-2].rstrip() + "…"
    return line


def words(lines: Sequence[str], width: int, bold: bool = True) -> Image.Image:
    """Return a page of lines."""
    page = blank_page(max(width, 1), max(1, (LINE + 1) * len(lines)))
    draw = pen(page)
    for n, line in enumerate(lines):
        draw.text((0, n * (LINE + 1)), line, fill=INK, font=font(14 if bold else 13, bold))
    return page


def beside(pages: Sequence[Image.Image]) -> Image.Image:
    """Return the pages side by side, their tops in one line."""
    width = sum(page.width + GAP for page in pages) - GAP
    whole = blank_page(width, max(page.height for page in pages))
    x = 0
    for page in pages:
        whole.paste(page, (x, 0))
        x += page.width + GAP
    return whole


def under(pages: Sequence[Image.Image], gap: int) -> Image.Image:
    """Return the pages under each other."""
    height = sum(page.height + gap for page in pages) - gap
    whole = blank_page(max(page.width for page in pages), height)
    y = 0
    for page in pages:
        whole.paste(page, (0, y))
        y += page.height + gap
    return whole


def framed(page: Image.Image) -> Image.Image:
    """Return the page with a margin."""
    whole = blank_page(page.width + 2 * GAP, page.height + 2 * GAP)
    whole.paste(page, (GAP, GAP))
    return whole


def dashes(draw: ImageDraw.ImageDraw, right: int, bottom: int, colour: str) -> None:
    """Draw a dashed border."""
    for x in range(0, right, 10):
        draw.line([(x, 1), (x + 5, 1)], colour, 2)
        draw.line([(x, bottom - 1), (x + 5, bottom - 1)], colour, 2)
    for y in range(0, bottom, 10):
        draw.line([(1, y), (1, y + 5)], colour, 2)
        draw.line([(right - 1, y), (right - 1, y + 5)], colour, 2)
