r"""Values as people write them: `woodcut | watercolour | 35 mm photo`, `1..5`, `[ink, oil]`.

    values  =  value { bar value }  |  "[" value "," value { "," value } "]"
    value   =  INTEGER ".." INTEGER  |  "@" NAME  |  text
    bar     =  "|"  |  "｜"

These are the rules in braces, in axis lines and after `--vary`; only braces have no list in
brackets. The bar alone separates: outside of such a list commas are text. Blanks around a value do
not count, nor do quotes of any kind (`quotes`) around a whole one, in which bars and commas are
text: `"ink | oil, wet"` is one value, and `'"ink"'` has quotes. A backslash makes a bar, or the
quote that a value begins with, a part of the text (`\|`, `\"`). `@styles` stands for the values of
the list `styles`, `"@styles"` or `\@styles` for the text. What may be meant otherwise stands in
`ambiguity`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.prompt.quotes import OPENING, WHOLE, is_quoted
from nanobanana_nb.text.doors import words
from nanobanana_nb.text.names import DASHED, name_of

MOST_VALUES = 10_000
_VALUE = re.compile(rf"(?:\A|[|｜])(\s*{WHOLE}\s*(?=[|｜]|\Z)|(?:(?<=\\)[|｜]|[^|｜])*)")
_LIST_NAME = re.compile(rf"@({DASHED})")
# A backslash before the quote that a value begins with, or before what would name a list.
_ESCAPED = re.compile(rf"\\+(?:[{OPENING}]|@{DASHED}\Z)")
_RANGE = re.compile(r"([+-]?[0-9]+)\.\.([+-]?[0-9]+)")
_MOST_DIGITS = 18
_OPTION = re.compile(rf"\s*({DASHED})\s*=(.*)", re.DOTALL)
_ITEM = rf"""(?:\s*{WHOLE}\s*|\s*""\s*|\s*''\s*|[^,"'“„«\[\]|｜]*)"""
_LIST = re.compile(rf"\s*\[({_ITEM}(?:,{_ITEM})+)\]\s*")
_ITEMS = re.compile(rf"(?:\A|,)({_ITEM})")

Lists = Callable[[str], Sequence[Any]]  # returns the values of the list with a name


class ListName(str):
    """A value `@styles` as it was written, which stands for those of the list `styles`."""

    __slots__ = ()


def values(text: str) -> tuple[str, ...]:
    """Return the values between bars, or those of a list in brackets, as they were written."""
    return tuple(map(literal, pieces(text)))


def pieces(text: str) -> list[str]:
    """Return the values between bars or of a list, with their blanks, quotes and backslashes."""
    match = _LIST.fullmatch(text)
    return _ITEMS.findall(match[1]) if match else parts(text)


def is_list(text: str) -> bool:
    """Return whether the values are a list in brackets."""
    return _LIST.fullmatch(text) is not None


def split(text: str) -> tuple[str, ...]:
    """Return the values between the bars, as they were written; an empty one is `""`."""
    return tuple(map(literal, parts(text)))


def parts(text: str) -> list[str]:
    """Return what stands between the bars, with its blanks, quotes and backslashes."""
    return _VALUE.findall(text)


def literal(text: str) -> str:
    """Return one value without the blanks, quotes and backslashes that are not of it."""
    value = text.strip()
    if is_quoted(value):
        value = value[1:-1].strip()
    elif _ESCAPED.match(value):
        value = value[1:]
    elif _LIST_NAME.fullmatch(value):
        return ListName(value)
    return re.sub(r"\\([|｜])", r"\1", value)


def escaped(value: str) -> str:
    """Return the value with a backslash before what would not be text of it."""
    if isinstance(value, ListName):
        return value
    text = re.sub(r"([|｜])", r"\\\1", value)
    return f"\\{text}" if _ESCAPED.match(f"\\{text}") else text


def is_range(value: str) -> bool:
    """Whether the value stands for several whole numbers."""
    return _RANGE.fullmatch(value) is not None


def is_several(value: str) -> bool:
    """Whether one value stands for several: it is a range, or names a list."""
    return isinstance(value, ListName) or is_range(value)


def figure(count: int) -> str:
    """Return a count in figures, as far as anybody reads them."""
    if abs(count) < 10**_MOST_DIGITS:
        return f"{count:,}"
    return f"{'under -' if count < 0 else 'over '}10^{_MOST_DIGITS}"


def no_lists(name: str) -> Sequence[Any]:
    """Know no list."""
    raise InputError(f"There is no list @{name}", action=f'Write "@{name}" in quotes for the text.')


def expanded(name: str, values: tuple[str, ...], lists: Lists = no_lists) -> tuple[Any, ...]:
    """Return the values with each range as its whole numbers, counted down where it falls.

    Args:
        lists: gives the values that stand in place of `@NAME`.

    Raises:
        InputError: there is no value, an empty one, a range has too many, or a list is not known.
    """
    if not any(values):
        raise InputError(f"The axis {name} is empty", action="Give it a value.")
    if not all(values):
        raise InputError(f"The axis {name} has an empty value", action="Take out the extra bar.")
    return tuple(member for value in values for member in _members(name, value, lists))


def typed(value: Any) -> Any:
    """Return a text as the number or truth value that it is in JSON, and else as it is."""
    try:
        scalar = json.loads(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        return value
    plain = isinstance(scalar, bool | int) or (isinstance(scalar, float) and abs(scalar) < 1e300)
    return scalar if plain else value


def parse_option(option: str) -> tuple[str, tuple[str, ...]]:
    """Return the name and the values of `--vary NAME=V1|V2`, ranges as they were written.

    Raises:
        InputError: there is no proper name or no `=`.
    """
    match = _OPTION.fullmatch(option)
    name = name_of(match[1].replace("-", "_")) if match else None
    if not match or not name:
        raise _no_axis(option)
    return name, values(match[2])


def _no_axis(option: str) -> InputError:
    text = repr(option[:80])
    return InputError(
        words(f"--vary {text} cannot be used", panel=f"The axis {text} cannot be used"),
        action=words(
            "Write --vary 'NAME=V1|V2|V3'.", panel="It has a name, of letters, digits and _."
        ),
    )


def _members(name: str, value: str, lists: Lists) -> tuple[Any, ...]:
    if isinstance(value, ListName):
        return tuple(lists(value[1:]))
    match = _RANGE.fullmatch(value)
    if not match:
        return (value,)
    if max(map(len, match.groups())) > _MOST_DIGITS:
        raise _too_many(name, "more values than can be counted")
    first, last = int(match[1]), int(match[2])
    count = abs(last - first) + 1
    if count > MOST_VALUES:
        raise _too_many(name, f"{count:,} values")
    step = 1 if last >= first else -1
    return tuple(range(first, last + step, step))


def _too_many(name: str, count: str) -> InputError:
    return InputError(f"The axis {name} would have {count}", action=f"At most {MOST_VALUES:,}.")
