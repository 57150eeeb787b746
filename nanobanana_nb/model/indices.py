"""Which image of several is meant: one sentence where there is none."""

from __future__ import annotations

from operator import index
from typing import Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.arguments import described, refusal


class MissingImageError(InputError, IndexError, ValueError):
    """There are fewer images than an index wants, or an image of which the index is wanted."""


class NotOneError(InputError, AttributeError):
    """There are none or several of what only one image has; `hasattr` and `getattr` know it."""


def position(value: Any, count: int) -> int:
    """Return where one of `count` images stands; a negative index counts from the end.

    Raises:
        MissingImageError: there are fewer.
        ArgumentError: it is no whole number.
    """
    try:
        return range(count)[index(value)]
    except TypeError:
        raise refusal("The index of an image", "a whole number", value) from None
    except IndexError:
        what = f"There is no image {described(value)}"
        raise MissingImageError(what, why=f"there are {count}", action="") from None


def positions(part: slice, count: int) -> range:
    """Return where the images of a part stand.

    Raises:
        ArgumentError: its ends are no whole numbers, or its step is 0.
    """
    try:
        return range(count)[part]
    except (TypeError, ValueError):
        kind = "from two whole numbers, with a step that is not 0"
        raise refusal("A part of a grid", kind, part) from None
