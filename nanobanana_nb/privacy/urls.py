"""Which addresses are safe to fetch from, and what of a URL may be shown."""

from __future__ import annotations

import socket
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from unicodedata import normalize
from urllib.parse import urljoin, urlsplit

from nanobanana_nb.privacy.redaction import public_url

_UNICAST = IPv6Network("2000::/3")  # all that the internet routes
_CARRIERS = tuple(  # an IPv4 address stands in their last four bytes
    map(IPv6Network, ("::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96"))
)


def scheme_and_host(url: str) -> tuple[str, str]:
    """Return both in small letters, empty where `url` is no proper address."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises for a port that cannot be
    except ValueError:
        return "", ""
    return parts.scheme.lower(), _plain(parts.hostname or "").rstrip(".")


def is_loopback(host: str) -> bool:
    """Whether `host` names this machine (RFC 6761 reserves `localhost` and below)."""
    address = _address(host)
    if address is not None:
        return address.is_loopback
    return host == "localhost" or host.endswith(".localhost")


def is_inside(host: str) -> bool:
    """Whether `host` is this machine or an address that only a local network knows."""
    address = _address(host)
    return is_loopback(host) if address is None else not is_public(address)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is one of the internet, also by the IPv4 address that it carries."""
    inner = _inner_address(address)
    if inner is not None:
        return is_public(inner)
    routed = isinstance(address, IPv4Address) or address in _UNICAST
    return routed and address.is_global and not address.is_multicast


async def public_addresses(host: str, port: int) -> list[str]:
    """Return the addresses of the internet among those that `host` has just now.

    IPv4 comes first: where IPv6 is broken, one learns it by waiting.

    Raises:
        OSError: nobody knows the name.
    """
    import asyncio  # it takes longer to import than all of this, and settings check addresses too

    loop = asyncio.get_running_loop()
    # As bytes: Python would first spell a name anew, and fail at a long one.
    entries = await loop.getaddrinfo(host.encode(), port, type=socket.SOCK_STREAM)
    numbers = dict.fromkeys(str(entry[4][0]) for entry in entries)
    ordered = sorted(numbers, key=lambda number: ":" in number)  # IPv4 goes first
    return [number for number in ordered if is_public(ip_address(number))]


def public(url: str) -> str:
    """Return what of a URL may be shown or logged: scheme, host and path."""
    return public_url(url) if scheme_and_host(url)[1] else "an address that is none"


def target(url: str, location: str) -> str:
    """Return where a redirect from `url` leads.

    Raises:
        ValueError: to no address of the web; the text says it.
    """
    if not location:
        raise ValueError("it leads on, and does not say where")
    try:
        goal = urljoin(url, location)
    except ValueError:
        goal = ""
    scheme, host = scheme_and_host(goal)
    if scheme not in ("http", "https") or not host:
        raise ValueError("it leads to what is no address of the web")
    return goal


def _plain(host: str) -> str:
    """Return a host as a name server reads it: wide digits and dots are plain ones."""
    return normalize("NFKC", host).replace("\u3002", ".")


def _address(host: str) -> IPv4Address | IPv6Address | None:
    """Return the address that `host` spells, in the old short forms (127.1, 0x7f.1) too."""
    host = _plain(host)
    with suppress(ValueError):
        address = ip_address(host)
        return getattr(address, "ipv4_mapped", None) or address
    with suppress(OSError, ValueError):  # a NUL or half a surrogate pair is no address
        return IPv4Address(socket.inet_aton(host))
    return None


def _inner_address(address: IPv4Address | IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address inside a mapped, translated (NAT64) or tunnelled (6to4) one."""
    if isinstance(address, IPv4Address):
        return None
    if any(address in net for net in _CARRIERS):
        return IPv4Address(address.packed[-4:])
    return address.sixtofour
