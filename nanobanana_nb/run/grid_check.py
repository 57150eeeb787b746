"""What comes of a finished run: its images, or an error that is worth more than they are."""

from __future__ import annotations

from nanobanana_nb.errors import without_frames
from nanobanana_nb.run.run_state import RunState
from nanobanana_nb.show.grid import ImageGrid


def check(grid: ImageGrid, state: RunState) -> ImageGrid:
    """Return the `grid` of a run, or raise the first error when not one image of it came about.

    A strict run raises it when one image failed, and what a listener raised goes before.
    """
    if state.trouble is not None:
        raise state.trouble
    errors = [g.error for g in state.generations if g.error is not None]  # of its own end
    if not errors or (len(errors) < len(grid) and not state.strict):
        return grid
    first = errors[0]
    if len(grid) > 1 and not hasattr(first, "__notes__"):
        first.add_note(
            f"None of the {len(grid)} images came about."
            if len(errors) == len(grid)
            else f"{len(errors)} of the {len(grid)} images did not come about; the others are kept."
        )
    raise without_frames(first)
