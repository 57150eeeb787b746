"""Arrays of numbers and Matplotlib figures as Pillow images."""

from __future__ import annotations

import math
import re
from io import BytesIO
from typing import Any, TypeGuard

from nanobanana_nb.errors import ReferenceImageError
from nanobanana_nb.images.levels import HOW, scale_of, scaled
from nanobanana_nb.images.opening import opened, within_limits
from nanobanana_nb.model.arguments import described

_SHAPE = "Give rows, columns and 3 or 4 channels, or rows and columns alone for grey."
_MOST_BYTES = 1_000_000_000  # of an array: as many again are needed for what is made of it
_MODES = {1: "L", 3: "RGB", 4: "RGBA"}


def is_array(value: Any) -> bool:
    """Whether NumPy can make an array of it."""
    return hasattr(value, "__array__") or hasattr(value, "__array_interface__")


def figure_of(value: Any) -> Any:
    """Return a Matplotlib figure, or that of axes, or None."""
    if hasattr(value, "savefig"):
        return value
    figure = getattr(value, "figure", None)
    return figure if hasattr(figure, "savefig") else None


def from_figure(figure: Any, name: str) -> Any:
    """Return a figure as a notebook shows it."""
    buffer = BytesIO()
    figure.savefig(buffer, format="png")
    return opened(buffer.getvalue(), name).image


def from_array(value: Any, name: str) -> Any:
    """Return rows, columns and, for more than grey, 3 or 4 channels of numbers as an image.

    Raises:
        ReferenceImageError: its shape or its numbers are those of no picture.
    """
    import numpy
    from PIL import Image

    _refuse_large(*_size_of(value), name)
    array = numpy.asarray(value)
    _refuse_other(value, array, name)
    _refuse_large(array.shape, array.nbytes, name)
    channels = array.shape[2] if array.ndim == 3 else 1
    if array.ndim not in (2, 3) or channels not in _MODES:
        first = array.ndim == 3 and array.shape[0] in _MODES
        raise ReferenceImageError(
            f"{name} is an array of the shape {array.shape}, which is no picture",
            action=_SHAPE + " `array.transpose(1, 2, 0)` puts channels last." * first,
        )
    if not array.size:
        raise ReferenceImageError(f"{name} is an empty array", action="")
    bands = _bands(array.reshape(*array.shape[:2], channels), name)
    return bands[0] if channels == 1 else Image.merge(_MODES[channels], bands)


def _refuse_other(value: Any, array: Any, name: str) -> None:
    """Refuse a list of images, and what means something else than levels."""
    if array.ndim == 1 and array.dtype.kind in "OUST":
        kind = type(value).__name__
        why = f"it is a {kind} of {len(array)} values"
        raise ReferenceImageError(
            f"{name} is no image", why=why, action="Give several as a list: `list(...)`."
        )
    if (meaning := _more_than_numbers(value)) is not None:
        raise ReferenceImageError(
            f"{name} is {described(value)}, not an image",
            why=f"it is {meaning}",
            action="If its numbers are those of a picture, give them as a plain array.",
        )


def _size_of(value: Any) -> tuple[Any, Any]:
    """Return the shape and the bytes that something says it has, before its numbers are read."""
    interface = getattr(value, "__array_interface__", None)
    fields = interface if isinstance(interface, dict) else {}
    shape = fields.get("shape") or getattr(value, "shape", ())
    size = re.search(r"\d+$", str(fields.get("typestr", "")))
    if size and _is_shape(shape):
        count = math.prod(shape) * int(size[0])
        _refuse_short(fields, count)
        return shape, count
    return shape, getattr(value, "nbytes", 0)


def _refuse_short(interface: dict[str, Any], count: int) -> None:
    """Refuse a buffer of fewer bytes than its shape needs: NumPy would read what lies behind it."""
    data = interface.get("data")
    if interface.get("strides") is not None or not isinstance(data, bytes | bytearray | memoryview):
        return
    if (size := memoryview(data).nbytes - interface.get("offset", 0)) < count:
        raise ValueError(f"it says that it has {count:,} bytes, and has {size:,}")


def _refuse_large(shape: Any, size: Any, name: str) -> None:
    """Refuse rows and columns that are too many, and never ask for the numbers themselves."""
    if _is_shape(shape) and len(shape) in (2, 3):
        within_limits(shape[1], shape[0], name)
    if isinstance(size, int) and size > _MOST_BYTES:
        raise ReferenceImageError(
            f"{name} is too large",
            why=f"its numbers take {size:,} bytes, and at most {_MOST_BYTES:,} are read",
            action='Make it smaller first, or give whole numbers: `array.astype("uint8")`.',
        )


def _is_shape(value: Any) -> TypeGuard[tuple[int, ...]]:
    return isinstance(value, tuple) and all(isinstance(side, int) for side in value)


def _more_than_numbers(value: Any) -> str | None:
    """Return what means something else than levels of a picture, or None for an array."""
    if hasattr(value, "columns") or hasattr(value, "dtypes"):
        return "a table"
    return "an array of which a part is masked" if hasattr(value, "filled") else None


def _bands(array: Any, name: str) -> list[Any]:
    """Return each channel as grey."""
    import numpy
    from PIL import Image

    if array.dtype.kind not in "buif":
        raise ReferenceImageError(f"{name} holds {array.dtype}, not numbers", action=HOW)
    is_fraction = array.dtype.kind == "f"
    scale = scale_of(
        float(array.min()),
        float(array.max()),
        whole=not is_fraction or bool((array == numpy.floor(array)).all()),
        wide=array.dtype.kind in "ui" and array.dtype.itemsize in (2, 4),  # as Pillow's are
        name=name,
    )
    channels = [array[:, :, n] for n in range(array.shape[2])]
    if is_fraction and scale == 255:
        return [scaled(Image.fromarray(band.astype("float32")), scale) for band in channels]
    if scale == 255:
        return [Image.fromarray((band != 0).astype("uint8") * 255) for band in channels]
    cut = 8 if scale < 1 else 0
    return [Image.fromarray((band >> cut if cut else band).astype("uint8")) for band in channels]
