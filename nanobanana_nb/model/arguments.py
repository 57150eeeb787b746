"""What a person may give for an argument: one sentence where it is of the wrong kind."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from numbers import Integral, Real
from os import PathLike
from typing import Any, TypeVar

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.options import OPTIONS, Option
from nanobanana_nb.model.own_keys import refuse_key
from nanobanana_nb.settings.parsing import as_link
from nanobanana_nb.text.names import spelled


class ArgumentError(InputError, TypeError):
    """An argument is of the wrong kind."""


_Kind = TypeVar("_Kind")
_MOST_BITS = 200  # Python refuses to write a number of thousands of digits


def check(**options: Any) -> None:
    """Refuse options of ours that are of the wrong kind.

    Raises:
        InputError: it tells which, of what kind it is, and what was given.
    """
    for name, value in options.items():
        kind, fits = _KINDS[name]
        if not fits(value):
            raise refusal(name, kind, value)


def check_kind(kind: type, **values: Any) -> None:
    """Refuse arguments that are not of a class of ours.

    Raises:
        ArgumentError: it tells which, and what was given.
    """
    for name, value in values.items():
        if not isinstance(value, kind):
            raise refusal(name, f"a {kind.__name__}", value)


def _is_whole(value: Any) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool)


def _is_amount(value: Any) -> bool:
    """Whether it can limit anything: NaN is above no number, and below none."""
    if isinstance(value, bool) or not isinstance(value, Real):
        return False
    try:
        return 0 <= float(value) < math.inf
    except OverflowError:  # a whole number or a fraction beyond any float
        return False


Rule = tuple[str, Callable[[Any], bool]]
_TEXT = ("a text", lambda value: isinstance(value, str))
_TEXT_OR_NONE = ("a text", lambda value: value is None or isinstance(value, str))
# A word would mean its opposite: "no" is true. NumPy has names of its own for its two values.
_FLAG = ("True or False", lambda value: type(value).__name__ in ("bool", "bool_"))
_WHOLE = ("a whole number", _is_whole)
_WHOLE_OR_NONE = ("a whole number", lambda value: value is None or _is_whole(value))
_FUNCTION_OR_NONE = ("a function", lambda value: value is None or callable(value))
_POSITIVE = ("a whole number, 1 or more", lambda value: _is_whole(value) and value > 0)
_CREDITS = ("a number of credits, 0 or more", lambda value: value is None or _is_amount(value))


def _rule(option: Option) -> Rule:
    match option.kind:
        case "flag":
            return _FLAG
        case "whole":
            return _WHOLE_OR_NONE if option.default is None else _WHOLE
        case "credits":
            return _CREDITS
        case _:
            return _TEXT_OR_NONE


_KINDS: dict[str, Rule] = {
    "by": _TEXT_OR_NONE,
    **dict.fromkeys(("voter", "name", "note"), _TEXT),
    "times": _WHOLE,
    **dict.fromkeys(("count", "workers"), _POSITIVE),
    **dict.fromkeys(("again", "descending", "lowest", "replace", "thumbnails"), _FLAG),
    **dict.fromkeys(("features", "distance"), _FUNCTION_OR_NONE),
    "timeout": ("a number of seconds, or None", lambda value: value is None or _is_amount(value)),
    **{
        option.name: _rule(option)
        for option in OPTIONS.values()
        if option.kind != "texts" and option.name != "aspect_ratio"  # the catalog reads that
    },
}


def prompt(value: Any) -> str:
    """Return the prompt.

    Raises:
        InputError: it is no text; what holds several says how each of them is made.
    """
    if isinstance(value, str):
        return value
    action = "It says what the image shows."
    if isinstance(value, Iterable) and not isinstance(value, bytes):
        action = "For one image of each: `sweep('{prompt}', {'prompt': [...]})`."
    elif isinstance(value, PathLike):
        action = "For what stands in the file: `Path(...).read_text()`."
    raise InputError(f"The prompt is a text, not {described(value)}", action=action)


def callback_url(value: str) -> str:
    """Return where the service posts when a task is finished.

    Raises:
        InputError: it is no such address, which is not repeated: it may hold a secret.
    """
    refuse_key("callback_url", value)
    try:
        return as_link(value)
    except ValueError as error:
        why = str(error)
    raise InputError("callback_url is no address that a service can post to", why=why, action="")


def words(value: Any) -> Mapping[str, str]:
    """Return words and what stands in their place.

    Raises:
        InputError: it is no such mapping of texts.
    """
    if not isinstance(value, Mapping):
        raise refusal("words", "a dict of words and what stands in their place", value)
    for word in (*value, *value.values()):
        if not isinstance(word, str):
            raise refusal("each of words", "a text", word)
    return value


def axes(value: Any, argument: str = "axes") -> Mapping[str, Any]:
    """Return what varies, by its names.

    Raises:
        InputError: it is no mapping of names.
    """
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise refusal(argument, "a dict of names and their values", value)
    for name in value:
        if not isinstance(name, str):
            raise refusal("the name of an axis", "a text", name)
    return {spelled(name): values for name, values in value.items()}


def new_axes(value: Any) -> Mapping[str, Any]:
    """Return axes of a plan that is made: each is a place of the prompt or an input field.

    Raises:
        InputError: they are no mapping of names.
    """
    by_name = axes(value)
    for name in by_name:
        if not name.isidentifier():
            action = "It is a place of the prompt or an input field: letters, digits and _."
            raise InputError(f"{name[:40]!r} cannot be the name of an axis", action=action)
    return by_name


def several(name: str, value: Any, kind: type[_Kind], whole: str = "") -> tuple[_Kind, ...]:
    """Return what holds things of one kind.

    Args:
        whole: what the value is, for the error, if not made of each `kind`.

    Raises:
        ArgumentError: it holds others, or none.
    """
    whole = whole or f"made of each {kind.__name__}"
    try:
        parts = iter(value)
    except TypeError:  # also of an array of no dimension, which says that it can
        raise refusal(name, whole, value) from None
    members = []
    for part in parts:
        if not isinstance(part, kind):
            raise refusal(name, whole, part)
        members.append(part)
    return tuple(members)


def wholes(name: str, value: Any) -> tuple[int, ...]:
    """Return whole numbers.

    Raises:
        ArgumentError: it holds something else, or nothing.
    """
    kind, values = "a list of whole numbers", [value] if isinstance(value, str) else value
    numbers: tuple[Any, ...] = several(name, values, object, kind)
    if others := [number for number in numbers if not _is_whole(number)]:
        raise refusal(name, kind, others[0])
    return tuple(map(int, numbers))


def names(name: str, value: Any) -> tuple[str, ...]:
    """Return names, of which one may be given alone.

    Raises:
        InputError: they are no texts.
    """
    values = [value] if isinstance(value, str) else value
    whole = "the name of an axis, or a list of names"
    return tuple(map(spelled, several(name, values, str, whole)))


def groups(value: Any) -> tuple[tuple[str, ...], ...]:
    """Return groups of names; names that stand alone are one.

    Raises:
        InputError: they are no texts.
    """
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list | tuple):
        raise refusal("zipped", "a list of names, or of such lists", value)
    alone = bool(values) and all(isinstance(name, str) for name in values)
    return tuple(names("zipped", group) for group in ([values] if alone else values))


def refusal(name: str, kind: str, value: Any) -> ArgumentError:
    """Return the error for an argument that is not of the kind that it has to be."""
    return ArgumentError(f"{name} is {kind}, not {described(value)}", action="")


def described(value: Any) -> str:
    """Return a short value as it is written, any other by the name of its type."""
    if value is None or type(value) in (bool, int, float, str):
        if type(value) is int and value.bit_length() > _MOST_BITS:
            return "so large a number"
        text = repr(value)
        return text if 0 < len(text) <= 40 else f"a {type(value).__name__}"
    name = type(value).__name__
    article = "an " if name[:1] in "aeiouAEIOU" else "a "
    return name if name == "bytes" else article + name
