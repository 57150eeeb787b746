"""The simulated service over TCP, in a thread of the test: it outlives kernels and counts."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.request import Request, urlopen

import uvicorn

from nanobanana_nb.simulator import Options, create_app

KEY = "ak_" + "test" * 8


@dataclass(frozen=True)
class Service:
    """Where the service is and what it was asked."""

    url: str

    @property
    def environ(self) -> dict[str, str]:
        """What a kernel needs to take this for the real service."""
        return {
            "NANOBANANA_PROVIDER": "crun",
            "NANOBANANA_BASE_URL": self.url,
            "CRUN_API_KEY": KEY,
        }

    def creates(self) -> list[dict[str, Any]]:
        """The CreateTask calls that arrived, in their order."""
        return [call for call in self._get("log") if call["path"].endswith("/CreateTask")]

    def fault(self, **fault: Any) -> None:
        """Append one fault to the script."""
        body = json.dumps([fault]).encode()
        headers = {"Content-Type": "application/json"}
        with urlopen(Request(f"{self.url}/simulator/faults", body, headers), timeout=10) as answer:
            assert answer.status < 300

    def task_ids(self) -> list[str]:
        """The tasks that the service has made."""
        return [task["id"] for task in self._get("tasks")]

    def _get(self, what: str) -> list[dict[str, Any]]:
        with urlopen(f"{self.url}/simulator/{what}", timeout=10) as answer:
            found: list[dict[str, Any]] = json.load(answer)
        return found


@contextmanager
def serving(options: Options) -> Iterator[Service]:
    """Serve on a free port of the loopback interface until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(create_app(options), log_level="warning", lifespan="off")
        server = uvicorn.Server(config)
        # The socket listens already: a call that comes early waits in its queue.
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        try:
            yield Service(f"http://127.0.0.1:{listening.getsockname()[1]}")
        finally:
            server.should_exit = True
            thread.join(timeout=30)
            assert not thread.is_alive(), "the simulated service did not stop"
