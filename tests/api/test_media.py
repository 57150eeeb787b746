"""Bodies behind media links: whole, plain, of sane size, and from where they may come."""

from __future__ import annotations

import gzip
import zlib
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from nanobanana_nb.api import client as client_module
from nanobanana_nb.api import http
from nanobanana_nb.api.client import Client
from nanobanana_nb.errors import DownloadError, NanobananaError
from tests.api.conftest import ask, at
from tests.api.raw_server import RawServer, Reply, answer, free_port
from tests.service import IN_PROCESS

BODY = b"x" * 5000
CHUNKED = answer(transfer_encoding="chunked", content_length="")

BROKEN = {
    "403": Reply((answer(b"<Error/>", "403 Forbidden"),)),
    "404": Reply((answer(b"", "404 Not Found"),)),
    "410": Reply((answer(b"", "410 Gone"),)),
    "204": Reply((answer(b"", "204 No Content"),)),
    "206": Reply((answer(BODY, "206 Partial Content"),)),
    "500": Reply((answer(b"", "500 Fault"),)),
    "reset": Reply((answer(BODY, content_length="9999"),), end="reset"),
    "closed": Reply(),
    "silence": Reply(end="silence"),
    "cut by length": Reply((answer(BODY, content_length="9999"),)),
    "cut by chunk": Reply((CHUNKED + b"2710\r\n" + BODY,)),
    "cut between chunks": Reply((CHUNKED + b"1388\r\n" + BODY + b"\r\n",)),
    "cut gzip": Reply((answer(gzip.compress(BODY)[:-20], content_encoding="gzip"),)),
    "cut gzip, in capitals": Reply((answer(gzip.compress(BODY)[:9], content_encoding="GZIP"),)),
    "cut deflate": Reply((answer(zlib.compress(BODY)[:-6], content_encoding="deflate"),)),
    "drip": Reply((answer(content_length="9999"), b"x"), pause_s=0.02, endless=True),
    "endless": Reply((answer(content_length=""), b"x" * 65_536), endless=True),
    "endless chunks": Reply((CHUNKED, b"4\r\nabcd\r\n" * 4096), endless=True),
    "too long by its own word": Reply((answer(content_length="3000000000"),), end="silence"),
    "head of 3 MB": Reply((b"HTTP/1.1 200 OK\r\nx: " + b"x" * 3_000_000,), end="silence"),
    "link to itself": Reply((answer(b"", "302 Found", location="/a.png"),), end="keep"),
    "link to nowhere": Reply((answer(b"", "302 Found"),), end="keep"),
    "link that is none": Reply((answer(b"", "302 Found", location="http://[bad"),)),
    "link to a wrong port": Reply((answer(b"", "302 Found", location="http://h:99999/"),)),
    "link to a file": Reply((answer(b"", "302 Found", location="file:///etc/passwd"),)),
    "link to plain http": Reply((answer(b"", "302 Found", location="http://example.com/a"),)),
    "link to the metadata": Reply(
        (answer(b"", "302 Found", location="http://169.254.169.254/latest"),)
    ),
}


