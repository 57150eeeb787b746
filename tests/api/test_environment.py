"""What the environment says of certificates and proxies: read anew, and told by its name."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import certifi
import httpx
import pytest
import trustme

from nanobanana_nb.api import proxies
from nanobanana_nb.api.client import Client
from nanobanana_nb.api.proxies import proxy_for
from nanobanana_nb.errors import CertificateError, NanobananaError, NotSentError, SettingsError
from tests.api.conftest import ask, at
from tests.api.raw_server import RawServer, Reply, answer, envelope, free_port
from tests.api.test_connections import tls_server
from tests.service import CERTIFICATES

SECRET = "pass-word-1234"
REAL = httpx.create_ssl_context


@pytest.fixture(autouse=True)
def real_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read certificates as the environment says, which the other tests here do not."""
    monkeypatch.setattr(httpx, "create_ssl_context", REAL)
    for variable in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(variable, raising=False)


def failed(url: str) -> NanobananaError:
    """Ask for the balance there and return the error."""
    with pytest.raises(NanobananaError) as raised:
        ask(at(url), lambda client: client.balance())
    return raised.value


def _text(folder: Path) -> Path:
    (folder / "no.pem").write_text("no certificate")
    return folder / "no.pem"


WRONG_CERTIFICATES: dict[str, tuple[str, Callable[[Path], Path]]] = {
    "file that is not there": ("SSL_CERT_FILE", lambda folder: folder / "nope.pem"),
    "file without certificates": ("SSL_CERT_FILE", _text),
    "folder as file": ("SSL_CERT_FILE", lambda folder: folder),
    "folder that is not there": ("SSL_CERT_DIR", lambda folder: folder / "nope"),
    "file as folder": ("SSL_CERT_DIR", _text),
}


@pytest.mark.parametrize("case", sorted(WRONG_CERTIFICATES))
def test_certificates_that_cannot_be_read(
    raw: RawServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    """The variable is named with its value; once it is unset the same client works."""
    variable, value = WRONG_CERTIFICATES[case]
    raw.on("", Reply((envelope({"balance": 7}),)))

    async def work(client: Client) -> float:
        monkeypatch.setenv(variable, str(value(tmp_path)))
        for _ in range(2):
            with pytest.raises(SettingsError, match=variable) as raised:
                await client.balance()
            assert str(value(tmp_path)) in raised.value.why
        monkeypatch.delenv(variable)
        return await client.balance()

    assert ask(at(raw.url), work) == 7
    assert len(raw.arrived) == 1


@pytest.mark.parametrize("certificates", [None, "SSL_CERT_FILE", "SSL_CERT_DIR"])
@pytest.mark.parametrize("log", ["nope/keys.log", "."])
def test_log_of_keys_that_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, certificates: str | None, log: str
) -> None:
    """The variable that is wrong is named, not one that names good certificates."""
    if certificates:
        good = certifi.where() if certificates == "SSL_CERT_FILE" else str(tmp_path)
        monkeypatch.setenv(certificates, good)
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / log))
    error = failed("https://127.0.0.1:9")
    assert isinstance(error, SettingsError)
    assert str(tmp_path / log) in error.why
    assert "SSLKEYLOGFILE cannot be used" in error.what
    assert "SSL_CERT" not in str(error)
    assert "written" in error.action


