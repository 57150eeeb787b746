"""Which texts are names: the rule of Python, in every script and however it is encoded."""

from __future__ import annotations

from unicodedata import normalize

# `\w` lacks the vowel signs and accents that follow a letter. No sign is in both: where two ways
# match each letter, a long word that is no name takes 2ⁿ steps.
_INNER = r"\w|[^\x00-\x7F\s：｜\w]"
WORD = rf"[^\W\d](?:{_INNER})*"  # what may be a name; `name_of` decides
DASHED = rf"[^\W\d](?:{_INNER}|-)*"
PHRASE = rf"[^\W\d](?:{_INNER}|[ -])"


def spelled(text: str) -> str:
    """Return the name that a text means, with `_` for `-`; what is none only as Python encodes it.

    That is how names are read in options and arguments; an axis of several has no name of Python.
    """
    written = normalize("NFKC", text.strip())
    return name_of(written.replace("-", "_")) or written


def name_of(text: str) -> str | None:
    """Return the text as Python spells it as a name, None if it is none."""
    name = normalize("NFKC", text)
    return name if name.isidentifier() else None