@pytest.fixture(autouse=True)
def short_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the limits of time and size be reached quickly."""
    monkeypatch.setattr(http, "MEDIA_DEADLINE_S", 0.5)
    monkeypatch.setattr(client_module, "MEDIA_LIMIT", 100_000)


def download(raw: RawServer, path: str = "/a.png") -> Any:
    """Fetch a path of the raw server."""
    return ask(at(raw.url), lambda client: client.download(raw.url + path))


@pytest.mark.long
@pytest.mark.parametrize("fault", sorted(BROKEN))
def test_broken_body_is_a_download_error(raw: RawServer, fault: str) -> None:
    """What is not one whole plain body is an error of ours that names the way on."""
    raw.on("", BROKEN[fault])
    with pytest.raises(DownloadError) as raised:
        download(raw, "/a.png?signature=hush")
    assert "hush" not in str(raised.value)
    assert len(raw.arrived) <= 1 + http.MOST_REDIRECTS


@pytest.mark.parametrize(
    "reply",
    [
        Reply((answer(BODY),)),
        Reply((answer(BODY, content_encoding="identity"),)),
        Reply((CHUNKED + b"1388\r\n" + BODY + b"\r\n0\r\n\r\n",)),
        Reply((answer(BODY, content_length=""),)),
        Reply(tuple(answer(BODY)[n : n + 999] for n in range(0, 5200, 999)), pause_s=0.001),
    ],
)
def test_whole_body_is_taken(raw: RawServer, reply: Reply) -> None:
    """A body comes through by length, by chunks, until the end, and in small pieces."""
    raw.on("", reply)
    assert download(raw) == BODY


WORDS = (
    *("identity", "identity, identity", "none", "binary", "UTF-8", "aws-chunked", "BR", "zstd"),
    *("", ",", "gzip", "deflate", "aws-chunked, gzip"),
)
BARE = zlib.compressobj(wbits=-15)
PACKED = {
    "gzip": gzip.compress(BODY),
    "X-GZIP": gzip.compress(BODY),
    "gzip, aws-chunked": gzip.compress(BODY[:999]) + gzip.compress(BODY[999:]),
    "deflate": zlib.compress(BODY),
    "Deflate": BARE.compress(BODY) + BARE.flush(),
    "deflate, gzip": gzip.compress(zlib.compress(BODY)),
}


@pytest.mark.parametrize("word", WORDS)
def test_word_about_the_coding_changes_no_plain_body(raw: RawServer, word: str) -> None:
    """A body that is not packed comes as it is, whatever its header calls it."""
    raw.on("", Reply((answer(BODY, content_encoding=word),)))
    assert download(raw) == BODY


@pytest.mark.parametrize("word", PACKED)
def test_packed_body_is_unpacked(raw: RawServer, word: str) -> None:
    """gzip and deflate, which were not asked for, are taken off, in any form that they have."""
    raw.on("", Reply((answer(PACKED[word], content_encoding=word),)))
    assert download(raw) == BODY


@pytest.mark.long
@pytest.mark.parametrize("rounds", [1, 2])
def test_packed_body_that_grows_too_long_stays_packed(raw: RawServer, rounds: int) -> None:
    """No more than the limit is unpacked; the bytes, which are paid, come as they are."""
    body = bytes(30_000_000)
    for _ in range(rounds):
        body = gzip.compress(body)
    raw.on("", Reply((answer(body, content_encoding=", ".join(["gzip"] * rounds)),)))
    assert download(raw) == body


def test_limit_is_exact(raw: RawServer) -> None:
    """A body of just the limit is taken and one byte more is not."""
    raw.on("/fits", Reply((answer(b"x" * 100_000),)))
    raw.on("/more", Reply((answer(b"x" * 100_001),)))
    assert len(download(raw, "/fits")) == 100_000
    with pytest.raises(DownloadError, match="longer than 100,000"):
        download(raw, "/more")


def test_body_longer_than_declared_is_cut_there(raw: RawServer) -> None:
    """Bytes behind the declared length belong to nobody."""
    raw.on("", Reply((answer(BODY, content_length="4000"),)))
    assert download(raw) == BODY[:4000]


def test_redirects_are_followed_a_few_times(raw: RawServer) -> None:
    """A media link may lead on, also by a relative link."""
    on = {"connection": "close"}
    raw.on("/a.png", Reply((answer(b"", "302 Found", location="b.png", **on),)))
    raw.on("/b.png", Reply((answer(b"", "308 Moved", location=raw.url + "/c.png", **on),)))
    raw.on("/c.png", Reply((answer(BODY),)))
    assert download(raw) == BODY
    assert [one.path for one in raw.arrived] == ["/a.png", "/b.png", "/c.png"]


def test_connection_that_died_while_idle_is_no_failed_download(raw: RawServer) -> None:
    """A kept connection that breaks under the next download is replaced, not told."""
    raw.on("/a.png", Reply((answer(BODY),), end="keep"))
    raw.on("/b.png", Reply(end="reset"), Reply((answer(BODY),)))

    async def work(client: Client) -> bytes:
        await client.download(raw.url + "/a.png")
        return await client.download(raw.url + "/b.png")

    assert ask(at(raw.url), work) == BODY


def test_nobody_listens() -> None:
    """A media host that cannot be reached is a failed download."""
    gone = f"http://127.0.0.1:{free_port()}/a.png"
    with pytest.raises(DownloadError):
        ask(at("http://127.0.0.1:9"), lambda client: client.download(gone))


INSIDE = (
    *("http://127.0.0.1:9/a", "https://127.0.0.1/a", "https://[::1]/a", "https://localhost/a"),
    *("https://LocalHost/a", "https://a.localhost/a", "https://10.0.0.1/a", "https://0.0.0.0/a"),
    *("https://169.254.169.254/a", "https://[::ffff:127.0.0.1]/a", "https://192.168.1.1/a"),
    *("http://media.example/a", "ftp://media.example/a", "file:///etc/passwd", "//x/a", "a.png"),
    *("https://localhost./a", "https://127.1/a", "https://2130706433/a", "https://0x7f.0.0.1/a"),
    *("https://[bad/a", "https://media.example:99999/a"),
)


def public_service(visited: list[str], location: str = "") -> Any:
    """An application that stands for hosts of the internet and leads on to `location`."""

    def page(request: Request) -> Response:
        visited.append(str(request.url))
        if request.url.path == "/on":
            return RedirectResponse(location)
        return Response(BODY)

    return Starlette(routes=[Route("/{path:path}", page, methods=["GET", "PUT"])])


@pytest.mark.parametrize("url", INSIDE)
def test_public_service_cannot_send_us_inside(url: str) -> None:
    """A link of a public service that is not https, or leads into this network, is not opened."""
    visited: list[str] = []
    provider = at("https://api.example", lambda: public_service(visited))
    with pytest.raises(NanobananaError):
        ask(provider, lambda client: client.download(url))
    assert visited == []


@pytest.mark.parametrize("url", INSIDE[:9])
def test_redirect_cannot_send_us_inside(url: str) -> None:
    """What a link may not do, a redirect may not do either."""
    visited: list[str] = []
    provider = at("https://api.example", lambda: public_service(visited, url))
    with pytest.raises(DownloadError, match="not a safe address"):
        ask(provider, lambda client: client.download("https://media.example/on"))
    assert visited == ["https://media.example/on"]


def test_public_https_is_fetched() -> None:
    """A public https link is what is normally fetched, also after a redirect."""
    visited: list[str] = []
    provider = at("https://api.example", lambda: public_service(visited, "https://cdn.example/a"))
    assert ask(provider, lambda client: client.download("https://media.example/on")) == BODY
    assert visited[-1] == "https://cdn.example/a"


def test_service_on_this_machine_may_use_plain_http() -> None:
    """A service that is itself on this machine may keep its media there."""
    visited: list[str] = []
    provider = at(IN_PROCESS, lambda: public_service(visited))
    assert ask(provider, lambda client: client.download(IN_PROCESS + "/a")) == BODY
    with pytest.raises(NanobananaError):
        ask(provider, lambda client: client.download("http://media.example/a"))
