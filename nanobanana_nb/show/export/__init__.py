"""Results as files to hand on: a contact sheet, a page, a table, an archive, a folder."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from nanobanana_nb.errors import InputError
from nanobanana_nb.show.export.endings import ENDINGS, Ending, with_endings

if TYPE_CHECKING:
    from nanobanana_nb.show.arrange.data import GridData

__all__ = ["ENDINGS", "export"]


@with_endings
def export(
    grid: GridData, path: str | Path, *, private: bool = False, originals: bool = False
) -> Path | str:
    """Write `grid` to `path` and return where it is. The ending says what is written.

    endings:

    A folder, `herons/`, gets what an archive has. A file that is there is replaced as a whole or
    not at all.

    Args:
        path: a file, a folder, or an address that fsspec knows, as `s3://bucket/herons.zip`.
        private: tell the prompts of private requests too; without it they stay out, and with
            them the axis values that they are made of.
        originals: put the originals themselves into the page, and not links to them.

    Raises:
        InputError: the ending is not known, there is nothing to export, or the file cannot
            be written.
    """
    from nanobanana_nb.show.export import addresses, folder_export
    from nanobanana_nb.show.export.archive import members
    from nanobanana_nb.show.export.content import content_of
    from nanobanana_nb.show.export.file_writer import is_folder, named_file, replacing

    if not grid.generations:
        raise InputError("There is nothing to export", why="the grid has no images")
    if addresses.is_address(path):
        address = str(path)
        if address.endswith("/"):
            addresses.put_files(address, members(content_of(grid, private=private)))
        else:
            ending = _ending(PurePosixPath(address.rpartition("/")[2]).suffix)
            content, here = content_of(grid, private=private), Path.cwd()
            addresses.put_file(address, lambda out: ending.writer(content, out, here, originals))
        return address
    target = named_file(path)
    if is_folder(path, target) and target.suffix.lower() not in ENDINGS:
        folder_export.write(target, members(content_of(grid, private=private)))
        return target
    ending = _ending(target.suffix)
    content = content_of(grid, private=private)
    with replacing(target) as out:
        ending.writer(content, out, target.absolute().parent, originals)
    return target


def _ending(suffix: str) -> Ending:
    ending = ENDINGS.get(suffix.lower())
    if ending is None:
        named = f"the ending {suffix}" if suffix else "a name without an ending"
        known = ", ".join(ENDINGS)
        action = f"The endings are {known}; a folder ends in /."
        raise InputError(f"Nothing is known for {named}", action=action)
    return ending
