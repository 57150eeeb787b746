"""Lines of a prompt that belong elsewhere: options and magics of a cell, settings below a rule."""

from __future__ import annotations

import re

from nanobanana_nb.model import catalog, field_names
from nanobanana_nb.text.doors import words

_LONG = "|".join(
    name.replace("_", "-")
    for name in field_names.NAMES
    if name not in ("prompt", "axes", "zipped", "images")
)
_VALUE = r"""(?:"[^"]*"|'[^']*'|[^\s-]\S*)"""
_SHORT = (
    r"(?:-a\s*['\"]?(?:[0-9]+:[0-9]+|\{\w+\})['\"]?|-n\s*(?:[0-9]+|\{\w+\})|-r\s*[0-9]K"
    r"|-f\s*(?:png|jpe?g|webp)|-[im]\s+\S*\w[./-]\w\S*)(?!\S)"
)
_PLAIN = rf"(?:{_SHORT}|--(?:{_LONG})(?![\w-])(?:(?:=|\s+){_VALUE})?)"
_OPTIONS = re.compile(rf"{_PLAIN}(?:\s+(?:{_PLAIN}|-[afimnor]\s+{_VALUE}))*")
_DASH = re.compile(r"(?<!\S)-?[–—−]-?(\w[\w-]*)")
_MAGIC = re.compile(r"%%[a-z_]\w*(?:\s.*)?|%(?:nanobanana|load_ext)\b.*")
_SETTING = rf"(?:{'|'.join(map(re.escape, catalog.RATIOS))}|[124]K)"
_SETTINGS = re.compile(
    rf"(?:(?:aspect[ _-]ratio|resolution)\s+)?{_SETTING}(?:\s*[|,/]\s*{_SETTING})*"
    r"|output[ _-]format\s+(?:png|jpeg)|model\s+\S*banana\S*",
    re.IGNORECASE,
)
_OPTION_LINE = re.compile(
    r"(n|repeats|sample|sample[_-]seed|scout|fresh|max[_-]credits|dry[_-]run|no[_-]wait)"
    r"\s*[:：=]\s*([0-9]+|true|false|yes|no|on|off)|vary\s*[:：]\s*\w+\s*=.*",
    re.IGNORECASE,
)
_RULE = "---"
_OF_CELLS = "Options stand in the %%nanobanana line, in Python they are arguments"
_OF_PANEL = "Options have fields of their own here, or stand in the line of a cell"


def first(body: str) -> tuple[str, str] | None:
    """Return the first such line of a prompt, and where it belongs."""
    lines = [line.strip() for line in body.split("\n")]
    if set(lines) == {_RULE}:
        return _RULE, "A prompt stands above the rule, axes below it"
    rule = max((n for n, line in enumerate(lines) if line == _RULE), default=len(lines))
    for n, line in enumerate(lines):
        if _MAGIC.fullmatch(line):
            return line, "A magic stands in the first line of a cell of its own"
        dashed = line[:1] in ("-", "–", "—", "−")
        if dashed and _OPTIONS.fullmatch(_DASH.sub(_ascii_dashes, line)):
            return line, words(_OF_CELLS, panel=_OF_PANEL)
        if n > rule and _SETTINGS.fullmatch(line):
            return line, "Below --- a parameter has its name, as `aspect_ratio: 16:9 | 1:1`"
        if n > rule and (option := _OPTION_LINE.fullmatch(line)):
            return line, _in_the_line(option)
    return None


def _in_the_line(match: re.Match[str]) -> str:
    option = field_names.option_of(match[1] or "")
    return option.place_of(match[2]) if option else words(_OF_CELLS, panel=_OF_PANEL)


def _ascii_dashes(match: re.Match[str]) -> str:
    return "-" * (1 if len(match[1]) == 1 else 2) + match[1]