def test_certificates_are_read_once(raw: RawServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the environment stays the same: reading takes longer than a call; a change counts."""
    raw.on("", Reply((envelope({"balance": 7}),), end="keep"))
    reads: list[str | None] = []

    def read() -> object:
        reads.append(os.environ.get("SSL_CERT_FILE"))
        return CERTIFICATES

    async def work(client: Client) -> None:
        for value in (certifi.where(), certifi.where(), None):
            if value is None:
                monkeypatch.delenv("SSL_CERT_FILE")
            else:
                monkeypatch.setenv("SSL_CERT_FILE", value)
            await client.balance()

    monkeypatch.setattr(httpx, "create_ssl_context", read)
    ask(at(raw.url), work)
    assert reads == [certifi.where(), None]


def test_folder_without_certificates_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nobody is trusted, the variable that says so stands in the error."""
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    with tls_server(trustme.CA().issue_cert("127.0.0.1")) as (url, _):
        error = failed(url)
    assert type(error) is CertificateError
    assert "SSL_CERT_DIR" in error.why


WRONG_PROXIES = [
    "socks4://127.0.0.1:1080",
    "ftp://127.0.0.1:21",
    "http://[::1",
    "http://:3128",
    "http://",
    "://",
    "http://host:99999",
    "http://host:port",
    "http://ho st:3128",
    '"http://host:3128"',
    "http://host\x01:3128",
    "http://xn--/",
    f"ftp://user:{SECRET}@127.0.0.1:21",
    f"http://user:{SECRET}@[::1",
    f"http://user:{SECRET}@host:port",
]


@pytest.mark.long
@pytest.mark.parametrize("value", WRONG_PROXIES)
@pytest.mark.parametrize("variable", ["ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy"])
def test_proxy_that_cannot_be_used(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    """One sentence of ours names the variable as it is spelled, and never a password."""
    monkeypatch.setenv(variable, value)
    error = failed("https://api.example")
    assert isinstance(error, SettingsError | NotSentError)
    assert variable in str(error)
    assert SECRET not in f"{error!r} {error}"


@pytest.mark.parametrize("scheme", ["socks5", "socks5h"])
def test_socks_without_its_extra(monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    """The error says which extra is to be installed."""
    monkeypatch.setattr(proxies, "find_spec", lambda name: None)
    monkeypatch.setenv("ALL_PROXY", f"{scheme}://user:{SECRET}@127.0.0.1:1080")
    error = failed("https://api.example")
    assert 'pip install "httpx[socks]"' in str(error)
    assert "ALL_PROXY" in str(error)
    assert SECRET not in str(error)


def test_proxy_that_is_unset_counts_at_once(
    raw: RawServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client that failed by a proxy works once it is gone, and one that worked uses a new one."""
    raw.on("", Reply((envelope({"balance": 7}),), end="keep"))
    monkeypatch.setenv("HTTP_PROXY", raw.url)

    async def work(client: Client) -> None:
        assert await client.balance() == 7
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
        with pytest.raises(NotSentError, match="http_proxy"):
            await client.balance()
        monkeypatch.delenv("http_proxy")
        assert await client.balance() == 7

    ask(at("http://api.example"), work)


def test_proxy_that_is_not_wanted_does_no_harm(
    raw: RawServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong ALL_PROXY counts neither beside the scheme's own nor for a host that is exempt."""
    raw.on("", Reply((envelope({"balance": 7}),)))
    monkeypatch.setenv("ALL_PROXY", "ftp://127.0.0.1")
    monkeypatch.setenv("NO_PROXY", "example.org, media.example")
    assert proxy_for("https://media.example") is None
    monkeypatch.setenv("HTTP_PROXY", raw.url)
    assert ask(at("http://api.example"), lambda client: client.balance()) == 7


EXEMPT = [
    ("*", "https://api.example", True),
    ("api.example", "https://api.example", True),
    ("example", "https://api.example", True),
    (".example", "https://api.example", True),
    ("*.example", "https://api.example", True),
    ("API.example", "https://api.example.", True),
    ("i.example", "https://api.example", False),
    ("", "https://api.example", False),
    (",,", "https://api.example", False),
    ("api.example:443", "https://api.example", True),
    ("api.example:80", "https://api.example", False),
    ("https://api.example", "https://api.example", True),
    ("http://api.example", "https://api.example", False),
    ("fd00::1", "http://[fd00::1]:80", True),
    ("[fd00::1]", "http://[fd00::1]:8000", True),
    ("[fd00::1]:8000", "http://[fd00::1]:8000", True),
    ("[fd00::1]:8001", "http://[fd00::1]:8000", False),
    ("[fd00::1", "https://api.example", False),
    ("10.0.0.0/8", "http://10.0.0.1", True),
    ("11.0.0.0/8", "http://10.0.0.1", False),
    ("10.0.0.0/8", "http://ten.example", False),
    ("intranet", "http://intranet:8000", True),
]


@pytest.mark.parametrize(("exempt", "url", "expected"), EXEMPT)
def test_hosts_that_need_no_proxy(
    monkeypatch: pytest.MonkeyPatch, exempt: str, url: str, expected: bool
) -> None:
    """NO_PROXY names hosts and all below them, addresses with or without brackets, and nets."""
    monkeypatch.setenv("ALL_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", exempt)
    assert (proxy_for(url) is None) is expected


@contextmanager
def socks_server(*replies: bytes) -> Iterator[str]:
    """Answer each thing that comes with the next of the replies, then close."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                with connection, suppress(OSError):
                    for reply in replies:
                        connection.recv(4096)
                        connection.sendall(reply)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"socks5://user:{SECRET}@127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(10)


@pytest.mark.long
@pytest.mark.parametrize(
    "replies",
    [(), (b"HTTP/1.1 400 Bad\r\n\r\n",), (b"\x05",), (b"\x05\xff",), (b"\x05\x02", b"\x05")],
)
def test_socks_proxy_that_speaks_something_else(
    monkeypatch: pytest.MonkeyPatch, replies: tuple[bytes, ...]
) -> None:
    """Whatever it answers, the call was not sent, and the variable is named."""
    pytest.importorskip("socksio")
    with socks_server(*replies) as proxy:
        monkeypatch.setenv("ALL_PROXY", proxy)
        error = failed("https://api.example")
    assert type(error) is NotSentError
    assert "ALL_PROXY" in str(error)
    assert SECRET not in str(error)


def test_proxy_that_wants_another_password_is_named(
    raw: RawServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The variable stands in the error of 407, and the password does not."""
    raw.on("", Reply((answer(b"", "407 Proxy Authentication Required"),)))
    monkeypatch.setenv("https_proxy", raw.url.replace("//", f"//user:{SECRET}@"))
    error = failed("https://api.example")
    assert type(error) is NotSentError
    assert "https_proxy" in str(error)
    assert SECRET not in str(error)
