"""How what a person writes for a setting becomes its value; each raises ValueError saying why."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from nanobanana_nb.privacy.urls import is_loopback

PICTURE_FORMS = ("auto", "kitty", "sixel", "off")
STATUS_FORMS = ("auto", "widget", "html", "text", "off")
_QUOTES = ("'", '"')
_VARIABLE = re.compile(r"\$(\w+|\{[^}]*\})", re.ASCII)  # as os.path.expandvars finds them


def cleaned(value: object) -> object:
    """Return a text without the blanks around it, and everything else as it is.

    Raises:
        ValueError: it has control characters, or quotes that belong to a shell or a file.
    """
    if not isinstance(value, str):
        return value
    text = value.strip()
    if any(ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0 for c in text):
        raise ValueError("it holds a line break or another character that is no text")
    if text[:1] in _QUOTES or text[-1:] in _QUOTES:
        raise ValueError("leave out the quotes around it")
    return text


def as_text(value: object) -> str:
    """Read a text."""
    if not isinstance(value, str):
        raise ValueError("it must be a text")
    if not value.isprintable():
        raise ValueError("it holds a character that cannot be seen")
    return value


def as_path(value: object) -> Path:
    """Read a path; `~` is the home folder, and `$NAME` a variable of the environment."""
    if not isinstance(value, str | os.PathLike):
        raise ValueError("it must be a text")
    text = os.path.expandvars(os.fspath(value))
    if missing := _VARIABLE.search(text):
        raise ValueError(f"there is no variable {missing[0]}")
    try:
        return Path(text).expanduser()
    except RuntimeError as error:  # a home folder that nobody knows
        raise ValueError(str(error)) from None


def as_link(value: object) -> str:
    """Read an address to post to: https, or http that stays on this machine."""
    url = str(value)
    if not url.isprintable() or " " in url or "\\" in url:
        raise ValueError("it holds a character that no address has")
    try:
        parts = urlsplit(url)
        leads_somewhere = bool(parts.hostname) and parts.port != 0
    except ValueError:  # its text may repeat a password
        raise ValueError("it is no address") from None
    if parts.scheme not in ("http", "https"):
        raise ValueError("it must begin with https://")
    if not parts.hostname or not leads_somewhere:
        raise ValueError("it leads nowhere")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError("it must begin with https://, unless it leads to this machine")
    return url


def as_address(value: object) -> str:
    """Read an address without secrets in it, which a path may follow."""
    url = as_link(value).rstrip("/")
    parts = urlsplit(url)
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError("it may have a host, a port and a path, and no more")
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
    return "" if value == "off" else str(as_path(value))


def as_status(value: object) -> str:
    """Read the form of the live status."""
    if str(value) not in STATUS_FORMS:
        raise ValueError("it must be one of " + ", ".join(STATUS_FORMS))
    return str(value)


def as_pictures(value: object) -> str:
    """Read the form of pictures in a terminal."""
    if str(value) not in PICTURE_FORMS:
        raise ValueError("it must be one of " + ", ".join(PICTURE_FORMS))
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
