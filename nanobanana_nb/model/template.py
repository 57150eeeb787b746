r"""Values of the notebook in a prompt.

    placeholder  =  "{" NAME "}"        NAME is exactly one Python identifier
    literal      =  "{{" NAME "}}"      stands for the text {NAME}

Braces around anything else (JSON, CSS, LaTeX) are text and stay as they are. Further
braces pair up as in an f-string: `{{{name}}}` is the value in braces. Values are put in
once and never expanded again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from nanobanana_nb.errors import InputError

_BRACED = re.compile(r"(\{+)([^\W\d]\w*)(\}+)")


def names(template: str) -> tuple[str, ...]:
    """Return the placeholders of `template`, each once, in order."""
    found = [m[2] for m in _BRACED.finditer(template) if _depth(m) % 2]
    return tuple(dict.fromkeys(found))


def fill(template: str, values: Mapping[str, Any]) -> str:
    """Return the text with every placeholder replaced by `str` of its value.

    Raises:
        InputError: `values` lacks a name, or has one that is no text or number.
    """
    found = {name: _text(name, values) for name in _known(names(template), values)}

    def put_in(match: re.Match[str]) -> str:
        depth = _depth(match)
        left, right = match[1][depth:], match[3][depth:]
        kept = depth // 2
        inner = found[match[2]] if depth % 2 else match[2]
        return left + "{" * kept + inner + "}" * kept + right

    return _BRACED.sub(put_in, template)


def _depth(match: re.Match[str]) -> int:
    return min(len(match[1]), len(match[3]))


def _known(wanted: tuple[str, ...], values: Mapping[str, Any]) -> tuple[str, ...]:
    missing = [name for name in wanted if name not in values]
    if not missing:
        return wanted
    near = [get_close_matches(name, values, 1) for name in missing]
    hints = [f"did you mean {{{found[0]}}}?" for found in near if found]
    listed = ", ".join(f"{{{name}}}" for name in missing)
    plural = "names that are" if len(missing) > 1 else "a name that is"
    it = "them" if len(missing) > 1 else "it"
    raise InputError(
        f"The prompt has {plural} not defined: {listed}",
        why=" ".join(hints),
        action=f"Define {it}, write {{{{{missing[0]}}}}} for literal braces, or use --raw.",
    )


def _text(name: str, values: Mapping[str, Any]) -> str:
    value = values[name]
    if isinstance(value, str | int | float) or hasattr(value, "__fspath__"):
        return str(value)
    if getattr(value, "shape", None) == ():  # a NumPy scalar
        return str(value)
    raise InputError(
        f"{{{name}}} is a {type(value).__name__}, which cannot stand in a prompt",
        action=f"Make {name} a text or a number, or write {{{{{name}}}}} for literal braces.",
    )
