"""Which addresses are safe to fetch from, and what of a URL may be shown or logged."""

from __future__ import annotations

import logging
import socket
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit


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
    """Return scheme, host and path: all of a URL that may be shown or logged."""
    scheme, host = scheme_and_host(url)
    if not host:
        return "an address that is none"
    parts = urlsplit(url)
    shown = f"[{host}]" if ":" in host else host
    port = f":{parts.port}" if parts.port else ""
    return f"{scheme}://{shown}{port}{parts.path}"


def _address(host: str) -> IPv4Address | IPv6Address | None:
    """Return the address that `host` spells, in the old short forms (127.1, 0x7f.1) too."""
    with suppress(ValueError):
        found = ip_address(host)
        return getattr(found, "ipv4_mapped", None) or found
    with suppress(OSError):
        return IPv4Address(socket.inet_aton(host))
    return None


class _RedactUrls(logging.Filter):
    """Cuts query strings, which carry signatures, out of what httpx and httpcore log."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(map(_redacted, record.args))
        # httpcore shows an answer's headers whole, and with them where a redirect leads.
        return not record.getMessage().startswith("receive_response_headers.complete")


def _redacted(value: object) -> object:
    return public(str(value)) if "://" in str(value) else value


_FILTER = _RedactUrls()
_LOGGERS = ("httpx", *(f"httpcore.{part}" for part in ("connection", "http11", "proxy", "http2")))


def quiet_loggers() -> None:
    """Keep signed query strings out of the logs of httpx and httpcore."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_FILTER)  # adding it twice does nothing
