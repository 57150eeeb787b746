"""A paid call whose connection never stands: certificates, proxies, a service that is too busy."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
import trustme

from nanobanana_nb.api import http
from nanobanana_nb.errors import CertificateError, Charged, NanobananaError, NotSentError
from tests.api.conftest import ask, at
from tests.api.raw_server import RawServer, Reply, answer, free_port
from tests.service import MODEL, PROMPT


def refused(url: str) -> NanobananaError:
    """Try to create a task there and return the error."""
    with pytest.raises(NanobananaError) as raised:
        ask(at(url), lambda client: client.create(MODEL, PROMPT))
    assert raised.value.charged is Charged.NO
    return raised.value


@contextmanager
def tls_server(certificate: trustme.LeafCert) -> Iterator[tuple[str, list[bytes]]]:
    """Listen with a certificate; the list holds what was sent after a handshake that held."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    heard: list[bytes] = []
    loop = asyncio.new_event_loop()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read(65_536))
        writer.write(answer(b'{"code": 200, "data": {"task_id": "t1"}}'))
        writer.close()

    server = loop.run_until_complete(asyncio.start_server(serve, "127.0.0.1", 0, ssl=context))
    loop.set_exception_handler(lambda *_: None)  # handshakes that the client breaks off
    port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield f"https://127.0.0.1:{port}", heard
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


@pytest.mark.parametrize("name", ["127.0.0.1", "other.example"])
def test_certificate_of_nobody_known(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An authority that is not trusted: nothing is sent, nothing is tried again."""
    with tls_server(trustme.CA().issue_cert(name)) as (url, heard):
        error = refused(url)
    assert type(error) is CertificateError
    assert heard == []


def test_certificate_of_another_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """A certificate that holds for another name does not hold here."""
    authority = trustme.CA()
    monkeypatch.setattr(httpx, "create_ssl_context", lambda: trusting(authority))
    with tls_server(authority.issue_cert("other.example")) as (url, heard):
        assert type(refused(url)) is CertificateError
    assert heard == []


def test_certificate_that_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """With an authority that is trusted and the right name the task is created, once."""
    authority = trustme.CA()
    monkeypatch.setattr(httpx, "create_ssl_context", lambda: trusting(authority))
    with tls_server(authority.issue_cert("127.0.0.1")) as (url, heard):
        assert ask(at(url), lambda client: client.create(MODEL, PROMPT)) == "t1"
    assert len(heard) == 1


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    """A context that trusts this authority alone."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def test_proxy_that_wants_a_password(raw: RawServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """407 comes before the service saw anything: not sent, and told as not reached."""
    raw.on("", Reply((answer(b"", "407 Proxy Authentication Required"),)))
    monkeypatch.setenv("HTTPS_PROXY", raw.url)
    error = refused("https://api.example")
    assert type(error) is NotSentError
    assert {one.method for one in raw.arrived} == {"CONNECT"}
    assert not any("x-api-key" in one.headers for one in raw.arrived)


def test_proxy_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """So it is with a proxy that cannot be reached."""
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{free_port()}")
    assert type(refused("https://api.example")) is NotSentError


def test_service_that_does_not_accept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that does not come about in time was not sent."""
    monkeypatch.setattr(http, "_TIMEOUT", httpx.Timeout(1.0, connect=0.05))
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        callers = [socket.socket() for _ in range(4)]  # they take every place in the queue
        for caller in callers:
            caller.setblocking(False)
            caller.connect_ex(full.getsockname())
        assert type(refused(f"http://127.0.0.1:{full.getsockname()[1]}")) is NotSentError
        for caller in callers:
            caller.close()
