"""Fixtures that tests of many folders share: the service, sessions for it, nothing to wait for."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from nanobanana_nb.api import retry
from nanobanana_nb.run.loop.background_loop import BRIDGE
from nanobanana_nb.run.runtime import RUNTIME
from nanobanana_nb.run.session import Session
from nanobanana_nb.settings.config import Settings
from nanobanana_nb.settings.keys import ApiKey
from nanobanana_nb.simulator import pictures
from tests.service import CERTIFICATES, KEY, MODEL, Line, Service, in_process, line

OpenSession = Callable[..., Session]


@pytest.fixture(scope="session")
def tcp() -> Iterator[Line]:
    """A server for all tests of this process."""
    with line() as server:
        yield server


@pytest.fixture
def service(tcp: Line) -> Service:
    """A new simulator over TCP, whose tasks end at once."""
    return tcp.simulator()


@pytest.fixture
def slow(tcp: Line) -> Service:
    """A new simulator over TCP, whose tasks end when its clock is advanced."""
    return tcp.simulator(speed=100.0)


@pytest.fixture(params=["tcp", "in process"])
def either(request: pytest.FixtureRequest, tcp: Line) -> Service:
    """A new simulator, once over TCP and once in process."""
    return in_process() if request.param == "in process" else tcp.simulator()


@pytest.fixture
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let back-off and the first connection take milliseconds."""
    monkeypatch.setattr(retry, "FIRST_S", 0.01)
    monkeypatch.setattr(retry, "MAINTENANCE_PAUSE_S", 0.02)
    monkeypatch.setattr(retry, "MAINTENANCE_S", 0.5)
    monkeypatch.setattr(httpx, "create_ssl_context", lambda: CERTIFICATES)


@pytest.fixture
def quick(quick_retries: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for nothing, and draw small pictures, which others test."""
    monkeypatch.setattr(pictures, "paint", paint_small)


@pytest.fixture(autouse=True)
def quickly(quick: None) -> None:
    """Wait for nothing and draw small pictures, in each test of a folder that imports this."""


def paint_small(picture: Any, references: Sequence[Any]) -> bytes:
    """A real picture, the same for the same request and another for each repeat."""
    marks = repr((picture, [reference.digest for reference in references]))
    return png(hashlib.sha256(marks.encode()).hexdigest()[:6])


def png(colour: str = "008080", size: tuple[int, int] = (16, 16)) -> bytes:
    """A small picture of one colour."""
    buffer = BytesIO()
    Image.new("RGB", size, f"#{colour}").save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
def open_session(tmp_path: Path) -> Iterator[OpenSession]:
    """Opens sessions with the test's home folder, and closes them."""
    opened = []

    def make(service: Service, key: str = KEY, pace: float = 0.0, **settings: Any) -> Session:
        usual = {"home": tmp_path / "home", "wait_s": 60.0, "model": MODEL, "confirm_above": 1e6}
        given = Settings(**{**usual, **settings})
        provider = replace(service.provider, pace=pace)
        opened.append(Session(given, provider, ApiKey(key, "the test"), BRIDGE))
        return opened[-1]

    yield make
    settle()
    for session in opened:
        BRIDGE.run(session.client.aclose())


@pytest.fixture
def faces(service: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """Lets the public faces talk to the service over TCP, without waiting between looks."""
    for name, value in service.environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("NANOBANANA_RATE_LIMIT", "1000/1")  # the tests count calls, not seconds
    monkeypatch.setattr(
        "nanobanana_nb.run.task.poll_schedule.Durations.next_look_s", lambda *_: 0.02
    )
    kept: OrderedDict[tuple[object, ...], Session] = OrderedDict()
    monkeypatch.setattr(RUNTIME, "_sessions", kept)
    yield service
    settle()
    for session in kept.values():
        BRIDGE.run(session.client.aclose())


def until(condition: Callable[[], Any], seconds: float = 20.0) -> Any:
    """Return what the condition says as soon as it is true."""
    end = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < end, "the condition did not come true"
        time.sleep(0.01)
    return value


def settle(seconds: float = 30.0) -> None:
    """Wait until nothing runs on the background loop any more."""

    async def others() -> int:
        return len(asyncio.all_tasks()) - 1

    until(lambda: BRIDGE.run(others()) == 0, seconds)
