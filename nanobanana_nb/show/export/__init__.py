"""Results as files to hand on: a contact sheet, a page, a table, an archive."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from nanobanana_nb.errors import InputError
from nanobanana_nb.show.arrange.data import GridData
from nanobanana_nb.show.export.content import Content, content_of
from nanobanana_nb.show.export.file_writer import links_from, named_file, replacing

__all__ = ["ENDINGS", "export"]

Writer = Callable[[Content, BinaryIO, Path], None]


def export(
    grid: GridData, path: str | Path, *, private: bool = False, originals: bool = False
) -> Path:
    """Write `grid` to `path` and return it. The ending says what is written.

    `.png` and `.jpg` are a contact sheet that carries its parameters, `.html` is a page with a
    viewer that needs no network, `.csv` and `.json` are a table with relative paths to the
    originals, `.zip` holds the originals byte for byte with all of this. A file that is there is
    replaced as a whole or not at all.

    Args:
        private: tell the prompts of private requests too; without it they stay out, and with
            them the axis values that they are made of.
        originals: put the originals themselves into the page, and not links to them.

    Raises:
        InputError: the ending is not known, there is nothing to export, or the file cannot
            be written.
    """
    target = named_file(path)
    writer = _writer(target, originals)
    if not grid.generations:
        raise InputError("There is nothing to export", why="the grid has no images")
    content = content_of(grid, private=private)
    with replacing(target) as out:
        writer(content, out, target.absolute().parent)
    return target


def _writer(target: Path, originals: bool) -> Writer:
    ending = target.suffix.lower()
    if ending not in _WRITERS:
        named = f"the ending {target.suffix}" if target.suffix else "a name without an ending"
        known = ", ".join(ENDINGS)
        raise InputError(f"Nothing is known for {named}", action=f"The endings are {known}.")
    return _embedded if originals and ending == ".html" else _WRITERS[ending]


def _sheet(form: str) -> Writer:
    def write(content: Content, out: BinaryIO, folder: Path) -> None:
        from nanobanana_nb.show.export.metadata import save
        from nanobanana_nb.show.sheet.sheet_file import drawn

        save(drawn(content), content, links_from(content, folder), out, form)

    return write


def _page(content: Content, out: BinaryIO, folder: Path) -> None:
    from nanobanana_nb.show.export.page import page

    out.write(page(content, links_from(content, folder)))


def _embedded(content: Content, out: BinaryIO, folder: Path) -> None:
    from nanobanana_nb.show.export.page import page

    out.write(page(content, links_from(content, folder), originals=True))


def _csv(content: Content, out: BinaryIO, folder: Path) -> None:
    from nanobanana_nb.show.export.data_files import csv_file

    out.write(csv_file(content, links_from(content, folder)))


def _json(content: Content, out: BinaryIO, folder: Path) -> None:
    from nanobanana_nb.show.export.data_files import json_file

    out.write(json_file(content, links_from(content, folder)))


def _archive(content: Content, out: BinaryIO, folder: Path) -> None:
    from nanobanana_nb.show.export.archive import archive

    archive(content, out)


_WRITERS: dict[str, Writer] = {
    ".png": _sheet("PNG"),
    ".jpg": _sheet("JPEG"),
    ".jpeg": _sheet("JPEG"),
    ".html": _page,
    ".csv": _csv,
    ".json": _json,
    ".zip": _archive,
}
ENDINGS = tuple(_WRITERS)
