"""Results as files to hand on: a contact sheet, a page, a table, an archive."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nanobanana_nb.errors import InputError
from nanobanana_nb.show.export.endings import ENDINGS, with_endings

if TYPE_CHECKING:
    from nanobanana_nb.show.arrange.data import GridData

__all__ = ["ENDINGS", "export"]


@with_endings
def export(
    grid: GridData, path: str | Path, *, private: bool = False, originals: bool = False
) -> Path:
    """Write `grid` to `path` and return it. The ending says what is written.

    endings:

    A file that is there is replaced as a whole or not at all.

    Args:
        private: tell the prompts of private requests too; without it they stay out, and with
            them the axis values that they are made of.
        originals: put the originals themselves into the page, and not links to them.

    Raises:
        InputError: the ending is not known, there is nothing to export, or the file cannot
            be written.
    """
    from nanobanana_nb.show.export.content import content_of
    from nanobanana_nb.show.export.file_writer import named_file, replacing

    target = named_file(path)
    ending = ENDINGS.get(target.suffix.lower())
    if ending is None:
        named = f"the ending {target.suffix}" if target.suffix else "a name without an ending"
        known = ", ".join(ENDINGS)
        raise InputError(f"Nothing is known for {named}", action=f"The endings are {known}.")
    if not grid.generations:
        raise InputError("There is nothing to export", why="the grid has no images")
    content = content_of(grid, private=private)
    with replacing(target) as out:
        ending.writer(content, out, target.absolute().parent, originals)
    return target
