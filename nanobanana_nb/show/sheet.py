"""A result as one picture, for PDF and for viewers without HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from nanobanana_nb.model.result import Generation
from nanobanana_nb.show import thumbnail, wording
from nanobanana_nb.show.layout import Layout, Row, arrange
from nanobanana_nb.show.markup import AMBER, GREY, RED
from nanobanana_nb.show.summary import Summary, summary

if TYPE_CHECKING:
    from PIL import Image, ImageDraw

    from nanobanana_nb.show.grid import ImageGrid

MOST_BYTES = 105_000  # as base64 140 kB; with 250 kB of HTML an output stays under 400 kB
_INK, _SOFT, _PAPER = "#1a1a1a", "#555555", "#ffffff"
_LINE = 17  # pixels from one line of a legend to the next
_GAP = 12


@dataclass(frozen=True)
class _Tile:
    """One image with its legend, laid out but not yet drawn."""

    generation: Generation
    lines: tuple[str, ...]


@dataclass(frozen=True)
class _Measures:
    """Pixels of one row: tile width and height, width of the row headings."""

    tile: int
    height: int
    side: int


def contact_sheet(grid: ImageGrid) -> bytes:
    """Return the grid as one JPEG of at most 105 kB with a legend under each image."""
    layout, told = arrange(grid.generations, grid.plan), summary(grid)
    thumbnail.prepare(g.path for g in grid.generations[: len(layout.values)])
    pieces = [_columns(layout)] if layout.columns else []
    pieces += [_row(grid, layout, told, row) for row in layout.rows]
    pieces.append(_foot(told, layout, max([320, *(piece.width for piece in pieces)])))
    return thumbnail.within(_framed(_under(pieces, _GAP)), MOST_BYTES)


def _measures(layout: Layout, row: Sequence[Generation]) -> _Measures:
    count = len(layout.values)
    px = 512 if count == 1 else max(112, min(256, 1040 // layout.width - _GAP))
    if count > 16:
        px = max(112, min(px, 168))
    sizes = [(g.width, g.height) for g in row if g.width and g.height]
    tallest = max((px * min(1.0, h / w) for w, h in sizes), default=px * 0.625)
    side = 130 if any(row[0] for row in layout.rows) else 0
    return _Measures(px, max(90, round(tallest)), side)


def _stack(
    grid: ImageGrid, layout: Layout, told: Summary, cell: Sequence[int], measures: _Measures
) -> Image.Image:
    tiles = []
    for i in cell:
        one = grid.generations[i]
        heading = [told.headings[i]] if layout.in_captions and told.headings[i] else []
        lines = (*heading, wording.DOT.join(told.captions[i]), *one.differences)
        tile = _Tile(one, tuple(line for line in lines if line))
        tiles.append(_draw_tile(tile, measures))
    return _under(tiles, _GAP) if tiles else _page(measures.tile, 1)


def _draw_tile(tile: _Tile, measures: _Measures) -> Image.Image:
    lines = [part for line in tile.lines for part in _wrapped(line, measures.tile, 3)]
    page = _page(measures.tile, measures.height + 4 + _LINE * len(lines))
    picture = _picture(tile.generation, measures)
    page.paste(picture)
    draw = _pen(page)
    for n, line in enumerate(lines):
        draw.text((0, picture.height + 4 + n * _LINE), line, fill=_SOFT, font=_font(13))
    return page


def _picture(generation: Generation, measures: _Measures) -> Image.Image:
    if generation.ok and generation.path is not None:
        try:
            image = thumbnail.opened(generation.path, measures.tile)
        except OSError:
            return _blank("no file", ["it cannot be read"], RED, measures)
        image.thumbnail((measures.tile, measures.height))
        return image
    said = [wording.reason(generation), wording.charged_text(generation)]
    if wording.can_resume(generation):
        said += [wording.short_id(generation.task_id or ""), wording.RESUME]
    colour = {"failed": RED, "planned": GREY, "sent": GREY}.get(generation.state, AMBER)
    return _blank(wording.state_word(generation), [s for s in said if s], colour, measures)


def _blank(word: str, said: Sequence[str], colour: str, measures: _Measures) -> Image.Image:
    page = _page(measures.tile, measures.height)
    draw = _pen(page)
    if colour == RED:
        _dashes(draw, page.width - 1, page.height - 1, colour)
    else:
        draw.rectangle((0, 0, page.width - 1, page.height - 1), outline=colour, width=2)
    room = max(1, (measures.height - 12) // _LINE - 1)
    lines = [part for line in said for part in _wrapped(line, measures.tile - 16, 3)][:room]
    top = (measures.height - _LINE * (len(lines) + 1)) // 2
    for n, line in enumerate([word, *lines]):
        place = (measures.tile / 2, top + n * _LINE)
        fill, font = (_INK, _font(14, True)) if n == 0 else (_SOFT, _font(12))
        draw.text(place, line, fill=fill, font=font, anchor="ma")
    return page


def _dashes(draw: ImageDraw.ImageDraw, right: int, bottom: int, colour: str) -> None:
    for x in range(0, right, 10):
        draw.line([(x, 1), (x + 5, 1)], colour, 2)
        draw.line([(x, bottom - 1), (x + 5, bottom - 1)], colour, 2)
    for y in range(0, bottom, 10):
        draw.line([(1, y), (1, y + 5)], colour, 2)
        draw.line([(right - 1, y), (right - 1, y + 5)], colour, 2)


def _columns(layout: Layout) -> Image.Image:
    measures = _measures(layout, ())
    heads = [_words(_heading_lines(h, measures.tile), measures.tile) for h in layout.columns]
    return _beside([_page(measures.side, 1)] * bool(measures.side) + heads)


def _row(grid: ImageGrid, layout: Layout, told: Summary, row: Row) -> Image.Image:
    heading, cells = row
    measures = _measures(layout, [grid.generations[i] for cell in cells for i in cell])
    drawn = [_stack(grid, layout, told, cell, measures) for cell in cells]
    if measures.side:
        drawn.insert(0, _words(_heading_lines(heading, measures.side), measures.side))
    return _beside(drawn)


def _heading_lines(heading: tuple[str, ...], width: int) -> list[str]:
    return [part for line in heading for part in _wrapped(line, width, 3, bold=True)]


def _foot(told: Summary, layout: Layout, width: int) -> Image.Image:
    said = [wording.DOT.join(told.counts), wording.DOT.join(told.settings), *told.notes]
    said += [f"{layout.hidden:,} more are not drawn here"] * bool(layout.hidden)
    lines = [p for line in said for p in _wrapped(wording.code_free(line), width, 3)]
    return _words(lines, width, bold=False)


def _words(lines: Sequence[str], width: int, bold: bool = True) -> Image.Image:
    page = _page(max(width, 1), max(1, (_LINE + 1) * len(lines)))
    draw = _pen(page)
    for n, line in enumerate(lines):
        draw.text((0, n * (_LINE + 1)), line, fill=_INK, font=_font(14 if bold else 13, bold))
    return page


def _beside(pages: Sequence[Image.Image]) -> Image.Image:
    width = sum(page.width + _GAP for page in pages) - _GAP
    whole = _page(width, max(page.height for page in pages))
    x = 0
    for page in pages:
        whole.paste(page, (x, 0))
        x += page.width + _GAP
    return whole


def _framed(page: Image.Image) -> Image.Image:
    whole = _page(page.width + 2 * _GAP, page.height + 2 * _GAP)
    whole.paste(page, (_GAP, _GAP))
    return whole


def _under(pages: Sequence[Image.Image], gap: int) -> Image.Image:
    height = sum(page.height + gap for page in pages) - gap
    whole = _page(max(page.width for page in pages), height)
    y = 0
    for page in pages:
        whole.paste(page, (0, y))
        y += page.height + gap
    return whole


def _wrapped(text: str, width: int, most: int, bold: bool = False) -> list[str]:
    """Return `text` in at most `most` lines of `width` pixels."""
    font, lines = _font(14 if bold else 13, bold), [""]
    for word in wording.cut(text, 400).split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1] + "…"]
    return [_fit(line, width, font) for line in lines if line]


def _fit(line: str, width: int, font: Any) -> str:
    while len(line) > 1 and font.getlength(line) > width:
        line = line[:-2].rstrip() + "…"
    return line


def _page(width: int, height: int) -> Image.Image:
    from PIL import Image

    return Image.new("RGB", (max(1, width), max(1, height)), _PAPER)


def _pen(page: Image.Image) -> ImageDraw.ImageDraw:
    from PIL import ImageDraw

    return ImageDraw.Draw(page)


@lru_cache(maxsize=16)
def _font(size: int, bold: bool = False) -> Any:
    """Return a font with many letters where the machine has one, else Pillow's own."""
    from PIL import ImageFont

    try:
        return ImageFont.truetype("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf", size)
    except OSError:
        return ImageFont.load_default(size)
