"""The HTML table of an output: headings on every level, and a place for each tile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from nanobanana_nb.show.arrange.layout import Heading, Page, Row
from nanobanana_nb.show.arrange.view import View
from nanobanana_nb.show.html import markup, wording
from nanobanana_nb.show.html.markup import joined, tag

_ROW = "background:none"
_PLAIN = "border:none;background:none;white-space:normal;"
_SIDE = f"{_PLAIN}text-align:right;padding:0 12px 10px 0;max-width:160px;vertical-align:"
_TOP = f"{_PLAIN}text-align:left;vertical-align:bottom;padding:0 12px 4px 0"
_CORNER = f"{_PLAIN}text-align:right;vertical-align:bottom;padding:0 12px 4px 0"
_SHORT = 12  # letters that stand in the narrowest column
_CLAMP = "line-height:19px;max-height:57px;overflow:hidden;overflow-wrap:break-word"
GAP = 6  # pixels between tiles; the cells of a table have no other
_TILE = f"{_PLAIN}text-align:left;vertical-align:top;padding:0 {GAP}px 10px 0"

Draw = Callable[[int], Markup]


@dataclass(frozen=True)
class Frame:
    """What the tables of one grid share: the axes of their headings, and the look of a cell.

    A table is as wide as its tiles of `px` pixels want it, and narrower where there is no room:
    its columns are equally wide and the tiles shrink with them.
    """

    view: View
    px: int


def page_table(page: Page, frame: Frame, draw: Draw) -> Markup:
    """Return one page; `draw` gives the picture of an image by its position."""
    rows = _heads(page, frame)
    starts = _starts([row[0] for row in page.rows])
    rows += [_row(page, *row, draw) for row in zip(page.rows, starts, strict=True)]
    most = sum(side_widths(page, frame.view)) + page.width * (frame.px + GAP)
    looks = f"{markup.FIXED};width:100%;max-width:{most}px"
    return tag("table", *rows, border=0, cellpadding=0, cellspacing=0, style=looks)


def side_widths(page: Page, view: View) -> list[int]:
    """Return how many pixels wide the row headings are, level by level, with their axes' names."""
    levels = list(zip(*(heading for heading, _ in page.rows), strict=True))
    names = [[name] for name in view.rows]
    if names:
        names[-1] += view.cols  # in the corner of rows and columns
    return [
        max(48, min(150, max(9 * _longest(labels), 7 * _longest(axes) + 16) + 14))
        for labels, axes in zip(levels, names, strict=True)
    ]


def _longest(texts: Sequence[str]) -> int:
    return max(map(len, texts))


def _heads(page: Page, frame: Frame) -> list[Markup]:
    """Return the lines above the table: a heading stands once over all its columns."""
    if not page.columns:
        names, widths = frame.view.rows, side_widths(page, frame.view)
        cells = [_axis(n, "↓", width=px) for n, px in zip(names, widths, strict=True)]
        rest = tag("td", colspan=_span(page.width), style=_TOP)
        return [tag("tr", *cells, rest, style=_ROW)] if cells else []
    levels, view = len(page.columns[0]), frame.view
    # a heading of numbers alone cannot stand without the name of its axis
    clear = any(c.isalpha() or c == ":" for heading in page.columns for c in heading[0])
    alone = not view.rows and not clear
    above = [tag("tr", _axis(view.cols[0], "→", page.width), style=_ROW)] if alone else []
    return above + [
        tag("tr", *_corner(page, frame, level), *_over(page, level), style=_ROW)
        for level in range(levels)
    ]


def _span(columns: int) -> int | None:
    return columns if columns > 1 else None


def _axis(name: str, arrow: str, columns: int = 1, width: int | None = None) -> Markup:
    """Return the name of an axis, small, with the way in which its values go."""
    words = markup.quiet(tag("bdi", wording.cut(name, 40)), f" {arrow}")
    return tag("td", words, align="left", colspan=_span(columns), width=width, style=_TOP)


def _corner(page: Page, frame: Frame, level: int) -> list[Markup]:
    """Return the names of the axes, where row headings and column headings meet."""
    view, levels, widths = frame.view, len(page.columns[0]), side_widths(page, frame.view)
    if not view.rows:
        return []
    across = tag("bdi", wording.cut(view.cols[level], 40))
    last = level == levels - 1
    cells = []
    for n, name in enumerate(view.rows):
        inner = n == len(view.rows) - 1
        lines = [joined([across, Markup("&nbsp;→")])] if inner else []
        lines += [joined([tag("bdi", wording.cut(name, 40)), Markup("&nbsp;↓")])] if last else []
        words = markup.quiet(joined(lines, Markup("<br>"))) if lines else ""
        cells.append(
            tag("td", words, align="right", valign="bottom", width=widths[n], style=_CORNER)
        )
    return cells


def _over(page: Page, level: int) -> list[Markup]:
    """Return the headings of one level, each over as many columns as it has."""
    keys = (heading[: level + 1] for heading in page.columns)
    runs = [(key, len(list(group)) * page.times) for key, group in groupby(keys)]
    inner = level == len(page.columns[0]) - 1
    scope = "col" if inner else "colgroup"
    return [
        tag(
            "th",
            _label(key[-1]),
            align="left",
            scope=scope,
            colspan=_span(span),
            style=_TOP,
        )
        for key, span in runs
    ]


def _label(text: str) -> Markup:
    """Return a heading; one that is long has three lines at most and the whole as title."""
    if len(text) <= _SHORT:
        return markup.isolated(text, 60)
    return tag("div", markup.isolated(text, 60), title=wording.cut(text, 300), style=_CLAMP)


def _starts(headings: Sequence[Heading]) -> list[tuple[int, ...]]:
    """Return for each row and level how many rows the heading spans, 0 where it goes on."""
    lengths = [[0] * len(heading) for heading in headings]
    for level in range(len(headings[0]) if headings else 0):
        at = 0
        for _, group in groupby(heading[: level + 1] for heading in headings):
            lengths[at][level] = span = len(list(group))
            at += span
    return [tuple(spans) for spans in lengths]


def _row(page: Page, row: Row, spans: Sequence[int], draw: Draw) -> Markup:
    heading, cells = row
    side = [_beside(heading, level, span) for level, span in enumerate(spans) if span]
    places: list[Markup | str] = []
    for cell in cells:
        tiles = [draw(i) for i in cell] or [markup.quiet("–")]  # nothing was asked for
        places += [*tiles, *[""] * (page.times - len(tiles))]
    drawn = (tag("td", place, align="left", valign="top", style=_TILE) for place in places)
    return tag("tr", *side, *drawn, style=_ROW)


def _beside(heading: Heading, level: int, span: int) -> Markup:
    """Return one heading of a row: in its middle, or where several nest all at the top."""
    inner = level == len(heading) - 1
    place = "middle" if len(heading) == 1 else "top"
    return tag(
        "th",
        _label(heading[level]),
        align="right",
        valign=place,
        scope="row" if inner else "rowgroup",
        rowspan=_span(span),
        style=_SIDE + place,
    )
