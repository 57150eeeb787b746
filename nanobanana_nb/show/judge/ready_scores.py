"""Scores that are there by their name, with nothing to download: `grid.score("sharpness")`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.images.picture_scores import colourfulness, contrast, sharpness
from nanobanana_nb.model import mismatch
from nanobanana_nb.model.result import Generation


def delivered(generation: Generation) -> float:
    """Return how much of the shape and size that were asked for was delivered, 0 to 1.

    It is 1 where both are as asked, or nothing was; else the shape's share (9:16 for 16:9 is
    0.32) by that of the side (1K for 2K is 0.5). What a caption does not call a difference, models
    round so much, counts as delivered.

    Raises:
        InputError: the size of the image is not known.
    """
    if not generation.width or not generation.height:
        raise InputError("The size of the image is not known", action="")
    parameters = dict(generation.request.parameters)
    return mismatch.delivered(parameters, generation.width, generation.height)


delivered.of_generation = True  # type: ignore[attr-defined]  # it is called with the result, not with its picture

READY: dict[str, Callable[[Any], float]] = {
    "sharpness": sharpness,
    "contrast": contrast,
    "colourfulness": colourfulness,
    "delivered": delivered,
}
