"""A contact sheet to print and to send: large tiles, headings for every axis, a legend."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nanobanana_nb.errors import InputError
from nanobanana_nb.images import thumbnail
from nanobanana_nb.show.export.content import Content, Entry
from nanobanana_nb.show.html import wording
from nanobanana_nb.show.html.markup import AMBER, GREY, RED
from nanobanana_nb.show.sheet import canvas
from nanobanana_nb.show.sheet.canvas import INK, SOFT
from nanobanana_nb.show.sheet.sheet_tables import Line, Table, tables_of

if TYPE_CHECKING:
    from PIL import Image

MOST_IMAGES = 1_000
MOST_TILE, LEAST_TILE = 512, 128
_PIXELS = 24_000_000  # of all tiles together
_COLOURS = {"failed": RED, "no file": RED, "planned": GREY, "sent": GREY}


@dataclass(frozen=True)
class Sizes:
    """Pixels: a tile's longest side, letters of legends and of headings, gap, row headings."""

    tile: int
    body: int
    head: int
    gap: int
    side: int


def drawn(content: Content) -> Image.Image:
    """Return the contact sheet. Its letters grow with it, so they can be read when it is shrunk.

    Raises:
        InputError: there are more images than a sheet can show.
    """
    if len(content.entries) > MOST_IMAGES:
        raise InputError(
            f"A contact sheet shows at most {MOST_IMAGES:,} images, not {len(content.entries):,}",
            action=f"Export `grid[:{MOST_IMAGES}]`, or write .html or .zip.",
        )
    tables = tables_of(content)
    sizes = _sizes(tables, len(content.entries))
    thumbnail.prepare(entry.original for entry in content.entries)
    pieces = [_table(table, sizes) for table in tables]
    width = max(piece.width for piece in pieces)
    foot = _foot(content, max(width, sizes.body * 32), sizes)
    return canvas.under([*pieces, foot], 2 * sizes.gap, edge=2 * sizes.gap)


def _sizes(tables: Sequence[Table], count: int) -> Sizes:
    columns = max(len(cells) * table.times for table in tables for _, cells in table.lines)
    room = math.sqrt(_PIXELS / max(count, 1))
    tile = round(max(LEAST_TILE, min(MOST_TILE, room)))
    body = max(13, min(round(columns * tile / 105), tile // 11))
    headed = any(label for table in tables for label, _ in table.lines)
    return Sizes(tile, body, round(body * 1.35), max(8, body * 2 // 3), headed * body * 11)


def _table(table: Table, sizes: Sizes) -> Image.Image:
    wide = table.times * (sizes.tile + sizes.gap) - sizes.gap
    pieces = [_heading(table.title, sizes.tile * 3, sizes)] if table.title else []
    if table.columns:
        heads = [_heading(label, wide, sizes) for label in table.columns]
        side = [canvas.page(sizes.side, 1)] if sizes.side else []
        pieces.append(canvas.beside([*side, *heads], 2 * sizes.gap))
    pieces += [_line(line, table, wide, sizes) for line in table.lines]
    return canvas.under(pieces, 2 * sizes.gap)


def _heading(label: str, width: int, sizes: Sizes, align: str = "left") -> Image.Image:
    return canvas.text(label, width, sizes.head, bold=True, colour=INK, align=align)


def _line(line: Line, table: Table, wide: int, sizes: Sizes) -> Image.Image:
    label, cells = line
    entries = [entry for cell in cells for entry in cell]
    known = [e.generation for e in entries if e.generation.width and e.generation.height]
    ratios = [min(1.0, (g.height or 1) / (g.width or 1)) for g in known]
    height = max(sizes.body * 5, round(sizes.tile * max(ratios, default=0.66)))  # of the tallest
    drawn = [_cell(cell, wide, height, sizes, table.titled) for cell in cells]
    if sizes.side and table.columns:
        words = _heading(label, sizes.side, sizes, "right")
        room = canvas.page(sizes.side, max(height, words.height))
        room.paste(words, (0, (room.height - words.height) // 2))
        drawn.insert(0, room)
    return canvas.beside(drawn, 2 * sizes.gap)


def _cell(cell: Sequence[Entry], wide: int, height: int, sizes: Sizes, titled: bool) -> Image.Image:
    if not cell:
        return canvas.page(wide, height)
    tiles = [_tile(entry, height, sizes, titled) for entry in cell]
    whole = canvas.beside(tiles, sizes.gap)
    room = canvas.page(wide, whole.height)
    room.paste(whole, (0, 0))
    return room


def _tile(entry: Entry, height: int, sizes: Sizes, titled: bool) -> Image.Image:
    pieces = [_picture(entry, height, sizes)]
    if titled:
        title = wording.DOT.join(entry.values.values()) or f"{entry.number}"
        pieces.append(canvas.text(title, sizes.tile, sizes.body, bold=True, colour=INK, most=2))
    differences = wording.DOT.join(entry.generation.differences)
    lines = [line for line in (wording.DOT.join(entry.legend), differences) if line]
    if lines:
        pieces.append(canvas.text(lines, sizes.tile, sizes.body))
    return canvas.under(pieces, sizes.gap // 2)


def _picture(entry: Entry, height: int, sizes: Sizes) -> Image.Image:
    if entry.original is None:
        return _placeholder(entry.state, (entry.reason, entry.charged), height, sizes)
    try:
        image = thumbnail.opened(entry.original, sizes.tile)
    except OSError:
        return _placeholder("no file", ("it cannot be read as a picture",), height, sizes)
    image.thumbnail((sizes.tile, height))
    room = canvas.page(sizes.tile, image.height)
    room.paste(image, (0, 0))
    return room


def _placeholder(word: str, reasons: Sequence[str], height: int, sizes: Sizes) -> Image.Image:
    """Return the tile of an image that is not there: a border of its own, and words."""
    paper, inside = canvas.page(sizes.tile, height), sizes.tile - 4 * sizes.gap
    colour, line = _COLOURS.get(word, AMBER), max(2, sizes.tile // 160)
    if colour == RED:
        canvas.dashed(paper, colour, max(5, sizes.tile // 50), line)
    else:
        canvas.outlined(paper, colour, line)
    lines = [part for part in reasons if part]
    pieces = [canvas.text(word, inside, sizes.head, bold=True, colour=INK, align="middle")]
    pieces += [canvas.text(lines, inside, sizes.body, colour=SOFT, align="middle")] * bool(lines)
    words = canvas.under(pieces, sizes.gap // 2)
    words = words.crop((0, 0, inside, min(words.height, height - 2 * sizes.gap)))
    paper.paste(words, (2 * sizes.gap, (height - words.height) // 2))
    return paper


def _foot(content: Content, width: int, sizes: Sizes) -> Image.Image:
    counts = wording.DOT.join(content.counts)
    settings = wording.DOT.join(part for part in (content.prompt, *content.settings) if part)
    pieces = [canvas.text(counts, width, sizes.body, bold=True, colour=INK)]
    details = [wording.code_free(line) for line in (settings, *content.notes) if line]
    pieces += [canvas.text(details, width, sizes.body, most=4)] if details else []
    return canvas.under(pieces, sizes.gap)
