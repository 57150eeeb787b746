"""Text as it may be shown: nothing that a terminal or a page would obey, in signs that it has."""

from __future__ import annotations

import codecs
import re
import shutil
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

MOST_LINE = 20_000  # the longest prompt that a model takes
MOST_TASK = 200  # characters of a task id; a service names its tasks as it likes
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_OBEYED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
_HALF = re.compile("[\ud800-\udfff]")
_PLAIN_SIGNS = {
    "×": "x",
    "·": "|",
    "…": "...",
    "–": "-",
    "—": "-",
    "−": "-",
    "±": "+-",
    "≠": "!=",
    "≈": "~",
    "≤": "<=",
    "≥": ">=",
    "★": "*",
    "☆": ".",
    "♥": "<3",
    "→": "->",
    "←": "<-",
    "↑": "^",
    "↓": "v",
    "↳": "->",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
}
_FALLBACK = "nanobanana_nb.plain_signs"
_Class = TypeVar("_Class")


def harmless(text: Any) -> str:
    """Return `text` without control characters and turns of the direction; its line ends stay.

    Half a character, which no output takes, is a question mark.
    """
    whole = str(text)
    if whole.isprintable():  # at once, also for the megabytes of a picture
        return whole
    return _HALF.sub("?", _OBEYED.sub("", whole))


def inert(text: Any) -> str:
    """Return `text` as `harmless` does, each end of a line the same."""
    whole = str(text)
    return whole if whole.isprintable() else harmless(_BREAKS.sub("\n", whole))


def visible(text: Any) -> str:
    """Return `text` as `inert` does, lines cut that are longer than any that people write."""
    whole = inert(text)
    if len(whole) <= MOST_LINE:
        return whole
    lines = whole.split("\n")
    return "\n".join(
        _shortened(line, MOST_LINE) if len(line) > MOST_LINE else line for line in lines
    )


def plain(text: Any) -> str:
    """Return `text` on one line, as `inert` does."""
    return " ".join(inert(text).split())


def cut(text: Any, most: int) -> str:
    """Return `text` as `plain` does, of about `most` characters, an ellipsis where it was cut."""
    line = plain(str(text)[: 4 * most + 400])
    return _shortened(line, most) if len(line) > most else line


def printable(text: str) -> str:
    """Return `text` as `visible` does, in signs that the standard output can write.

    Others become plain ones, as `x` for `×`, and letters their escapes, as `\\u732b`. A notebook
    can write all; a console of Windows or the locale C cannot.
    """
    text = visible(text)
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        return text.encode(encoding, _FALLBACK).decode(encoding)
    except (LookupError, TypeError):  # what stands in for the output may say what it likes
        return text


def width() -> int | None:
    """Return how many signs a line of the standard output has, None where that is no terminal."""
    try:
        is_terminal = sys.stdout.isatty()
    except (AttributeError, ValueError):  # there is none, or it is closed
        return None
    return shutil.get_terminal_size().columns if is_terminal else None


def printed(kind: type[_Class]) -> type[_Class]:
    """Make what `print` and `repr` show of a class `printable`."""
    for name in ("__repr__", "__str__"):
        if getattr(kind, name) is not getattr(object, name):
            setattr(kind, name, _printable_method(getattr(kind, name)))
    return kind


def _shortened(line: str, most: int) -> str:
    return line[: most - 1].rstrip() + "…"


def _printable_method(method: Callable[[Any], str]) -> Callable[[Any], str]:
    @wraps(method)
    def text(self: Any) -> str:
        return printable(method(self))

    return text


def _plain_signs(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    unfit = error.object[error.start : error.end]
    signs = (_PLAIN_SIGNS.get(c) or c.encode("ascii", "backslashreplace").decode() for c in unfit)
    return "".join(signs), error.end


codecs.register_error(_FALLBACK, _plain_signs)
