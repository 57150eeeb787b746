"""Callbacks that come twice, early, late, for nobody, or from an enemy."""

from __future__ import annotations

import threading
from contextlib import suppress

import httpx
import pytest

from nanobanana_nb.model.result import State
from nanobanana_nb.run.callback import CallbackReceiver
from nanobanana_nb.run.loop.background_loop import BRIDGE
from tests.api.raw_server import envelope
from tests.faults.bench import Bench
from tests.faults.conftest import OpenBench
from tests.faults.proxy import Fault, Reply

GROUP = "callbacks that are wrong"
FORGED = ("another task", "not JSON", "10 MB", "no id", "another path")


@pytest.fixture
def bench(open_bench: OpenBench, receiver: CallbackReceiver) -> Bench:
    """A bench whose service may call back."""
    made = open_bench(receiver=receiver, callback_url=f"http://127.0.0.1:{receiver.port}")
    receiver._wake = made.session.wake
    return made


@pytest.fixture
def receiver() -> object:
    """A receiver on a free port."""
    found = CallbackReceiver(lambda _: None)
    BRIDGE.run(found.start())
    yield found
    BRIDGE.run(found.aclose())


def post(receiver: CallbackReceiver, task_id: str, times: int = 1) -> None:
    """Call back for a task."""
    for _ in range(times):
        httpx.post(receiver.url(), json={"task_id": task_id, "status": "success"}, timeout=5)


@pytest.mark.parametrize("times", [1, 20])
def test_callback_before_the_answer_to_its_create(
    bench: Bench, receiver: CallbackReceiver, times: int
) -> None:
    """The service calls back, often, before it has said which task it made."""

    def early(answer: bytes) -> bytes:
        post(receiver, _id_in(answer), times)
        return answer

    bench.proxy.fault(Fault("/CreateTask", rewrite=early))
    assert bench.run().ok
    assert len(bench.proxy.creates()) == 1


def test_callback_that_says_success_too_early(bench: Bench, receiver: CallbackReceiver) -> None:
    """A callback is a hint: what counts is what the service says when it is asked."""
    bench.proxy.fault(Fault("/TaskInfo", Reply((envelope({"status": "running"}),)), times=3))

    def early(answer: bytes) -> bytes:
        post(receiver, _id_in(answer))
        return answer

    bench.proxy.fault(Fault("/CreateTask", rewrite=early))
    assert bench.run().ok


def test_callback_after_the_end(bench: Bench, receiver: CallbackReceiver) -> None:
    """It changes nothing that is final."""
    one = bench.run()
    assert one.ok
    post(receiver, str(one.task_id), 5)
    assert [row.state for row in bench.rows()] == [State.SUCCESS]


@pytest.mark.parametrize("forged", FORGED)
def test_forged_callback(bench: Bench, receiver: CallbackReceiver, forged: str) -> None:
    """What an enemy posts while a task runs neither ends it nor holds it up."""
    body = {
        "another task": b'{"task_id": "x", "status": "success", "result": {"media_urls": ["y"]}}',
        "not JSON": b"{",
        "10 MB": b"x" * 10_000_000,
        "no id": b"{}",
        "another path": b"{}",
    }[forged]
    url = receiver.url() + ("x" if forged == "another path" else "")

    def attack(answer: bytes) -> bytes:
        threading.Thread(target=_post, args=(url, body), daemon=True).start()
        return answer

    bench.proxy.fault(Fault("/CreateTask", rewrite=attack))
    assert bench.run().ok
    assert len(bench.proxy.creates()) == 1
    assert all('"y"' not in told for told in bench.told)


def _post(url: str, body: bytes) -> None:
    with suppress(httpx.HTTPError):  # the receiver may close before it has read all of it
        httpx.post(url, content=body, timeout=5)


def _id_in(answer: bytes) -> str:
    return answer.partition(b'"task_id":"')[2].partition(b'"')[0].decode()
