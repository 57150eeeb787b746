"""Reference images from what a person has in hand: a link, a path, bytes, a Pillow image."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path
from typing import Any

from nanobanana_nb.errors import NanobananaError, ReferenceImageError
from nanobanana_nb.ledger.images import measure
from nanobanana_nb.model.request import ReferenceImage
from nanobanana_nb.model.result import Generation
from nanobanana_nb.redaction import public_url

LARGEST = 30_000_000  # bytes


def reference(value: Any, name: str = "") -> ReferenceImage:
    """Return the reference image for `value`. Reads files, sends nothing.

    Args:
        value: an http(s) link, which goes out as it is; or a path, bytes, a Pillow image or a
            Generation, whose bytes are uploaded when a task needs them.
        name: what the person calls it, for captions and errors.

    Raises:
        ReferenceImageError: there is no such file, or it is no PNG, JPEG or WebP image.
    """
    if isinstance(value, ReferenceImage):
        return value
    if isinstance(value, Generation):
        return _checked(value.bytes, name or value.request.prompt[:40])
    if isinstance(value, str) and value.startswith(("http://", "https://")):
        return ReferenceImage(url=value, name=name or public_url(value))
    if isinstance(value, str | os.PathLike):
        data = _read(str(value))
        return _checked(data, name or Path(value).name)
    if isinstance(value, bytes | bytearray | memoryview):
        return _checked(bytes(value), name or "bytes")
    if hasattr(value, "save") and hasattr(value, "convert"):
        return _checked(_as_png(value, name or "the image"), name or "image")
    raise ReferenceImageError(
        f"{name or 'The reference image'} is a {type(value).__name__}, not an image",
        action="Give a link, a path, bytes, a Pillow image or one of our results.",
    )


def _hint(value: str) -> str:
    if value.isidentifier():
        return "There is neither a file nor a variable of that name."
    quotes = " Put a path with backslashes in quotes." if not set(value) & set("/\\") else ""
    return f"Check the path: it counts from the notebook's folder.{quotes}"


def _read(value: str) -> bytes:
    try:
        return Path(value).expanduser().read_bytes()
    except (OSError, ValueError, RuntimeError) as error:
        raise ReferenceImageError(
            f"The reference image {value[:200]} cannot be read",
            why=getattr(error, "strerror", None) or str(error),
            action=_hint(value),
        ) from None


def _as_png(image: Any, name: str) -> bytes:
    buffer = BytesIO()
    try:
        plain = image if image.mode in ("RGB", "RGBA", "L") else image.convert("RGBA")
        plain.save(buffer, "PNG")
    except Exception as error:  # modes and sizes that Pillow cannot write
        raise ReferenceImageError(f"{name} cannot be written as PNG", why=str(error)) from None
    return buffer.getvalue()


def _checked(data: bytes, name: str) -> ReferenceImage:
    try:
        if len(data) > LARGEST:
            raise ReferenceImageError("it is too large", why=f"{len(data):,} bytes")
        found = measure(data)
    except NanobananaError as error:
        raise ReferenceImageError(
            f"The reference image {name} cannot be used",
            why=error.why or error.what,
            action=f"Give a PNG, JPEG or WebP image of at most {LARGEST // 1_000_000} MB.",
        ) from None
    return ReferenceImage.from_bytes(data, found.media_type, name)
