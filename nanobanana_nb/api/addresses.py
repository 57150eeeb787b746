"""Which addresses are safe to fetch from, and what of a URL may be shown or logged."""

from __future__ import annotations

import logging
from ipaddress import ip_address
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """Whether `host` names this machine (RFC 6761 reserves `localhost` and below)."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def is_inside(host: str) -> bool:
    """Whether `host` is this machine or an address that only a local network knows."""
    try:
        return not ip_address(host).is_global
    except ValueError:
        return is_loopback(host)


def public(url: str) -> str:
    """Return scheme, host and path: all of a URL that may be shown or logged."""
    parts = urlsplit(url)
    host = parts.hostname or "?"
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{host}{port}{parts.path}"


class _RedactUrls(logging.Filter):
    """Cuts query strings, which carry signatures, out of what httpx and httpcore log."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(map(_redacted, record.args))
        return record.name == "httpx" or "://" not in record.getMessage()


def _redacted(value: object) -> object:
    return public(str(value)) if "://" in str(value) else value


_FILTER = _RedactUrls()
_LOGGERS = ("httpx", *(f"httpcore.{part}" for part in ("connection", "http11", "proxy", "http2")))


def quiet_loggers() -> None:
    """Keep signed query strings out of the logs of httpx and httpcore."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_FILTER)  # adding it twice does nothing
