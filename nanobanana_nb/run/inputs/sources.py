"""The bytes of a picture from a path, an open file, a link that holds them, or a display."""

from __future__ import annotations

import os
import re
import stat
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

from nanobanana_nb.errors import ReferenceImageError
from nanobanana_nb.images.formats import TAKEN
from nanobanana_nb.privacy.data_links import data_of, is_data_link

LARGEST = 100_000_000  # bytes that are read at all
_PIECE = 1_000_000
_LINK = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_NO_FILES = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


def unwrapped(value: Any) -> Any:
    """Return what a display of IPython, a widget or an answer of the web holds, or `value`."""
    if type(value).__module__ == "IPython.core.display" and not getattr(value, "data", None):
        return getattr(value, "url", None) or getattr(value, "filename", None) or value
    contents = (getattr(value, name, None) for name in ("data", "content", "value"))
    return next((data for data in contents if isinstance(data, bytes | memoryview)), value)


def read_text(value: str) -> tuple[bytes, str]:
    """Return the bytes that a path, a `file:` or a `data:` link means, and what to call them.

    Raises:
        ReferenceImageError: there is no such file, it is too large, or it has no end.
    """
    if is_data_link(value):
        try:
            return data_of(value, LARGEST), "data link"
        except ValueError as error:
            raise unreadable(value.partition(",")[0][:40], str(error), "") from None
    if value[:5].lower() == "file:":
        link = urlsplit(value)
        if link.netloc not in ("", "localhost"):
            where = f"it is on the machine {link.netloc}"
            raise unreadable(value, where, "Give a path on this one.")
        value = url2pathname(link.path)
    return _read_path(value), Path(value).name


def read_file(file: Any, name: str) -> tuple[bytes, str]:
    """Return what an open file holds, from its beginning if it can go there, and its name.

    A file that can is left where it stood.
    """
    path = getattr(file, "name", "")
    label = Path(path).name if isinstance(path, str) and path else "file"
    source = getattr(file, "buffer", file)  # of a file that was opened as text
    try:
        return _read_open(source, name or label), label
    except ReferenceImageError:
        raise
    except Exception as error:  # whatever a foreign object raises when it is read
        raise unreadable(name or label, str(error), "") from None


def limited(data: bytes, name: str) -> bytes:
    """Return the bytes if they are not too many."""
    if len(data) > LARGEST:
        raise _too_large(name, f"it has {len(data):,} bytes")
    return data


def unreadable(name: str, why: str, action: str) -> ReferenceImageError:
    """Return the error for what cannot be read."""
    return ReferenceImageError(
        f"The reference image {name[:200]} cannot be read", why=why, action=action
    )


def _too_large(name: str, size: str) -> ReferenceImageError:
    return ReferenceImageError(
        f"The reference image {name[:200]} is too large",
        why=f"{size}, and at most {LARGEST // 1_000_000} MB are read",
        action="Make it smaller first.",
    )


def _read_open(file: Any, name: str) -> bytes:
    if not (hasattr(file, "seekable") and file.seekable()):
        return _bounded(file, name)
    position = file.tell()
    try:
        size = file.seek(0, os.SEEK_END)
        if isinstance(size, int) and size > LARGEST:
            raise _too_large(name, f"it has {size:,} bytes")
        file.seek(0)
        return _bounded(file, name)
    finally:
        file.seek(position)


def _bounded(file: Any, name: str) -> bytes:
    """Return all that a file gives; never more than the limit is in memory."""
    data = BytesIO()
    while piece := file.read(_PIECE):
        if not isinstance(piece, bytes | bytearray | memoryview):
            why = f"it gives {type(piece).__name__}, not bytes"
            raise unreadable(name, why, "Open it with the mode `rb`.")
        data.write(piece)
        if data.tell() > LARGEST:
            raise _too_large(name, "it does not end")
    return data.getvalue()


def _read_path(value: str) -> bytes:
    try:
        path = Path(value).expanduser()
        status = path.stat()
        kind = _NO_FILES.get(stat.S_IFMT(status.st_mode))
        if kind is not None:
            raise unreadable(value, f"it is {kind}, not a file", TAKEN)
        if status.st_size > LARGEST:
            raise _too_large(value, f"it has {status.st_size:,} bytes")
        with path.open("rb") as file:
            return _bounded(file, value)
    except (OSError, ValueError, RuntimeError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise unreadable(value, why, _hint(value)) from None


def _hint(value: str) -> str:
    """Return what to do about a text that is no file that can be read."""
    if link := _LINK.match(value):
        return f"The service fetches http and https only, not {link[0]}: give it as a file."
    if set(value) & set("*?["):
        return "Patterns are not filled in: give a list, `sorted(Path().glob('*.png'))`."
    if value.isidentifier():
        return "There is neither a file nor a variable of that name."
    quotes = " Put a path with backslashes in quotes." if not set(value) & set("/\\") else ""
    return f"Check the path: it counts from the current folder.{quotes}"
