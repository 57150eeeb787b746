"""Reference images from what a person has in hand: links, files, bytes, pictures, arrays."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from types import ModuleType
from typing import Any

from nanobanana_nb.errors import InputError, ReferenceImageError
from nanobanana_nb.images import private_metadata
from nanobanana_nb.images.opening import load, turns_itself, was_loaded_wrong, within_limits
from nanobanana_nb.images.pixels import File, encoded, fit, pixel_hash
from nanobanana_nb.images.quiet import quiet
from nanobanana_nb.images.reference_file import prepared
from nanobanana_nb.model.arguments import described
from nanobanana_nb.model.request import ReferenceImage
from nanobanana_nb.model.result import Generation
from nanobanana_nb.privacy.redaction import public_url
from nanobanana_nb.run.inputs import arrays, sources
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.html import wording

_LINK = re.compile("https?://", re.IGNORECASE)
_NO_LINK = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_MOST_NAME = 60
_MISSING = ("NoneType", "NAType", "NaTType")  # as frames have it
_TAKEN = "Give a link, a path, bytes, an open file, a Pillow image, an array, a figure or a result."


@quiet()
def reference(value: Any, name: str = "") -> ReferenceImage:
    """Return the reference image for `value`. Reads files, sends nothing.

    What is sent is upright, 8 bit, sRGB, at most 20 MB and 8192 pixels on a side, and nothing
    but the picture. A file that is so already goes as it is. Whatever is changed
    is in `changes`, and the plan says so; the identity is that of what was given.

    Args:
        value: an http(s) link, which goes out as it is; or a path, bytes, an open file, a `data:`
            or `file:` link, a Pillow image, an array of numbers, a Matplotlib figure, a display
            or a Generation, which is uploaded when a task needs it.
        name: what the person calls it, for captions and errors.

    Raises:
        ReferenceImageError: there is no such file, or it is no image.
    """
    if isinstance(value, ReferenceImage):
        return value
    if isinstance(value, str) and (link := _LINK.match(value.strip())):
        url = _checked_link(link[0].lower() + value.strip()[link.end() :])
        return ReferenceImage(url=url, name=name or public_url(url))
    if isinstance(value, Generation):
        prompt = "" if value.request.private else value.request.prompt
        label = wording.cut(prompt, 40) or (f"id {value.id}" if value.id else "image")
        return _from_bytes(value.bytes, name or label)
    if isinstance(value, str | os.PathLike):
        data, label = sources.read_text(os.fsdecode(value))
        return _from_bytes(data, name or label)
    if isinstance(value, bytes | bytearray | memoryview):
        return _from_bytes(bytes(value), name or "bytes")
    if (image := _picture(value, name or "the image")) is not None:
        return _from_pillow(image, name or "image")
    if hasattr(value, "read") and not isinstance(value, ModuleType):
        data, label = sources.read_file(value, name)
        return _from_bytes(data, name or label)
    if (inner := sources.unwrapped(value)) is not value:
        return reference(inner, name)
    raise _no_image(value, name)


def references(images: Any) -> list[ReferenceImage]:
    """Return the reference images of none, one, a list, a grid, or a dict of what each shows.

    Raises:
        ReferenceImageError: one is no image.
        InputError: what one shows is no text on a line.
    """
    if isinstance(images, Mapping):
        pairs = [(name, image) for name, several in images.items() for image in _several(several)]
        return [named(reference(image, str(name)), name) for name, image in pairs]
    return [reference(image) for image in _several(images)]


def named(image: ReferenceImage, name: Any) -> ReferenceImage:
    """Return a reference that the model is told the name of.

    Raises:
        InputError: it is no text on a line.
    """
    if (
        not isinstance(name, str)
        or not 0 < len(name.strip()) <= _MOST_NAME
        or not name.isprintable()
    ):
        shown = repr(name)[:_MOST_NAME]
        action = f"For example: images={{'Mia': portrait}}; at most {_MOST_NAME} letters."
        raise InputError(f"{shown} is no name of what an image shows", action=action)
    return replace(image, name=name.strip(), shows=name.strip())


def _several(images: Any) -> Sequence[Any]:
    if images is None:
        return ()
    return images if isinstance(images, list | tuple | ImageGrid) else (images,)


def _checked_link(url: str) -> str:
    """Return a link that can be written down and sent, as it is."""
    if _NO_LINK.search(url):
        raise ReferenceImageError(
            f"The link {public_url(url)!a} cannot be used",
            why="it holds a blank, a line break or half a character",
            action="Copy it anew; a blank inside a link is written as %20.",
        )
    return url


def _from_bytes(data: bytes, name: str) -> ReferenceImage:
    with _library_errors(name):
        file = prepared(sources.limited(data, name), name)
        return _as_sent(file, hashlib.sha256(data).hexdigest(), name)


def _from_pillow(image: Any, name: str) -> ReferenceImage:
    """Return the reference for pixels in memory."""
    within_limits(image.width, image.height, name)
    turned = turns_itself(image)
    try:
        load(image)
    except Exception as error:  # Pillow raises many kinds for files that are closed or broken
        is_closed = getattr(image, "fp", error) is None
        raise sources.unreadable(
            name,
            "its file is closed" if is_closed else f"Pillow cannot load it, {error}",
            "Give its path, or call its `load()` while its file is open.",
        ) from None
    with _library_errors(name):
        if was_loaded_wrong(image):
            raise sources.unreadable(
                name,
                "this Pillow broke its lines when it loaded the TIFF and turned it",
                "Give its path, or open it anew and give it before anything else reads it.",
            )
        file = encoded(fit(image, name, turned=turned))
        about = private_metadata.in_image(image)
        changes = (*file.changes, about) if about else file.changes
        return _as_sent(replace(file, changes=changes), pixel_hash(image), name)


@contextmanager
def _library_errors(name: str) -> Iterator[None]:
    """Let what libraries raise for pictures that they cannot make be an error of ours."""
    try:
        yield
    except ReferenceImageError:
        raise
    except Exception as error:  # they raise many kinds
        why = str(error) or f"a library stops at it with {type(error).__name__}"
        action = "Save it as PNG, and give that."
        raise ReferenceImageError(f"{name} cannot be drawn", why=why, action=action) from None


def _as_sent(file: File, identity: str, name: str) -> ReferenceImage:
    changes = ", ".join(file.changes)
    return ReferenceImage.from_bytes(
        file.data, file.media_type, name, sha256=identity, changes=changes
    )


def _picture(value: Any, name: str) -> Any:
    """Return a Pillow image for one, a figure or an array; None for anything else."""
    if isinstance(value, type):
        return None
    if hasattr(value, "save") and hasattr(value, "convert"):
        return value
    with _library_errors(name):
        if (figure := arrays.figure_of(value)) is not None:
            return arrays.from_figure(figure, name)
        return arrays.from_array(value, name) if arrays.is_array(value) else None


def _no_image(value: Any, name: str) -> ReferenceImageError:
    """Return the error for something of which no picture can be made, in one sentence."""
    label = name or "The reference image"
    if type(value).__name__ in _MISSING or (isinstance(value, float) and value != value):
        return ReferenceImageError(f"{label} is missing: it is {value}", action="Leave it out.")
    kind = described(value)
    if isinstance(value, Iterable):
        action = "Give several as a list, and each as a link, a path, bytes or a picture."
        return ReferenceImageError(f"{label} is {kind}, not one image", action=action)
    return ReferenceImageError(f"{label} is {kind}, not an image", action=_TAKEN)
