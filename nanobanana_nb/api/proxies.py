"""Which proxy a connection goes through, as the environment says at this moment.

Its address is never shown: it may hold a password.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from ipaddress import ip_address, ip_network
from urllib.parse import SplitResult, urlsplit
from urllib.request import getproxies

from nanobanana_nb.errors import SettingsError
from nanobanana_nb.privacy.urls import is_loopback, scheme_and_host

PROXY_SCHEMES = ("http", "https", "socks5", "socks5h")
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Proxy:
    """A proxy, and the variable that names it."""

    url: str = field(repr=False)
    source: str


def proxy_for(url: str) -> Proxy | None:
    """Return the proxy that the environment wants for `url`; none where it leads to this machine.

    Plain http is allowed only there, and a proxy would read the key in it.

    Raises:
        SettingsError: it names one that cannot be used.
    """
    if is_loopback(scheme_and_host(url)[1]):
        return None
    target, proxies = urlsplit(url), getproxies()
    if any(_covers(entry.strip().lower(), target) for entry in proxies.get("no", "").split(",")):
        return None
    name = next((n for n in (target.scheme, "all") if proxies.get(n, "").strip()), None)
    if name is None:
        return None
    lower = f"{name}_proxy"  # in small letters it counts before capitals
    spellings = (lower, lower.upper(), *(n for n in os.environ if n.lower() == lower))
    source = next((n for n in spellings if os.environ.get(n)), "The proxy of the system's settings")
    return _proxy(proxies[name].strip(), source)


def unusable_proxy(source: str, why: str, action: str | None = None) -> SettingsError:
    """Return the error for an address of a proxy that cannot be used, without the address."""
    usual = "Correct it or unset it, then run the cell again."
    return SettingsError(f"{source} cannot be used", why=why, action=action or usual)


def _proxy(text: str, source: str) -> Proxy:
    url = text if "://" in text else f"http://{text}"
    try:
        parts = urlsplit(url)
        complete = bool(parts.hostname) and parts.port != 0
    except ValueError:
        complete = False
    if not complete:
        raise unusable_proxy(source, "it is no address of a proxy, such as http://host:3128")
    if parts.scheme not in PROXY_SCHEMES:
        known = ", ".join(f"{scheme}://" for scheme in PROXY_SCHEMES)
        raise unusable_proxy(source, f"{parts.scheme}:// is none of {known}")
    if parts.scheme.startswith("socks") and find_spec("socksio") is None:
        action = 'Run `pip install "httpx[socks]"`, then run the cell again.'
        raise unusable_proxy(source, "a SOCKS proxy needs an extra of httpx", action)
    return Proxy(url, source)


def _covers(entry: str, target: SplitResult) -> bool:
    """Whether an entry of NO_PROXY covers a host: a name and all below it, an address, a net."""
    scheme, _, name = entry.rpartition("://")
    if not name or scheme not in ("", "all", target.scheme):
        return False
    host = (target.hostname or "").rstrip(".")
    with suppress(ValueError):
        return ip_address(host) in ip_network(name.strip("[]"), strict=False)
    name, _, port = name.rpartition(":") if name.rpartition(":")[2].isdigit() else (name, "", "")
    if port and int(port) != (target.port or _DEFAULT_PORTS.get(target.scheme)):
        return False
    name = name.strip("[]").removeprefix("*").removeprefix(".")
    return not name or host == name or host.endswith(f".{name}")
