"""What a broken connection means: not sent, lost, or the wrong partner."""

from __future__ import annotations

import ssl
from collections.abc import Iterator

from nanobanana_nb.api.certificates import certificate_source
from nanobanana_nb.api.proxies import proxy_for
from nanobanana_nb.errors import (
    CertificateError,
    ConnectionLostError,
    DownloadError,
    NanobananaError,
    NotSentError,
    UnexpectedAnswerError,
)
from nanobanana_nb.privacy.data_links import data_of
from nanobanana_nb.privacy.urls import public, scheme_and_host

# What to do where a setting of the provider says where its service is.
_WITH_SETTING: dict[type[NanobananaError], str] = {
    NotSentError: "Check the network and {}, then run the cell again.",
    CertificateError: "Check the clock and {}; a proxy may stand between.",
    UnexpectedAnswerError: "Try again; if it stays, check {}.",
}
_NO_ADDRESS = "it is no address of the web"
_ENDED = "the connection ended before all was there"
_SIGNS_OF_END = ("disconnected", "peer closed")
_IN_WORDS = {  # for errors whose own texts speak of the insides of a library
    ("httpx", "InvalidURL"): _NO_ADDRESS,
    ("httpcore", "RemoteProtocolError"): "what answers there does not keep to HTTP",
    ("httpcore", "ReadError"): _ENDED,
    ("httpcore", "WriteError"): _ENDED,
}


def name_setting(error: NanobananaError, setting: str) -> None:
    """Let an error name the setting that leads to the service, where the provider has one."""
    action = _WITH_SETTING.get(type(error))
    if setting and action and error.action == error.default_action:
        error.action = action.format(setting)


def failure(error: Exception, started: bool, url: str) -> NanobananaError:
    """Return the error of a call to `url`, of which bytes had left if it was `started`."""
    where = public(url)
    if started:
        return ConnectionLostError(f"The answer of {where} was lost", why=reason(error))
    if any(isinstance(cause, ssl.SSLError) for cause in _causes(error)):
        source = certificate_source()
        trust = f"; {source[0]} says whom to trust ({source[1]})" if source else ""
        what = f"{where} could not prove who it is"
        return CertificateError(what, why=reason(error) + trust)
    what = f"{where} could not be reached"
    if proxy := proxy_for(url):
        what += f" through the proxy that {proxy.source} names"
        action = f"Check the network and {proxy.source}, then run the cell again."
        return NotSentError(what, why=reason(error), action=action)
    return NotSentError(what, why=reason(error))


def inline(link: str, limit: int) -> bytes:
    """Return what a link of a result holds itself.

    Raises:
        DownloadError: it is broken or holds more than `limit` bytes.
    """
    try:
        return data_of(link, limit)
    except ValueError as error:
        why = str(error)
    raise DownloadError("The image in the service's answer cannot be read", why=why)


def unsafe(url: str) -> DownloadError:
    """Return the error for a link that is none, or leads into this machine or its net."""
    if not scheme_and_host(url)[1]:
        return DownloadError("The link is not fetched", why=_NO_ADDRESS)
    return DownloadError(f"The link {public(url)} is not fetched", why="it is not a safe address")


def reason(error: Exception) -> str:
    """Say what went wrong without any URL in it."""
    if any(isinstance(cause, TimeoutError) for cause in _causes(error)):
        return "it took too long"
    if isinstance(error, UnicodeError):  # its text repeats the whole address
        return f"{type(error).__name__}: it holds what is no proper text"
    text, kind = str(error), type(error.__cause__ or error)
    if words := _IN_WORDS.get((kind.__module__.partition(".")[0], kind.__name__)):
        return _ENDED if any(sign in text for sign in _SIGNS_OF_END) else words
    return text if text and "://" not in text else type(error).__name__


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
