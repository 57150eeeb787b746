"""A result as one picture, for PDF and for viewers without HTML."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from nanobanana_nb.images import thumbnail
from nanobanana_nb.show.arrange.layout import Heading, Page, beside, page_title
from nanobanana_nb.show.arrange.view import View
from nanobanana_nb.show.html import wording
from nanobanana_nb.show.html.display import Display
from nanobanana_nb.show.html.markup import AMBER, GREY, RED
from nanobanana_nb.show.html.size_limits import sheet_bytes
from nanobanana_nb.show.sheet import canvas
from nanobanana_nb.show.sheet.canvas import INK

if TYPE_CHECKING:
    from PIL import Image


_SIDE = 130  # pixels of the widest row headings
_GAP = 12  # pixels between tiles
_BODY, _HEAD = 13, 14  # sizes of the letters of legends and of headings
_LINE = 17  # pixels from one line to the next


@dataclass(frozen=True)
class _Tile:
    """One image: its legend, its file as it is now, and the words where that gives no picture."""

    legend: tuple[str, ...]
    path: Path | None
    version: tuple[int, int] | None
    size: tuple[int, int] | None
    word: str
    reasons: tuple[str, ...]
    colour: str


@dataclass(frozen=True)
class _Sheet:
    """All that is drawn; equal sheets are equal pictures. A page has positions of `tiles`."""

    pages: tuple[Page, ...]
    view: View
    tiles: tuple[_Tile, ...]
    foot: tuple[str, ...]
    px: int  # the width of a tile
    most_bytes: int


@dataclass(frozen=True)
class _Box:
    """Width and height of the pictures of one row, in pixels."""

    width: int
    height: int


def contact_sheet(display: Display) -> bytes:
    """Return the grid as one JPEG with a legend under each image; the last few are kept.

    It has at most 105 kB for a dozen images and 240 kB for a hundred.
    """
    layout, visible = display.layout, set(display.layout.visible)
    blank = _Tile((), None, None, None, "", (), "")
    tiles = (
        _tile(display, i) if i in visible else blank for i in range(len(display.grid.generations))
    )
    foot, count = tuple(_foot(display)), len(visible)
    px = 512 if count == 1 else max(112, min(256, 1040 // layout.width - _GAP))
    px = min(px, 168) if count > 16 else px
    sheet = _Sheet(layout.pages, layout.view, tuple(tiles), foot, px, sheet_bytes(count))
    try:
        return _complete(sheet)
    except OSError:  # its place says so; the next display may be able to read it
        return _drawn(sheet, [_readable(tile.path, px) for tile in sheet.tiles])


def _tile(display: Display, i: int) -> _Tile:
    image, words = display.grid.generations[i], display.summary
    number = [f"#{i}"] if len(words.legends) > 1 else []
    lines = (words.headings[i], wording.DOT.join([*number, *words.legends[i]]), *image.differences)
    legend = tuple(filter(None, lines))
    size = (image.width, image.height) if image.width and image.height else None
    if image.ok and image.path is not None:
        version = None
        with suppress(OSError):  # its place says that there is no file
            version = thumbnail.version(image.path)
        return _Tile(legend, image.path, version, size, "no file", ("it cannot be read",), RED)
    colour = {"failed": RED, "planned": GREY, "sent": GREY}.get(image.state, AMBER)
    reasons = [wording.reason(image), wording.charged_text(image)]
    if wording.can_resume(image):
        reasons += [wording.short_id(image.task_id or "")]
        reasons += [wording.RESUME] * wording.is_left_over(image)
    word = wording.state_word(image)
    return _Tile(legend, None, None, size, word, tuple(filter(None, reasons)), colour)


def _foot(display: Display) -> list[str]:
    words, layout = display.summary, display.layout
    lines = [wording.DOT.join(words.counts), wording.DOT.join(words.settings)]
    sides = (("down", layout.view.rows), ("across", layout.view.cols))
    lines += [wording.DOT.join(f"{way}: {', '.join(names)}" for way, names in sides if names)]
    lines += words.notes
    lines += [f"{layout.hidden:,} more are not drawn here"] * bool(layout.hidden)
    return [wording.code_free(line) for line in lines if line]


@lru_cache(maxsize=8)
def _complete(sheet: _Sheet) -> bytes:
    """Return the sheet with the picture of each file that is there.

    Raises:
        OSError: one of them cannot be read.
    """
    paths = [tile.path if tile.version else None for tile in sheet.tiles]
    if len(paths) > 1:
        thumbnail.prepare(paths)
    return _drawn(sheet, [thumbnail.opened(path, sheet.px) if path else None for path in paths])


def _readable(path: Path | None, px: int) -> Image.Image | None:
    """Return the picture in a file, None where it cannot be read."""
    with suppress(OSError):
        return thumbnail.opened(path, px) if path else None
    return None


def _drawn(sheet: _Sheet, pictures: Sequence[Image.Image | None]) -> bytes:
    """Return each page with its heading, the columns' headings and its rows, and the foot."""
    lines = []
    for page in sheet.pages:
        levels = zip(*(heading for heading, _ in page.rows), strict=True)
        sides = [max(56, min(_SIDE, 10 * max(map(len, labels)) + 6)) for labels in levels]
        if page.heading:
            lines.append(_heading(page_title(sheet.view, page), 640, most=2))
        if page.columns:
            lines.append(_columns(sheet, page, sides))
        above: Heading = ()
        for heading, cells in page.rows:
            labels = _since(above, heading) if above else heading
            heads = [_heading(label, side) for label, side in zip(labels, sides, strict=True)]
            lines.append(_row(sheet, beside(cells, page.times), heads, pictures))
            above = heading
    width = max([320, *(line.width for line in lines)])
    lines.append(canvas.text(sheet.foot, width, _BODY, colour=INK))
    return thumbnail.within(canvas.under(lines, _GAP, edge=_GAP), sheet.most_bytes)


