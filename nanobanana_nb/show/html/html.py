"""Results, lists and bills as static HTML that a saved notebook keeps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from markupsafe import Markup

from nanobanana_nb.errors import InputError
from nanobanana_nb.images import thumbnail
from nanobanana_nb.model.plan.bill import Bill
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.show.arrange.data import GridData
from nanobanana_nb.show.arrange.layout import MOST_TILES, page_title
from nanobanana_nb.show.html import captions, markup, tiles, wording
from nanobanana_nb.show.html.display import Display
from nanobanana_nb.show.html.grid_name import with_variable
from nanobanana_nb.show.html.markup import joined, tag
from nanobanana_nb.show.html.sent_prompts import sent_prompts
from nanobanana_nb.show.html.size_limits import HTML_BYTES, html_bytes
from nanobanana_nb.show.html.text import bill_parts, price
from nanobanana_nb.show.html.tile_size import tile_style
from nanobanana_nb.show.html.tile_table import Frame, page_table

_ONE_EACH = "Chance or axis? One image of each cannot tell (n=1); {} could."
_ONE = tiles.TileStyle(512, (HTML_BYTES - 12_000) * 3 // 4, roomy=True)
_WORDS_BYTES = 8_000  # of the lines under several images
_MANY = 30  # from here on the pictures are so small that a person is told how to see more
_PAGE = "margin:10px 0 4px 0"
_CELL = (
    "border:none;background:none;white-space:normal;padding:6px 0 0 0;vertical-align:top;"
    "text-align:left"
)
_CELL_RIGHT = _CELL.replace("left", "right").replace("6px 0 0 0", "6px 0 0 24px")
_SUM = "width:100%;margin:4px 0 0 0;border:none"


def grid_html(display: Display, *, now: float | None = None) -> str:
    """Return the result as HTML: thumbnails, legends, the sum.

    It has at most 520 kB for thirty images and 1.1 MB for a hundred.

    Args:
        now: seconds since the epoch; with it each running task shows its own seconds.
    """
    count = len(display.grid.generations)
    if not count:
        return tag("div", markup.quiet("No images."))
    if count == 1:
        image, style = display.grid.generations[0], replace(_ONE, now=now)
        picture = tiles.picture(image, style, display.grid.href(image), "")
        return tag("div", picture, *words_html(display))
    return tag("div", *_tables(display, now), *words_html(display), *_chance(display.grid))


def words_html(display: Display) -> list[Markup]:
    """Return the lines under the images, all but what may be concluded from these."""
    lines = _lines_of_one if len(display.grid.generations) == 1 else _lines_of_many
    notes = (markup.quiet(markup.with_code(note)) for note in display.summary.notes)
    return [*lines(display), *(tag("div", note) for note in notes)]


def bill_html(plan: Plan, bill: Bill, simulated: bool, *, written: bool = True) -> str:
    """Return what the plan asks for and what it will cost, before it is sent.

    Args:
        written: show the prompt as it was written, beside those that are sent.
    """
    bold = (price(bill), "more than the balance")
    money = [tag("b", part) if part.endswith(bold) else part for part in bill_parts(bill)]
    lines = [tag("b", plan.in_words()), joined(money, wording.DOT)]
    if plan.prompt and written:
        lines.append(markup.quiet(markup.isolated(plan.prompt, 300)))
    prompts, more = sent_prompts(plan)
    lines += [markup.quiet("prompt: ", markup.isolated(prompt, 300)) for prompt in prompts]
    lines += [markup.quiet(more)] if more else []
    lines += [markup.quiet(markup.with_code(note)) for note in plan.notes]
    if simulated:
        lines.append(markup.quiet(wording.SIMULATES))
    looks = f"border-left:4px solid {markup.AMBER};padding:4px 0 4px 12px;margin:4px 0"
    return tag("div", joined(lines, Markup("<br>")), style=looks)


def _lines_of_one(display: Display) -> list[Markup]:
    image, words = display.grid.generations[0], display.summary
    parts: list[Any] = [part for part in (*words.shared, *words.legends[0]) if part]
    href = display.grid.href(image)
    if href and markup.safe_href(href):
        parts.append(markup.link(href, "open original"))
    if image.task_id:
        parts.append(tiles.task(image))
    details = [joined(parts, wording.DOT), *(captions.differs(text) for text in image.differences)]
    prompt = markup.quiet(markup.isolated(image.request.prompt or wording.PRIVATE, 200, 2000))
    return [tag("div", markup.quiet(joined(details, " "))), tag("div", prompt)]


def _tables(display: Display, now: float | None) -> list[Markup]:
    """Return the pages of several images, their pictures as good as there is room for."""
    layout = display.layout
    thumbnail.prepare(display.grid.generations[i].path for i in layout.visible)
    most = html_bytes(len(layout.visible)) - _WORDS_BYTES
    for share in (0.75, 0.4, 0.1):  # the less room, the longer the words are
        style = tile_style(layout, display.grid.generations, int(most * share), now)
        pages = _pages(display, style)
        if len(joined(pages).encode()) <= most:
            break
    return pages


def _pages(display: Display, style: tiles.TileStyle) -> list[Markup]:
    layout, frame = display.layout, Frame(display.layout.view, style.px)
    lines: list[Markup] = []
    for page in layout.pages:
        if page.heading:
            lines.append(tag("div", tag("b", page_title(layout.view, page)), style=_PAGE))
        lines.append(page_table(page, frame, lambda i: _tile(display, i, style)))
    return lines


def _tile(display: Display, i: int, style: tiles.TileStyle) -> Markup:
    grid, layout, words = display.grid, display.layout, display.summary
    image, values = grid.generations[i], captions.values_text(layout.values[i])
    picture = tiles.picture(image, style, grid.href(image), values)
    name = captions.name(words.headings[i], layout.values[i])
    return captions.captioned(picture, captions.legend(image, i, words.legends[i], name))


def _lines_of_many(display: Display) -> list[Markup]:
    """Return first what the images are on the left and what they share on the right."""
    layout, words = display.layout, display.summary
    cost = wording.counted(display.grid.credits, "credit")
    bold = [c == words.counts[0] or c.partition(" (")[0] == cost for c in words.counts]
    parts = zip(words.counts, bold, strict=True)
    counts = [tag("b", c) if is_bold else markup.with_code(c) for c, is_bold in parts]
    cells = [tag("td", joined(counts, wording.DOT), align="left", valign="top", style=_CELL)]
    if words.settings:
        settings = markup.quiet(joined(words.settings, wording.DOT))
        cells.append(tag("td", settings, align="right", valign="top", style=_CELL_RIGHT))
    looks = f"{_SUM};border-top:1px solid {markup.FAINT};border-collapse:separate;border-spacing:0"
    lines = [tag("table", tag("tr", *cells, style="background:none"), border=0, style=looks)]
    if layout.hidden:
        rest = with_variable(layout.rest, display.grid)
        shows = f": {rest} shows the next" if rest else ""
        more = f"{layout.hidden:,} more are not drawn here{shows}."
        lines.append(tag("div", markup.with_code(more)))
    if len(layout.visible) > _MANY:
        one = with_variable("grid[0]", display.grid)
        part = "grid.select(...)" if layout.view.names else "grid[0:12]"
        ways = f": {one} shows one large, {with_variable(part, display.grid)} a part" if one else ""
        lines.append(tag("div", markup.quiet(markup.with_code(f"So many are drawn small{ways}."))))
    return lines


def _chance(grid: GridData) -> list[Markup]:
    """Return what may be concluded from a grid with axes, since there is no seed.

    As long as images are to come it would be of a few of them, and advise to buy more.
    """
    if grid.plan is None or not grid.plan.axes or not 2 < sum(g.ok for g in grid) <= MOST_TILES:
        return []
    if any(not (g.ok or g.state.is_final) for g in grid):
        return []
    if len({g.request.repeat for g in grid}) == 1:
        return [one_each_html(grid)]
    from nanobanana_nb.show.judge.chance import chance

    try:
        sentence = chance(grid).sentence
    except InputError:  # images that no axis tells apart
        return []
    return [tag("div", markup.quiet(markup.isolated(sentence, 1000)))]


def one_each_html(grid: GridData) -> Markup:
    """Return that nothing may be concluded without repeats."""
    from nanobanana_nb.show.judge.chance import images_to_tell

    count = images_to_tell(grid)
    way = with_variable(f"grid.repeat({count})", grid) or f"{count} of each"
    return tag("div", markup.quiet(markup.with_code(_ONE_EACH.format(way))))
