"""What a finished run raises: the first error, where that is worth more than its images."""

from __future__ import annotations

from nanobanana_nb.errors import without_frames
from nanobanana_nb.show.grid import ImageGrid


def check(grid: ImageGrid, *, strict: bool = False) -> ImageGrid:
    """Return `grid`, or raise the first error when not one image of it came about.

    Args:
        strict: raise it when one image failed.
    """
    errors = [g.error for g in grid if g.error is not None]
    if not errors or (len(errors) < len(grid) and not strict):
        return grid
    first = errors[0]
    if len(grid) > 1 and not hasattr(first, "__notes__"):
        first.add_note(_how_many(len(errors), len(grid)))
    raise without_frames(first)


def _how_many(failed: int, count: int) -> str:
    if failed == count:
        return f"None of the {count} images came about."
    return f"{failed} of the {count} images did not come about; the others are kept."
