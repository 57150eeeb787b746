"""Reference images from what a person has in hand: a link, a path, bytes, a Pillow image."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path
from typing import Any

from nanobanana_nb.errors import NanobananaError, ReferenceImageError
from nanobanana_nb.ledger.images import measure
from nanobanana_nb.model.request import ReferenceImage

LARGEST = 30_000_000  # bytes


def reference(value: Any, name: str = "") -> ReferenceImage:
    """Return the reference image for `value`. Reads files, sends nothing.

    Args:
        value: an http(s) link, which goes out as it is; or a path, bytes or a Pillow image,
            whose bytes are uploaded when a task needs them.
        name: what the person calls it, for captions and errors.

    Raises:
        ReferenceImageError: there is no such file, or it is no PNG, JPEG or WebP image.
    """
    if isinstance(value, ReferenceImage):
        return value
    if isinstance(value, str) and value.startswith(("http://", "https://")):
        return ReferenceImage(url=value, name=name or value)
    if isinstance(value, str | os.PathLike):
        path = Path(value).expanduser()
        return _checked(_read(path), name or path.name)
    if isinstance(value, bytes | bytearray | memoryview):
        return _checked(bytes(value), name or "bytes")
    if hasattr(value, "save") and hasattr(value, "convert"):
        return _checked(_as_png(value), name or "image")
    raise ReferenceImageError(
        f"{name or 'The reference image'} is a {type(value).__name__}, not an image",
        action="Give a link, a path, bytes or a Pillow image.",
    )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ReferenceImageError(
            f"The reference image {path} cannot be read",
            why=error.strerror or str(error),
            action="Check the path: it counts from the notebook's folder.",
        ) from None


def _as_png(image: Any) -> bytes:
    buffer = BytesIO()
    plain = image if image.mode in ("RGB", "RGBA", "L") else image.convert("RGBA")
    plain.save(buffer, "PNG")
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
