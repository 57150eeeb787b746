"""Values one a line, behind the marks of a list: `- ink`, `1. ink`, `| ink`, `ink,`."""

from __future__ import annotations

import re
from collections.abc import Sequence

MARK = re.compile(r"\s*[-*•+–—‣◦▪·]\s+")
_NUMBER = re.compile(r"\(?([0-9]{1,3}|[a-z])[.)]\s+")
_BAR = re.compile(r"[|｜]\s*")
_ENDS = ",;|，；、｜"


def is_item(line: str) -> bool:
    """Return whether a line that is not indented is one of a list."""
    return any(sign.match(line) for sign in (MARK, _NUMBER, _BAR))


def items(lines: Sequence[str]) -> list[str]:
    """Return the values as they were written, without what makes the lines a list.

    Numbers count only where they are 1, 2, 3 and so on, and a sign at the end where each line but
    the last has it: one value may begin or end in any way.
    """
    texts = [MARK.sub("", line, count=1).strip() for line in lines]
    numbers = [_NUMBER.match(text) for text in texts]
    figures = [str(n + 1) for n in range(len(texts))]
    letters = [chr(ord("a") + n) for n in range(len(texts))]
    if len(texts) > 1 and [n[1] if n else "" for n in numbers] in (figures, letters):
        texts = [_NUMBER.sub("", text, count=1) for text in texts]
    if all(map(_BAR.match, texts)):
        texts = [_BAR.sub("", text, count=1) for text in texts]
    ends = {text[-1:] for text in texts[:-1]}
    end = ends.pop() if len(ends) == 1 else ""
    if not end or end not in _ENDS or any(text.endswith(f"\\{end}") for text in texts):
        return texts
    return [text.removesuffix(end).rstrip() for text in texts]
