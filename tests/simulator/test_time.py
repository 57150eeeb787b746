"""Durations, states over time, callbacks, and what outlives a restart."""

from __future__ import annotations

import json
import statistics
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from nanobanana_nb.simulator import Options
from nanobanana_nb.simulator.service import Service
from nanobanana_nb.simulator.tasks import Task, draw_duration
from tests.fixtures import until
from tests.simulator.conftest import API, KEY, PLAIN, Serve, body_of, create, info, picture


def durations(options: Options, pace: float = 1.0, prompt: str = "x") -> list[float]:
    """Durations of 2,000 different requests."""
    return [draw_duration(options, pace, prompt, str(n)) for n in range(2000)]


def test_durations_are_log_normal() -> None:
    """The median is the asked one, and two thirds lie within one sigma of it."""
    drawn = durations(Options())
    assert 11.5 < statistics.median(drawn) < 12.5
    within = sum(12 / 1.419 < one < 12 * 1.419 for one in drawn) / len(drawn)
    assert 0.64 < within < 0.73


def test_durations_follow_the_options() -> None:
    """The seed changes durations, speed and marks scale them, speed 0 makes them nothing."""
    usual = durations(Options())
    assert usual == durations(Options())
    assert usual != durations(Options(seed=1))
    assert durations(Options(speed=0.1))[0] == pytest.approx(usual[0] / 10)
    assert durations(Options(), prompt="[slow]")[0] == pytest.approx(usual[0] * 5)
    assert set(durations(Options(speed=0))) == {0.0}


def test_lite_takes_a_third() -> None:
    """The lite model's tasks take a third of the time."""
    service = Service(Options(sigma=0))
    task = service.create(KEY, body_of("x", "google/nano-banana-2-lite"))
    assert task.duration == pytest.approx(4)


def at(task: Task, share: float) -> str:
    """The state when a share of the task's duration has gone by."""
    return task.status(task.created + share * task.duration)


def test_states_go_forward() -> None:
    """A task is pending for 15 % of its time, then running, then done."""
    task = Service(Options()).create(KEY, PLAIN)
    assert [at(task, s) for s in (0, 0.14, 0.16, 0.99, 1.01)] == [
        "pending",
        "pending",
        "running",
        "running",
        "success",
    ]


def test_states_over_the_wire(serve: Serve) -> None:
    """A caller sees pending, running and success in this order."""
    with serve(Options(median_s=0.6, sigma=0, rate=(1000, 1))) as client:
        task_id, seen = create(client), []

        def done() -> bool:
            seen.append(info(client, task_id)["status"])
            return seen[-1] == "success"

        until(done)
    assert list(dict.fromkeys(seen)) == ["pending", "running", "success"]


def test_state_outlives_a_restart(serve: Serve, tmp_path: Path) -> None:
    """With a state file tasks and links live on; the balance starts anew."""
    options = Options(speed=0, state=tmp_path / "state.db")
    with serve(options) as client:
        task_id = create(client)
        before = picture(client)
    with serve(options) as client:
        data = info(client, task_id)
        assert data["status"] == "success"
        assert httpx.get(data["result"]["media_urls"][0]).status_code == 200
        assert client.get(f"{API}/account/balance").json()["data"]["balance"] == 1000
        assert picture(client) != before
    assert KEY.encode() not in (tmp_path / "state.db").read_bytes()


def test_two_services_share_a_file(serve: Serve, tmp_path: Path) -> None:
    """Two services on one file see each other's tasks."""
    options = Options(speed=0, state=tmp_path / "state.db")
    with serve(options) as one, serve(options) as two:
        ids = [create(client) for client in (one, two, one)]
        assert [info(two, task_id)["status"] for task_id in ids] == ["success"] * 3


@pytest.fixture
def receiver() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A URL on this machine and the bodies that were posted to it."""
    bodies: list[dict[str, Any]] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/done?secret=1", bodies
    server.shutdown()
    thread.join()
    server.server_close()


def test_callback_comes_once_when_done(
    serve: Serve, receiver: tuple[str, list[dict[str, Any]]]
) -> None:
    """The callback comes when the task is done, with TaskInfo's data, for a failure too."""
    url, bodies = receiver
    with serve(Options(median_s=0.3, sigma=0, rate=(1000, 1))) as client:
        good = create(client, {**PLAIN, "callback_url": url})
        bad = create(client, {**body_of("[fail]"), "callback_url": url})
        until(lambda: len(bodies) == 2)
        told = {body["task_id"]: body for body in bodies}
        assert (told[good]["status"], told[bad]["status"]) == ("success", "failed")
        assert told[bad] == info(client, bad)
        assert told[good].keys() == info(client, good).keys()
        assert httpx.get(told[good]["result"]["media_urls"][0]).status_code == 200


def test_callbacks_stay_on_this_machine() -> None:
    """Only loopback hosts are called."""
    from nanobanana_nb.simulator.callback import is_loopback

    assert all(
        map(
            is_loopback,
            ("http://localhost:1/", "http://a.localhost/", "http://127.0.0.9/", "http://[::1]/"),
        )
    )
    others = ("http://example.com/", "http://10.0.0.1/", "http://localhost.example.com/")
    assert not any(map(is_loopback, others))


def test_a_callback_that_nobody_takes_is_harmless(client: httpx.Client) -> None:
    """A callback to a closed port changes nothing for the task."""
    body = {**PLAIN, "callback_url": "http://127.0.0.1:9/"}
    assert info(client, create(client, body))["status"] == "success"
