"""The grid while its tasks run: each image in its place, light enough to be redrawn often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace

from markupsafe import Markup

from nanobanana_nb.images import thumbnail
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.show.arrange.data import GridData
from nanobanana_nb.show.arrange.layout import Layout, arrange, page_title
from nanobanana_nb.show.html import markup, tiles, wording
from nanobanana_nb.show.html.counts import state_parts
from nanobanana_nb.show.html.markup import joined, tag
from nanobanana_nb.show.html.size_limits import LIVE_BYTES
from nanobanana_nb.show.html.tile_table import Draw, Frame, page_table
from nanobanana_nb.show.live import tile_strip
from nanobanana_nb.show.live.clickable import Press

MOST_PLACED = 60
PLACED_BYTES = 48_000  # with head and frame a status stays under 60 kB
_MOST_REASONS = 3
_DONE = f"2px solid {markup.GREEN}"


def has_places(generations: Sequence[Generation], plan: Plan | None) -> bool:
    """Whether a run shows its tiles in the places of its grid, and not page by page in a row."""
    return plan is not None and bool(plan.axes) and 1 < len(generations) <= MOST_PLACED


def tiles_html(
    generations: Sequence[Generation],
    plan: Plan | None,
    start: int,
    now: float | None,
    press: Callable[[], Press] | None = None,
) -> Markup:
    """Return the tiles of a run: where the images will be, or the page of a row from `start` on.

    Args:
        press: gives what makes the tile of a finished image one that can be pressed.
    """
    presser: Callable[[], Press | None] = press or (lambda: None)
    if not has_places(generations, plan):
        return tile_strip.strip_html(generations, start, now, presser())
    layout = arrange(generations, plan)
    thumbnail.prepare(generations[i].path for i in layout.visible)
    for room in (28_000, 12_000, 0):
        tables = joined(_tables(generations, layout, now, room, presser()))
        if len(tables.encode()) <= PLACED_BYTES:
            return tables
    return tile_strip.strip_html(generations, start, now, presser())


def live_html(grid: GridData, *, now: float | None = None, most_bytes: int = LIVE_BYTES) -> str:
    """Return the grid in the layout of its result, with small pictures, in at most 60 kB.

    Where not every picture fits, those that come later are the word `done` until the result
    takes the place of this.

    Args:
        now: seconds since the epoch; with it each running task shows its own seconds.
    """
    layout = arrange(grid.generations, grid.plan, grid.view)
    thumbnail.prepare(grid.generations[i].path for i in layout.visible)
    for share in (0.6, 0.35, 0.15, 0.0):  # the less room, the longer the words are
        tables = _tables(grid.generations, layout, now, int(most_bytes * share))
        html = tag("div", *tables, *_summary_lines(grid, layout))
        if len(html.encode()) <= most_bytes:
            return html
    return tag("div", *_summary_lines(grid, replace(layout, hidden=len(grid))))


def _tables(
    generations: Sequence[Generation],
    layout: Layout,
    now: float | None,
    room: int,
    press: Press | None = None,
) -> list[Markup]:
    draw = _drawer(generations, layout, now, room, press)
    lines: list[Markup] = []
    for page in layout.pages:
        lines += [tag("div", tag("b", page_title(layout.view, page)))] if page.heading else []
        lines.append(page_table(page, Frame(layout.view, 0, dense=True), draw))
    return lines


def _summary_lines(grid: GridData, layout: Layout) -> list[Markup]:
    """Return the counts, what is not drawn, and why images failed.

    Money and time stand in the line of the run, which alone knows what of them is spent.
    """
    lines = [tag("div", joined(state_parts(grid.generations), wording.DOT))]
    if layout.hidden:
        lines.append(tag("div", markup.quiet(f"{layout.hidden:,} more are not drawn here")))
    return lines + [tag("div", markup.quiet(reason)) for reason in _reasons(grid.generations)]


def _drawer(
    generations: Sequence[Generation],
    layout: Layout,
    now: float | None,
    room: int,
    press: Press | None,
) -> Draw:
    """Return what draws each tile; pictures take from `room` until it is used up."""
    count = len(layout.visible)
    px = next(px for most, px in ((4, 128), (12, 96), (30, 72), (9999, 56)) if count <= most)
    px = max(48, min(px, 640 // layout.width))
    fair = max(700, room // max(1, count))
    left = room

    def draw(i: int) -> Markup:
        nonlocal left
        image = generations[i]
        drawn = _picture(image, px, min(fair, left)) or _word(image, px, now, titled=room > 0)
        left -= len(drawn) if drawn.startswith("<img") else 0
        return press(drawn, i) if press and image.ok else drawn

    return draw


def _picture(generation: Generation, px: int, most_bytes: int) -> Markup | None:
    if not generation.ok or generation.path is None or most_bytes < 400:
        return None
    small = thumbnail.tiny(generation.path, px, (most_bytes - 220) * 3 // 4)
    if small is None:
        return None
    picture = tiles.image(small, wording.state_word(generation))
    differences = wording.cut("; ".join(generation.differences), 80)
    return joined([picture, tag("b", "≠", title=differences)]) if differences else picture


def _word(generation: Generation, px: int, now: float | None, titled: bool) -> Markup:
    """Return a bordered tile with one word, or the seconds of a task that runs."""
    border = _DONE if generation.ok else tiles.border(generation)
    looks = (
        f"display:inline-block;box-sizing:border-box;width:{px}px;height:{px * 3 // 4}px;"
        f"line-height:{px * 3 // 4 - 4}px;border:{border};text-align:center;overflow:hidden;"
        "font-size:11px;vertical-align:top"
    )
    word = wording.mark(generation, now)
    if generation.state is State.RUNNING and px >= 96 and word != State.RUNNING:
        word = f"{State.RUNNING} {word}"
    title = wording.cut(_why(generation), 160) if titled else None
    return tag("span", word, title=title, style=looks)


def _why(generation: Generation) -> str:
    known = [wording.state_word(generation), wording.reason(generation)]
    return wording.DOT.join(part for part in (*known, wording.charged_text(generation)) if part)


def _reasons(generations: Sequence[Generation]) -> list[str]:
    """Return why images failed, each reason once with how often."""
    lost = (State.FAILED, State.UNKNOWN)
    counts = Counter(_why(g) for g in generations if g.state in lost).most_common()
    each = [
        wording.cut(why, 200) + (f" ({wording.times(count)})" if count > 1 else "")
        for why, count in counts[:_MOST_REASONS]
    ]
    more = len(counts) - _MOST_REASONS
    return [*each, f"and {wording.counted(more, 'other reason')}"] if more > 0 else each
