"""Files of an export: written whole or not at all, and how they point at the originals."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from nanobanana_nb.errors import InputError
from nanobanana_nb.images import disk
from nanobanana_nb.show.export.content import Content

_EXAMPLE = 'For example: grid.export("sheet.png")'
FileLinks = dict[int, str]  # the number of an image in its grid -> the path of its original


def named_file(path: object, example: str = _EXAMPLE) -> Path:
    """Return the path that a person names, its `~` filled in.

    Args:
        example: how one is named.

    Raises:
        InputError: it is none, or no system has such a name.
    """
    name = os.fspath(path) if isinstance(path, os.PathLike) else path
    if not isinstance(name, str):
        why = f"a {type(path).__name__} is no path"
    elif not name.strip():
        why = "the name is empty"
    elif "\0" in name or not _is_text(name):
        why = f"{name!a} holds a character that no name can have"
    else:
        return _expanded(Path(name), example)
    raise InputError("There is no file to write to", why=why, action=example)


def is_folder(written: str | Path, path: Path) -> bool:
    """Whether a person means a folder: it ends in a slash, or there is one of that name."""
    ends = os.fspath(written).endswith(("/", os.sep))
    return ends or os.path.isdir(path)  # noqa: PTH112 - raises nothing


def make_folder(folder: Path) -> None:
    """Make a folder, and those that it lies in.

    Raises:
        InputError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = error.strerror or str(error)
        raise InputError(f"{folder} cannot be made", why=why, action="Name another.") from None


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:  # half a character, which no page or archive can name
        return False
    return True


def _expanded(path: Path, example: str) -> Path:
    try:
        return path.expanduser()
    except RuntimeError as error:  # nobody's home
        raise InputError(f"{path} cannot be written", why=str(error), action=example) from None


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Open a file that takes the place of `path` when all is written, and vanishes otherwise.

    Raises:
        InputError: it cannot be written there.
    """
    try:
        final = path.resolve()  # a link to a file stays a link
        if final.is_dir():
            raise IsADirectoryError(errno.EISDIR, "there is a folder of that name")
        if disk.is_original(final):
            raise FileExistsError(errno.EEXIST, "an original of the ledger would be lost")
        part = final.with_name(f".{secrets.token_hex(8)}.part")
        try:
            with part.open("xb") as out:
                yield out
            part.replace(final)
        finally:
            part.unlink(missing_ok=True)
    except (OSError, RuntimeError) as error:  # links that lead in a circle are the second
        why = getattr(error, "strerror", None) or str(error)
        raise InputError(
            f"{path} cannot be written", why=why, action="Name a file in a folder that is there."
        ) from None


def links_from(content: Content, folder: Path) -> FileLinks:
    """Return the path of each original that is there, relative to `folder`, with `/`."""
    originals = ((entry.number, entry.original) for entry in content.entries)
    return {number: _relative(path, folder) for number, path in originals if path is not None}


def _relative(path: Path, folder: Path) -> str:
    try:
        return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:  # on Windows, another drive
        return path.resolve().as_posix()
