"""What must not be read by others: one function takes keys and signed queries out of a text."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, quote_plus

KEY_MARK = "[key]"
SHORTEST = 8  # a shorter secret would tear holes into every text
_FORMS: list[str] = []  # every spelling of every secret, the longest first
_USUAL_KEY = re.compile(r"ak_\w{32,}", re.ASCII)
_WHOLE_KEY = re.compile(
    r"\bak_[0-9A-Za-z]{32}\b", re.ASCII
)  # of the usual shape, in no longer word
_SCHEME = r"https?(?::|%3a)(?:\\?/|%2f){2}"
_STOPS = r"\s\"<>`"  # what ends a URL that stands in a text
_PUNCTUATION = ")]}.,;:!?#'*_\\"
_AT = re.compile("@|%40")


def _url_pattern(stops: str) -> re.Pattern[str]:
    """Return the pattern of a URL in four parts: scheme, authority, path, and the rest."""
    authority = rf"((?:(?!%2f|%3f)[^{stops}?#/\\])*)"
    path = rf"((?:(?!%3[fb]|{_SCHEME})[^{stops}?#;])*)"  # a second URL may follow without a space
    rest = rf"((?:[?#;]|%3[fb])[^{stops}]*)?" if stops else r"((?:[?#;]|%3[fb]).*)?"
    return re.compile(rf"({_SCHEME}){authority}{path}{rest}", re.IGNORECASE | re.DOTALL)


_URL_IN_TEXT = _url_pattern(_STOPS)
_WHOLE_URL = _url_pattern("")
_QUERY_ALONE = re.compile(rf"(?<=[\w/.])\?[\w.~%\[\]-]{{1,64}}=[^{_STOPS}]*")


def keep_secret(value: str) -> None:
    """Remember a key, so that `redacted` knows it in any of its spellings."""
    if len(value) < SHORTEST:
        return
    raw = value.encode("utf-8", "surrogatepass")
    base64_forms = (base64.b64encode(raw), base64.urlsafe_b64encode(raw))
    percent = (quote(raw), quote(raw, safe=""), quote_plus(raw))
    from html import escape  # its table of entities costs every notebook's `%load_ext` more

    named = escape(value)
    numbered = named.replace("&quot;", "&#34;").replace("&#x27;", "&#39;")  # as markupsafe does
    forms = {value, named, numbered, json.dumps(value)[1:-1], *percent}
    forms |= {re.sub("%..", lambda match: match[0].lower(), text) for text in percent}
    forms |= {text.decode().rstrip("=") for text in base64_forms}
    _FORMS[:] = sorted({*_FORMS, *forms}, key=len, reverse=True)  # at once: threads read it


def holds_key(text: str, shortest: int = SHORTEST) -> bool:
    """Whether a key stands in a text: one of the usual shape, or a known one in any spelling.

    Args:
        shortest: how long a known one is at least.
    """
    if _WHOLE_KEY.search(text):
        return True
    return any(len(form) >= shortest and form in text for form in tuple(_FORMS))


def storable(text: str) -> str:
    """Return text that UTF-8 can hold: half a surrogate pair becomes its escape, `\\ud800`."""
    return text.encode("utf-8", "backslashreplace").decode()


def cleaned(value: Any) -> Any:
    """Return decoded JSON without the keys that are known here, and its texts `storable`."""
    if isinstance(value, str):
        return without_keys(storable(value))
    if isinstance(value, list | tuple):
        return [cleaned(part) for part in value]
    if isinstance(value, Mapping):
        return {cleaned(name): cleaned(part) for name, part in value.items()}
    return value


def redacted(text: str) -> str:
    """Return `text` without any key, and its URLs without user info, parameters, query, fragment.

    What comes back is `storable`.
    """
    text = _USUAL_KEY.sub(KEY_MARK, without_keys(storable(text)))
    text = _URL_IN_TEXT.sub(_cut_url, text)
    return _QUERY_ALONE.sub(lambda match: _cut(match[0]), text)


def public_url(url: str) -> str:
    """Return scheme, host and path of one URL, whatever characters it holds."""
    match = _WHOLE_URL.fullmatch(url := _USUAL_KEY.sub(KEY_MARK, without_keys(url)))
    return _cut_url(match) if match else redacted(url)


def without_keys(text: str) -> str:
    """Return `text` without the keys that are known here, in any of their spellings."""
    for form in tuple(_FORMS):
        text = text.replace(form, KEY_MARK)
    return text


def _cut_url(match: re.Match[str]) -> str:
    scheme, authority, path, rest = match.groups("")
    *user_info, host = _AT.split(authority)
    return scheme + ("…@" if user_info else "") + host + path + _cut(rest)


def _cut(rest: str) -> str:
    """Return the mark for what follows a path, and the punctuation that closes the sentence."""
    inside = rest.rstrip(_PUNCTUATION)
    if not inside:
        return rest
    mark = rest[0] if rest[0] in "#;" else "?"
    return f"{mark}…{rest[len(inside) :]}"
