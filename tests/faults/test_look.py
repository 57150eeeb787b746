"""Looks at a task that go wrong: they cost time and never the task."""

from __future__ import annotations

import json
from typing import Any

import pytest

from nanobanana_nb.api import http
from nanobanana_nb.errors import Charged, StillRunningError
from nanobanana_nb.model.result import State
from tests.api.raw_server import Reply, answer, envelope
from tests.faults.bench import Bench
from tests.faults.conftest import OpenBench
from tests.faults.proxy import Fault
from tests.run.conftest import plan

GROUP = "a look at a task goes wrong"
INFO = "/TaskInfo"
ODD: dict[str, Reply] = {
    "reset": Reply(end="reset"),
    "closed": Reply(),
    "silence": Reply(end="silence"),
    "500": Reply((answer(b"", "500 Oops"),)),
    "502 HTML": Reply((answer(b"<html>", "502 Bad"),)),
    "503": Reply((answer(b"", "503 Busy"),)),
    "code 500": Reply((envelope(code=500),)),
    "malformed JSON": Reply((answer(b'{"code": 200, "data"'),)),
    "a list": Reply((answer(b"[]"),)),
    "no data": Reply((envelope(),)),
    "cut": Reply((answer(b"{}", content_length="99"),)),
    "another task": Reply((envelope({"task_id": "other", "status": "success"}),)),
    "404": Reply((envelope(code=404),)),
    "HTTP 404": Reply((answer(b"", "404 Not found"),)),
    "HTML 403": Reply((answer(b"<html>", "403 No"),)),
    "401": Reply((envelope(code=401),)),
    "unknown word": Reply((envelope({"status": "moderating"}),)),
    "no status": Reply((envelope({}),)),
    "status is a number": Reply((envelope({"status": 7, "credits": "x", "result": 3}),)),
}


@pytest.fixture(autouse=True)
def short_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let silence be over soon, and not so soon that a busy machine's own answers come late."""
    monkeypatch.setattr(http, "API_DEADLINE_S", 2.0)


@pytest.mark.parametrize("reply", ODD.values(), ids=ODD)
def test_odd_looks_do_not_fail_the_task(bench: Bench, reply: Reply) -> None:
    """Two looks in a row that go wrong: the image comes, and one create was sent."""
    bench.proxy.fault(Fault(INFO, reply, times=2))
    assert bench.run().ok
    assert len(bench.proxy.creates()) == 1


def test_burst_of_faults(bench: Bench) -> None:
    """Thirty faults in a row, of all kinds that leave the task in doubt, and then the image."""
    for reply in (ODD["500"], ODD["reset"], ODD["malformed JSON"], ODD["503"], ODD["closed"]) * 6:
        bench.proxy.fault(Fault(INFO, reply))
    assert bench.run().ok


def test_upper_case_and_success_before_running(bench: Bench) -> None:
    """`SUCCESS` is a success; what comes after it is not asked for any more."""

    def loud(answer_: bytes) -> bytes:
        return answer_.replace(b'"success","param"', b'"SUCCESS","param"')

    bench.proxy.fault(Fault(INFO, rewrite=loud))
    bench.proxy.fault(Fault(INFO, Reply((envelope({"status": "running"}),)), times=None))
    assert bench.run().ok


@pytest.mark.parametrize(
    "reply", [ODD["404"], ODD["401"], ODD["500"], ODD["unknown word"]], ids=str
)
def test_task_that_is_never_told_of_stays_known(
    open_bench: OpenBench, reply: Reply, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The deadline or the refusal ends the wait, names the task, and resume fetches it later."""
    bench = open_bench(wait_s=1.0)
    bench.proxy.fault(Fault(INFO, reply, times=None))
    one = bench.run()
    assert one.state is State.DETACHED
    assert one.error is not None
    assert {one.error.task_id} == bench.service.task_ids()
    assert str(one.error.task_id) in str(one.error)
    bench.proxy.forget_faults()
    assert bench.resumed().one.ok


def test_success_that_never_has_a_link(bench: Bench) -> None:
    """The task stays open and may be paid; the run again goes on with it."""
    bench.service.fault("create", task="no-url")
    for _ in range(2):
        one = bench.run()
        assert (one.state, one.error and one.error.charged) == (State.DETACHED, Charged.UNKNOWN)
        assert "no link" in str(one.error)
    bench.without_image |= bench.service.task_ids()


def test_deadline_is_kept(open_bench: OpenBench) -> None:
    """A service that never answers a look does not keep the wait open."""
    bench = open_bench(wait_s=0.7)
    bench.proxy.fault(Fault(INFO, ODD["silence"], times=None))
    one = bench.run()
    assert isinstance(one.error, StillRunningError)
    assert "resume" in str(one.error)


@pytest.mark.parametrize("credits", ["12", -4, 1e300, None, [], "much"], ids=str)
def test_odd_credits(bench: Bench, credits: Any) -> None:
    """Whatever the service says of the money, the image is kept."""

    def changed(raw: bytes) -> bytes:
        _, _, body = raw.partition(b"\r\n\r\n")
        data = json.loads(body)
        data["data"]["credits"] = credits
        return answer(json.dumps(data).encode())

    bench.proxy.fault(Fault(INFO, rewrite=changed, times=None))
    assert bench.run(plan("odd")).ok
