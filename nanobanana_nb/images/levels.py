"""One rule for numbers that are to be colours, whatever holds them: levels from 0 to 255."""

from __future__ import annotations

from typing import Any

from nanobanana_nb.errors import ReferenceImageError

HOW = "Give whole numbers from 0 to 255, or fractions from 0 to 1."


def scale_of(low: float, high: float, *, whole: bool, wide: bool, name: str) -> float:
    """Return by what numbers are multiplied, so that 255 is white.

    Fractions go up to 1, and so does what has only 0 and 1: a mask is white on black. Whole
    numbers go up to 255. `wide` ones, of 16 bit, keep their upper eight where one is above 255.

    Raises:
        ReferenceImageError: they are no colours.
    """
    if low >= 0 and high <= 1:  # not a number is neither
        return 255
    if low >= 0 and whole and high <= 255:
        return 1
    if low >= 0 and whole and wide and high <= 65535:
        return 1 / 256
    why = f"they go from {low:g} to {high:g}"
    raise ReferenceImageError(f"The numbers of {name} are no colours", why=why, action=HOW)


def as_levels(image: Any, name: str) -> Any:
    """Return a Pillow image of one number a pixel (I, F or 16 bit) as 8 bit grey.

    Raises:
        ReferenceImageError: its numbers are no colours.
    """
    numbers = image if image.mode == "F" else image.convert("I")
    low, high = _range(numbers)
    cut = numbers.convert("I").convert("F") if image.mode == "F" else numbers
    whole = image.mode != "F" or numbers.tobytes() == cut.tobytes()
    scale = scale_of(low, high, whole=whole, wide=image.mode != "F", name=name)
    return scaled(numbers, scale)


def scaled(numbers: Any, scale: float) -> Any:
    """Return an image of the mode I or F as grey: fractions are rounded, 16 bit are cut."""
    offset = 0.5 if numbers.mode == "F" else 0
    return numbers.point(lambda value: value * scale + offset).convert("L")


def as_mask(image: Any) -> Any:
    """Return an 8 bit image, white on black where it has only 0 and 1; inks are as they are."""
    if image.mode == "CMYK":
        return image
    extrema = image.getextrema()
    bands = extrema if isinstance(extrema[0], tuple) else (extrema,)
    is_mask = max(high for _, high in bands) == 1
    return image.point(lambda value: 255 if value else 0) if is_mask else image


def _range(numbers: Any) -> tuple[float, float]:
    """Return the least and the greatest number, or twice not a number where one is none."""
    from PIL import Image

    mean = numbers.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    low, high = numbers.getextrema()
    return (mean, mean) if mean != mean else (low, high)
