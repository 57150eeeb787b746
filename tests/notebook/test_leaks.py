"""Every way to fail, and then a search of all that was told, logged and written."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from nanobanana_nb.api import http, retry
from nanobanana_nb.run.task import download, poll_schedule
from tests.api.raw_server import RawServer, Reply, answer, envelope, raw_server
from tests.notebook.bench import Bench
from tests.notebook.secrets_search import KEY, SAID, SIGNED, USER_INFO, Everything
from tests.service import Line, Service
from tests.service_codes import KINDS

CELL = "%%nanobanana -o grid -i picture -i signed -i with_user\nA cat"
CODES = (*KINDS, 502, 418)
FAULTS: list[tuple[str, dict[str, Any]]] = [
    *(("create", {"status": code}) for code in CODES),
    *(("create", {"body_code": code}) for code in CODES),
    ("create", {"status": 502, "html": True}),
    ("create", {"accepted": True, "status": 500}),
    ("create", {"task": "no-url"}),
    *(("estimate", {"status": code}) for code in (401, 422, 500)),
    *(("balance", {"status": code}) for code in (403, 455)),
    *(("info", {"status": code}) for code in (401, 404)),
    *(("upload", {"status": code}) for code in (401, 500)),
    *(("put", {"status": code}) for code in (403, 500)),
    *(("media", {"status": code}) for code in (403, 404, 500)),
    ("models", {"status": 500}),
]
UNQUOTED = ("info", "put", "media")  # what these say is told in words of ours
AFTERWARDS = (
    "grid",
    "repr(grid), [repr(one) for one in grid]",
    "%%nanobanana --dry-run\nA dog",
    "%nanobanana history",
    "%nanobanana show 1",
    "%nanobanana resume",
    "%nanobanana balance",
    "%nanobanana models",
    "%nanobanana doctor",
    "%nanobanana config",
)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing wait for long."""
    monkeypatch.setattr(retry, "ATTEMPTS", 1)
    monkeypatch.setattr(retry, "MAINTENANCE_S", 0)
    monkeypatch.setattr(retry, "MAINTENANCE_PAUSE_S", 0.01)
    monkeypatch.setattr(retry, "FIRST_S", 0.01)
    monkeypatch.setattr(poll_schedule, "FIRST_S", 0.02)
    monkeypatch.setattr(poll_schedule, "SHORTEST_S", 0.02)
    monkeypatch.setattr(poll_schedule, "LONGEST_S", 0.05)
    monkeypatch.setattr(http, "API_DEADLINE_S", 2.0)
    monkeypatch.setattr(download, "LEAST_S", 20.0)  # large pictures are drawn slowly
    monkeypatch.setenv("NANOBANANA_WAIT_S", "1")
    monkeypatch.setenv("NANOBANANA_PROVIDER", "crun")
    monkeypatch.setenv("CRUN_API_KEY", KEY)


