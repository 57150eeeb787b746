"""The braces of a prompt: which are a placeholder, which a choice, and which are only text.

The grammar stands in `template`.
"""

from __future__ import annotations

import re

from nanobanana_nb.model import vary

GROUP = re.compile(r"(\{+)([^{}\n]+)(\}+)")
_NAME = re.compile(r"[^\W\d]\w*")
_HEAD = re.compile(r"([^\W\d]\w*)\s*:(?![:/])")
_QUOTED_KEY = re.compile(r"([\"']).*?\1\s*:")
_FORMULA = re.compile(r"[=<>;≤≥≠≈∈∉⊂⊆∀∃]|\\(?!\|)")
_ARGUMENT = re.compile(r"(?:[\\_^]|\\[A-Za-z]+\*?(?:\[[^\[\]{}\n]*\]|\{[^{}\n]*\})*)\Z")
_LOOK_BACK = 200  # so far back a LaTeX command is looked for

Meaning = tuple[str, tuple[str, ...]]  # a name, or "", and the options of a choice


def read(group: re.Match[str], before: str, at: int) -> Meaning | None:
    """Return what the braces of `group` mean that stand at `at` in `before`, None for text."""
    inside = group[2]
    if _NAME.fullmatch(inside):
        return inside, ()
    found = _choice(inside)
    return None if found is None or _is_argument(before, at) else found


def depth(group: re.Match[str]) -> int:
    """Return how many pairs of braces there are around the inside."""
    return min(len(group[1]), len(group[3]))


def looks_like_a_choice(group: re.Match[str], before: str) -> bool:
    """Whether a person may have meant a choice by what is read as text."""
    inside = group[2]
    bare = depth(group) == 1 and len(vary.split(inside)) > 1
    foreign = _is_other_language(inside) or _is_argument(before, group.start())
    return bare and not foreign and read(group, before, group.start()) is None


def _choice(inside: str) -> Meaning | None:
    if "|" not in inside or inside != inside.strip() or _is_other_language(inside):
        return None
    head = _HEAD.match(inside)
    options = vary.split(inside[head.end() :] if head else inside)
    if len(options) < 2 or _FORMULA.search(inside) or not all(map(_is_whole, options)):
        return None
    return head[1] if head else "", options


def _is_other_language(inside: str) -> bool:
    """Whether it is a JSON object or a template tag: `{"a": …}`, `{% … %}`, `{# … #}`."""
    tag = len(inside) > 1 and inside[0] in "%#" and inside[0] == inside[-1]
    return tag or _QUOTED_KEY.match(inside.lstrip()) is not None


def _is_whole(option: str) -> bool:
    """Whether an option is a text whose quotes and brackets are closed."""
    pairs = all(option.count(a) == option.count(b) for a, b in ("()", "[]"))
    return bool(option) and pairs and option.count('"') % 2 == 0


def _is_argument(before: str, at: int) -> bool:
    """Whether braces at `at` are an argument, an index or a power of LaTeX."""
    return _ARGUMENT.search(before, max(0, at - _LOOK_BACK), at) is not None
