"""Which addresses are safe to fetch from, and what of a URL may be shown or logged."""

from __future__ import annotations

import logging
import socket
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from nanobanana_nb.redaction import public_url, redacted


def scheme_and_host(url: str) -> tuple[str, str]:
    """Return both in small letters, empty where `url` is no proper address."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises for a port that cannot be
    except ValueError:
        return "", ""
    return parts.scheme.lower(), (parts.hostname or "").rstrip(".")


def is_loopback(host: str) -> bool:
    """Whether `host` names this machine (RFC 6761 reserves `localhost` and below)."""
    address = _address(host)
    if address is not None:
        return address.is_loopback
    return host == "localhost" or host.endswith(".localhost")


def is_inside(host: str) -> bool:
    """Whether `host` is this machine or an address that only a local network knows."""
    address = _address(host)
    return is_loopback(host) if address is None else not address.is_global


def public(url: str) -> str:
    """Return what of a URL may be shown or logged: scheme, host and path."""
    return public_url(url) if scheme_and_host(url)[1] else "an address that is none"


def _address(host: str) -> IPv4Address | IPv6Address | None:
    """Return the address that `host` spells, in the old short forms (127.1, 0x7f.1) too."""
    with suppress(ValueError):
        found = ip_address(host)
        return getattr(found, "ipv4_mapped", None) or found
    with suppress(OSError, ValueError):  # a NUL or half a surrogate pair is no address
        return IPv4Address(socket.inet_aton(host))
    return None


class _Redact(logging.Filter):
    """Takes keys and query strings, which carry signatures, out of what httpx and httpcore log."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _shown(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(map(_shown, record.args))
        # httpcore shows an answer's headers whole, and with them where a redirect leads.
        return not record.getMessage().startswith("receive_response_headers.complete")


def _shown(value: object) -> object:
    """Return `value`, or its text where something had to be taken out of that."""
    text = str(value)
    return value if (clean := redacted(text)) == text else clean


_FILTER = _Redact()
_LOGGERS = ("httpx", *(f"httpcore.{part}" for part in ("connection", "http11", "proxy", "http2")))


def quiet_loggers() -> None:
    """Keep keys and signed query strings out of the logs of httpx and httpcore."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_FILTER)  # adding it twice does nothing
