"""Braces that are nearly a choice.

They have a head that is no name, an empty option, brackets around the options, or a range without
a name or with other dots.
"""

from __future__ import annotations

import re

from nanobanana_nb.model.prompt import ambiguity, placeholders, value_syntax
from nanobanana_nb.text.names import name_of

_PHRASE = r"[^\W\d_]+(?:[ _-]+[^\W_]+){0,3}"
_HEADED = re.compile(rf"({_PHRASE})\s*([:：=])(?![:/=])\s*(.+)")
_OF_CODE = re.compile(r"\|[\w, ]*\|\s|.*\|\|")  # a block of Ruby or Rust, or an `or`


def first(body: str) -> tuple[str, str] | None:
    """Return the first such braces and how they are written as a choice."""
    for group in placeholders.GROUP.finditer(body):
        if placeholders.depth(group) > 1 or placeholders.is_foreign(group, body):
            continue
        if right := _with_head(group[2]) or _without_empty(group[2]) or _without_brackets(group[2]):
            return group[0], right
    return None


def lone_range(body: str) -> tuple[str, str] | None:
    """Return the first range of whole numbers that is no choice, and the choice that is meant."""
    for group in placeholders.GROUP.finditer(body):
        head, text = placeholders.split_head(group[2])
        text = text.strip()
        if placeholders.depth(group) > 1 or not ambiguity.is_span(text):
            continue
        at = group.start()
        argument = placeholders.is_argument(group, body, at)
        if not argument and placeholders.read(group, body, at) is None:
            numbers = text if value_syntax.is_range(text) else ambiguity.span(text) or "1..3"
            return group[0], f"{{{head.strip() or 'n:'} {numbers}}}"
    return None


def _with_head(inside: str) -> str:
    """Return the choice under the name that is meant by several words, or by `=` for a colon."""
    match = _HEADED.fullmatch(inside)
    if match is None or (name_of(match[1]) and match[2] != "="):
        return ""
    name = name_of(re.sub(r"[ -]+", "_", match[1]))
    options = value_syntax.split(match[3])
    return f"{{{name}: {'|'.join(options)}}}" if name and _are_words(options) else ""


def _without_empty(inside: str) -> str:
    """Return the choice without the empty option at its end, and the list that has it."""
    head, text = placeholders.split_head(inside)
    options = value_syntax.split(text)
    full = tuple(filter(None, options))
    ends = "" in (options[0], options[-1]) and len(full) == len(options) - 1
    if not ends or _OF_CODE.match(text.strip()) or not _are_words(full, least=1):
        return ""
    flat = f"{{{head}{'|'.join(full)}}}, or " if len(full) > 1 else ""
    return f"{flat}{{name}} with name = {list(options)} in the notebook"


def _without_brackets(inside: str) -> str:
    """Return the choice without the brackets around all its options."""
    head, text = placeholders.split_head(inside)
    text = text.strip()
    inner = ambiguity.inside(text)
    options = value_syntax.split(inner)
    return f"{{{head}{'|'.join(options)}}}" if inner != text and _are_words(options) else ""


def _are_words(options: tuple[str, ...], least: int = 2) -> bool:
    return len(options) >= least and all(map(placeholders.is_word, options))
