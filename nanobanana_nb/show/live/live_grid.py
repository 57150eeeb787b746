"""The grid while its tasks run: each image in its place and size, light enough to be redrawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from nanobanana_nb.images import thumbnail
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.arrange.layout import Layout, arrange, page_title
from nanobanana_nb.show.growth import may_be_retried
from nanobanana_nb.show.html import captions, tiles, wording
from nanobanana_nb.show.html.markup import joined, tag
from nanobanana_nb.show.html.summary import headings
from nanobanana_nb.show.html.tile_size import tile_style
from nanobanana_nb.show.html.tile_table import Draw, Frame, page_table
from nanobanana_nb.show.live import tile_strip
from nanobanana_nb.show.live.clickable import to_look, to_try_again

MOST_PLACED = 60
PLACED_BYTES = 56_000  # with head and frame a status stays under 60 kB
_ONE = tiles.TileStyle(512, 0, fluid=True)


@dataclass(frozen=True)
class Live:
    """What can be done in the page with the tiles of a run.

    `now`: seconds since the epoch; with it each running task shows its own seconds. `clickable`:
    something listens there, which counts the seconds by itself. `retries`: failed images may be
    asked for again.
    """

    now: float | None = None
    clickable: bool = False
    retries: bool = False


def has_places(generations: Sequence[Generation]) -> bool:
    """Whether a run shows its tiles in the places of its grid, and not page by page in a row."""
    return len(generations) <= MOST_PLACED


def tiles_html(
    generations: Sequence[Generation], plan: Plan | None, start: int, live: Live
) -> Markup:
    """Return the tiles of a run: where the images will be, or the page of a row from `start` on."""
    if not has_places(generations):
        press = to_look("inline-block") if live.clickable else None
        return tile_strip.strip_html(generations, start, live.now, press)
    layout = arrange(generations, plan)
    thumbnail.prepare(generations[i].path for i in layout.visible)
    # A row of tiles has not the height of the result: sooner the places have words alone.
    bare, still = replace(live, retries=False), Live(live.now)
    for drawn, room in ((live, 34_000), (live, 16_000), (live, 0), (bare, 0), (still, 0)):
        tables = joined(_tables(generations, layout, drawn, room))
        if len(tables.encode()) <= PLACED_BYTES:
            return tables
    return tile_strip.strip_html(generations, start, live.now)


def _tables(
    generations: Sequence[Generation], layout: Layout, live: Live, room: int
) -> list[Markup]:
    if len(generations) == 1:
        style = replace(_ONE, now=live.now, ticking=live.clickable)
        return [_drawer(generations, layout, style, live, room)(0)]
    style = replace(tile_style(layout, generations, 0, live.now), ticking=live.clickable)
    drawn = _drawer(generations, layout, style, live, room)
    lines: list[Markup] = []
    for page in layout.pages:
        lines += [tag("div", tag("b", page_title(layout.view, page)))] if page.heading else []
        lines.append(page_table(page, Frame(layout.view, style.px), drawn))
    return lines


def _drawer(
    generations: Sequence[Generation],
    layout: Layout,
    style: tiles.TileStyle,
    live: Live,
    room: int,
) -> Draw:
    """Return what draws each tile; pictures take from `room` until it is used up."""
    fair = max(700, room // len(generations))
    left = room
    names = headings(generations, layout)
    press = to_look() if live.clickable else None

    def draw(i: int) -> Markup:
        nonlocal left
        image = generations[i]
        picture = _picture(image, style, min(fair, left))
        left -= len(picture or "")
        again = live.retries and may_be_retried(image)
        named = wording.DOT.join(filter(None, (f"#{i}", names[i])))
        drawn = picture or tiles.state_tile(
            image, style, to_try_again(image, named, i) if again else None
        )
        drawn = press(drawn, i) if press and image.ok else drawn
        name = captions.name(names[i], layout.values[i])
        return captions.captioned(drawn, captions.legend(image, i, (), name)) if many else drawn

    many = len(generations) > 1
    return draw


def _picture(generation: Generation, style: tiles.TileStyle, most_bytes: int) -> Markup | None:
    """Return a coarse picture in the size of the fine one that will take its place."""
    if not generation.ok or generation.path is None or most_bytes < 500:
        return None
    width, height = style.shown(generation)
    data_bytes = (most_bytes - 300) * 3 // 4
    px = min(max(width, height), max(48, round(math.sqrt(8 * data_bytes))))
    small = thumbnail.tiny(generation.path, px, data_bytes)
    if small is None:
        return None
    return tiles.fluid_image(small, wording.state_word(generation), width, height)
