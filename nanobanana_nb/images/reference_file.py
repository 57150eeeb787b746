"""A picture's file made fit to be sent: as it is where it may, else cut, else encoded anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

from nanobanana_nb.errors import ReferenceImageError
from nanobanana_nb.images import private_metadata
from nanobanana_nb.images.containers import BESIDE, Container, Kind, container_of
from nanobanana_nb.images.formats import IN_PIECES, format_of
from nanobanana_nb.images.opening import Opened, is_complete, opened, unusable
from nanobanana_nb.images.pixels import EIGHT_BIT, MOST_BYTES, File, Fit, encoded, fit
from nanobanana_nb.images.profiles import MADE_SRGB, UNFIT

_ALPHA = "its transparency written out"
_AS_SRGB = "its colours taken as sRGB"
_BROKEN = "without chunks that cannot be read"
_ONE_FRAME = "its first picture alone"
_DEPTH = 8  # where the header of a PNG has the bits of a channel


def prepared(data: bytes, name: str) -> File:
    """Return what is sent of a file: the first picture in it, upright, 8 bit and sRGB.

    Raises:
        ReferenceImageError: it is no picture, or one that cannot be sent.
    """
    container = container_of(data)
    if container is None:
        return _converted(data, name)
    if container.is_in_pieces:
        raise unusable(name, IN_PIECES)
    if not is_complete(container):
        raise unusable(name, format_of(data))
    unread, (image, size, _) = _readable(container, name)
    picture = fit(image, name, size)
    if Kind.PROFILE in unread:
        picture = replace(picture, changes=(*picture.changes, UNFIT))
    redrawn = tuple(_redrawn(container, image, picture))
    file = File(_cut(data, container, picture, unread), container.media_type)
    if redrawn or len(file.data) > MOST_BYTES:
        file = encoded(replace(picture, changes=redrawn or ("compressed",)))
    broken = (_BROKEN,) if Kind.HINTS in unread else ()
    return replace(file, changes=(*file.changes, *broken, *_left_out(container, picture)))


def _readable(container: Container, name: str) -> tuple[frozenset[Kind], Opened]:
    """Return the picture, and the parts of its file that it can only be opened without."""
    try:
        return frozenset(), opened(container.without({Kind.OTHER, Kind.MOTION}), name)
    except ReferenceImageError:
        for kinds in container.spared():
            with suppress(ReferenceImageError):
                first = opened(container.without(kinds), name)
                return kinds & {part.kind for part in container.parts}, first
        raise


def _converted(data: bytes, name: str) -> File:
    """Return a file of another format as PNG, or as JPEG where that is too large."""
    image, size, turned = opened(data, name)
    file = encoded(fit(image, name, size, turned=turned))
    form = file.media_type.removeprefix("image/").upper()
    frames = _ONE_FRAME if _is_animated(image) else ""
    changes = (*file.changes, frames, f"as {form}", private_metadata.in_image(image))
    return replace(file, changes=tuple(filter(None, changes)))


def _redrawn(container: Container, image: Any, picture: Fit) -> Iterator[str]:
    """Yield the changes that cannot be made without encoding."""
    yield from (change for change in picture.changes if change != UNFIT)
    if _bits(container) > 8 and EIGHT_BIT not in picture.changes:  # Pillow cut them while reading
        yield EIGHT_BIT
    if _bits(container) < 8 and image.mode == "L" and "transparency" in image.info:
        yield _ALPHA  # decoders disagree about the number that is clear
    if _is_animated(image):
        yield _ONE_FRAME


def _left_out(container: Container, picture: Fit) -> Iterator[str]:
    """Yield what is not sent of the file beside the picture."""
    if container.parts_of(Kind.MOTION):
        yield _ONE_FRAME
    if container.trailing:
        yield "without what follows it"
    if not container.ended:
        yield "its end added"
    if UNFIT in picture.changes:
        yield UNFIT
    if _names_colours(container) and MADE_SRGB not in picture.changes:
        yield _AS_SRGB
    if about := private_metadata.in_file(container):
        yield about


def _cut(data: bytes, container: Container, picture: Fit, unread: frozenset[Kind]) -> bytes:
    """Return the file as it is, or without what is not to be sent; its pixels stay coded."""
    kinds = BESIDE | unread | ({Kind.PROFILE} if UNFIT in picture.changes else set())
    kinds = kinds | {Kind.COLOURS} if _names_colours(container) else kinds
    is_clean = not container.trailing and kinds.isdisjoint(part.kind for part in container.parts)
    if is_clean and container.ended:
        return data
    return container.without(kinds)


def _names_colours(container: Container) -> bool:
    """Whether chunks beside sRGB and a profile would count for somebody who is sent the file."""
    names = {part.name for part in container.parts_of(Kind.COLOURS)}
    others = {part.name for part in container.parts}
    return b"cICP" in names or (bool(names) and b"sRGB" not in others)


def _is_animated(image: Any) -> bool:
    return bool(getattr(image, "is_animated", False))


def _bits(container: Container) -> int:
    """Return the bits of a channel."""
    header = next((part for part in container.parts if part.name == b"IHDR"), None)
    return header.content[_DEPTH] if header is not None else 8
