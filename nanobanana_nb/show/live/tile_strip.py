"""The tasks of a run as small tiles in a row, one page of them at a time."""

from __future__ import annotations

import time
from collections.abc import Sequence

from markupsafe import Markup

from nanobanana_nb.images import thumbnail
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.html import markup, tiles, wording
from nanobanana_nb.show.html.markup import joined, tag
from nanobanana_nb.show.live.clickable import Press

PAGE = 32
_PX = 56
_BYTES = 1_000
_AT_ONCE = 8  # so many originals are decoded between two looks at the clock
_DECODING_S = 0.25


def front(generations: Sequence[Generation]) -> int:
    """Return where the page begins that has the first unfinished task in its middle."""
    total = len(generations)
    first = next((i for i, g in enumerate(generations) if not g.state.is_final), total)
    return within(first - PAGE // 2, total)


def within(start: int, total: int) -> int:
    """Return the start of a page, moved so far that the page is full where there is enough."""
    return max(0, min(start, total - PAGE))


def strip_html(
    generations: Sequence[Generation], start: int, now: float | None, press: Press | None = None
) -> Markup:
    """Return the page of tiles that begins at `start`, under 60 kB, and says what it leaves out.

    Where decoding takes long, later images are the word `done` until it is drawn again.

    Args:
        now: seconds since the epoch; with it each running task shows its own seconds.
        press: makes the tile of a finished image one that can be pressed.
    """
    visible = generations[start : start + PAGE]
    pictured = start + _decode(visible)
    sent = [(n, g) for n, g in enumerate(visible, start) if not wording.was_stopped(g)]
    drawn = joined([_tile(g, n, now, press, pictured=n < pictured) for n, g in sent], " ")
    more = len(generations) - len(visible)
    ends = f"#{start} to #{start + len(visible) - 1}"
    note = [markup.quiet(f"{ends}; {more:,} more")] if more else []
    return joined([tag("div", drawn, style="line-height:1.2"), *(tag("div", n) for n in note)])


def _decode(visible: Sequence[Generation]) -> int:
    """Decode the originals that there is time for, and return how many tiles have their picture.

    What was decoded stays so: the next time the page is drawn it goes on from there.
    """
    end = time.monotonic() + _DECODING_S
    for n in range(0, len(visible), _AT_ONCE):
        if time.monotonic() > end:
            return n
        thumbnail.prepare(g.path for g in visible[n : n + _AT_ONCE])
    return len(visible)


def _tile(
    generation: Generation,
    position: int,
    now: float | None,
    press: Press | None,
    *,
    pictured: bool,
) -> Markup:
    """Return the picture of an image, or a box with what there is to say of it."""
    if pictured and generation.ok and generation.path is not None:
        try:
            small = thumbnail.fitted(generation.path, _PX, _BYTES)
            drawn = tiles.image(small, wording.alt_text(generation)[:80], inline=True)
            return press(drawn, position) if press else drawn
        except OSError:
            pass
    looks = (
        f"display:inline-block;box-sizing:border-box;width:{_PX}px;height:42px;"
        f"line-height:38px;border:{tiles.state_border(generation)};border-radius:3px;text-align:center;"
        "vertical-align:top;overflow:hidden;font-size:11px;margin:0 4px 4px 0"
    )
    text = wording.state_word(generation)
    if why := wording.reason(generation):
        text = wording.cut(f"{text}: {why}", markup.MOST_TITLE)
    return tag("span", wording.mark(generation, now), title=text, style=looks)
