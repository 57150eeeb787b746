"""The endings of an export: the one table of what each writes, and with what.

Docstrings, errors and the help take their list from it. A new ending is a writer and a row here;
a writer imports what is heavy when it runs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, TypeVar

if TYPE_CHECKING:
    from pathlib import Path

    from nanobanana_nb.show.export.content import Content

_MARK = "endings:"  # the line of a docstring in whose place the table stands
F = TypeVar("F", bound=Callable[..., object])


@dataclass(frozen=True)
class Ending:
    """A line of the table.

    Attributes:
        sentence: what is written, after `.png is`.
        writer: takes the content, the open file, the folder that links begin in, and whether
            originals are put into a page.
        is_alias: another spelling of the ending before it, which no list of names has.
    """

    suffix: str
    sentence: str
    writer: Callable[[Content, BinaryIO, Path, bool], None]
    is_alias: bool = False

    @property
    def name(self) -> str:
        """The ending without its dot."""
        return self.suffix.removeprefix(".")


def ending_names() -> str:
    """Return `png, jpg, html, csv, json or zip`."""
    *names, last = (ending.name for ending in ENDINGS.values() if not ending.is_alias)
    return f"{', '.join(names)} or {last}"


def with_endings(function: F) -> F:
    """Let the table stand in a function's docstring, for a line `endings:`."""
    lines = (function.__doc__ or "").split("\n")
    for n, line in enumerate(lines):  # Python may have been told to drop docstrings
        if line.strip() == _MARK:
            rows = [f"- `{e.suffix}`: {e.sentence}." for e in ENDINGS.values()]
            lines[n : n + 1] = [line.replace(_MARK, row) for row in rows]
            function.__doc__ = "\n".join(lines)
            break
    return function


def write_png(content: Content, out: BinaryIO, folder: Path, originals: bool) -> None:
    """Write the contact sheet as PNG."""
    from nanobanana_nb.show.export.file_writer import links_from
    from nanobanana_nb.show.export.metadata import save
    from nanobanana_nb.show.sheet.sheet_file import drawn

    save(drawn(content), content, links_from(content, folder), out, "PNG")


def write_jpg(content: Content, out: BinaryIO, folder: Path, originals: bool) -> None:
    """Write the contact sheet as JPEG."""
    from nanobanana_nb.show.export.file_writer import links_from
    from nanobanana_nb.show.export.metadata import save
    from nanobanana_nb.show.sheet.sheet_file import drawn

    save(drawn(content), content, links_from(content, folder), out, "JPEG")


def write_html(content: Content, out: BinaryIO, folder: Path, originals: bool) -> None:
    """Write the page, with or without the originals in it."""
    from nanobanana_nb.show.export.file_writer import links_from
    from nanobanana_nb.show.export.page import page

    out.write(page(content, links_from(content, folder), originals=originals))


def write_csv(content: Content, out: BinaryIO, folder: Path, originals: bool) -> None:
    """Write the table."""
    from nanobanana_nb.show.export.data_files import csv_file
    from nanobanana_nb.show.export.file_writer import links_from

    out.write(csv_file(content, links_from(content, folder)))


def write_json(content: Content, out: BinaryIO, folder: Path, originals: bool) -> None:
    """Write the data."""
    from nanobanana_nb.show.export.data_files import json_file
    from nanobanana_nb.show.export.file_writer import links_from

    out.write(json_file(content, links_from(content, folder)))


def write_zip(content: Content, out: BinaryIO, folder: Path, originals: bool) -> None:
    """Write the archive."""
    from nanobanana_nb.show.export.archive import archive

    archive(content, out)


def write_parquet(content: Content, out: BinaryIO, folder: Path, originals: bool) -> None:
    """Write the table with the originals in it."""
    from nanobanana_nb.show.export.parquet import parquet

    parquet(content, out)


_SHEET = "a contact sheet that carries its parameters"
ENDINGS = {
    ending.suffix: ending
    for ending in (
        Ending(".png", _SHEET, write_png),
        Ending(".jpg", _SHEET, write_jpg),
        Ending(".jpeg", "the same as `.jpg`", write_jpg, is_alias=True),
        Ending(".html", "a page with a viewer that needs no network", write_html),
        Ending(".csv", "a table with relative paths to the originals", write_csv),
        Ending(".json", "plan and images as data, with these paths", write_json),
        Ending(
            ".parquet",
            "a table with the originals in it, which Hugging Face `datasets` reads",
            write_parquet,
        ),
        Ending(".zip", "the originals byte for byte, with page, table and data", write_zip),
    )
}
