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
    asked: Mapping[str, Any], width: int, height: int, media_type: str | None
) -> tuple[str, ...]:
    """Return what differs from the parameters asked, for example `asked 16:9, got 1:1`.

    Args:
        width: of the delivered image in pixels, as `height`.
    """
    found = (
        _ratio_difference(asked, width, height),
        _size_difference(asked, width, height),
        _format_difference(asked, media_type),
    )
    return tuple(text for text in found if text)


def _ratio(name: str) -> float | None:
    left, _, right = name.partition(":")
    if not (left.isdigit() and right.isdigit() and int(left) and int(right)):
        return None
    return int(left) / int(right)


def _is_near(asked: float | None, got: float) -> bool:
    return asked is not None and abs(got / asked - 1) <= RATIO_TOLERANCE


def _ratio_difference(asked: Mapping[str, Any], width: int, height: int) -> str | None:
    wanted = str(asked.get("aspect_ratio", "auto"))
    ratio = _ratio(wanted)
    if ratio is None or _is_near(ratio, width / height):
        return None
    return f"asked {wanted}, got {ratio_name(width, height)}"


def _size_difference(asked: Mapping[str, Any], width: int, height: int) -> str | None:
    wanted = str(asked.get("resolution", "")).upper()
    if not (wanted.endswith("K") and wanted[:-1].isdigit()):
        return None
    times = (width * height) ** 0.5 / (1024 * int(wanted[:-1] or 1))
    if 1 / SIZE_TOLERANCE <= times <= SIZE_TOLERANCE:
        return None
    return f"asked {wanted}, got {width} × {height}"


def _format_difference(asked: Mapping[str, Any], media_type: str | None) -> str | None:
    wanted = str(asked.get("output_format", "")).lower()
    got = (media_type or "").removeprefix("image/")
    if not (wanted and got) or wanted.replace("jpg", "jpeg") == got:
        return None
    return f"asked {wanted}, got {got}"
