"""Links that hold their data themselves (RFC 2397), read within a limit."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import unquote_to_bytes

_BASE64 = re.compile(r";\s*base64\s*", re.IGNORECASE)
_URL_SAFE = bytes.maketrans(b"-_", b"+/")


def is_data_link(link: str) -> bool:
    """Whether a link holds its data itself."""
    return link[:5].lower() == "data:"


def data_of(link: str, limit: int) -> bytes:
    """Return what a `data:` link holds, in base64 or percent-encoded.

    Raises:
        ValueError: it holds more bytes than `limit`, or is written wrongly; the text says which
            and quotes nothing of it.
    """
    comma = link.find(",")
    if comma < 0:
        raise ValueError("a data link has a comma before its data")
    if len(link) - comma > 3 * limit + 3:  # so many signs take more, however they are coded
        raise ValueError(_too_long(limit))
    is_base64 = _BASE64.search(link, 5, comma)
    data = unquote_to_bytes(link[comma + 1 :])
    if is_base64 and is_base64.end() == comma:
        data = _from_base64(data)
    if len(data) > limit:
        raise ValueError(_too_long(limit))
    return data


def _too_long(limit: int) -> str:
    return f"it is longer than {limit:,} bytes"


def _from_base64(text: bytes) -> bytes:
    """Return what base64 of either alphabet says; blanks and a missing end are forgiven."""
    text = b"".join(text.split()).translate(_URL_SAFE).rstrip(b"=")
    try:
        return base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except binascii.Error:
        raise ValueError("its base64 is broken") from None
