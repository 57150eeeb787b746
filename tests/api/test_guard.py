"""Links lead to the internet by the address that is connected to, where the service does too."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any

import httpx
import pytest
import trustme

from nanobanana_nb.errors import ConnectionLostError, DownloadError, NanobananaError
from nanobanana_nb.privacy import urls
from tests.api.conftest import ask, at
from tests.api.raw_server import RawServer, Reply, answer
from tests.api.test_connections import trusting

SERVICE = "https://api.example"
OUTSIDE, OTHER, INSIDE = "127.0.0.2", "127.0.0.3", "127.0.0.1"  # two play the internet


@dataclass
class Listener:
    """A TLS server that counts connections and keeps what it was sent."""

    port: int = 0
    connections: int = 0
    heard: list[bytes] = field(default_factory=list)
    reply: bytes = answer(b"picture")


@contextmanager
def listening(host: str, certificate: trustme.LeafCert, port: int = 0) -> Iterator[Listener]:
    """Serve there from a thread until the block ends."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    listener, plain = Listener(), socket.create_server((host, port))
    listener.port = plain.getsockname()[1]
    plain.settimeout(0.05)
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            try:
                connection, _ = plain.accept()
            except TimeoutError:
                continue
            listener.connections += 1
            connection.settimeout(5)
            try:
                with context.wrap_socket(connection, server_side=True) as secure:
                    listener.heard.append(secure.recv(65_536))
                    secure.sendall(listener.reply)
            except OSError:  # the client did not like the certificate
                connection.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener
    finally:
        over.set()
        thread.join(10)
        plain.close()


