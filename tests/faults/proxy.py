"""A bare socket between the client and the simulator: passes calls on, or breaks them.

What the client sends is read whole and counted here, so that "how many creates did the service
see" has one answer whether a call was passed on, answered by a fault, or cut off.
"""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.api.raw_server import Reply, _end, _send, _stop
from tests.service_codes import HTTP_REFUSALS, REFUSALS

Rewrite = Callable[[bytes], bytes]


@dataclass(frozen=True)
class Fault:
    """What happens to calls whose path has `on` in it.

    Args:
        passed: whether the service gets the call before the fault happens.
        reply: what the client gets instead of the answer; None for the answer itself.
        rewrite: changes the bytes of the service's answer.
        skip: so many calls go well before.
        times: how many calls are met so; None for all.
    """

    on: str
    reply: Reply | None = None
    passed: bool = False
    rewrite: Rewrite | None = None
    skip: int = 0
    times: int | None = 1


@dataclass
class Arrived:
    """One call as it came, when, and what it was answered with; 0 where it was not."""

    path: str
    headers: dict[str, str]
    body: bytes
    at: float
    status: int = 0

    @property
    def prompt(self) -> str:
        """What a create asks for."""
        return str(json.loads(self.body)["input"]["prompt"])

    @property
    def refused(self) -> bool:
        """Whether the answer says that nothing was created."""
        return self.status in (*REFUSALS, *HTTP_REFUSALS)


@dataclass
class Proxy:
    """Passes calls on to the simulator at `upstream`, but for the faults of its script."""

    upstream: str
    url: str = ""
    arrived: list[Arrived] = field(default_factory=list)
    open: int = 0
    _script: list[list[Any]] = field(default_factory=list)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _server: asyncio.Server | None = None

    def fault(self, *faults: Fault) -> None:
        """Append faults to the script."""
        self._script += [[fault, fault.skip, fault.times] for fault in faults]

    def forget_faults(self) -> None:
        """Behave from now on."""
        self._script.clear()

    def creates(self) -> list[Arrived]:
        """The CreateTask calls that arrived."""
        return [one for one in list(self.arrived) if one.path.endswith("/CreateTask")]

    def calls(self) -> list[Arrived]:
        """The calls of the API that arrived, in their order."""
        return [one for one in list(self.arrived) if one.path.startswith("/api/")]

    def close(self) -> None:
        """Stop listening and break every connection, as a service that goes down does."""
        asyncio.run_coroutine_threadsafe(self._down(), self._loop).result(10)

    def listen(self) -> None:
        """Listen, on the same port as before."""
        asyncio.run_coroutine_threadsafe(self._up(), self._loop).result(10)

    async def _up(self) -> None:
        port = urlsplit(self.url).port or 0
        listener = socket.create_server(("127.0.0.1", port), backlog=512)
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self._server = await asyncio.start_server(self._serve, sock=listener, limit=1 << 20)

    async def _down(self) -> None:
        if self._server is not None:
            self._server.close()
        await _stop()

    def _take(self, path: str) -> Fault | None:
        for entry in self._script:
            fault, skip, times = entry
            if fault.on not in path or times == 0:
                continue
            if skip:
                entry[1] -= 1
                continue
            entry[2] = None if times is None else times - 1
            return fault  # type: ignore[no-any-return]
        return None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                while await self._meet(reader, writer):
                    pass
        finally:
            self.open -= 1
            writer.close()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        path = first.split(" ")[1].partition("?")[0]
        pairs = (line.split(": ", 1) for line in lines if line)
        headers = {name.lower(): value for name, value in pairs}
        fault = self._take(path)
        reply = fault.reply if fault else None
        whole = reply is None or reply.read == "all"
        body = await reader.readexactly(int(headers.get("content-length", 0)) if whole else 0)
        call = Arrived(path, headers, body, time.monotonic())
        self.arrived.append(call)
        answer = b""
        if fault is None or fault.passed or fault.reply is None:
            answer = await self._passed_on(head, body)
        if fault is not None and fault.rewrite is not None:
            answer = fault.rewrite(answer)
        if reply is None:
            reply = Reply((answer,), end="keep")
        call.status = _status(b"".join(reply.send))
        await _send(reply, writer)
        await _end(reply, reader, writer)
        return reply.end == "keep" and fault is None

    async def _passed_on(self, head: bytes, body: bytes) -> bytes:
        at = urlsplit(self.upstream)
        reader, writer = await asyncio.open_connection(at.hostname, at.port)
        try:
            first, _, rest = head.partition(b"\r\n")
            kept = [line for line in rest.split(b"\r\n") if not line.lower().startswith(b"connec")]
            writer.write(b"\r\n".join([first, b"connection: close", *kept]) + body)
            return (await reader.read()).replace(b"connection: close\r\n", b"")
        finally:
            writer.close()


def _status(answer: bytes) -> int:
    """The effective code of an answer: the body's before HTTP's; 0 for what is none."""
    head, _, body = answer.partition(b"\r\n\r\n")
    words = head.split(b" ", 2)
    status = int(words[1]) if len(words) > 1 and words[1].isdigit() else 0
    with suppress(ValueError, TypeError, KeyError):
        code = int(json.loads(body)["code"])
        return code if code != 200 else status
    return status


@contextmanager
def proxy(upstream: str) -> Iterator[Proxy]:
    """Serve on the loopback interface, from a thread, until the block ends."""
    made = Proxy(upstream)
    thread = threading.Thread(target=made._loop.run_forever, daemon=True)
    thread.start()
    try:
        made.listen()
        yield made
    finally:
        made.close()
        made._loop.call_soon_threadsafe(made._loop.stop)
        thread.join(10)
        made._loop.close()
