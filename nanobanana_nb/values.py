"""How what a person writes for a setting becomes its value; each raises ValueError saying why."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from nanobanana_nb.addresses import is_loopback

STATUS_FORMS = ("auto", "widget", "html", "text", "off")


def as_path(value: object) -> Path:
    """Read a path; `~` is the home folder."""
    return Path(str(value)).expanduser()


def as_address(value: object) -> str:
    """Read an address without secrets in it: https, or http that stays on this machine."""
    url = str(value).rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https"):
        raise ValueError("it must begin with https://")
    if not parts.hostname or parts.port == 0:
        raise ValueError("it leads nowhere")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError("it may have a host, a port and a path, and no more")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError("it must begin with https://, unless it leads to this machine")
    return url


def as_port(value: object) -> int:
    """Read the number of a port; 0 is any free one."""
    if not str(value).isdecimal() or int(str(value)) > 65535:
        raise ValueError("it must be a whole number from 0 to 65535")
    return int(str(value))


def as_amount(value: object) -> float:
    """Read a number from 0 up."""
    try:
        number = float(str(value))
    except ValueError:
        number = -1.0
    if not 0 <= number < float("inf"):
        raise ValueError("it must be a number from 0 up")
    return number


def as_folder(value: object) -> str:
    """Read a folder; `off` is none."""
    return "" if str(value) == "off" else str(as_path(value))


def as_status(value: object) -> str:
    """Read the form of the live status."""
    if str(value) not in STATUS_FORMS:
        raise ValueError("it must be one of " + ", ".join(STATUS_FORMS))
    return str(value)


def as_rate(value: object) -> tuple[int, float]:
    """Read calls and seconds: `20/10`."""
    calls, slash, seconds = str(value).partition("/")
    if not (slash and calls.strip().isdecimal() and int(calls) and as_amount(seconds)):
        raise ValueError("write calls/seconds, for example 20/10")
    return int(calls), float(seconds)


def as_switch(value: object) -> str:
    """Read `on` or `off`."""
    if str(value) not in ("on", "off"):
        raise ValueError("it must be on or off")
    return str(value)
