"""A result as one picture, for PDF and for viewers without HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nanobanana_nb.images import thumbnail
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.arrange.data import GridData
from nanobanana_nb.show.arrange.layout import Heading, Layout, Page, Row, arrange, told
from nanobanana_nb.show.arrange.view import View
from nanobanana_nb.show.html import wording
from nanobanana_nb.show.html.markup import AMBER, GREY, RED
from nanobanana_nb.show.html.size_limits import sheet_bytes
from nanobanana_nb.show.html.summary import Summary, summary
from nanobanana_nb.show.sheet import canvas
from nanobanana_nb.show.sheet.canvas import INK

if TYPE_CHECKING:
    from PIL import Image


_SIDE = 130  # pixels of the widest row headings
_GAP = 12  # pixels between tiles
_BODY, _HEAD = 13, 14  # sizes of the letters of legends and of headings
_LINE = 17  # pixels from one line to the next


@dataclass(frozen=True)
class _Sheet:
    """What is drawn: the images, where they go, and their words."""

    generations: tuple[Generation, ...]
    layout: Layout
    words: Summary

    @property
    def px(self) -> int:
        """The width of a tile."""
        count = len(self.layout.shown)
        px = 512 if count == 1 else max(112, min(256, 1040 // self.layout.width - _GAP))
        return max(112, min(px, 168)) if count > 16 else px


@dataclass(frozen=True)
class _Box:
    """Width and height of the pictures of one row, in pixels."""

    width: int
    height: int


def contact_sheet(grid: GridData) -> bytes:
    """Return the grid as one JPEG with a legend under each image.

    It has at most 105 kB for a dozen images and 240 kB for a hundred.
    """
    layout = arrange(grid.generations, grid.plan, grid.view)
    sheet = _Sheet(grid.generations, layout, summary(grid, layout))
    thumbnail.prepare(grid.generations[i].path for i in layout.shown)
    pieces = [piece for page in layout.pages for piece in _page(sheet, page)]
    pieces.append(_foot(sheet, max([320, *(piece.width for piece in pieces)])))
    whole = canvas.framed(canvas.under(pieces, _GAP), _GAP)
    return thumbnail.within(whole, sheet_bytes(len(layout.shown)))


def _page(sheet: _Sheet, page: Page) -> list[Image.Image]:
    """Return the lines of one page: its heading, the columns' headings, the rows."""
    words = told(sheet.layout.view, page)
    lines = [_heading(words, 640, most=2)] if words else []
    sides = _sides(sheet, page)
    lines += [_columns(sheet, page, sides)] if page.columns else []
    above: Heading = ()
    for row in page.rows:
        lines.append(_row(sheet, row, _since(above, row[0]), sides))
        above = row[0]
    return lines


def _sides(sheet: _Sheet, page: Page) -> list[int]:
    """Return the width of each level of row headings."""
    levels = len(sheet.layout.view.rows)
    lengths = [max(len(row[0][n]) for row in page.rows) for n in range(levels)]
    return [max(56, min(_SIDE, 9 * length)) for length in lengths]


def _since(above: Heading, heading: Heading) -> Heading:
    """Return the heading without the levels that go on from the one before it."""
    same = 0
    while same < len(heading) - 1 and above[: same + 1] == heading[: same + 1]:
        same += 1
    return ("",) * same + heading[same:]


def _columns(sheet: _Sheet, page: Page, sides: Sequence[int]) -> Image.Image:
    heads = [canvas.page(side, 1) for side in sides]
    before: Heading = ()
    for heading in page.columns:
        lines = [_heading(label, sheet.px) for label in _since(before, heading)]
        heads.append(canvas.under(lines, 0))
        before = heading
    return canvas.beside(heads, _GAP)


def _heading(label: str, width: int, most: int = 3) -> Image.Image:
    if not label:  # it keeps its line, so that the levels beside it stay in line
        return canvas.page(width, _LINE)
    return canvas.text(label, width, _HEAD, bold=True, colour=INK, most=most)


