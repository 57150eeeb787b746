r"""The braces of a prompt: which are a placeholder, which a choice, and which are only text.

The grammar stands in `template`.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from nanobanana_nb.model.prompt import ambiguity, quotes, value_syntax
from nanobanana_nb.text.names import WORD, name_of

OPENING = frozenset("{｛")  # a text without them has no place and no choice, nor nearly one
GROUP = re.compile(r"(?<!\{)(\{++)([^{}\n]++)(\}++)")
_HEAD = re.compile(rf"({WORD})\s*[:：](?![:/])")
_FORMATTED = re.compile(rf"\s*({WORD})\s*(?:![rsa]|:[^{{}}|]*|\[[^\[\]]*\]|\.\w+)*\s*")
_QUOTED_KEY = re.compile(r"([\"']).*?\1\s*:")
_FORMULA = re.compile(rf"[=<>;≤≥≠≈∈∉⊂⊆∀∃]|\\(?![|｜@{quotes.OPENING}])")
_NESTED = re.compile(r"\{((?:[^{}\n]*\{[^{}\n]*\})+[^{}\n]*)\}")
_SINGLE = re.compile(r"(?<!\{)\{([^{}]*)\}(?!\})")

_BRACED = r"\{(?:[^{}\n]|\{(?:[^{}\n]|\{[^{}\n]*\})*\})*\}"  # as deep as a power in a root
_SCRIPT = rf"[_^](?:{_BRACED}|\\[A-Za-z]+|[^\W_])"
_ARGUMENT = re.compile(
    rf"(?:\\[A-Za-z]+\*?(?:\[[^\[\]{{}}\n]*\]|{_BRACED}|{_SCRIPT}|')*[_^]?"  # \frac{…}, \hat{x}_
    rf"|(?<![^\W\d])[^\W\d_]'*(?:{_SCRIPT})*_"  # x_ and x^2_, but not report_
    r"|[)\]]_|\^|\\)\Z"
)
_SEPARATORS = re.compile(rf"[,，、;；|｜/／{ambiguity.LIKE_BARS}]|\sor\s")
_ITEM = re.compile(r"[\w' -]{1,40}")
_IN_WORDS = re.compile(r"[^\W\d_]{2}|[^\x00-\x7F]")
_IN_CODE = re.compile(r"_|[a-z][A-Z]")
_CODE_BEFORE = re.compile(r"(?:[\w\\$#%@&./]|\w\(|[=)]\s*|\b(?:import|export|const|let|var)\s+)\Z")
_CODE_BEHIND = re.compile(r"\s*=|\s+from\s+[\"']")
_FULL_WIDTH = re.compile(r"(?<![{｛])(?:｛([^{}｛｝\n]+)[}｝]|\{([^{}｛｝\n]+)｝)(?![}｝])")
_LOOK_BACK = 200  # so far back a LaTeX command is looked for

Meaning = tuple[str, tuple[str, ...]]  # a name, or "", and the options of a choice


def read(group: re.Match[str], before: str, at: int) -> Meaning | None:
    """Return what the braces of `group` mean that stand at `at` in `before`, None for text."""
    meaning = _meaning(group[2])
    return None if meaning is None or is_argument(group, before, at) else meaning


def read_name(group: re.Match[str], before: str = "", at: int = 0) -> Meaning | None:
    """Return the name that the braces hold, wherever they stand, None for anything else."""
    name = name_of(group[2])
    return (name, ()) if name else None


def depth(group: re.Match[str]) -> int:
    """Return how many pairs of braces there are around the inside."""
    return min(len(group[1]), len(group[3]))


def names(body: str) -> frozenset[str]:
    """Return the names that stand in the braces of a prompt and are no text."""
    groups = (g for g in GROUP.finditer(body) if depth(g) % 2)
    meanings = (read(group, body, group.start()) for group in groups)
    return frozenset(meaning[0] for meaning in meanings if meaning and meaning[0])


def first_choice(body: str) -> str | None:
    """Return the first choice that stands in a prompt."""
    groups = (g for g in GROUP.finditer(body) if depth(g) % 2)
    pairs = ((group, read(group, body, group.start())) for group in groups)
    return next((f"{{{group[2]}}}" for group, meaning in pairs if meaning and meaning[1]), None)


def written_choices(body: str) -> Iterator[tuple[str, str]]:
    """Yield the name of each choice and its options as they were written."""
    unnamed = 0
    for group in GROUP.finditer(body):
        meaning = read(group, body, group.start()) if depth(group) % 2 else None
        if meaning is None or not meaning[1]:
            continue
        unnamed += not meaning[0]
        yield meaning[0] or f"choice {unnamed}", split_head(group[2])[1]


def split_head(inside: str) -> tuple[str, str]:
    """Return the name in front with its colon, and what stands behind it."""
    text = inside.strip()
    head = _HEAD.match(text)
    return (text[: head.end()], text[head.end() :]) if head else ("", text)


def is_word(option: str) -> bool:
    """Return whether an option is words, and neither code nor a sign of a formula."""
    words = _ITEM.fullmatch(option) and _IN_WORDS.search(option)
    return bool(words) and not _IN_CODE.search(option)


def is_foreign(group: re.Match[str], body: str) -> bool:
    """Return whether braces belong to code, a formula or a tag of another language."""
    argument = is_argument(group, body, group.start())
    return _is_code(group, body) or argument or _is_other_language(group[2])


def _is_code(group: re.Match[str], body: str) -> bool:
    before = _CODE_BEFORE.search(body, max(0, group.start() - _LOOK_BACK), group.start())
    return bool(before or _CODE_BEHIND.match(body, group.end()))


def first_list(body: str) -> tuple[str, str] | None:
    """Return the first braces that are text and plainly mean several values, and how to write them.

    They hold words between commas or slashes, or are of full width. JSON, code and formulas are
    no such thing.
    """
    for group in GROUP.finditer(body):
        text = depth(group) == 1 and read(group, body, group.start()) is None
        if text and not _is_code(group, body) and _is_list(group[2]):
            return group[0], _as_choice(group[2])
    wide = ((match[0], match[1] or match[2]) for match in _FULL_WIDTH.finditer(body))
    return next(((w, _as_choice(i)) for w, i in wide if _choice(i) or _is_list(i)), None)


def first_quotes(body: str) -> tuple[str, str] | None:
    """Return the first choice with quotes that may be words of it, and how to write it with them.

    An option with a bar or a comma needs its quotes, and one in two pairs keeps the inner one.
    """
    for group in GROUP.finditer(body):
        meaning = read(group, body, group.start()) if depth(group) % 2 else None
        if meaning is None or not meaning[1]:
            continue
        head, text = split_head(group[2])
        parts = [part.strip() for part in value_syntax.parts(text)]
        if any(map(quotes.is_quoted, parts)) and not any(map(ambiguity.needs_quotes, parts)):
            with_quotes = "|".join(map(quotes.keep, parts))
            return f"{{{group[2]}}}", f"{{{head}{with_quotes}}}"
    return None


def first_format(body: str, known: Container[str | None]) -> tuple[str, str] | None:
    """Return the first known name that stands in braces with more than itself, and the braces."""
    for group in GROUP.finditer(body):
        name = _FORMATTED.fullmatch(group[2])
        if name is None or name_of(name[1]) not in known or depth(group) > 1:
            continue
        if _meaning(group[2]) is None and not is_argument(group, body, group.start()):
            return name[1], f"{{{group[2]}}}"
    wide = ((name_of((g[1] or g[2]).strip()), g[0]) for g in _FULL_WIDTH.finditer(body))
    return next(((name, braces) for name, braces in wide if name and name in known), None)


def formula_name(group: re.Match[str], before: str) -> tuple[str, ...]:
    """Return the name in braces that are text because LaTeX stands before them, if it is one."""
    name = name_of(group[2])
    return (name,) if name and is_argument(group, before, group.start()) else ()


def first_nested(body: str) -> str | None:
    """Return the first choice that has a place in one of its options."""
    for outer in _NESTED.finditer(body):
        inner = GROUP.finditer(outer[1])
        places = any(read(group, body, outer.start(1) + group.start()) for group in inner)
        if places and _choice(re.sub(r"\{[^{}]*\}", "x", outer[1])):
            return outer[0]
    return None


def doubts(body: str) -> list[str]:
    """Return what a person may have meant as a choice and what is read as text."""
    groups = (group for group in GROUP.finditer(body) if _looks_like_a_choice(group, body))
    over_lines = (match for match in _SINGLE.finditer(body) if "\n" in match[1])
    choices = (_one_line(match[0]) for match in over_lines if _choice(_one_line(match[1])))
    return [*(f"{{{group[2]}}}" for group in groups), *choices]


def _looks_like_a_choice(group: re.Match[str], before: str) -> bool:
    inside = group[2]
    options = value_syntax.split(inside)
    several = len(options) > 1 or value_syntax.is_several(options[0])
    foreign = _is_other_language(inside) or is_argument(group, before, group.start())
    text = depth(group) == 1 and read(group, before, group.start()) is None
    return several and text and not foreign


def _meaning(inside: str) -> Meaning | None:
    name = name_of(inside)
    return (name, ()) if name else _choice(inside)


def _choice(inside: str) -> Meaning | None:
    if inside != inside.strip() or _is_other_language(inside) or _FORMULA.search(inside):
        return None
    head = _HEAD.match(inside)
    name = name_of(head[1]) if head else ""
    if name is None:
        return None
    options = value_syntax.split(inside[head.end() :] if head else inside)
    several = len(options) > 1 or (head and value_syntax.is_several(options[0]))
    if not several or not all(map(_is_whole, options)):
        return None
    return name, options


def _is_list(inside: str) -> bool:
    """Whether it is words with a separator between them; behind a name, numbers too."""
    head, text = split_head(inside)
    items = _items(text)
    return len(items) > 1 and all(
        _ITEM.fullmatch(item) and (head or _IN_WORDS.search(item)) and not _IN_CODE.search(item)
        for item in items
    )


def _items(text: str) -> list[str]:
    return [value_syntax.literal(item) for item in _SEPARATORS.split(text)]


def _as_choice(inside: str) -> str:
    """Return the choice that is meant by a list in braces."""
    head, text = split_head(inside)
    items = _items(text)
    options = value_syntax.split(inside) if len(value_syntax.split(inside)) > 1 else items
    return f"{{{head}{' ' if head else ''}{'|'.join(options)}}}"


def _is_other_language(inside: str) -> bool:
    """Whether it is a JSON object or a template tag: `{"a": …}`, `{% … %}`, `{# … #}`."""
    tag = len(inside) > 1 and inside[0] in "%#" and inside[0] == inside[-1]
    return tag or _QUOTED_KEY.match(inside.lstrip()) is not None


def _is_whole(option: str) -> bool:
    """Whether an option is a text whose quotes and brackets are closed."""
    pairs = all(option.count(a) == option.count(b) for a, b in ("()", "[]"))
    return bool(option) and pairs and option.count('"') % 2 == 0


def is_argument(group: re.Match[str], before: str, at: int) -> bool:
    """Whether braces at `at` are an argument, an index or a power of LaTeX."""
    if depth(group) > 1:
        return False
    return _ARGUMENT.search(before, max(0, at - _LOOK_BACK), at) is not None


def _one_line(text: str) -> str:
    return " ".join(text.split())
