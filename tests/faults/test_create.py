"""One paid call whose connection or answer goes wrong: how many were sent, and what is told."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from nanobanana_nb.api import http
from nanobanana_nb.errors import Charged, NotSentError, OutcomeUnknownError
from nanobanana_nb.model.result import State
from tests.api.raw_server import Reply, answer, envelope
from tests.faults.bench import Bench
from tests.faults.proxy import Fault
from tests.run.conftest import plan

GROUP = "the answer to a create is lost"
CREATE = "/CreateTask"
HTML = b"<html><h1>Bad gateway</h1></html>"
HALF = answer(b'{"code": 200, "mess', content_length="90")
GZIPPED = answer(b"\x1f\x8b\x08" + bytes(40), content_encoding="gzip")


@dataclass(frozen=True)
class Lost:
    """What the client gets, and whether the service got the call."""

    reply: Reply
    passed: bool = True


LOST = {
    "reset after the whole request": Lost(Reply(end="reset")),
    "reset before the service has it": Lost(Reply(end="reset"), False),
    "reset during the request's body": Lost(Reply(read="head", end="reset"), False),
    "closed without a word": Lost(Reply()),
    "silence": Lost(Reply(end="silence")),
    "silence after the status line": Lost(Reply((b"HTTP/1.1 200 OK\r\n",), end="silence")),
    "reset in the middle of the answer": Lost(Reply((HALF,), end="reset")),
    "cut answer": Lost(Reply((HALF,))),
    "cut chunk": Lost(
        Reply((b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n40\r\n{}",)),
    ),
    "endless answer": Lost(
        Reply((b"HTTP/1.1 200 OK\r\n\r\n", b" " * 65_536), endless=True, end="close"),
    ),
    "drip": Lost(
        Reply((answer(b"", content_length="5000"), b" "), pause_s=0.02, endless=True),
    ),
    "a head without end": Lost(Reply((b"HTTP/1.1 200 OK\r\n", b"x: y\r\n"), endless=True)),
    "a head of 3 MB": Lost(Reply((b"HTTP/1.1 200 OK\r\nx: " + b"y" * 3_000_000,))),
    "no HTTP": Lost(Reply((b"SSH-2.0-OpenSSH_9.2\r\n\r\n",))),
    "not JSON": Lost(Reply((answer(b"{nothing"),))),
    "a JSON list": Lost(Reply((answer(b"[1, 2]"),))),
    "deep JSON": Lost(Reply((answer(b"[" * 100_000),))),
    "HTML with 200": Lost(Reply((answer(HTML),))),
    "HTML with 502": Lost(Reply((answer(HTML, "502 Bad Gateway"),))),
    "500": Lost(Reply((answer(b"", "500 Oops"),))),
    "503": Lost(Reply((answer(b"", "503 Busy"),))),
    "504": Lost(Reply((answer(b"", "504 Late"),))),
    "code 500": Lost(Reply((envelope(code=500),))),
    'code "500"': Lost(Reply((envelope(code="500"),))),
    "200 without an id": Lost(Reply((envelope({}),))),
    "200 with an empty id": Lost(Reply((envelope({"task_id": ""}),))),
    "200 without data": Lost(Reply((envelope(),))),
    "compressed": Lost(Reply((GZIPPED,))),
    "redirected": Lost(Reply((answer(b"", "307 Elsewhere", location="http://127.0.0.1:9/"),))),
}


@pytest.fixture(autouse=True)
def short_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let silence be over after a second."""
    monkeypatch.setattr(http, "API_DEADLINE_S", 1.0)


@pytest.mark.parametrize("lost", LOST.values(), ids=LOST)
def test_lost_answer_is_unknown(bench: Bench, lost: Lost) -> None:
    """One create, state unknown, told with its number and the way to decide; not sent again."""
    bench.proxy.fault(Fault(CREATE, lost.reply, passed=lost.passed))
    for _ in range(2):
        one = bench.run()
        assert one.state is State.UNKNOWN
        assert isinstance(one.error, OutcomeUnknownError)
        assert one.error.charged is Charged.UNKNOWN
        assert "%nanobanana resolve 1 --resend" in str(one.error)
        assert len(bench.proxy.creates()) == 1
    assert "heron" in bench.rows()[0].request.prompt
    assert bench.rows()[0].sent_at is not None


@pytest.mark.parametrize("decision", ["resend", "forget"])
def test_person_decides_about_an_unknown_task(bench: Bench, decision: str) -> None:
    """`--resend` pays once more, `--forget` lets it go; neither happens by itself."""
    bench.proxy.fault(Fault(CREATE, Reply(end="reset"), passed=True))
    bench.run()
    bench.meant_twice.add("a heron")
    if decision == "resend":
        assert bench.ended(bench.session.resend("1")).one.ok
    else:
        assert bench.session.forget("1").state is State.FAILED
        assert len(bench.proxy.creates()) == 1
        assert bench.run().ok
    assert len(bench.proxy.creates()) == 2
    assert bench.run().cached


def test_one_lost_answer_in_a_plan(bench: Bench) -> None:
    """The other images come; the grid says in words which one is unknown."""
    bench.proxy.fault(Fault(CREATE, Reply(end="reset"), passed=True, skip=4))
    grid = bench.grid(plan(namespace={"n": range(10)}, prompt="heron {n}"))
    assert sorted(one.state for one in grid) == ["success"] * 9 + ["unknown"]
    assert len(bench.proxy.creates()) == 10
    assert "1 unknown" in repr(grid)


def test_refused_connection_is_not_sent(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody listens any more at the create, nothing left, and a later run sends it."""
    bench.proxy.fault(Fault("/balance", Reply((envelope({"balance": 90}),)), times=None))
    monkeypatch.setattr(http.Http, "call", _closing(bench, http.Http.call))
    one = bench.run()
    assert (one.state, type(one.error)) == (State.FAILED, NotSentError)
    assert one.error is not None
    assert one.error.charged is Charged.NO
    assert bench.proxy.creates() == []
    monkeypatch.undo()
    bench.proxy.listen()
    assert bench.run().ok
    assert len(bench.proxy.creates()) == 1


def _closing(bench: Bench, real: object) -> object:
    """The call, before which the service goes away once a create is due."""

    async def call(self: http.Http, call: object, leaving: object = None) -> object:
        if getattr(call, "creates", False) and bench.proxy.url:
            bench.proxy.close()
        return await real(self, call, leaving)  # type: ignore[operator]

    return call
