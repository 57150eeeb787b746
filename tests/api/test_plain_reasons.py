"""Why a link brought nothing is said in words of ours, not in those of a library."""

from __future__ import annotations

import pytest

from nanobanana_nb.api.client import Client
from nanobanana_nb.errors import DownloadError, NanobananaError
from tests.api.conftest import ask, at
from tests.api.raw_server import RawServer, Reply, free_port

NOWHERE = "it leads to what is no address of the web"
NO_HTTP = "what answers there does not keep to HTTP"
ENDED = "the connection ended before all was there"
GOALS = {
    "": "it leads on, and does not say where",
    "data:image/png;base64,xx": NOWHERE,
    "javascript:alert(1)": NOWHERE,
    "mailto:a@b.example": NOWHERE,
    "about:blank": NOWHERE,
    "blob:https://h/1": NOWHERE,
    "file:///etc/passwd": NOWHERE,
    "ftp://h.example/a": NOWHERE,
    "x:": NOWHERE,
    "http://[::1": NOWHERE,
    "http://h:99999/": NOWHERE,
    "http://h:port/": NOWHERE,
    "https:///a": NOWHERE,
}
ANSWERS = {
    "no HTTP": (b"\x00\x01\x02 what\r\n\r\n", NO_HTTP),
    "picture alone": (b"\x89PNG\r\n\x1a\n" + bytes(99), ENDED),
    "odd status": (b"HTTP/1.1 999999 x\r\n\r\n", NO_HTTP),
    "length below nothing": (b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nabc", NO_HTTP),
    "two lengths": (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\na", NO_HTTP),
    "odd chunk": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\nabc", NO_HTTP),
    "switch": (b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\nabc", NO_HTTP),
    "endless head": (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 300_000 + b"\r\n\r\n", NO_HTTP),
    "nothing": (b"", ENDED),
    "cut": (b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nabc", ENDED),
    "cut chunk": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc", ENDED),
}  # fmt: skip


def fetched(url: str, base: str) -> NanobananaError:
    """Why a link brought nothing to a client of a service here."""

    async def fetch(client: Client) -> bytes:
        return await client.download(url)

    with pytest.raises(DownloadError) as raised:
        ask(at(base), fetch)
    return raised.value


@pytest.mark.parametrize("goal", GOALS)
def test_redirect_to_nowhere(raw: RawServer, goal: str) -> None:
    """One sentence, whatever stands where an address should; it is asked for once."""
    head = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + goal.encode() + b"\r\n\r\n"
    raw.on("/a.png", Reply((head,)))
    assert fetched(raw.url + "/a.png", raw.url).why == GOALS[goal]
    assert len(raw.arrived) == 1


@pytest.mark.parametrize("name", ANSWERS)
def test_answer_that_is_none(raw: RawServer, name: str) -> None:
    """Nothing of what a library says of its state, and no bytes of the answer."""
    data, why = ANSWERS[name]
    raw.on("/a.png", Reply((data,)))
    assert fetched(raw.url + "/a.png", raw.url).why == why


@pytest.mark.parametrize("link", ["/a.png\r\nX: 1", "/a.png?" + "a" * 200_000, "/\x07"])
def test_link_that_is_none(raw: RawServer, link: str) -> None:
    """A link that cannot be asked for is no address, and is not repeated in the reason."""
    assert fetched(raw.url + link, raw.url).why == "it is no address of the web"


@pytest.mark.parametrize("link", ["http://[::1/x", "http://h:99999/", "https://", "no link"])
def test_link_without_a_host(link: str) -> None:
    """It is told in a sentence that can be read."""
    base = f"http://127.0.0.1:{free_port()}"
    assert str(fetched(link, base)).startswith(
        "The link is not fetched: it is no address of the web"
    )
