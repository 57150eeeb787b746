"""The simulated service as tests see it: over TCP or in this process, with its books open."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import uvicorn

from nanobanana_nb.api.crun import CrunWire
from nanobanana_nb.api.provider import Provider
from nanobanana_nb.simulator import Options, create_app

Json = dict[str, Any]

KEY = "ak_" + "test" * 8
IN_PROCESS = "http://simulator.localhost"
PROMPT = {"prompt": "a heron at dawn"}
MODEL = "google/nano-banana"


CERTIFICATES = httpx.create_ssl_context()  # read once, not for each client of each test


@dataclass(frozen=True)
class Service:
    """Where the service is, what it was asked, and what is to go wrong."""

    url: str
    app: Any
    over_tcp: bool = True

    @property
    def provider(self) -> Provider:
        """The service as a provider that is looked at without waiting."""
        app = None if self.over_tcp else lambda: self.app
        return Provider("crun", self.url, CrunWire(), app=app, pace=0.0)

    @property
    def environ(self) -> dict[str, str]:
        """What a process needs to take this for the real service."""
        return {
            "NANOBANANA_PROVIDER": "crun",
            "NANOBANANA_BASE_URL": self.url,
            "CRUN_API_KEY": KEY,
        }

    def fault(self, on: str, **fault: Any) -> None:
        """Append one fault to the script; see the simulator's documentation."""
        self._control("POST", "faults", [{"on": on, **fault}])

    def forget_faults(self) -> None:
        """Behave from now on."""
        self._control("DELETE", "faults")

    def calls(self, ending: str = "") -> list[Json]:
        """The calls that arrived at paths with this ending, in their order."""
        return [c for c in self._control("GET", "log").json() if c["path"].endswith(ending)]

    def creates(self) -> list[Json]:
        """The CreateTask calls that arrived."""
        return self.calls("/CreateTask")

    def tasks(self) -> list[Json]:
        """The tasks that the service has made."""
        return list(self._control("GET", "tasks").json())

    def task_ids(self) -> set[str]:
        """The ids of the tasks that the service has made."""
        return {task["id"] for task in self.tasks()}

    def advance(self, seconds: float) -> None:
        """Let this much time go by for the service alone."""
        self.app.state.service.clock._start += seconds

    def _control(self, method: str, what: str, json: Any = None) -> httpx.Response:
        url = f"{self.url}/simulator/{what}"
        if self.over_tcp:
            # Without certificates, which take longer to read than the call itself takes.
            answer = httpx.request(method, url, json=json, timeout=30, verify=False)
        else:
            answer = asyncio.run(_in_process(self.app, method, url, json))
        assert answer.status_code < 300, answer.text
        return answer


async def _in_process(app: Any, method: str, url: str, json: Any) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
        return await client.request(method, url, json=json)


@contextmanager
def listening(app: Any, **config: Any) -> Iterator[str]:
    """Serve an ASGI application on a free port of the loopback interface until the block ends."""
    quiet = {"log_level": "error", "lifespan": "off", "timeout_graceful_shutdown": 2}
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listener:
        # asyncio sets this only on sockets of its own; without it many answers take 40 ms more.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        server = uvicorn.Server(uvicorn.Config(app, **{**quiet, **config}))
        # The socket listens already: a call that comes early waits in its queue.
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(timeout=30)
            assert not thread.is_alive(), "the service did not stop"


@dataclass
class Line:
    """A server that stays, and the application that answers on it just now.

    Starting and stopping a server takes 0.2 s, which is too much for each of many tests.
    """

    url: str = ""
    app: Any = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Hand a request on."""
        await self.app(scope, receive, send)

    def simulator(self, **options: Any) -> Service:
        """Let a new simulator answer; its tasks end at once unless `options` say otherwise."""
        self.app = create_app(_options(**options))
        return Service(self.url, self.app)


@contextmanager
def line() -> Iterator[Line]:
    """Keep a server open until the block ends."""
    found = Line()
    with listening(found) as found.url:
        yield found


@contextmanager
def serving(**options: Any) -> Iterator[Service]:
    """Serve a simulator over TCP on a server of its own, closing idle connections after 1 s."""
    app = create_app(_options(**options))
    with listening(app, timeout_keep_alive=1) as url:
        yield Service(url, app)


@contextmanager
def refusing_once() -> Iterator[Service]:
    """Serve a simulator that refuses the first create; its tasks end when the test says so."""
    with serving(speed=1.0, median_s=1000.0, sigma=0.0, rate=None, balance=1000.0) as service:
        service.fault("create", status=422, message="blocked: a hat")
        yield service


def in_process(**options: Any) -> Service:
    """Return the simulator as an application that is called without a network."""
    return Service(IN_PROCESS, create_app(_options(base_url=IN_PROCESS, **options)), False)


def _options(**options: Any) -> Options:
    generous = {"rate": (1_000_000, 1.0), "balance": 1_000_000.0}
    return Options(**{"faults": True, "speed": 0.0, **generous, **options})
