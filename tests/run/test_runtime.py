"""Which session answers, and what sessions share."""

from __future__ import annotations

from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest

from nanobanana_nb.model.plan.builder import make_plan
from nanobanana_nb.run.inputs.reference import reference
from nanobanana_nb.run.runtime import RUNTIME
from nanobanana_nb.settings.config import Settings
from tests.fixtures import until
from tests.service import KEY, MODEL


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings under which the simulator answers."""
    return Settings(home=tmp_path / "home", provider="simulator", rate_limit=(50, 10.0))


def test_same_settings_same_session(settings: Settings) -> None:
    """Two cells of a notebook talk through the same connections."""
    assert RUNTIME.session(settings) is RUNTIME.session(settings)


def test_new_rate_limit_holds_for_running_jobs_too(settings: Settings) -> None:
    """A key has one budget: a setting that changes does not give it a second one beside it."""
    before = RUNTIME.session(settings)
    after = RUNTIME.session(replace(settings, rate_limit=(5, 10.0)))
    assert after is not before
    assert after.limiter is before.limiter
    assert (before.limiter.calls, before.limiter.seconds) == (5, 10.0)


def test_another_speed_of_the_simulator_is_another_service(settings: Settings) -> None:
    """Its window is as much shorter as its tasks are, so it has a budget of its own."""
    slow = RUNTIME.session(replace(settings, simulator_speed=1.0))
    assert slow.limiter is not RUNTIME.session(replace(settings, simulator_speed=0.5)).limiter


def test_simulators_of_two_homes_share_no_links(settings: Settings, tmp_path: Path) -> None:
    """Each keeps its own files: a link of the one leads nowhere at the other."""
    settings = replace(settings, simulator_speed=0.0)
    one = RUNTIME.session(settings)
    made = one.submit(make_plan("a heron", provider="simulator", model=MODEL)).result().one
    other = RUNTIME.session(replace(settings, home=tmp_path / "other"))
    asked = make_plan("an owl", provider="simulator", model=MODEL, images=[reference(made)])
    assert other.submit(asked).result().one.ok


class Counting(BaseHTTPRequestHandler):
    """Tells the balance over connections that are kept open, and counts them."""

    protocol_version = "HTTP/1.1"
    open: ClassVar[list[object]] = []

    def setup(self) -> None:
        """Count a connection that begins."""
        super().setup()
        self.open.append(self)

    def finish(self) -> None:
        """Count one that ends."""
        self.open.remove(self)
        super().finish()

    def do_GET(self) -> None:
        """Answer with a balance."""
        body = b'{"code": 200, "message": "success", "data": {"balance": 5}}'
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def test_closed_sessions_leave_no_connection(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was kept open for the next call is closed with the session."""
    monkeypatch.setenv("CRUN_API_KEY", KEY)
    with ThreadingHTTPServer(("127.0.0.1", 0), Counting) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}"
        session = RUNTIME.session(replace(settings, provider="crun", base_url=url))
        assert session.bridge.run(session.client.balance()) == 5
        assert len(Counting.open) == 1
        RUNTIME.reset()
        until(lambda: Counting.open == [])
        server.shutdown()
