"""Delivered versus asked: a model may return another shape, size or format."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

RATIO_TOLERANCE = 0.06  # models round to multiples of 8 or 64 pixels
SIZE_TOLERANCE = 1.45  # the models' own "1K" ranges from about 0.9 to 1.3 megapixels
_NAMED_RATIOS = ("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9")
_EXTREME_RATIOS = ("1:4", "4:1", "1:8", "8:1")


def ratio_name(width: int, height: int) -> str:
    """Return the nearest usual name for a shape, or `W x H` where none is near."""
    for name in _NAMED_RATIOS + _EXTREME_RATIOS:
        if _is_near(_ratio(name), width / height):
            return name
    return f"{width} × {height}"


def differences(
    parameters: Mapping[str, Any], width: int, height: int, media_type: str | None
) -> tuple[str, ...]:
    """Return what differs from the parameters asked, for example `asked 16:9, got 1:1`.

    Args:
        width: of the delivered image in pixels, as `height`.
    """
    texts = []
    shape = str(parameters.get("aspect_ratio", "auto"))
    ratio = _ratio(shape)
    if ratio is not None and not _is_near(ratio, width / height):
        texts.append(f"asked {shape}, got {ratio_name(width, height)}")
    times = _times(parameters, width, height)
    if times is not None and not 1 / SIZE_TOLERANCE <= times <= SIZE_TOLERANCE:
        size = str(parameters["resolution"]).upper()
        texts.append(f"asked {size}, got {width} × {height}")
    form = str(parameters.get("output_format", "")).lower()
    subtype = (media_type or "").removeprefix("image/")
    if form and subtype and form.replace("jpg", "jpeg") != subtype:
        texts.append(f"asked {form}, got {subtype}")
    return tuple(texts)


def delivered(parameters: Mapping[str, Any], width: int, height: int) -> float:
    """Return the part of the shape and size asked that was delivered, 1 where none differs."""
    share = 1.0
    ratio = _ratio(str(parameters.get("aspect_ratio", "auto")))
    times = _times(parameters, width, height)
    if ratio is not None and not _is_near(ratio, width / height):
        share *= _part(width / height / ratio)
    if times is not None and not 1 / SIZE_TOLERANCE <= times <= SIZE_TOLERANCE:
        share *= _part(times)
    return share


def _part(times: float) -> float:
    return min(times, 1 / times)


def _times(parameters: Mapping[str, Any], width: int, height: int) -> float | None:
    """Return how many times the side asked was delivered, None where no size was asked."""
    size = str(parameters.get("resolution", "")).upper()
    if not (size.endswith("K") and size[:-1].isdigit() and int(size[:-1])):
        return None
    return float((width * height) ** 0.5 / (1024 * int(size[:-1])))


def _ratio(name: str) -> float | None:
    left, _, right = name.partition(":")
    if not (left.isdigit() and right.isdigit() and int(left) and int(right)):
        return None
    return int(left) / int(right)


def _is_near(ratio: float | None, other: float) -> bool:
    return ratio is not None and abs(other / ratio - 1) <= RATIO_TOLERANCE
