"""Results, lists and bills as static HTML that a saved notebook keeps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from nanobanana_nb.model.plan import Bill, Plan
from nanobanana_nb.show import markup, thumbnail, tiles, wording
from nanobanana_nb.show.layout import Heading, Layout, Row, arrange
from nanobanana_nb.show.markup import Safe, joined, tag
from nanobanana_nb.show.summary import Summary, summary
from nanobanana_nb.show.text import bill_parts, price

if TYPE_CHECKING:
    from nanobanana_nb.show.grid import ImageGrid

__all__ = ["Safe", "bill_html", "grid_html", "table_html"]

MOST_BYTES = 250_000  # with the contact sheet an output stays under 400 kB
_TABLE = markup.TABLE
_ROW = "background:none"
_PLAIN = "border:none;background:none;white-space:normal;"
_CELL = f"{_PLAIN}text-align:left;vertical-align:top;padding:0 12px 10px 0"
_SIDE = f"{_PLAIN}text-align:right;vertical-align:middle;padding:0 12px 10px 0;max-width:160px"
_TOP = f"{_PLAIN}text-align:left;vertical-align:bottom;padding:0 12px 4px 0"
_LIST = f"{_PLAIN}text-align:left;vertical-align:top;padding:3px 18px 3px 0"


def grid_html(grid: ImageGrid) -> str:
    """Return the result as HTML of at most 250 kB: thumbnails, captions, the sum."""
    if not grid.generations:
        return tag("div", markup.quiet("No images."))
    body = _single(grid) if len(grid) == 1 else _several(grid)
    return tag("div", body, *_below(grid))


def table_html(headers: Sequence[str], rows: Iterable[Sequence[Any]], note: str = "") -> str:
    """Return a plain table; cells are escaped unless they are `Safe`."""
    head = tag("tr", *(tag("th", h, align="left", style=_LIST) for h in headers), style=_ROW)
    lines = [
        tag("tr", *(tag("td", _cell(c), align="left", style=_LIST) for c in row), style=_ROW)
        for row in rows
    ]
    table = tag("table", head, *lines, border=0, cellpadding=4, style=_TABLE)
    below = tag("div", markup.quiet(markup.with_code(note))) if note else ""
    return tag("div", table, below, style="overflow-x:auto")


def bill_html(plan: Plan, bill: Bill, simulated: bool) -> str:
    """Return what the plan asks for and what it will cost, before it is sent."""
    lines = [tag("b", plan.in_words()), joined(_money(bill), wording.DOT)]
    if plan.prompt:
        lines.append(markup.quiet(markup.isolated(plan.prompt, 300)))
    lines += [markup.quiet(markup.with_code(note)) for note in plan.notes]
    if simulated:
        lines.append(markup.quiet(wording.SIMULATES))
    looks = f"border-left:4px solid {markup.AMBER};padding:4px 0 4px 12px;margin:4px 0"
    return tag("div", joined(lines, Safe("<br>")), style=looks)


def _money(bill: Bill) -> list[Any]:
    bold = (price(bill), "more than the balance")
    return [tag("b", part) if part.endswith(bold) else part for part in bill_parts(bill)]


def _cell(content: Any) -> Safe:
    return content if isinstance(content, Safe) else markup.isolated(str(content), 400)


def _single(grid: ImageGrid) -> Safe:
    one = grid.generations[0]
    style = tiles.TileStyle(512, (MOST_BYTES - 12_000) * 3 // 4, roomy=True)
    parts: list[Any] = [*wording.caption_parts(one)]
    href = grid.href(one)
    if markup.safe_href(href):
        parts.append(markup.link(href, "open original"))
    if one.task_id:
        parts.append(tiles.task(one))
    told = [joined(parts, wording.DOT), *(tiles.differs(text) for text in one.differences)]
    shown = tiles.picture(one, style, href, "")
    prompt = markup.quiet(markup.isolated(one.request.prompt, 200, 2000))
    return joined([shown, tag("div", markup.quiet(joined(told, " "))), tag("div", prompt)])


def _several(grid: ImageGrid) -> Safe:
    layout = arrange(grid.generations, grid.plan)
    thumbnail.prepare(g.path for g in grid.generations[: len(layout.values)])
    told = summary(grid)
    for share in (0.75, 0.4, 0.1):  # the less room, the longer the words are
        body = _body(grid, layout, told, _tile_style(layout, share))
        if len(body.encode()) <= MOST_BYTES:
            break
    return body


def _body(grid: ImageGrid, layout: Layout, told: Summary, style: tiles.TileStyle) -> Safe:
    rows = [_heads(layout)] if layout.columns else []
    rows += [_row(grid, layout, row, style, told) for row in layout.rows]
    table = tag("table", *rows, border=0, cellpadding=4, style=_TABLE)
    return joined([tag("div", table, style="overflow-x:auto"), _sum(told, layout)])


def _tile_style(layout: Layout, share: float) -> tiles.TileStyle:
    """Return the tile size for so many images, and its part of `share` of the output."""
    count = len(layout.values)
    px = next(px for most, px in ((4, 256), (12, 176), (30, 144), (999, 112)) if count <= most)
    room = int(MOST_BYTES * share / count) - 900  # the rest is its markup
    return tiles.TileStyle(max(96, min(px, 820 // layout.width - 12)), max(900, room))


def _heads(layout: Layout) -> Safe:
    corner = [tag("td", style=_TOP)] if any(row[0] for row in layout.rows) else []
    heads = [tag("th", _heading(h), align="left", scope="col", style=_TOP) for h in layout.columns]
    return tag("tr", *corner, *heads, style=_ROW)


def _heading(heading: Heading) -> Safe:
    lines = [markup.isolated(line, 60) for line in heading]
    return joined([*lines[:1], *(markup.quiet(" ", line) for line in lines[1:])])


def _row(grid: ImageGrid, layout: Layout, row: Row, style: tiles.TileStyle, told: Summary) -> Safe:
    heading, cells = row
    side = [tag("th", _heading(heading), align="right", scope="row", style=_SIDE)]
    drawn = [
        tag(
            "td",
            joined([_tile(grid, layout, i, style, told) for i in cell]),
            align="left",
            valign="top",
            style=_CELL,
        )
        for cell in cells
    ]
    return tag("tr", *(side if heading else []), *drawn, style=_ROW)


def _tile(grid: ImageGrid, layout: Layout, i: int, style: tiles.TileStyle, told: Summary) -> Safe:
    one, values = grid.generations[i], tiles.values_text(layout.values[i])
    shown = tiles.picture(one, style, grid.href(one), values)
    caption = tiles.caption(one, told.captions[i], _name(layout, told, i))
    return tag("div", shown, tag("div", caption, style=f"max-width:{style.px + 8}px"))


def _name(layout: Layout, told: Summary, i: int) -> Safe:
    """Return what tells an image apart where no row or column does: axis values stand out."""
    if not (layout.in_captions and told.headings[i]):
        return Safe("")
    name = markup.isolated(told.headings[i], 90)
    return tag("b", name) if layout.values[i] else name


def _sum(told: Summary, layout: Layout) -> Safe:
    bold = (told.counts[0], told.credits)
    line = joined([tag("b", c) if c in bold else c for c in told.counts], wording.DOT)
    lines = [line]
    if told.settings:
        lines.append(markup.quiet(joined(told.settings, wording.DOT)))
    if layout.hidden:
        shown = len(layout.values)
        more = f"{layout.hidden:,} more are not drawn here: `grid[{shown}:]` shows the next."
        lines.append(markup.with_code(more))
    looks = f"border-top:1px solid {markup.FAINT};padding-top:6px;margin-top:4px"
    return tag("div", joined(lines, Safe("<br>")), style=looks)


def _below(grid: ImageGrid) -> list[Safe]:
    notes = [markup.quiet(markup.with_code(note)) for note in summary(grid).notes]
    return [tag("div", note) for note in notes]
