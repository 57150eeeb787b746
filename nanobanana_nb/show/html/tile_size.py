"""How large the tiles of an output are: a row of them fills its cell, running or done."""

from __future__ import annotations

from collections.abc import Sequence

from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.arrange.layout import Layout
from nanobanana_nb.show.html.tile_table import GAP, side_widths
from nanobanana_nb.show.html.tiles import MOST_HEIGHT, TileStyle

_ROW = 1180  # pixels of a cell in a wide window
_MOST_WIDE, _LEAST_PX = 640, 64
_TALLEST, _LOW_PX = 1400, 250  # pixels of an output with few columns, and of a tile in it
_MARKUP = 900  # bytes of a tile without its picture


def tile_style(
    layout: Layout, generations: Sequence[Generation], room: int, now: float | None = None
) -> TileStyle:
    """Return the tile size that fills a row, and the part of each picture in `room` bytes."""
    count = len(layout.visible)
    sides = max((sum(side_widths(page, layout.view)) for page in layout.pages), default=0)
    probe = TileStyle(_MOST_WIDE, 0, fluid=True, ratio=_usual_ratio(generations))
    sizes = [probe.shown(generations[i]) for i in layout.visible]
    wide = max((width / height for width, height in sizes), default=1.0)
    most = min(_MOST_WIDE, round(MOST_HEIGHT * max(1.0, wide / 1.3)))
    rows = max(1, -(-count // layout.width))
    most = min(most, max(_LOW_PX, _TALLEST // rows))
    px = max(_LEAST_PX, min((_ROW - sides) // layout.width - GAP, most))
    scale = 2.0 if count <= 12 else 1.5 if count <= 30 else 1.0
    share = max(900, room // max(1, count) - _MARKUP)
    return TileStyle(px, share, now=now, scale=scale, fluid=True, ratio=probe.ratio)


def _usual_ratio(generations: Sequence[Generation]) -> float:
    """Return width by height of what the service made here when it was asked for no shape."""
    free = (g for g in generations if g.width and g.height)
    return next((g.width / g.height for g in free if g.width and g.height), 1.0)
