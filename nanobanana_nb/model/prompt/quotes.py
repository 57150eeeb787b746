"""Quotes around a whole value, of every kind that people type or that a program puts in."""

from __future__ import annotations

import re

_PAIRS = (
    *('""', "''", "“”", "„“", "„”", "””", "‘’", "‚‘", "‚’"),
    *("«»", "»«", "‹›", "›‹", "「」", "『』"),
)
OPENING = "".join(dict.fromkeys(pair[0] for pair in _PAIRS))
WHOLE = "(?:" + "|".join(rf"{pair[0]}[^{pair}\n]+{pair[1]}" for pair in _PAIRS) + ")"
_WHOLE = re.compile(WHOLE)


def is_quoted(text: str) -> bool:
    """Return whether a value as it was written is wholly in quotes."""
    return _WHOLE.fullmatch(text.strip()) is not None


def quoted(text: str) -> str:
    """Return the text in the first quotes that it does not have itself, "" if it has all.

    What has a line break cannot be quoted.
    """
    if "\n" in text:
        return ""
    bare = (pair for pair in _PAIRS if not set(pair) & set(text))
    return next((f"{pair[0]}{text}{pair[1]}" for pair in bare), "")


def keep(text: str) -> str:
    """Return a value as it was written so that quotes around it are part of it."""
    return quoted(text) if is_quoted(text) else text