@pytest.fixture
def authority(monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """An authority that is trusted."""
    made = trustme.CA()
    monkeypatch.setattr(httpx, "create_ssl_context", lambda: trusting(made))
    return made


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[list[str]]]:
    """Names with their addresses: each question takes the next answer, the last one stays."""
    table: dict[str, list[list[str]]] = {"api.example": [["8.8.8.8"]]}
    real, real_judge = socket.getaddrinfo, urls.is_public

    def resolve(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name not in table:
            return real(host, port, *args, **kwargs)
        answers = table[name]
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [entry for one in found for entry in real(one, port, *args, **kwargs)]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    play = (ip_address(OUTSIDE), ip_address(OTHER))
    monkeypatch.setattr(urls, "is_public", lambda a: a in play or real_judge(a))
    return table


Names = dict[str, list[list[str]]]


def fetched(*links: str, service: str = SERVICE) -> list[bytes]:
    """Download these links with one client."""

    async def work(client: Any) -> list[bytes]:
        return [await client.download(link) for link in links]

    return list(ask(at(service), work))


def test_link_leads_to_the_judged_address(authority: trustme.CA, names: Names) -> None:
    """The name is in the request and in TLS, and its certificate is what counts."""
    with listening(OUTSIDE, authority.issue_cert("media.example")) as media:
        names["media.example"] = [[OUTSIDE]]
        assert fetched(f"https://media.example:{media.port}/a.png") == [b"picture"]
    assert f"host: media.example:{media.port}\r\n".encode() in media.heard[0].lower()


def test_certificate_of_another_name_does_not_hold(authority: trustme.CA, names: Names) -> None:
    """Not even one for the address that was connected to."""
    with listening(OUTSIDE, authority.issue_cert(OUTSIDE, "other.example")) as media:
        names["media.example"] = [[OUTSIDE]]
        with pytest.raises(DownloadError):
            fetched(f"https://media.example:{media.port}/a.png")
    assert media.heard == []


def test_two_names_share_no_connection(authority: trustme.CA, names: Names) -> None:
    """One that stands for a name is no proof of another name at the same address."""
    with listening(OUTSIDE, authority.issue_cert("one.example")) as media:
        names["one.example"] = names["two.example"] = [[OUTSIDE]]
        links = [f"https://{name}.example:{media.port}/a.png" for name in ("one", "two")]
        assert fetched(links[0]) == [b"picture"]
        with pytest.raises(DownloadError):
            fetched(*links)
    assert len(media.heard) == 2


def test_address_that_is_away_is_followed_by_the_next(authority: trustme.CA, names: Names) -> None:
    """As it is without a guard: one of a host's addresses may be unreachable."""
    with listening(OTHER, authority.issue_cert("media.example")) as media:
        names["media.example"] = [[OUTSIDE, OTHER]]
        assert fetched(f"https://media.example:{media.port}/a.png") == [b"picture"]


LEADS_INSIDE: dict[str, Callable[[Names], str]] = {
    "address": lambda names: INSIDE,
    "wide dots": lambda names: "127。0。0。1",
    "short": lambda names: "127.1",
    "hexadecimal": lambda names: "0x7f000001",
    "decimal": lambda names: "2130706433",
    "octal": lambda names: "0177.0.0.1",
    "mapped": lambda names: "[::ffff:127.0.0.1]",
    "NAT64": lambda names: "[64:ff9b::7f00:1]",
    "6to4": lambda names: "[2002:7f00:1::]",
    "localhost": lambda names: "localhost",
    "metadata": lambda names: "169.254.169.254",
    "name": lambda names: named(names, [[INSIDE]]),
    "name of several": lambda names: named(names, [[INSIDE, "10.0.0.1", "169.254.169.254"]]),
    "name of a mapped one": lambda names: named(names, [["::ffff:127.0.0.1"]]),
    "name that becomes another": lambda names: named(names, [["127.0.0.9"], [INSIDE]]),
}


def named(names: Names, answers: list[list[str]]) -> str:
    """Give a name these addresses."""
    names["inside.example"] = answers
    return "inside.example"


@pytest.mark.long
@pytest.mark.parametrize("case", sorted(LEADS_INSIDE))
@pytest.mark.parametrize("way", ["link", "redirect", "upload"])
def test_link_that_leads_inside(authority: trustme.CA, names: Names, case: str, way: str) -> None:
    """Nobody inside sees so much as a connection, whichever way the link came."""
    host = LEADS_INSIDE[case](names)
    certificate = authority.issue_cert(INSIDE, "inside.example", "media.example")
    with listening(INSIDE, certificate) as inside, listening(OUTSIDE, certificate) as media:
        names["media.example"] = [[OUTSIDE]]
        link = f"https://{host}:{inside.port}/a.png"
        media.reply = answer(b"", "302 Found", location=link.encode().decode("latin-1"))
        if way == "redirect":
            link = f"https://media.example:{media.port}/a.png"
        with pytest.raises(NanobananaError) as raised:
            ask(at(SERVICE), _upload(link) if way == "upload" else _download(link))
    assert inside.connections == 0
    assert isinstance(raised.value, DownloadError | ConnectionLostError)


def _download(link: str) -> Callable[[Any], Any]:
    return lambda client: client.download(link)


def _upload(link: str) -> Callable[[Any], Any]:
    return lambda client: client._http.put(link, b"picture", "image/png")


def test_name_that_changes_after_it_was_judged(authority: trustme.CA, names: Names) -> None:
    """The connection goes to the judged address: a second answer of the name is never heard."""
    certificate = authority.issue_cert("media.example")
    with listening(OUTSIDE, certificate) as media:
        with listening(INSIDE, certificate, media.port) as inside:
            names["media.example"] = [[OUTSIDE], [INSIDE]]
            assert fetched(f"https://media.example:{media.port}/a.png") == [b"picture"]
        assert (media.connections, inside.connections) == (1, 0)


def test_service_that_is_inside_keeps_its_files_there(authority: trustme.CA, names: Names) -> None:
    """A service in a local network is known by its address as well, and may name its neighbours."""
    with listening(INSIDE, authority.issue_cert("files.example", INSIDE)) as files:
        names["service.example"] = [["10.0.0.1"]]
        names["files.example"] = [[INSIDE]]
        links = [f"https://{host}:{files.port}/a" for host in ("files.example", INSIDE)]
        assert fetched(*links, service="https://service.example") == [b"picture"] * 2


def test_service_of_which_nobody_knows_the_address(authority: trustme.CA, names: Names) -> None:
    """It does not count as inside."""
    with listening(INSIDE, authority.issue_cert("files.example")) as files:
        names["api.example"], names["files.example"] = [[]], [[INSIDE]]
        with pytest.raises(DownloadError, match="safe address"):
            fetched(f"https://files.example:{files.port}/a")
    assert files.connections == 0


def test_proxy_resolves_in_its_own_network(
    raw: RawServer, names: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is given the name, of which this machine may know nothing; spelled addresses stay out."""
    raw.on("", Reply((answer(b"", "502 Bad Gateway"),)))
    monkeypatch.setenv("HTTPS_PROXY", raw.url)
    names["media.example"] = [[]]
    with pytest.raises(DownloadError):
        fetched("https://media.example/a.png")
    assert [one.path for one in raw.arrived] == ["media.example:443"]
    with pytest.raises(DownloadError, match="safe address"):
        fetched("https://127。0。0。1/a.png")
    assert len(raw.arrived) == 1


def test_addresses_of_a_name(names: Names) -> None:
    """Each of the internet once, the short ones first; what is inside is left out."""
    names["media.example"] = [["2606:4700::1", "10.0.0.1", "9.9.9.9", "8.8.8.8", "9.9.9.9"]]
    known = asyncio.run(urls.public_addresses("media.example", 443))
    assert known == ["9.9.9.9", "8.8.8.8", "2606:4700::1"]


def test_name_that_nobody_knows(names: Names) -> None:
    """It is an error of the download."""
    names["media.example"] = [[]]
    with pytest.raises(DownloadError, match=r"media\.example"):
        fetched("https://media.example/a.png")