def _row(sheet: _Sheet, row: Row, heading: Heading, sides: Sequence[int]) -> Image.Image:
    images = [sheet.generations[i] for cell in row[1] for i in cell]
    sizes = [(g.width, g.height) for g in images if g.width and g.height]
    tallest = max((sheet.px * min(1.0, h / w) for w, h in sizes), default=sheet.px * 0.625)
    least = 90 if all(g.ok for g in images) else 118  # room for the words of a failure
    box = _Box(sheet.px, max(least, round(tallest)))
    heads = [_heading(label, side) for label, side in zip(heading, sides, strict=False)]
    return canvas.beside([*heads, *(_stack(sheet, cell, box) for cell in row[1])], _GAP)


def _stack(sheet: _Sheet, cell: Sequence[int], box: _Box) -> Image.Image:
    tiles = [_tile(sheet.generations[i], _legend(sheet, i), box) for i in cell]
    return canvas.under(tiles, _GAP) if tiles else canvas.page(box.width, 1)


def _legend(sheet: _Sheet, i: int) -> list[str]:
    words, one = sheet.words, sheet.generations[i]
    heading = words.headings[i] if sheet.layout.in_captions else ""
    lines = (heading, wording.DOT.join(words.captions[i]), *one.differences)
    return [line for line in lines if line]


def _tile(generation: Generation, legend: Sequence[str], box: _Box) -> Image.Image:
    words = canvas.text(legend, box.width, _BODY)
    picture = _picture(generation, box)
    page = canvas.page(box.width, box.height + 4 + words.height)
    page.paste(picture)
    page.paste(words, (0, picture.height + 4))
    return page


def _picture(generation: Generation, box: _Box) -> Image.Image:
    if generation.ok and generation.path is not None:
        try:
            image = thumbnail.opened(generation.path, box.width)
        except OSError:
            return _blank("no file", ["it cannot be read"], RED, box)
        image.thumbnail((box.width, box.height))
        return image
    said = [wording.reason(generation), wording.charged_text(generation)]
    if wording.can_resume(generation):
        said += [wording.short_id(generation.task_id or ""), wording.RESUME]
    colour = {"failed": RED, "planned": GREY, "sent": GREY}.get(generation.state, AMBER)
    return _blank(wording.state_word(generation), [s for s in said if s], colour, box)


def _blank(word: str, said: Sequence[str], colour: str, box: _Box) -> Image.Image:
    page, inside = canvas.page(box.width, box.height), box.width - 16
    if colour == RED:
        canvas.dashed(page, colour, 5, 2)
    else:
        edge = (0, 0, page.width - 1, page.height - 1)
        canvas.pen(page).rectangle(edge, outline=colour, width=2)
    room = max(1, (box.height - 12) // _LINE - 1)
    shown = [canvas.text(word, inside, _HEAD, bold=True, colour=INK, align="middle")]
    lines = [part for line in said for part in canvas.wrapped(line, inside, _BODY - 1, 3)]
    shown += [canvas.text(lines[:room], inside, _BODY - 1, align="middle")] * bool(lines)
    words = canvas.under(shown, 0)
    page.paste(words, (8, max(2, (box.height - words.height) // 2)))
    return page


def _foot(sheet: _Sheet, width: int) -> Image.Image:
    words, hidden = sheet.words, sheet.layout.hidden
    said = [wording.DOT.join(words.counts), wording.DOT.join(words.settings)]
    said += [_axes(sheet.layout.view), *words.notes]
    said += [f"{hidden:,} more are not drawn here"] * bool(hidden)
    lines = [wording.code_free(line) for line in said if line]
    return canvas.text(lines, width, _BODY, colour=INK)


def _axes(view: View) -> str:
    """Return what the headings stand for."""
    sides = (("down", view.rows), ("across", view.cols))
    return wording.DOT.join(f"{way}: {', '.join(names)}" for way, names in sides if names)
