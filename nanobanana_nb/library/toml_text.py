"""A prompt as a table of TOML, and a file's text with it: everything else stays as it is."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from nanobanana_nb.errors import InputError

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPED = re.compile(r'[\\\x00-\x08\x0b-\x1f\x7f]|"(?="")|"\Z')
_HEADER = re.compile(r"^[ \t]*\[", re.MULTILINE)
_BETWEEN = re.compile(r"(?:^[ \t]*(?:#[^\n]*)?\r?\n?)*\Z", re.MULTILINE)  # belongs to what follows


def with_table(text: str, name: str, fields: Mapping[str, Any], *, replace: bool) -> str:
    """Return the text of a prompt file with one more prompt.

    Args:
        text: of a file that is TOML.
        replace: let it take the place of one of that name.

    Raises:
        InputError: there is one of that name, or the file is written so that none can be added.
    """
    before = tomllib.loads(text.removeprefix("\ufeff"))
    prompts = before.get("prompts", {})
    present = name in prompts
    if present and not replace:
        action = "Name another, or write replace=True."
        raise InputError(f"There is a prompt {name} already", action=action)
    end = "\r\n" if "\r\n" in text else "\n"
    table = _table(name, fields).replace("\n", end)
    wanted = {**before, "prompts": {**prompts, name: dict(fields)}}
    for candidate in _replaced(text, table, name) if present else _appended(text, table, end):
        if _same(candidate, wanted):
            return candidate
    what = "replaced" if present else "added"
    action = f"Write it yourself:\n{table}"
    raise InputError(f"The prompt {name} cannot be {what} without changing others", action=action)


def _appended(text: str, table: str, end: str) -> Iterator[str]:
    bare = text.removeprefix("\ufeff")
    whole = text if not bare or text.endswith("\n") else text + end
    yield f"{whole}{end if bare else ''}{table}"


def _replaced(text: str, table: str, name: str) -> Iterator[str]:
    """Yield the text with the table in each place where one may stand now.

    A header may be a line of a text, too: what comes out is compared with what is wanted.
    """
    key = rf"(?:{re.escape(name)}|\"{re.escape(name)}\"|'{re.escape(name)}')"
    dot = r"[ \t]*\.[ \t]*"
    header = re.compile(rf"^[ \t]*\[[ \t]*[\"']?prompts[\"']?{dot}{key}[ \t]*\]", re.MULTILINE)
    for start in header.finditer(text):
        ends = [match.start() for match in _HEADER.finditer(text, start.end())]
        for at in (*ends, len(text)):
            gap = _BETWEEN.search(text[start.end() : at])
            stop = start.end() + gap.start() if gap and at < len(text) else at
            yield text[: start.start()] + table + text[stop:]


def _same(text: str, wanted: Mapping[str, Any]) -> bool:
    try:
        return tomllib.loads(text.removeprefix("\ufeff")) == wanted
    except tomllib.TOMLDecodeError:
        return False


def _table(name: str, fields: Mapping[str, Any]) -> str:
    lines = [f"{key} = {_value(value)}" for key, value in fields.items()]
    return "\n".join([f"[prompts.{_key(name)}]", *lines, ""])


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def _value(value: Any) -> str:
    if isinstance(value, str):
        return _text(value)
    return json.dumps(value)  # numbers, true and false are written alike


def _text(text: str) -> str:
    """Return a text in quotes: on one line, or on as many as it has."""
    if "\n" not in text:
        inner = re.sub(r'["\\\x00-\x1f\x7f]', _escape, text)
        return f'"{inner}"'
    return f'"""\n{_ESCAPED.sub(_escape, text)}"""'


def _escape(match: re.Match[str]) -> str:
    sign = match[0]
    return f"\\{sign}" if sign in '"\\' else f"\\u{ord(sign):04x}"
