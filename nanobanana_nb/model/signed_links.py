"""Links in a request's fields: only the service gets a signature, a password or a query.

Whatever is shown or kept is the link without them, and a hash that tells two of them apart: the
same link given again is the same request.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Any

from nanobanana_nb.errors import Charged, InputError
from nanobanana_nb.privacy.redaction import public_url

_LINK = re.compile(r"\s*https?://", re.IGNORECASE)
_CUT = re.compile(r"https?://.*…\S*#sha256:[0-9a-f]{16}", re.IGNORECASE | re.DOTALL)


class SignedLink(str):
    """What may be shown of a link; `whole` is the link itself, which nothing writes down."""

    whole: str

    def __new__(cls, whole: str) -> SignedLink:
        """Hide what only the service may have."""
        digest = hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        link = super().__new__(cls, f"{public_url(whole)}#sha256:{digest}")
        link.whole = whole
        return link

    def __copy__(self) -> SignedLink:
        return self

    def __deepcopy__(self, _: Any) -> SignedLink:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return str, (str(self),)  # what is pickled is kept somewhere


def hidden(value: Any) -> Any:
    """Return a field's value in which a link shows nothing that only the service may have.

    Raises:
        InputError: it is nested without end.
    """
    try:
        return _hidden(value)
    except RecursionError:
        raise InputError(
            "A value is nested too deeply", why="or it holds itself", action=""
        ) from None


def _hidden(value: Any) -> Any:
    if isinstance(value, str):
        return SignedLink(value) if _holds_secret(value) else value
    return _in_each_part(value, _hidden)


def revealed(value: Any) -> Any:
    """Return a field's value as the service gets it.

    Raises:
        InputError: only what is kept of a link is at hand.
    """
    if isinstance(value, SignedLink):
        return value.whole
    if isinstance(value, str) and _CUT.fullmatch(value):
        raise InputError(
            "A link of this request must be given again",
            why=f"neither signature nor password of {public_url(value)} is kept",
            action="Run its cell again with the whole link.",
            charged=Charged.NO,
        )
    return _in_each_part(value, revealed)


def _in_each_part(value: Any, change: Callable[[Any], Any]) -> Any:
    """Return a list, tuple or mapping with each of its parts changed, and all else as it is."""
    if isinstance(value, Mapping):
        return {name: change(part) for name, part in value.items()}
    if type(value) in (list, tuple):
        return type(value)(map(change, value))
    return value


def _holds_secret(text: str) -> bool:
    if isinstance(text, SignedLink) or not _LINK.match(text) or _CUT.fullmatch(text):
        return False
    return public_url(text.strip()) != text.strip()
