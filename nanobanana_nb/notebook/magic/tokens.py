r"""The words of an option line, much as a POSIX shell has them.

Quotes group and are not kept. A backslash before a blank, a quote or another sign of a shell
takes its meaning away; before a letter, a digit or a bar it stays, so that `C:\pics\cat.png` is a
path and `a\|b` holds a bar. A `#` that stands alone begins a comment. Quotes and dashes that
a word processor put in are refused: they would be a part of what is sent.
"""

from __future__ import annotations

import re

from nanobanana_nb.errors import InputError

_PIECE = re.compile(
    r"""(?P<blank>[ \t\r\n]+)
    | '(?P<single>[^']*)'
    | "(?P<double>(?:[^"\\]|\\.)*)"
    | (?P<escape>\\.)
    | (?P<plain>[^ \t\r\n'"\\]+)""",
    re.VERBOSE | re.DOTALL,
)
_COMMENT = re.compile(r"#(?=[ \t\r\n]|\Z)")
_NETWORK_PATH = re.compile(r"\\\\(?=\w)")
_DRIVE = re.compile(r"(?:.*=|-i)?[A-Za-z]:")
_SHELL_SIGNS = frozenset("#$&()*;<>?[]`{}~!\\")
_QUOTE = re.compile(r"(?:\A|=)([“”„‟‘‚‛])")
_DASH = re.compile(r"-?[‐‑‒–—―−－]-?(\w[\w-]*)")


def tokens(line: str) -> list[str]:
    """Return the words of a line.

    Raises:
        InputError: a quotation is not closed, or a quote or a dash is none that options have.
    """
    words: list[str] = []
    word: str | None = None
    at = 0
    while at < len(line) and not (word is None and _COMMENT.match(line, at)):
        if word is None and (path := _NETWORK_PATH.match(line, at)):
            word, at = path[0], path.end()
            continue
        piece = _PIECE.match(line, at)
        if piece is None:
            raise _unreadable(line[at])
        at = piece.end()
        if piece["blank"] is None:
            word = (word or "") + _text(piece, word)
        elif word is not None:
            words.append(word)
            word = None
    return words if word is None else [*words, word]


def _text(piece: re.Match[str], before: str | None) -> str:
    """Return what a piece of a word stands for."""
    if piece["single"] is not None:
        return piece["single"]
    if piece["double"] is not None:
        return re.sub(r'\\(["\\])', r"\1", piece["double"])
    if piece["escape"] is not None:
        return _escaped(piece["escape"], before or "")
    _check_signs(piece["plain"], before)
    return piece["plain"]


def _escaped(pair: str, before: str) -> str:
    """Return what a backslash and the sign behind it stand for."""
    sign = pair[1]
    shell = sign in _SHELL_SIGNS and not _DRIVE.match(before)
    return sign if shell or sign in " \t\r\n'\"" else pair


def _check_signs(text: str, before: str | None) -> None:
    """Refuse the quotes and dashes of a word processor where options have their own."""
    quote = _QUOTE.search(text)
    if quote and (before is None or quote.start() or before.endswith("=")):
        raise InputError(
            f"{quote[1]} is no quotation mark of an option line",
            action="Write ' or \" on either side of a value.",
        )
    dash = _DASH.match(text) if before is None else None
    if dash:
        option = "-" * (1 if len(dash[1]) == 1 else 2) + dash[1]
        raise InputError(
            f"{text[:40]} begins with another dash than -", action=f"Write {option[:40]}."
        )


def _unreadable(sign: str) -> InputError:
    why = "no escaped character" if sign == "\\" else "no closing quotation"
    action = f"Close it with another {sign}." if sign in "'\"" else "Take out the last backslash."
    return InputError("The line cannot be read", why=why, action=action)