@pytest.fixture
def everything(
    bench: Bench, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> Iterator[Everything]:
    """A kernel whose tracebacks and logs are at their most talkative; searched in the end."""
    caplog.set_level(logging.DEBUG)
    bench.like_a_kernel()
    bench.run("%xmode Verbose")
    picture = BytesIO()
    Image.new("RGB", (8, 8), "red").save(picture, "PNG")
    bench.names.update(picture=picture.getvalue(), signed=SIGNED, with_user=USER_INFO)
    found = Everything(bench, tmp_path, caplog)
    yield found
    found.assert_silent()
    assert found.logged, "something was logged"


def at(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the service be there."""
    monkeypatch.setenv("NANOBANANA_BASE_URL", url)


@pytest.mark.long
@pytest.mark.parametrize(("place", "fault"), FAULTS, ids=str)
def test_no_refusal_tells_a_secret(
    everything: Everything,
    tcp: Line,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
    fault: dict[str, Any],
) -> None:
    """A service that quotes the key and a signed link in its words, wherever it says no."""
    service: Service = tcp.simulator()
    at(service.url, monkeypatch)
    service.fault(place, message=SAID, times=None, **fault)
    everything.run(CELL, *AFTERWARDS)
    assert everything.ledger_exists() or not service.creates()
    if place not in UNQUOTED and not {"task", "html"} & set(fault):
        assert "[key]" in "\n".join(everything.seen), "what the service said is told"


@pytest.mark.long
def test_good_run_tells_no_secret(
    everything: Everything, tcp: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An image with references that are signed links: neither file nor output has a signature."""
    service: Service = tcp.simulator()
    at(service.url, monkeypatch)
    everything.run(CELL, "assert grid.ok", *AFTERWARDS)
    assert everything.bench.names["grid"].one.ok
    assert everything.ledger_exists()
    (body,) = [call["body"] for call in service.creates()]
    assert SIGNED in body["input"]["img_urls"]
    assert "https://cdn.example/cat.png?…" in "\n".join(everything.seen)


@pytest.mark.long
def test_simulator_keeps_no_secret(everything: Everything, monkeypatch: pytest.MonkeyPatch) -> None:
    """The built-in simulator writes its tasks to the home folder, and no signature with them."""
    monkeypatch.setenv("NANOBANANA_PROVIDER", "simulator")
    everything.run(CELL, *AFTERWARDS)
    assert everything.bench.names["grid"].one.ok


NO_CREATE = {
    "reset": Reply(end="reset"),
    "closed": Reply(),
    "cut": Reply((answer(SAID.encode(), content_length="9999"),)),
    "no HTTP": Reply((f"{SAID}\r\n\r\n".encode(),)),
    "bad header": Reply((f"HTTP/1.1 200 OK\r\n{SAID}\r\n\r\n".encode(),)),
    "not JSON": Reply((answer(SAID.encode()),)),
    "compressed": Reply((answer(SAID.encode(), content_encoding=KEY),)),
    "redirect": Reply((answer(b"", "302 Found", location=SIGNED),)),
    "other shape": Reply((answer(f'["{SAID}"]'.encode()),)),
    "no id": Reply((envelope({"task": SAID}),)),
    "bad code": Reply((envelope(code=KEY),)),
    "escaped": Reply((answer(b'{"code": 422, "message": "\\u0061%s"}' % KEY[1:].encode()),)),
    "cut in the key": Reply((envelope(code=422, message="x" * 390 + KEY),)),
    "cut in the escaped key": Reply(
        (answer(b'{"code": 422, "message": "%s\\u0061%s"}' % (b"x" * 370, KEY[1:].encode())),)
    ),
}


@pytest.fixture
def raw(monkeypatch: pytest.MonkeyPatch) -> Iterator[RawServer]:
    """A server that misbehaves below HTTP."""
    with raw_server() as found:
        at(found.url, monkeypatch)
        yield found


@pytest.mark.long
@pytest.mark.parametrize("fault", NO_CREATE)
def test_no_broken_answer_tells_a_secret(
    everything: Everything, raw: RawServer, fault: str
) -> None:
    """Answers that are no answers, each with the key in it."""
    raw.on("estimate", envelope_of(credits=1)).on("balance", envelope_of(balance=9))
    raw.on("", NO_CREATE[fault])
    everything.run("%%nanobanana -o grid\nA cat", *AFTERWARDS)
    assert raw.posts()
    assert KEY[:12] not in "\n".join(everything.seen)


def envelope_of(**data: Any) -> Reply:
    """A reply with this data."""
    return Reply((envelope(data),))


BUGS = (
    "nanobanana_nb.api.http.Http._answer",
    "nanobanana_nb.api.crun.CrunWire.read_upload",
    "nanobanana_nb.api.crun.CrunWire.read_created",
    "nanobanana_nb.api.crun._links",
    "nanobanana_nb.api.http.Http._allow",
    "nanobanana_nb.api.http.Http._fetch",
    "nanobanana_nb.api.client.Client.download",
    "nanobanana_nb.api.client.Client.create",
)


@pytest.mark.long
@pytest.mark.parametrize("place", BUGS)
def test_no_bug_tells_a_secret(
    everything: Everything, tcp: Line, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """An error that is not ours is told; its frames are told or logged, without their values."""
    service: Service = tcp.simulator()
    at(service.url, monkeypatch)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a bug")

    with monkeypatch.context() as patched:
        patched.setattr(place, broken)
        everything.run(CELL)
    assert "RuntimeError" in "\n".join(everything.seen)
    logged = [record.getMessage() for record in everything.logged]
    assert "RuntimeError: a bug" in "\n".join([*everything.seen, *logged])
    everything.run(*AFTERWARDS)
