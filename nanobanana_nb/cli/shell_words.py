"""Errors and notes in the words of a shell: what a notebook calls a cell is a command there."""

from __future__ import annotations

import re

_WORDS = (
    (re.compile(r"%nanobanana help lists the options"), "nanobanana make -h lists the options"),
    (re.compile(r"a link, a path or a variable"), "a link or a path"),
    (re.compile(r"a variable or a file"), "a file"),
    (re.compile(r"`?-o`? gets the plan"), "-o FILE.json gets the plan, for nanobanana run"),
    (re.compile(r"%%nanobanana\b"), "nanobanana make"),
    (re.compile(r"%nanobanana\b"), "nanobanana"),
    (re.compile(r"\b([Rr])un (the|its) cell again"), r"\1un the command again"),
    (re.compile(r"\b([Rr])unning (the|its) cell again"), r"\1unning the command again"),
    (re.compile(r" in the environment before Jupyter starts"), " in the environment"),
    (re.compile(r"\bthis notebook\b"), "this folder"),
)


def shell_words(text: str) -> str:
    """Return a text of ours as a shell has it: commands have no sign."""
    for pattern, words in _WORDS:
        text = pattern.sub(words, text)
    return text
