"""Files of an export: written whole or not at all, and how they point at the originals."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from nanobanana_nb.errors import InputError
from nanobanana_nb.show.export.content import Content

Links = dict[int, str]  # the number of an image in its grid -> the path of its original


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Open a file that takes the place of `path` when all is written, and vanishes otherwise.

    Raises:
        InputError: it cannot be written there.
    """
    final = path.resolve()  # a link to a file stays a link
    part = final.with_name(f".{secrets.token_hex(8)}.part")
    try:
        try:
            with part.open("xb") as out:
                yield out
            part.replace(final)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        why = error.strerror or str(error)
        raise InputError(
            f"{path} cannot be written", why=why, action="Name a file in a folder that is there."
        ) from None


def links_from(content: Content, folder: Path) -> Links:
    """Return the path of each original that is there, relative to `folder`, with `/`."""
    found = ((entry.number, entry.original) for entry in content.entries)
    return {number: _relative(path, folder) for number, path in found if path is not None}


def _relative(path: Path, folder: Path) -> str:
    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:  # on Windows, another drive
        return path.resolve().as_posix()
