"""Pictures that are no files yet, as PNG; and those that are too large for the way, smaller."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from nanobanana_nb.errors import ReferenceImageError

MOST_BYTES = 20_000_000
MOST_SIDE = 8192  # the longest side of a 4K image of the widest ratio; nothing ours is scaled
_QUALITIES = (95, 88, 80, 70)
_NUMBERS = "Give whole numbers from 0 to 255, or fractions from 0 to 1."


@dataclass(frozen=True)
class Scaled:
    """A smaller picture as a file."""

    data: bytes
    media_type: str
    width: int
    height: int


def is_drawn(value: Any) -> bool:
    """Whether `as_png` may make a picture of it: a Pillow image, a figure, an array."""
    return _is_pillow(value) or _figure(value) is not None or hasattr(value, "__array__")


def as_png(value: Any, name: str) -> bytes:
    """Return a Pillow image, a Matplotlib figure or axes, or an array of numbers as PNG.

    An array has rows, columns and, for more than grey, 3 or 4 channels.

    Raises:
        ReferenceImageError: it cannot be a picture.
    """
    try:
        if _is_pillow(value):
            return _pillow_png(value)
        figure = _figure(value)
        return _pillow_png(_from_array(value, name)) if figure is None else _figure_png(figure)
    except ReferenceImageError:
        raise
    except Exception as error:  # modes, sizes and drawings that the libraries cannot write
        raise ReferenceImageError(f"{name} cannot be written as PNG", why=str(error)) from None


def scaled(data: bytes, width: int, height: int) -> Scaled | None:
    """Return an image that fits the limits, None where `data` does: PNG if it is transparent.

    The side is scaled to 8192 pixels at most, then quality and size go down to 20 MB.
    """
    if len(data) <= MOST_BYTES and max(width, height) <= MOST_SIDE:
        return None
    from PIL import Image, ImageOps

    with Image.open(BytesIO(data)) as opened:
        image = ImageOps.exif_transpose(opened)
    clear = image.has_transparency_data
    image = image.convert("RGBA" if clear else "RGB")
    image.thumbnail((MOST_SIDE, MOST_SIDE), Image.Resampling.LANCZOS)
    while True:
        small = _within(image, clear)
        if small is not None:
            kind = "image/png" if clear else "image/jpeg"
            return Scaled(small, kind, image.width, image.height)
        image = image.resize((image.width * 3 // 4 or 1, image.height * 3 // 4 or 1))


def _within(image: Any, clear: bool) -> bytes | None:
    """Return the file in the best quality that fits, None where none does."""
    forms = [{"format": "PNG"}] if clear else [{"format": "JPEG", "quality": q} for q in _QUALITIES]
    for form in forms:
        buffer = BytesIO()
        image.save(buffer, **form)
        if buffer.tell() <= MOST_BYTES:
            return buffer.getvalue()
    return None


def _is_pillow(value: Any) -> bool:
    return hasattr(value, "save") and hasattr(value, "convert")


def _pillow_png(image: Any) -> bytes:
    buffer = BytesIO()
    plain = image if image.mode in ("RGB", "RGBA", "L") else image.convert("RGBA")
    plain.save(buffer, "PNG")
    return buffer.getvalue()


def _figure(value: Any) -> Any:
    """Return a Matplotlib figure, or that of axes, or None."""
    if hasattr(value, "savefig"):
        return value
    figure = getattr(value, "figure", None)
    return figure if hasattr(figure, "savefig") else None


def _figure_png(figure: Any) -> bytes:
    """Return the figure as a notebook shows it. The same drawing gives the same bytes."""
    buffer = BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()


def _from_array(value: Any, name: str) -> Any:
    import numpy
    from PIL import Image

    array = numpy.asarray(value)
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (3, 4)):
        raise ReferenceImageError(
            f"{name} is an array of the shape {array.shape}, which is no picture",
            action="Give rows, columns and 3 or 4 channels, or rows and columns alone for grey.",
        )
    if not array.size:
        raise ReferenceImageError(f"{name} is an empty array", action="")
    return Image.fromarray(_bytes_of(array, name))


def _bytes_of(array: Any, name: str) -> Any:
    """Return the numbers as bytes: fractions from 0 to 1 become 0 to 255."""
    if array.dtype.kind == "b":
        return array.astype("uint8") * 255
    if array.dtype.kind not in "uif":
        raise ReferenceImageError(f"{name} holds {array.dtype}, not numbers", action=_NUMBERS)
    low, high = array.min(), array.max()
    most = 1 if array.dtype.kind == "f" else 255
    if not (low >= 0 and high <= most):  # not a number is neither
        why = f"they go from {low:g} to {high:g}"
        raise ReferenceImageError(f"The numbers of {name} are no colours", why=why, action=_NUMBERS)
    return (array * 255).round().astype("uint8") if most == 1 else array.astype("uint8")
