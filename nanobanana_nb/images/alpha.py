"""Colours that a PNG makes clear by their number (tRNS), which Pillow leaves as in the file."""

from __future__ import annotations

from typing import Any

_STEPS = (1, 85, 17)  # from one grey to the next in 8, 2 and 4 bits, as Pillow spreads them


def with_alpha(image: Any) -> Any:
    """Return an L or RGB image with its clear colour, if it has one, in an alpha channel."""
    plain = image.copy()
    plain.info["transparency"] = _read_key(image, image.info["transparency"])
    return plain.convert("RGBA")


def _read_key(image: Any, key: Any) -> Any:
    """Return the clear colour in the pixels' own numbers, from those of the file.

    Pillow does not say how many bits these had: it is the depth in which the colour is there.
    """
    if isinstance(key, tuple) and max(key) > 255:
        return tuple(level >> 8 for level in key)
    if not isinstance(key, int):
        return key
    levels = image.histogram()
    possible = (key * step for step in _STEPS)
    return next((grey for grey in possible if grey < len(levels) and levels[grey]), key)


def keyed(grey: Any, image: Any, key: Any) -> Any:
    """Return grey that is clear where a number of the image is the key, if there is one."""
    if not isinstance(key, int):
        return grey
    opacity = [255] * 65536
    opacity[key] = 0
    clear = grey.convert("LA")
    clear.putalpha(image.convert("I").point(opacity, "L"))
    clear.info.pop("transparency", None)
    return clear
