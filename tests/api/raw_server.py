"""A server on a bare socket, for what no framework can do: reset, cut, drip, fall silent."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Reply:
    """How one request is met.

    `read` is how much of it is read first; `send` goes out piece by piece, `pause_s` apart, over
    and over if `endless`; then the connection ends or is kept for the next request.
    """

    send: tuple[bytes, ...] = ()
    read: Literal["nothing", "head", "all"] = "all"
    end: Literal["close", "reset", "silence", "keep"] = "close"
    pause_s: float = 0.0
    endless: bool = False


@dataclass(frozen=True)
class Arrived:
    """One request as it came: the number of its connection, its head, and what was read of it."""

    connection: int
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class RawServer:
    """Answers by a script for each part of a path, and counts; the last reply stays."""

    def __init__(self) -> None:
        self.url = ""
        self.connections = 0
        self.arrived: list[Arrived] = []
        self._script: dict[str, list[Reply]] = {}

    def on(self, part: str, *replies: Reply) -> RawServer:
        """Meet requests whose path has this part in it with these replies, one after the other."""
        self._script[part] = list(replies)
        return self

    def posts(self) -> list[Arrived]:
        """The POSTs that arrived."""
        return [one for one in self.arrived if one.method == "POST"]

    def _reply(self, path: str) -> Reply:
        replies = next(found for part, found in self._script.items() if part in path)
        return replies.pop(0) if len(replies) > 1 else replies[0]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Meet the requests of one connection."""
        self.connections += 1
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                await self._serve(self.connections, reader, writer)
        finally:  # also where the server stops while this one is silent
            writer.close()

    async def _serve(
        self, number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        if any(replies[0].read == "nothing" for replies in self._script.values()):
            return await _meet_blindly(self._reply(""), reader, writer)
        while await self._meet(number, reader, writer):
            pass
        return None

    async def _meet(
        self, number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = head[0].split(" ")
        pairs = (line.split(": ", 1) for line in head[1:] if line)
        headers = {name.lower(): value for name, value in pairs}
        reply = self._reply(path)
        length = int(headers.get("content-length", 0)) if reply.read == "all" else 0
        body = await reader.readexactly(length)
        self.arrived.append(Arrived(number, method, path, headers, body))
        await _send(reply, writer)
        await _end(reply, reader, writer)
        return reply.end == "keep"


async def _meet_blindly(
    reply: Reply, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    await _send(reply, writer)
    await _end(reply, reader, writer)


async def _send(reply: Reply, writer: asyncio.StreamWriter) -> None:
    for piece in reply.send:
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(reply.pause_s)
    while reply.endless:
        writer.write(reply.send[-1])
        await writer.drain()
        await asyncio.sleep(reply.pause_s)


async def _end(reply: Reply, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    if reply.end == "reset":
        no_linger = struct.pack("ii", 1, 0)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, no_linger)
        writer.transport.abort()
    if reply.end == "silence":
        await reader.read()  # until the other side gives up
    if reply.end == "close":
        writer.close()


def answer(body: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
    """The bytes of a whole HTTP answer; a header whose value is empty is left out."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    lines = {"content-length": str(len(body)), **named}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


def envelope(data: Any = None, code: int | str = 200, **more: Any) -> bytes:
    """The bytes of an answer of the API."""
    body = {"code": code, "message": "success", "data": data, **more}
    return answer(json.dumps(body).encode(), content_type="application/json")


@contextmanager
def raw_server(port: int = 0) -> Iterator[RawServer]:
    """Serve on the loopback interface, from a thread, until the block ends."""
    raw, loop = RawServer(), asyncio.new_event_loop()
    listener = socket.create_server(("127.0.0.1", port))
    raw.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    loop.run_until_complete(asyncio.start_server(raw.serve, sock=listener))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield raw
    finally:
        asyncio.run_coroutine_threadsafe(_stop(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        listener.close()
        loop.close()


async def _stop() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def free_port() -> int:
    """A port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
