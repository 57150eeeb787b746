"""The only file that knows httpx: requests, time limits, bodies, and who gets the key."""

from __future__ import annotations

import asyncio
import logging
import ssl
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import httpx

from nanobanana_nb.api.certificates import TrustStore
from nanobanana_nb.api.codings import unpacked
from nanobanana_nb.api.connections import ConnectionStack
from nanobanana_nb.api.failures import failure, reason, unsafe
from nanobanana_nb.api.provider import Answer, Call
from nanobanana_nb.api.proxies import Proxy, proxy_for, unusable_proxy
from nanobanana_nb.errors import ConnectionLostError, DownloadError, NanobananaError
from nanobanana_nb.privacy.logs import REDACTING, logger
from nanobanana_nb.privacy.urls import (
    is_inside,
    is_loopback,
    public,
    public_addresses,
    scheme_and_host,
    target,
)
from nanobanana_nb.settings.keys import ApiKey
from nanobanana_nb.version import __version__

API_LIMIT = 4_000_000  # bytes of an answer of the API
INLINE_LIMIT = 90_000_000  # bytes of one that holds an image of 64 MB in base64
API_DEADLINE_S = 60.0
MEDIA_DEADLINE_S = 300.0
MOST_REDIRECTS = 5
# What libraries raise for a link or connection that does not work: odd links are ValueErrors, and
# a port that cannot be is an OverflowError, in a group where several addresses are tried.
_BROKEN = (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, OverflowError, ExceptionGroup)
_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
_LIMITS = httpx.Limits(max_connections=1, keepalive_expiry=5.0)
_LOGGERS = ("httpx", *(f"httpcore.{part}" for part in ("connection", "http11", "proxy", "http2")))
_log = logger(__name__)
_HEADERS = {"user-agent": f"nanobanana_nb/{__version__}", "accept-encoding": "identity"}


@dataclass
class _Transmission:
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


Judge = Callable[[httpx.URL], Awaitable[Sequence[str | None]]]
Auth = Callable[[httpx.Request], httpx.Request]


@dataclass(eq=False)
class _Route(httpx.AsyncBaseTransport):
    """One connection, by the route that the environment wants when a request leaves.

    Where a proxy is set, it resolves the name in its own network. Without one a name is resolved
    here and its address is connected to as it was judged: asked again, the name could lead
    elsewhere. TLS proves the name all the same.

    Args:
        judge: gives the addresses of a host that may be connected to, in the order to try them;
            None leaves it to the HTTP library.
    """

    trust: TrustStore
    judge: Judge
    _route: tuple[Proxy | None, bytes, ssl.SSLContext] | None = field(default=None, init=False)
    _transport: httpx.AsyncHTTPTransport | None = field(default=None, init=False)
    _addresses: Sequence[str | None] = field(default=(), init=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        route = (proxy_for(str(url)), url.raw_host, await self.trust.context())
        if self._transport is None or route != self._route:  # one address may serve many names
            await self.aclose()
            self._addresses = (None,) if route[0] else await self.judge(url)
            self._transport, self._route = _transport(route[0], route[2]), route
        try:
            return await self._send(self._transport, request)
        except (httpx.HTTPError, OSError, NanobananaError):
            raise
        except Exception as error:  # what the SOCKS library makes of an answer that is none
            if route[0] is None:
                raise
            answer = f"it does not speak its protocol ({type(error).__name__})"
        raise httpx.ProxyError(answer)

    async def _send(
        self, transport: httpx.AsyncHTTPTransport, request: httpx.Request
    ) -> httpx.Response:
        for address in self._addresses:
            try:
                response = await transport.handle_async_request(_to(address, request))
            except (httpx.ConnectError, httpx.ConnectTimeout):
                if address == self._addresses[-1]:
                    raise
            else:
                self._addresses = (address,)
                return response
        raise AssertionError("there is an address")  # pragma: no cover

    async def aclose(self) -> None:
        transport, self._transport = self._transport, None
        if transport is not None:
            await transport.aclose()


def _to(address: str | None, request: httpx.Request) -> httpx.Request:
    """Return a request that goes to an address and still names its host, to TLS too."""
    if address is None:
        return request
    return httpx.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": request.url.raw_host.decode()},
    )


