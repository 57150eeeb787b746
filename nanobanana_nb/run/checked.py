"""What a finished run raises: the first error, where that is worth more than its images."""

from __future__ import annotations

from nanobanana_nb.errors import without_frames
from nanobanana_nb.show.grid import ImageGrid


def check(grid: ImageGrid, *, strict: bool = False) -> ImageGrid:
    """Return `grid`, or raise the first error when not one image of it came about.

    Args:
        strict: raise it when one image failed.
    """
    errors = [g.error for g in grid.generations if g.error is not None]
    if not errors or (len(errors) < len(grid) and not strict):
        return grid
    first = errors[0]
    if len(grid) > 1 and not hasattr(first, "__notes__"):
        first.add_note(
            f"None of the {len(grid)} images came about."
            if len(errors) == len(grid)
            else f"{len(errors)} of the {len(grid)} images did not come about; the others are kept."
        )
    raise without_frames(first)
