"""The text of a prompt: the form in which it is sent, and what makes two of them look alike."""

from __future__ import annotations

import re
import unicodedata

_LINE_END = re.compile(r"\r\n?|[\u2028\u2029]")
_EMPTY_LINES_ABOVE = re.compile(r"\A(?:[^\S\n]*\n)+")
# Soft hyphen, zero-width space, joiner of words, byte order mark, and turns of direction. What
# joins letters and emoji is none of them: it changes what a reader sees.
_UNSEEN = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


def as_sent(text: str) -> str:
    r"""Return the text as a cell would have it, wherever it comes from.

    Each line ends with `\n`; empty lines above it and white space behind it go. Nothing else is
    changed: the indent of its first line and every other character are the person's.
    """
    return _EMPTY_LINES_ABOVE.sub("", _LINE_END.sub("\n", text)).rstrip()


def likeness(text: str) -> str:
    """Return what texts have in common that a reader takes for the same.

    They may differ in white space, in how an accent is encoded (NFC), and in unseen signs.
    """
    return " ".join(unicodedata.normalize("NFC", _UNSEEN.sub("", text)).split())
