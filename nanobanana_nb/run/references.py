"""Reference images from what a person has in hand: links, files, bytes, pictures, arrays."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from nanobanana_nb.errors import NanobananaError, ReferenceImageError
from nanobanana_nb.ledger.images import measure
from nanobanana_nb.model.request import ReferenceImage
from nanobanana_nb.model.result import Generation
from nanobanana_nb.redaction import public_url
from nanobanana_nb.run import pictures
from nanobanana_nb.show import wording

LARGEST = 100_000_000  # bytes that are read at all


def reference(value: Any, name: str = "") -> ReferenceImage:
    """Return the reference image for `value`. Reads files, sends nothing.

    One of more than 20 MB or 8192 pixels on a side is scaled down, and the plan says so.

    Args:
        value: an http(s) link, which goes out as it is; or a path, bytes, a Pillow image, an
            array of numbers, a Matplotlib figure or a Generation, whose bytes are uploaded when
            a task needs them.
        name: what the person calls it, for captions and errors.

    Raises:
        ReferenceImageError: there is no such file, or it is no image.
    """
    if isinstance(value, ReferenceImage):
        return value
    if isinstance(value, str) and value.startswith(("http://", "https://")):
        return ReferenceImage(url=value, name=name or public_url(value))
    data, called = _found(value, name)
    return _checked(data, name or called)


def _found(value: Any, name: str) -> tuple[bytes, str]:
    """Return the bytes of an image, and what it is called where the person gave no name."""
    if isinstance(value, Generation):
        return value.bytes, _called(value)
    if isinstance(value, str | os.PathLike):
        return _read(str(value)), Path(value).name
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value), "bytes"
    if pictures.is_drawn(value):
        return pictures.as_png(value, name or "the image"), "image"
    raise ReferenceImageError(
        f"{name or 'The reference image'} is a {type(value).__name__}, not an image",
        action="Give a link, a path, bytes, a Pillow image, an array, a figure or a result.",
    )


def _called(generation: Generation) -> str:
    """Return what stands for an earlier image: its number where its prompt is kept private."""
    prompt = "" if generation.request.private else generation.request.prompt
    return wording.cut(prompt, 40) or f"image {generation.id or 'without a number'}"


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


def _checked(data: bytes, name: str) -> ReferenceImage:
    try:
        if len(data) > LARGEST:
            raise ReferenceImageError("it is too large", why=f"{len(data):,} bytes")
        found = measure(data)
        fitting = pictures.scaled(data, found.width, found.height)
    except NanobananaError as error:
        raise ReferenceImageError(
            f"The reference image {name} cannot be used",
            why=error.why or error.what,
            action=f"Give a PNG, JPEG or WebP image of at most {LARGEST // 1_000_000} MB.",
        ) from None
    if fitting is None:
        return ReferenceImage.from_bytes(data, found.media_type, name)
    told = f"{name}, scaled to {fitting.width} × {fitting.height}"
    made = ReferenceImage.from_bytes(fitting.data, fitting.media_type, told)
    return replace(made, scaled_from=hashlib.sha256(data).hexdigest())
