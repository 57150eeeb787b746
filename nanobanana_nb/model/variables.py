"""Variables of a notebook: the text that one puts into a prompt, or the list that is an axis."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, KeysView, ValuesView
from collections.abc import Set as AbstractSet
from typing import Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.model import vary

_LISTS = (list, tuple, range, deque, KeysView, ValuesView)
_MOST_BITS = 10_000  # Python writes no number of more than 4,300 digits by default


def text_of(name: str, value: Any) -> str:
    """Return the text that a value puts into a prompt.

    Raises:
        InputError: it is no text, number or path.
    """
    held = plain_value(value)
    if not has_text(held):
        raise InputError(
            f"{{{name}}} is a {type(held).__name__}, which cannot stand in a prompt",
            action=f"Make {name} a text or a number, or write {{{{{name}}}}} for literal braces.",
        )
    if (isinstance(held, float) or _is_scalar(held)) and held != held:
        raise InputError(
            f"{{{name}}} has a missing value, {held}",
            action=f"Leave it out of {name}; of a pandas Series, dropna() leaves it out.",
        )
    if isinstance(held, int) and held.bit_length() > _MOST_BITS:
        raise InputError(f"{{{name}}} is too long a number for a prompt", action="Make it a text.")
    return str(held)


def has_text(value: Any) -> bool:
    """Whether a value is a text, a number or a path."""
    plain = isinstance(value, str | int | float) or hasattr(value, "__fspath__")
    return plain or _is_scalar(value)


def plain_value(value: Any) -> Any:
    """Return a NumPy scalar as Python's own number or text, and anything else as it is."""
    held = value.item() if _is_scalar(value) else value
    return held if isinstance(held, str | int | float) else value


def sequence(name: str, value: Any) -> tuple[Any, ...] | None:
    """Return the values of a list, tuple, range, array or series, and None for anything else.

    The keys and the values of a dict count as lists.

    Raises:
        InputError: there are more than any plan holds, or they have no order to rely on.
    """
    array = getattr(value, "ndim", None) == 1 and hasattr(value, "tolist")  # NumPy, pandas
    if not array and not isinstance(value, _LISTS):
        _check_order(name, value)
        return None
    count = _count(value)
    if count > vary.MOST_VALUES:
        raise InputError(
            f"That would be {vary.figure(count)} images",
            why=f"{{{name}}} has so many values",
            action=f"At most {vary.MOST_VALUES:,} at once.",
        )
    return tuple(map(plain_value, value.tolist() if array else value))


def _is_scalar(value: Any) -> bool:
    return getattr(value, "shape", None) == ()


def _count(value: Any) -> int:
    """Return how many values there are; of a range any number, which `len` is not made for."""
    if not isinstance(value, range):
        return len(value)
    return (value[-1] - value[0]) // value.step + 1 if value else 0


def _check_order(name: str, value: Any) -> None:
    """Refuse what has values and gives them in another order, or none, the next time."""
    if isinstance(value, AbstractSet):
        why, action = "which has no order", f"{name} = sorted({name}) makes a list of it."
    elif isinstance(value, Iterator):
        why, action = "which is used up by reading", f"{name} = list({name}) makes a list of it."
    else:
        return
    raise InputError(f"{{{name}}} is a {type(value).__name__}, {why}", action=action)
