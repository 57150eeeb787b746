"""What a picture looks like, in few numbers: its colours and its shapes, and where they stand.

Each is there twice: as the picture stands, and either way round, which is the mean of the picture
and its mirror image. Which side a thing stands on is the largest part of what chance does to a
picture, and mostly not what is asked; where it is asked (`facing left`), the first form sees it.
Not seen is the shape of the whole, since every ratio is squeezed to the same square.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from nanobanana_nb.images import colours, edges, thumbnail

COLOURS, SHAPES = "colours and layout", "shapes"
_PX = 128
Features = tuple[float, ...]
Views = tuple[tuple[str, Features], ...]  # ways to look at a picture, each by what it sees


def views(path: Path | str) -> Views:
    """Return colours and shapes of a picture, each as it stands and either way round.

    Those of the last 512 pictures are kept.

    Raises:
        OSError: the file is not there or is no picture.
    """
    return _views(str(path), thumbnail.version(path))


@lru_cache(maxsize=512)
def _views(path: str, _version: tuple[int, int]) -> Views:
    picture = thumbnail.opened(path, _PX)
    points, strengths = colours.colours(picture), edges.edges(picture)
    stands = colours.scaled(points)
    mirror = colours.scaled(colours.mirrored(points))
    both = [a + b for a, b in zip(strengths, edges.mirrored(strengths), strict=True)]
    return (
        (COLOURS, stands),
        (COLOURS, tuple((a + b) / 2 for a, b in zip(stands, mirror, strict=True))),
        (SHAPES, edges.shares(strengths)),
        (SHAPES, edges.shares(both)),
    )
