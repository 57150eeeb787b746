"""Whoever calls back: the receiver under test, and requests for it byte by byte."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from nanobanana_nb.run.callback import CallbackReceiver

Open = tuple[CallbackReceiver, list[str]]
DEADLINE_S = 20.0
ID = b'{"task_id": "t1"}'


@asynccontextmanager
async def receiving() -> AsyncIterator[Open]:
    """A receiver and the ids it woke; when it is closed nothing of it stays."""
    tasks, files = len(asyncio.all_tasks()), open_files()
    woken: list[str] = []
    receiver = CallbackReceiver(woken.append)
    await receiver.start()
    try:
        async with asyncio.timeout(DEADLINE_S):
            yield receiver, woken
    finally:
        await receiver.aclose()
    async with asyncio.timeout(DEADLINE_S):
        while len(asyncio.all_tasks()) > tasks or open_files() > files:
            await asyncio.sleep(0.01)


def open_files() -> int:
    """How many files and sockets this process has open."""
    return len(list(Path("/dev/fd").iterdir()))


def request(target: str, body: bytes = ID, method: str = "POST", *headers: str) -> bytes:
    """The bytes of a request; its length is told where no header of its own tells another."""
    lines = headers or (f"Content-Length: {len(body)}",)
    head = "\r\n".join([f"{method} {target} HTTP/1.1", "Host: x", *lines])
    return head.encode("latin-1") + b"\r\n\r\n" + body


async def say(receiver: CallbackReceiver, data: bytes, *, hang_up: bool = False) -> bytes:
    """Send these bytes and return all that comes back until the other side closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", receiver.port)
    writer.write(data)
    if hang_up:
        writer.write_eof()
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


def status(answer: bytes) -> int:
    """The status of an answer, which has to be a whole one."""
    assert answer.endswith(b"Content-Length: 0\r\nConnection: close\r\n\r\n")
    return int(answer.split()[1])


async def post(receiver: CallbackReceiver, task_id: Any) -> int:
    """Call back as the service does."""
    body = json.dumps({"task_id": task_id, "status": "success"}).encode()
    return status(await say(receiver, request(receiver.path, body)))


def answers(target: str | None, body: bytes, *more: str) -> tuple[int, list[str], bytes]:
    """The status for one request to a new receiver, the ids it woke, and the whole answer."""

    async def run() -> tuple[int, list[str], bytes]:
        async with receiving() as (receiver, woken):
            path = receiver.path if target is None else target.replace("PATH", receiver.path)
            answer = await say(receiver, request(path, body, *more))
        return status(answer), woken, answer

    return asyncio.run(run())


async def came(woken: list[str], count: int) -> None:
    """Wait until so many callbacks have come."""
    while len(woken) < count:
        await asyncio.sleep(0.01)
