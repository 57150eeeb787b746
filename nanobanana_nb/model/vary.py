r"""Values as people write them: `woodcut | watercolour | 35 mm photo`, `1..5`.

    values  =  value { "|" value }
    value   =  INTEGER ".." INTEGER  |  text

The bar alone separates; commas are text. A bar behind a backslash (`\|`) is a bar of the text.
Blanks around a value do not count.
"""

from __future__ import annotations

import json
import re
from typing import Any

from nanobanana_nb.errors import InputError

MOST_VALUES = 10_000
_BAR = re.compile(r"(?<!\\)\|")
_RANGE = re.compile(r"([+-]?[0-9]{1,18})\.\.([+-]?[0-9]{1,18})")
_OPTION = re.compile(r"\s*([^\W\d][\w-]*)\s*=(.*)", re.DOTALL)


def split(text: str) -> tuple[str, ...]:
    """Return the values between the bars, as they were written; an empty one is `""`."""
    return tuple(literal(value) for value in _BAR.split(text))


def literal(text: str) -> str:
    """Return one value without the blanks around it and the backslashes before its bars."""
    return text.strip().replace(r"\|", "|")


def joined(values: tuple[str, ...]) -> str:
    """Return the text that `split` takes apart into these values."""
    return " | ".join(escaped(value) for value in values)


def escaped(value: str) -> str:
    """Return the value with a backslash before each of its bars."""
    return value.replace("|", r"\|")


def is_range(value: str) -> bool:
    """Whether the value stands for several whole numbers."""
    return _RANGE.fullmatch(value) is not None


def expanded(name: str, values: tuple[str, ...]) -> tuple[Any, ...]:
    """Return the values with each range as its whole numbers, counted down where it falls.

    Raises:
        InputError: there is no value, an empty one, or a range has too many.
    """
    if not any(values):
        raise InputError(f"The axis {name} is empty", action="Give it a value.")
    if not all(values):
        raise InputError(f"The axis {name} has an empty value", action="Take out the extra bar.")
    return tuple(one for value in values for one in _one(name, value))


def typed(value: Any) -> Any:
    """Return a text as the number or truth value that it is in JSON, and else as it is."""
    try:
        found = json.loads(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        return value
    plain = isinstance(found, bool | int) or (isinstance(found, float) and abs(found) < 1e300)
    return found if plain else value


def parse_option(option: str) -> tuple[str, tuple[str, ...]]:
    """Return the name and the values of `--vary NAME=V1|V2`, ranges as they were written.

    Raises:
        InputError: there is no proper name or no `=`.
    """
    found = _OPTION.fullmatch(option)
    if not found:
        raise InputError(
            f"--vary {option!r} cannot be used", action="Write --vary 'NAME=V1|V2|V3'."
        )
    return found[1].replace("-", "_"), split(found[2])


def _one(name: str, value: str) -> tuple[Any, ...]:
    found = _RANGE.fullmatch(value)
    if not found:
        return (value,)
    first, last = int(found[1]), int(found[2])
    count = abs(last - first) + 1
    if count > MOST_VALUES:
        raise InputError(
            f"The axis {name} would have {count:,} values", action=f"At most {MOST_VALUES:,}."
        )
    step = 1 if last >= first else -1
    return tuple(range(first, last + step, step))