def _since(above: Heading, heading: Heading) -> Heading:
    """Return the heading without the levels that go on from the one before it."""
    same = 0
    while same < len(heading) - 1 and above[: same + 1] == heading[: same + 1]:
        same += 1
    return ("",) * same + heading[same:]


def _columns(sheet: _Sheet, page: Page, sides: Sequence[int]) -> Image.Image:
    heads = [canvas.page(side, 1) for side in sides]
    before: Heading = ()
    width = page.times * (sheet.px + _GAP) - _GAP
    for heading in page.columns:
        lines = [_heading(label, width) for label in _since(before, heading)]
        heads.append(canvas.under(lines, 0))
        before = heading
    return canvas.beside(heads, _GAP)


def _heading(label: str, width: int, most: int = 3) -> Image.Image:
    if not label:  # it keeps its line, so that the levels beside it stay in line
        return canvas.page(width, _LINE)
    return canvas.text(label, width, _HEAD, bold=True, colour=INK, most=most)


def _row(
    sheet: _Sheet,
    places: Sequence[int | None],
    heads: Sequence[Image.Image],
    pictures: Sequence[Image.Image | None],
) -> Image.Image:
    tiles = [sheet.tiles[i] for i in places if i is not None]
    sizes = [tile.size for tile in tiles if tile.size]
    tallest = max((sheet.px * min(1.0, h / w) for w, h in sizes), default=sheet.px * 0.625)
    least = 90 if all(tile.path for tile in tiles) else 118  # room for the words of a failure
    box = _Box(sheet.px, max(least, round(tallest)))
    images = [
        canvas.page(box.width, 1) if i is None else _tile_image(sheet.tiles[i], pictures[i], box)
        for i in places
    ]
    return canvas.beside([*heads, *images], _GAP)


def _tile_image(tile: _Tile, picture: Image.Image | None, box: _Box) -> Image.Image:
    words = canvas.text(tile.legend, box.width, _BODY)
    if picture is None:
        picture = _placeholder(tile, box)
    picture.thumbnail((box.width, box.height))
    page = canvas.page(box.width, box.height + 4 + words.height)
    page.paste(picture)
    page.paste(words, (0, picture.height + 4))
    return page


def _placeholder(tile: _Tile, box: _Box) -> Image.Image:
    page, inside = canvas.page(box.width, box.height), box.width - 16
    if tile.colour == RED:
        canvas.dashed(page, RED, 5, 2)
    else:
        canvas.outlined(page, tile.colour, 2)
    room = max(1, (box.height - 12) // _LINE - 1)
    pieces = [canvas.text(tile.word, inside, _HEAD, bold=True, colour=INK, align="middle")]
    lines = [part for line in tile.reasons for part in canvas.wrapped(line, inside, _BODY - 1, 3)]
    pieces += [canvas.text(lines[:room], inside, _BODY - 1, align="middle")] * bool(lines)
    words = canvas.under(pieces, 0)
    page.paste(words, (8, max(2, (box.height - words.height) // 2)))
    return page
