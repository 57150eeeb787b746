"""The only file that knows httpx: requests, time limits, bodies, and who gets the key."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Generator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urljoin

import httpx

from nanobanana_nb import __version__
from nanobanana_nb.addresses import (
    is_inside,
    is_loopback,
    public,
    quiet_loggers,
    scheme_and_host,
)
from nanobanana_nb.api.connections import ConnectionStack
from nanobanana_nb.api.provider import Answer, Call
from nanobanana_nb.errors import (
    CertificateError,
    ConnectionLostError,
    DownloadError,
    InputError,
    NanobananaError,
    NotSentError,
)
from nanobanana_nb.keys import ApiKey

WIDTH = 8  # connections at once to the API, and as many for media
API_LIMIT = 4_000_000  # bytes of an answer of the API
API_DEADLINE_S = 60.0
MEDIA_DEADLINE_S = 300.0
MOST_REDIRECTS = 5
# What libraries raise for a link or connection that does not work; odd links are ValueErrors.
_BROKEN = (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError)
_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
_CHANGE = "Look for odd characters or values in it and change them."
_HEADERS = {"user-agent": f"nanobanana_nb/{__version__}", "accept-encoding": "identity"}


@dataclass
class _Sent:
    """Whether a byte of the request may have left. Filled in by httpcore's trace events.

    `leaving` is awaited when the connection stands and before the first byte goes out.
    """

    leaving: Callable[[], Awaitable[None]] | None = None
    started: bool = False

    async def trace(self, event: str, info: dict[str, Any]) -> None:
        # A proxy's CONNECT goes ahead of the request and is not the request.
        if event.endswith("send_request_headers.started") and info["request"].method != b"CONNECT":
            await self.start()

    async def start(self) -> None:
        if self.leaving is not None:
            await self.leaving()
        self.started = True


class _BadBodyError(ValueError):
    """A body that cannot be taken; the text says why."""


class _KeyAuth(httpx.Auth):
    """Puts the key in at send time, so that no request of ours shows it before."""

    def __init__(self, key: ApiKey) -> None:
        self._key = key

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["x-api-key"] = self._key.reveal()
        yield request


class Http:
    """Connections to one service. Belongs to one event loop; made without any I/O.

    Args:
        base_url: the API's scheme and host, where the key goes and nowhere else.
        app: an ASGI app that answers inside this process, instead of the network.
    """

    def __init__(self, base_url: str, key: ApiKey | None, app: Callable[[], Any] | None) -> None:
        quiet_loggers()
        self._base_url = base_url
        self._auth = _KeyAuth(key) if key else None
        self._key = key
        self._app = app
        self._context: asyncio.Future[ssl.SSLContext] | None = None
        self._api = ConnectionStack(self._new_client, WIDTH)
        self._media = ConnectionStack(self._new_client, WIDTH)

    async def call(
        self, call: Call, leaving: Callable[[], Awaitable[None]] | None = None
    ) -> Answer:
        """Send one call with the key and return its whole answer. Follows no redirect.

        A create goes over a new connection: one kept alive may be closed by the service while
        the request leaves, and nobody could tell what became of it.

        Args:
            leaving: awaited when the connection stands, right before the first byte of the
                request; what it raises is raised here, and then nothing was sent.

        Raises:
            InputError: what is asked for cannot be written down, so nothing was sent.
            NotSentError: no byte of the request left.
            ConnectionLostError: it left and the answer did not arrive whole.
        """
        sent = _Sent(leaving)
        url = self._base_url + call.path
        try:
            async with self._api.borrow(fresh=call.creates) as client:
                request = _request(client, call, url, sent)
                if self._app is not None:  # no connection, so no trace event either
                    await sent.start()
                async with asyncio.timeout(API_DEADLINE_S):
                    answer = await self._answer(client, request, API_LIMIT, self._auth)
                return self._without_key(answer)
        except _BROKEN as error:
            failure = _failure(error, sent, url)
        raise failure  # outside the handler: httpx's error holds the request with its key

    async def fetch(self, url: str, limit: int) -> bytes:
        """Return the body behind a media link, at most `limit` bytes. Sends no key.

        A connection that breaks is tried once more, anew: one kept alive may be dead.

        Raises:
            DownloadError: the link is refused, expired, broken, or its body is cut or too long.
        """
        try:
            try:
                return await self._fetch(url, limit)
            except (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError):
                return await self._fetch(url, limit, fresh=True)
        except _BROKEN as error:
            reason = _reason(error)
        raise DownloadError(f"The download from {public(url)} failed", why=reason)

    async def put(self, url: str, data: bytes, media_type: str) -> None:
        """Put `data` under a presigned link. Sends no key.

        Raises:
            ConnectionLostError: it did not arrive, or the storage refused it.
        """
        self._allow(url)
        try:
            async with self._media.borrow() as client, asyncio.timeout(MEDIA_DEADLINE_S):
                headers = {"content-type": media_type}
                request = client.build_request("PUT", url, content=data, headers=headers)
                answer = await self._answer(client, request, API_LIMIT, None)
            if 200 <= answer.status < 300:
                return
            reason = f"HTTP {answer.status}"
        except _BROKEN as error:
            reason = _reason(error)
        raise ConnectionLostError(f"The upload to {public(url)} failed", why=reason)

    async def aclose(self) -> None:
        """Close every idle connection."""
        await self._api.aclose()
        await self._media.aclose()

    async def _fetch(self, url: str, limit: int, *, fresh: bool = False) -> bytes:
        async with self._media.borrow(fresh=fresh) as client, asyncio.timeout(MEDIA_DEADLINE_S):
            return await self._follow(client, url, limit)

    async def _follow(self, client: httpx.AsyncClient, url: str, limit: int) -> bytes:
        for _ in range(MOST_REDIRECTS + 1):
            self._allow(url)
            answer = await self._answer(client, client.build_request("GET", url), limit, None)
            if answer.status not in (301, 302, 303, 307, 308):
                break
            url = _next(url, answer)
        else:
            raise _BadBodyError("it leads from link to link without end")
        if answer.status != 200:
            raise _BadBodyError(f"HTTP {answer.status}")
        return answer.body

    def _allow(self, url: str) -> None:
        """Refuse links that are not https, or that lead from the internet into this machine."""
        scheme, host = scheme_and_host(url)
        ours = is_inside(scheme_and_host(self._base_url)[1])
        if scheme == "https" and host and (ours or not is_inside(host)):
            return
        if scheme == "http" and ours and is_loopback(host):
            return
        raise DownloadError(
            f"The link {public(url)} is not fetched", why="it is not a safe address"
        )

    async def _answer(
        self, client: httpx.AsyncClient, request: httpx.Request, limit: int, auth: _KeyAuth | None
    ) -> Answer:
        response = await client.send(request, stream=True, auth=auth, follow_redirects=False)
        try:
            body = await _body(response, limit)
        finally:
            await response.aclose()
        return Answer(response.status_code, dict(response.headers), body)

    def _without_key(self, answer: Answer) -> Answer:
        """A service that quotes the key in its answer must not get it into an error of ours."""
        if self._key is None:
            return answer
        return replace(answer, body=answer.body.replace(self._key.reveal().encode(), b"[key]"))

    async def _new_client(self) -> httpx.AsyncClient:
        limits = httpx.Limits(max_connections=1, keepalive_expiry=5.0)
        if self._app is not None:
            transport = httpx.ASGITransport(
                await asyncio.to_thread(self._app), raise_app_exceptions=False
            )
            return httpx.AsyncClient(transport=transport, headers=_HEADERS, timeout=_TIMEOUT)
        context = await self._ssl()
        return httpx.AsyncClient(verify=context, limits=limits, headers=_HEADERS, timeout=_TIMEOUT)

    async def _ssl(self) -> ssl.SSLContext:
        """Return the one TLS context; reading the certificates takes about 0.2 s, in a thread."""
        if self._context is None:
            self._context = asyncio.ensure_future(asyncio.to_thread(httpx.create_ssl_context))
        return await asyncio.shield(self._context)


def _request(client: httpx.AsyncClient, call: Call, url: str, sent: _Sent) -> httpx.Request:
    """Return the request; half a surrogate pair, for one, has no place in it."""
    try:
        return client.build_request(
            call.method,
            url,
            params=call.query or None,
            json=call.body,
            extensions={"trace": sent.trace},
        )
    except (ValueError, TypeError, httpx.InvalidURL) as error:
        reason = _reason(error)
    raise InputError("The request cannot be written down", why=reason, action=_CHANGE)


def _next(url: str, answer: Answer) -> str:
    try:
        return urljoin(url, answer.headers.get("location", ""))
    except ValueError:
        raise _BadBodyError("it leads to an address that is none") from None


async def _body(response: httpx.Response, limit: int) -> bytes:
    if response.headers.get("content-encoding", "identity").lower() not in ("identity", ""):
        raise _BadBodyError("it came compressed, which was not asked for")
    declared = response.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
        raise _BadBodyError(f"it is longer than {limit:,} bytes")
    chunks = bytearray()
    async for chunk in response.aiter_raw():
        chunks += chunk
        if len(chunks) > limit:
            raise _BadBodyError(f"it is longer than {limit:,} bytes")
    if declared.isdigit() and len(chunks) != int(declared):
        raise _BadBodyError(f"it was cut: {len(chunks):,} of {int(declared):,} bytes")
    return bytes(chunks)


def _failure(error: Exception, sent: _Sent, url: str) -> NanobananaError:
    where = public(url)
    if not sent.started and _is_certificate(error):
        return CertificateError(f"{where} could not prove who it is", why=_reason(error))
    if not sent.started:
        return NotSentError(f"{where} could not be reached", why=_reason(error))
    return ConnectionLostError(f"The answer of {where} was lost", why=_reason(error))


def _is_certificate(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _reason(error: Exception) -> str:
    """Say what went wrong without any URL in it."""
    if isinstance(error, TimeoutError | httpx.TimeoutException):
        return "it took too long"
    if isinstance(error, UnicodeError):  # its text repeats the whole address
        return f"{type(error).__name__}: it holds what is no proper text"
    text = str(error)
    return text if text and "://" not in text else type(error).__name__
