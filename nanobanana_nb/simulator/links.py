"""Signed links that expire."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

_OWN = re.compile(r"/(?P<kind>media|files)/(?P<id>[0-9a-f-]{36})\.[a-z0-9]+$")


class Signer:
    """Makes and checks links of one service; the secret never leaves it."""

    def __init__(self, secret: bytes, life_s: float) -> None:
        self._secret = secret
        self._life_s = life_s

    def link(self, base: str, path: str, now: float, *, salt: str = "") -> str:
        """A link to ``path`` that is good from now for the service's link life."""
        expires = f"{now + self._life_s:.3f}"
        return f"{base}{path}?expires={expires}&signature={self._sign(path, expires, salt)}"

    def allows(self, path: str, query: Mapping[str, str], now: float, *, salt: str = "") -> bool:
        """Whether the query's signature belongs to this path and has not expired."""
        expires, signature = query.get("expires", ""), query.get("signature", "")
        if not hmac.compare_digest(signature.encode(), self._sign(path, expires, salt).encode()):
            return False
        return now <= float(expires)

    def is_alive(self, url: str, now: float) -> bool:
        """Whether a whole link of ours still leads to its file."""
        parts = urlsplit(url)
        match = _OWN.search(parts.path)
        return match is not None and self.allows(match[0], dict(parse_qsl(parts.query)), now)

    def digest(self, text: str) -> str:
        """A name for a secret text (a key) that can be stored without keeping the text."""
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()

    def _sign(self, path: str, expires: str, salt: str) -> str:
        return self.digest(f"{path}\n{expires}\n{salt}")[:32]


def own_link(url: str) -> tuple[str, str] | None:
    """(kind, id) of a link that looks like one of ours: kind is media or files."""
    match = _OWN.search(urlsplit(url).path)
    return (match["kind"], match["id"]) if match else None