def _transport(proxy: Proxy | None, context: ssl.SSLContext) -> httpx.AsyncHTTPTransport:
    if proxy is None:
        return httpx.AsyncHTTPTransport(verify=context, limits=_LIMITS)
    try:
        return httpx.AsyncHTTPTransport(verify=context, limits=_LIMITS, proxy=proxy.url)
    except (ValueError, ImportError, httpx.InvalidURL):
        why = "the HTTP library does not take it"
    raise unusable_proxy(proxy.source, why)


class _InProcess(httpx.ASGITransport):
    """An app in this process: what it raises, or answers wrongly, is a broken connection."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            response = await super().handle_async_request(request)
            assert isinstance(response.stream, httpx.AsyncByteStream)
            async for _ in response.stream:  # it is all here, and joined each time it is read
                pass
        except BaseException as error:
            task = asyncio.current_task()  # cancelled by somebody, and not by the code in it
            is_cancelled = task is not None and task.cancelling() > 0
            if isinstance(error, asyncio.CancelledError) and is_cancelled:
                raise
            why = f"the service in this process failed ({type(error).__name__})"
        else:
            return response
        raise httpx.RemoteProtocolError(why)


class Http:
    """Connections to one service. Belongs to one event loop; made without any I/O.

    Args:
        base_url: the API's scheme and host, where the key goes and nowhere else.
        app: an ASGI app that answers inside this process, instead of the network.
    """

    def __init__(self, base_url: str, key: ApiKey | None, app: Callable[[], Any] | None) -> None:
        for name in _LOGGERS:
            logging.getLogger(name).addFilter(REDACTING)  # adding it twice does nothing
        self._base_url = base_url
        self._key = key
        self._app = app
        self._trust = TrustStore(lambda: httpx.create_ssl_context())
        self._api = ConnectionStack(partial(self._new_client, _any_address))
        self._media = ConnectionStack(partial(self._new_client, self._safe_addresses))

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
            NotSentError: no byte of the request left.
            ConnectionLostError: it left and the answer did not arrive whole.
        """
        transmission, url = _Transmission(leaving), self._base_url + call.path
        limit = INLINE_LIMIT if call.holds_media else API_LIMIT
        try:
            async with self._api.borrow(fresh=call.creates) as client:
                request = client.build_request(
                    call.method,
                    url,
                    params=call.query or None,
                    json=call.body,
                    extensions={"trace": transmission.trace},
                )
                if self._app is not None:  # no connection, so no trace event either
                    await transmission.start()
                async with asyncio.timeout(API_DEADLINE_S):
                    auth = self._with_key if self._key else None
                    answer = await self._answer(client, request, limit, auth)
                body = answer.body
                if coding := answer.headers.get("content-encoding"):
                    # Not in a thread: where the program is ending no thread begins any more.
                    body = unpacked(body, coding, limit)
                if self._key:  # a service that quotes it must not get it into an error of ours
                    body = body.replace(self._key.reveal().encode(), b"[key]")
                return replace(answer, body=body)
        except _BROKEN as error:
            lost = failure(error, transmission.started, url)
        raise lost  # outside the handler: httpx's error holds the request with its key

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
            why = reason(error)
        raise DownloadError(f"The download from {public(url)} failed", why=why)

    async def put(self, url: str, data: bytes, media_type: str) -> None:
        """Put `data` under a presigned link. Sends no key.

        Raises:
            ConnectionLostError: it did not arrive, or the storage refused it.
        """
        try:
            await self._allow(url)
            async with self._media.borrow() as client, asyncio.timeout(MEDIA_DEADLINE_S):
                headers = {"content-type": media_type}
                request = client.build_request("PUT", url, content=data, headers=headers)
                answer = await self._answer(client, request, API_LIMIT, None)
            if 200 <= answer.status < 300:
                return
            why = f"HTTP {answer.status}"
        except _BROKEN as error:
            why = reason(error)
        raise ConnectionLostError(f"The upload to {public(url)} failed", why=why)

    async def aclose(self) -> None:
        """Close every idle connection."""
        await self._api.aclose()
        await self._media.aclose()

    async def _fetch(self, url: str, limit: int, *, fresh: bool = False) -> bytes:
        async with self._media.borrow(fresh=fresh) as client, asyncio.timeout(MEDIA_DEADLINE_S):
            for _ in range(MOST_REDIRECTS + 1):
                await self._allow(url)
                answer = await self._answer(client, client.build_request("GET", url), limit, None)
                if answer.status not in (301, 302, 303, 307, 308):
                    break
                url = target(url, answer.headers.get("leads-to", ""))
            else:
                raise _BadBodyError("it leads from link to link without end")
            if answer.status != 200:
                raise _BadBodyError(f"HTTP {answer.status}")
            if coding := answer.headers.get("content-encoding"):
                return await asyncio.to_thread(unpacked, answer.body, coding, limit)
            return answer.body

    async def _allow(self, url: str) -> None:
        """Refuse links that are not https, or that lead from the internet into this machine.

        Where the key goes an image may come from, too.
        """
        scheme, host = scheme_and_host(url)
        if host and (scheme, host) == scheme_and_host(self._base_url):
            return
        inside = is_inside(host)
        if scheme == "https" and host and (not inside or await self._is_inside()):
            return
        if scheme == "http" and is_loopback(host) and await self._is_inside():
            return
        raise unsafe(url)

    async def _safe_addresses(self, url: httpx.URL) -> Sequence[str | None]:
        """Return the addresses of a link that are safe: of the internet, unless we are inside."""
        if await self._is_inside():
            return (None,)
        if safe := await public_addresses(url.raw_host.decode(), url.port or 443):
            return safe
        raise unsafe(str(url))

    async def _is_inside(self) -> bool:
        """Whether the service itself is on this machine or in a local network, by its address."""
        host = scheme_and_host(self._base_url)[1]
        if is_inside(host):
            return True
        try:
            return not (proxy_for(self._base_url) or await public_addresses(host, 443))
        except OSError:
            return False

    async def _answer(
        self, client: httpx.AsyncClient, request: httpx.Request, limit: int, auth: Auth | None
    ) -> Answer:
        """Send a request and return its whole answer, of `limit` bytes at most."""
        begun, place = time.monotonic(), f"{request.url.host}{request.url.path}"
        _log.debug("%s %s leaves", request.method, place)
        response = await client.send(request, stream=True, auth=auth, follow_redirects=False)
        body, too_long = bytearray(), _BadBodyError(f"it is longer than {limit:,} bytes")
        try:
            length = response.headers.get("content-length", "")
            whole = int(length) if length.isdigit() else None
            if whole is not None and whole > limit:
                raise too_long
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > limit:
                    raise too_long
        finally:
            await response.aclose()
        took_ms, status = 1e3 * (time.monotonic() - begun), response.status_code
        answered = (request.method, place, status, took_ms, len(body))
        _log.debug("%s %s: %s after %.0f ms, %s bytes", *answered)
        if whole is not None and len(body) != whole:
            raise _BadBodyError(f"it was cut: {len(body):,} of {whole:,} bytes")
        return Answer(status, dict(response.headers), bytes(body))

    def _with_key(self, request: httpx.Request) -> httpx.Request:
        """Put the key in at send time, so that no request of ours shows it before."""
        assert self._key is not None
        request.headers["x-api-key"] = self._key.reveal()
        return request

    async def _new_client(self, judge: Judge) -> httpx.AsyncClient:
        transport: httpx.AsyncBaseTransport
        if self._app is None:
            transport = _Route(self._trust, judge)
        else:
            app = await asyncio.to_thread(self._app)
            transport = _InProcess(app, raise_app_exceptions=False)
        hooks = {"response": [_take_location]}
        return httpx.AsyncClient(
            transport=transport, headers=_HEADERS, timeout=_TIMEOUT, event_hooks=hooks
        )


async def _any_address(_: httpx.URL) -> Sequence[str | None]:
    return (None,)


async def _take_location(response: httpx.Response) -> None:
    """Rename the header of a redirect: httpx would refuse odd ones in its own words."""
    if "location" in response.headers:
        response.headers["leads-to"] = response.headers.pop("location")
