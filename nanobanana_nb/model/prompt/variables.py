"""Variables of a notebook: the text that one puts into a prompt, or the list that is an axis."""

from __future__ import annotations

import json
import math
import sys
from collections import deque
from collections.abc import ItemsView, Iterator, KeysView, ValuesView
from collections.abc import Set as AbstractSet
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from pathlib import PurePath
from typing import Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.arguments import described
from nanobanana_nb.model.prompt import value_syntax

_LISTS = (list, tuple, range, deque, KeysView, ValuesView)
_TEXTS = (Decimal, Fraction, date, time, timedelta)  # what prints as a person knows it
_MOST_BITS = 10_000  # Python writes no number of more than 4,300 digits by default


def text_of(name: str, value: Any) -> str:
    """Return the text that a value puts into a prompt: what `print` shows of it.

    Raises:
        InputError: it is no text, number, date or path.
    """
    plain = plain_value(value)
    if _is_no_value(plain):
        raise _missing(name, plain)
    if not has_text(plain):
        raise InputError(
            f"{{{name}}} is {described(plain)}, which cannot stand in a prompt",
            action=f"Make {name} a text or a number, or write {{{{{name}}}}} for literal braces.",
        )
    if isinstance(plain, int) and plain.bit_length() > _MOST_BITS:
        raise InputError(f"{{{name}}} is too long a number for a prompt", action="Make it a text.")
    return _as_printed(name, plain)


def check_parameter(name: str, value: Any) -> None:
    """Refuse a value of a parameter that is missing or no plain one.

    Raises:
        InputError: it is no text, number or truth value.
    """
    if isinstance(value, str | int | float):
        text_of(name, value)
    elif name == "model" or not (isinstance(value, list | dict) and _is_json(value)):
        what = f"A value of {name} is {described(value)}, which cannot be sent"
        raise InputError(what, action="Each of its values is a text, a number, True or False.")


def _is_json(value: Any) -> bool:
    try:
        return bool(json.dumps(value, allow_nan=False) and str(value))
    except (TypeError, ValueError, RecursionError):
        return False


def has_text(value: Any) -> bool:
    """Whether a value is a text, a number, a date or a path."""
    plain = plain_value(value)
    if isinstance(plain, Enum):
        return False
    return isinstance(plain, (str, int, float, PurePath, *_TEXTS))


def plain_value(value: Any) -> Any:
    """Return what Python itself has for a scalar: of NumPy, an enumeration, or a date.

    A float is the one that is printed: of 32 bits, 0.1 is no 0.10000000149. What has no such
    thing stays as it is.
    """
    scalar = _scalar(value)
    if isinstance(scalar, Enum):
        plain = scalar.value
        same = isinstance(plain, str | int | float) and str(scalar) == str(plain)
        return plain if same else scalar
    return str(scalar) if isinstance(scalar, _TEXTS) and not _is_no_value(scalar) else scalar


def _scalar(value: Any) -> Any:
    """Return what an array without a dimension holds, a scalar of NumPy as Python's own."""
    numpy = sys.modules.get("numpy")  # who has a value of NumPy has imported it
    if numpy is None or not isinstance(value, numpy.generic | numpy.ndarray):
        return value
    if value is numpy.ma.masked or value.shape != ():
        return value
    scalar = value[()] if isinstance(value, numpy.ndarray) else value
    if not isinstance(scalar, numpy.generic) or scalar is numpy.ma.masked:
        return scalar
    if scalar.dtype.kind == "f":
        return float(str(scalar))
    if scalar.dtype.kind in "mM":
        return scalar if numpy.isnat(scalar) else _time(scalar)
    return scalar.item() if scalar.dtype.kind in "biuU" else scalar


def _time(scalar: Any) -> str:
    """Return a date or a span of NumPy as pandas and Python print the same."""
    if scalar.dtype.kind == "m" or scalar.dtype.str[4:-1] in ("Y", "M", "W", "D"):
        return str(scalar)
    whole, part = str(scalar.astype("M8[s]")), str(scalar).partition(".")[2].rstrip("0")
    digits = 6 if len(part) <= 6 else 9
    return whole.replace("T", " ") + (f".{part:0<{digits}}" if part else "")


def sequence(name: str, value: Any) -> tuple[Any, ...] | None:
    """Return the values of a list, tuple, range, array or series, and None for anything else.

    The keys and the values of a dict count as lists.

    Raises:
        InputError: there are more than any plan holds, or they have no order to rely on.
    """
    kind = isinstance(value, type | memoryview)
    # An array of NumPy, or a Series or Index of pandas.
    array = not kind and getattr(value, "ndim", None) == 1 and hasattr(value, "tolist")
    if not array and not isinstance(value, _LISTS):
        _check_order(name, value)
        return None
    if isinstance(value, range):  # `len` is not made for any number of them
        count = (value[-1] - value[0]) // value.step + 1 if value else 0
    else:
        count = len(value)
    if count > value_syntax.MOST_VALUES:
        raise InputError(
            f"That would be {value_syntax.figure(count)} images",
            why=f"{{{name}}} has so many values",
            action=f"At most {value_syntax.MOST_VALUES:,} at once.",
        )
    if array:  # of a pandas Series the array has its values as they are
        items = _items(value)
        return tuple(plain_value(items[n]) for n in range(count))
    return tuple(map(plain_value, value))


def _items(value: Any) -> Any:
    """Return what gives the values of an array one by one; a MultiIndex has no array of its own."""
    try:
        items = getattr(value, "array", value)
    except ValueError:
        items = value
    return items if hasattr(items, "__getitem__") else value.tolist()


def is_missing(value: Any) -> bool:
    """Whether it stands for nothing, as tables have it: None, NaN, NaT or NA."""
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return _is_no_value(value) and "inf" not in str(value).casefold()


def _is_no_value(value: Any) -> bool:
    """Whether it is no finite number (NaN, infinity), or no date (NaT)."""
    if isinstance(value, Decimal):
        return not value.is_finite()
    if isinstance(value, float):
        return not math.isfinite(value)
    is_time = isinstance(value, _TEXTS) or type(value).__name__ in ("datetime64", "timedelta64")
    return is_time and bool(value != value)


def _missing(name: str, value: Any) -> InputError:
    if "inf" in str(value).casefold():
        return InputError(f"{{{name}}} is {value}, no finite number", action="Leave it out.")
    return InputError(
        f"{{{name}}} has a missing value, {value}",
        action=f"Leave it out of {name}; of a pandas Series, dropna() leaves it out.",
    )


def _as_printed(name: str, value: Any) -> str:
    """Return the text of a value; what a person's own class makes of it may fail."""
    try:
        return str(str(value))
    except Exception as error:
        what = f"{{{name}}} is {described(value)} that cannot be printed"
        raise InputError(what, why=type(error).__name__, action="Make it a text.") from error


def _check_order(name: str, value: Any) -> None:
    """Refuse what has values and gives them in another order, or none, the next time."""
    if isinstance(value, ItemsView):
        why, action = "whose values are pairs", "Give the keys() or the values() of the dict."
    elif isinstance(value, AbstractSet):
        why, action = "which has no order", f"{name} = sorted({name}) makes a list of it."
    elif isinstance(value, Iterator):
        why, action = "which is used up by reading", f"{name} = list({name}) makes a list of it."
    else:
        return
    raise InputError(f"{{{name}}} is {described(value)}, {why}", action=action)
