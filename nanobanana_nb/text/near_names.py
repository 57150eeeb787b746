"""A name that is plainly a slip of a known one, and not the name of something newer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

_SIGNS = re.compile(r"[\W_]+")
_LEAST = 0.8  # of likeness: `bannana` has 0.92, `lite` and `light` 0.67
_LONG = 4  # letters: shorter words are too much alike to be slips


def slip(name: str, known: Iterable[str]) -> str | None:
    """Return the known name of which `name` is a slip, word by word; None for a name of its own.

    `nano-bannana` is one of `nano-banana`; `nano-banana-3` and `nano-banana-max` are none.
    """
    parts = _words(name)
    for other in known:
        others = _words(other)
        pairs = zip(parts, others, strict=False)
        same_count = len(parts) == len(others) and all(_alike(*pair) for pair in pairs)
        if same_count or "".join(parts) == "".join(others):
            return other
    return None


def _words(name: str) -> list[str]:
    return [word for word in _SIGNS.split(name.casefold()) if word]


def _alike(word: str, other: str) -> bool:
    """Whether two words are the same, or differ by a letter or their order; numbers are exact."""
    if word == other or not (word.isalpha() and other.isalpha()):
        return word == other
    if sorted(word) == sorted(other):
        return True
    near = SequenceMatcher(None, word, other).ratio() > _LEAST
    return near and max(len(word), len(other)) >= _LONG
