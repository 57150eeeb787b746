"""Aspect ratios and the pixel sizes that go with them."""

from __future__ import annotations

import math
from collections.abc import Iterable

SIZES_1K: dict[str, tuple[int, int]] = {
    "1:1": (1024, 1024),
    "2:3": (832, 1248),
    "3:2": (1248, 832),
    "3:4": (864, 1184),
    "4:3": (1184, 864),
    "4:5": (896, 1152),
    "5:4": (1152, 896),
    "9:16": (768, 1344),
    "16:9": (1344, 768),
    "21:9": (1536, 672),
    "1:4": (512, 2048),
    "4:1": (2048, 512),
    "1:8": (360, 2880),
    "8:1": (2880, 360),
}

SCALES = {"1K": 1, "2K": 2, "4K": 4}


def pixel_size(ratio: str, resolution: str = "1K") -> tuple[int, int]:
    """Width and height in pixels of a named ratio at a named resolution."""
    width, height = SIZES_1K[ratio]
    scale = SCALES[resolution]
    return width * scale, height * scale


def nearest_ratio(width: int, height: int, among: Iterable[str]) -> str:
    """The named ratio whose shape is closest to a picture of width x height pixels."""
    shape = math.log(width / height)

    def distance(ratio: str) -> float:
        across, down = SIZES_1K[ratio]
        return abs(math.log(across / down) - shape)

    return min((ratio for ratio in among if ratio in SIZES_1K), key=distance)
