"""The shapes in a picture as few numbers: where it has edges, and which way they run.

The picture becomes 64 × 64 points of lightness in 8 × 8 cells. Each point gives the strength of
its edge to the two nearest of nine directions (N. Dalal and B. Triggs, "Histograms of oriented
gradients for human detection", CVPR 2005). The numbers are the square roots of each direction's
share in all edges of the picture, so that a few strong edges do not drown the many
(R. Arandjelović and A. Zisserman, "Three things everyone should know to improve object
retrieval", CVPR 2012), scaled so that pictures with no edge in common lie 1 apart.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

CELLS, DIRECTIONS = 8, 9
_CELL_PX = 8
_PX = CELLS * _CELL_PX
Vote = tuple[int, float, int, float]  # two neighbouring directions, and the strength for each


def edges(picture: Image.Image) -> list[float]:
    """Return how strong the edges are: row by row of cells, nine directions each."""
    from PIL import Image

    light = picture.convert("L").resize((_PX, _PX), Image.Resampling.BOX).tobytes()
    rows = [light[at : at + _PX] for at in range(0, _PX * _PX, _PX)]
    strengths = [0.0] * (CELLS * CELLS * DIRECTIONS)
    for y, (above, row, below) in enumerate(zip(rows, rows[1:], rows[2:], strict=False), 1):
        for x in range(1, _PX - 1):
            across, down = row[x + 1] - row[x - 1], below[x] - above[x]
            if across or down:
                first, part, second, rest = _vote(across, down)
                cell = (y // _CELL_PX * CELLS + x // _CELL_PX) * DIRECTIONS
                strengths[cell + first] += part
                strengths[cell + second] += rest
    return strengths


def mirrored(strengths: Sequence[float]) -> list[float]:
    """Return the edges of the picture in a mirror."""
    places = (
        (y * CELLS + CELLS - 1 - x) * DIRECTIONS + -d % DIRECTIONS
        for y, x, d in product(range(CELLS), range(CELLS), range(DIRECTIONS))
    )
    return [strengths[place] for place in places]


def shares(strengths: Sequence[float]) -> tuple[float, ...]:
    """Return the roots of the shares, by √2: of two pictures at most 1 apart."""
    total = 2 * sum(strengths)
    return tuple(math.sqrt(strength / total) if total else 0.0 for strength in strengths)


@cache
def _vote(across: int, down: int) -> Vote:
    strength = math.hypot(across, down)
    turn = math.atan2(down, across) / math.pi * DIRECTIONS % DIRECTIONS  # an edge has no sign
    first, rest = int(turn) % DIRECTIONS, turn % 1.0
    return first, strength * (1 - rest), (first + 1) % DIRECTIONS, strength * rest
