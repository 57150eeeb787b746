"""The key and signed links: in no text, traceback, cause or log."""

from __future__ import annotations

import base64
import json
import logging
import traceback
from collections.abc import Iterator

import pytest

from nanobanana_nb.api.client import Client
from nanobanana_nb.api.provider import Provider
from nanobanana_nb.errors import NanobananaError
from tests.api.conftest import ask, at
from tests.api.raw_server import RawServer, Reply, answer, envelope, free_port
from tests.api.test_create import LOST
from tests.service import MODEL, PROMPT, Service

pytestmark = pytest.mark.usefixtures("short_limits")

SECRET = "ak_" + "hush" * 8
CODED = base64.b64encode(SECRET.encode()).decode()
SIGNED = "X-Signature=psst"


class Kept(logging.Handler):
    """Keeps every record as the text that it shows and the values that it holds."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage() + repr(vars(record)))


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """What everything that talks logs at its most talkative; checked in the end."""
    for name in ("", "httpx", "httpcore", "asyncio"):
        caplog.set_level(logging.DEBUG, logger=name)
    kept = Kept()
    logging.getLogger().addHandler(kept)
    yield kept.texts
    logging.getLogger().removeHandler(kept)
    assert any("httpcore" in text for text in kept.texts), "something was logged"
    assert_silent("\n".join(kept.texts))


def assert_silent(text: str) -> None:
    """Neither the key nor a signature stands in a text."""
    assert SECRET not in text
    assert CODED not in text
    assert SIGNED not in text
    assert "psst" not in text


def every_text(error: BaseException) -> str:
    """All that an error can show: itself, its record, its causes, its traceback with values."""
    seen: list[str] = []
    link: BaseException | None = error
    while link is not None:
        seen += [str(link), repr(link), repr(vars(link))]
        link = link.__cause__ or link.__context__
    told = traceback.TracebackException.from_exception(error)
    return "\n".join([*seen, *told.format()])


@pytest.mark.long
@pytest.mark.parametrize("fault", sorted(LOST))
def test_lost_create_tells_no_key(raw: RawServer, logged: list[str], fault: str) -> None:
    """However a create is lost, the error has no cause behind it and no key in it."""
    raw.on("", LOST[fault])
    with pytest.raises(NanobananaError) as raised:
        ask(at(raw.url), lambda client: client.create(MODEL, PROMPT), SECRET)
    assert_silent(every_text(raised.value))
    assert raised.value.__context__ is None
    assert raised.value.__cause__ is None


def test_frames_of_an_error_hold_no_key(raw: RawServer) -> None:
    """Not even a traceback that prints the value of every variable shows the key."""
    raw.on("", LOST["HTML 502"])
    with pytest.raises(NanobananaError) as raised:
        ask(at(raw.url), lambda client: client.create(MODEL, PROMPT), SECRET)
    told = traceback.TracebackException.from_exception(raised.value, capture_locals=True)
    own = [frame for frame in told.stack if "nanobanana_nb" in frame.filename]
    assert own
    assert_silent(repr([frame.locals for frame in own if "/tests/" not in frame.filename]))


@pytest.mark.parametrize("url", ["http://127.0.0.1:{}", "https://127.0.0.1:{}", "http://a.invalid"])
def test_unreachable_service_tells_no_key(logged: list[str], url: str) -> None:
    """Nor does a connection that did not come about."""
    with pytest.raises(NanobananaError) as raised:
        ask(at(url.format(free_port())), Client.balance, SECRET)
    assert_silent(every_text(raised.value))
    assert raised.value.__context__ is None


QUOTED = {
    "as it is": json.dumps(SECRET),
    "escaped": '"' + "".join(f"\\u{ord(c):04x}" for c in SECRET) + '"',
    "in base64": json.dumps(CODED),
    "in a link": json.dumps(f"https://{SECRET}@a.test/{SECRET}?key={SECRET}&{SIGNED}"),
    "in an escaped link": json.dumps(f"https://a.test/?{SIGNED}").replace("/", "\\/"),
    "where it is cut": json.dumps("x" * 380 + SECRET),
}


@pytest.mark.parametrize("how", QUOTED)
@pytest.mark.parametrize("code", [401, 403, 422, 500])
@pytest.mark.parametrize("status", ["200 OK", "{} No"])
def test_service_that_quotes_the_key_is_not_quoted(
    raw: RawServer, code: int, status: str, how: str
) -> None:
    """A refusal whose message repeats the key, in any spelling, is told without it."""
    message = f'{{"code": {code}, "message": {QUOTED[how]}, "data": null}}'
    raw.on("", Reply((answer(message.encode(), status.format(code)),)))
    with pytest.raises(NanobananaError) as raised:
        ask(at(raw.url), lambda client: client.create(MODEL, PROMPT), SECRET)
    told = every_text(raised.value) + repr(raised.value.to_record())
    assert_silent(told)
    assert "[key]" in told or "?…" in told


def test_good_calls_log_no_key(service: Service, logged: list[str]) -> None:
    """A whole working session writes no key and no signature to any log."""

    async def work(client: Client) -> None:
        info = await client.look(await client.create(MODEL, PROMPT))
        await client.download(info.media_urls[0])
        await client.download(await client.upload(b"some bytes", "image/png"))

    ask(service.provider, work, SECRET)
    assert "signature" not in "\n".join(logged)


LINKS = {
    "refused": Reply((answer(b"", "403 Forbidden"),)),
    "lost": Reply(end="reset"),
    "cut": Reply((answer(b"x", content_length="9"),)),
    "relative": Reply((answer(b"", "302 Found", location=f"/a.png?{SIGNED}"),)),
    "absolute": Reply((answer(b"", "302 Found", location=f"http://10.0.0.1/a.png?{SIGNED}"),)),
    "no HTTP": Reply((b"SSH-2.0-OpenSSH_9.2\r\n",)),
}


@pytest.mark.long
@pytest.mark.parametrize("fault", sorted(LINKS))
def test_failed_media_tell_no_signature(raw: RawServer, logged: list[str], fault: str) -> None:
    """A download and an upload that fail name the host and the path and not the signature."""
    raw.on("upload-url", Reply((envelope({n: link(raw) for n in ("presigned_url", "file_url")}),)))
    raw.on("a.png", LINKS[fault])
    with pytest.raises(NanobananaError) as raised:
        ask(at(raw.url), lambda client: client.download(link(raw)), SECRET)
    assert_silent(every_text(raised.value))
    with pytest.raises(NanobananaError) as raised:
        ask(at(raw.url), lambda client: client.upload(b"x", "image/png"), SECRET)
    assert_silent(every_text(raised.value))


def link(raw: RawServer) -> str:
    """A signed link of the raw server."""
    return f"{raw.url}/a.png?{SIGNED}"


def test_reprs_hold_no_key() -> None:
    """Client, provider and key show nothing of the key."""
    shown: list[str] = []
    provider: Provider = at("http://127.0.0.1:9")

    async def work(client: Client) -> None:
        shown.append(repr(client) + repr(vars(client)) + repr(vars(client._http)))

    ask(provider, work, SECRET)
    assert_silent(shown[0] + repr(provider))
