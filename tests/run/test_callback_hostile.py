"""The receiver of callbacks under attack: garbage, floods, silence, and its own end."""

from __future__ import annotations

import asyncio
import logging
import resource
import socket
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from nanobanana_nb.run import callback
from nanobanana_nb.run.callback import CallbackReceiver
from tests.run.caller import open_files, post, receiving, request, say

pytestmark = pytest.mark.filterwarnings(
    "error::ResourceWarning", "error::pytest.PytestUnraisableExceptionWarning"
)


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        (b"", b""),
        (b"POST", b""),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200), b""),
        (b"hello\r\n\r\n", b"HTTP/1.1 400"),
        (b"\r\n\r\n", b"HTTP/1.1 400"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"HTTP/1.1 400"),
        (bytes(range(256)) * 100, b"HTTP/1.1 413"),
    ],
)
def test_garbage_does_no_harm(data: bytes, answer: bytes, caplog: pytest.LogCaptureFixture) -> None:
    """What is no request is refused or dropped without a word, and the next callback comes."""

    async def run() -> None:
        async with receiving() as (receiver, woken):
            assert (await say(receiver, data, hang_up=True))[:12] == answer
            assert await post(receiver, "t1") == 200
            assert woken == ["t1"]

    asyncio.run(run())
    assert caplog.records == []


TEN_MB = 10_000_000


@pytest.mark.parametrize(
    "header", [f"Content-Length: {TEN_MB}", "Content-Length: 17", "Transfer-Encoding: chunked"]
)
def test_ten_megabytes_are_not_read(header: str) -> None:
    """A huge body, told or not, ends the connection long before it is through."""

    async def run() -> tuple[int, int]:
        async with receiving() as (receiver, _):
            tracemalloc.start()
            sent = await pour(receiver, request(receiver.path, b"", "POST", header))
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            assert await post(receiver, "t1") == 200
        return sent, peak

    sent, peak = asyncio.run(run())
    assert sent < TEN_MB / 2
    assert peak < 2_000_000


async def pour(receiver: CallbackReceiver, head: bytes) -> int:
    """Send a head and then up to 10 MB; how much went out before the other side closed."""
    loop, sent, piece = asyncio.get_running_loop(), 0, b"x" * 65_536
    with socket.socket() as sender:
        sender.setblocking(False)
        await loop.sock_connect(sender, ("127.0.0.1", receiver.port))
        await loop.sock_sendall(sender, head)
        with suppress(OSError):
            while sent < TEN_MB:
                await loop.sock_sendall(sender, piece)
                sent += len(piece)
                await asyncio.sleep(0)  # the receiver is on the same loop
    return sent


@pytest.mark.long
@pytest.mark.parametrize("part", ["", "POST", "HEAD", "BODY"])
def test_dripping_connection_is_ended(
    part: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Bytes that come too slowly keep no connection open, whatever they are part of."""
    monkeypatch.setattr(callback, "READ_S", 0.3)

    async def run() -> list[str]:
        async with receiving() as (receiver, woken):
            begun = request(receiver.path, b"", "POST", "Content-Length: 60000")
            start = {"HEAD": begun[:-4], "BODY": begun}.get(part, part.encode())
            dripping = asyncio.create_task(drip(receiver, start))
            assert await post(receiver, "meanwhile") == 200
            assert await dripping == b""
        return woken

    assert asyncio.run(run()) == ["meanwhile"]
    assert caplog.records == []


async def drip(receiver: CallbackReceiver, start: bytes) -> bytes:
    """Send a byte at a time until the other side closes; what it said."""
    reader, writer = await asyncio.open_connection("127.0.0.1", receiver.port)
    writer.write(start)
    answer = asyncio.ensure_future(reader.read())
    while not answer.done():
        writer.write(b"a")
        await asyncio.wait([answer], timeout=0.02)
    writer.close()
    with suppress(OSError):
        return await answer
    return b""


def test_a_hundred_at_once_are_all_taken() -> None:
    """A burst of callbacks loses none."""

    async def run() -> None:
        async with receiving() as (receiver, woken):
            ids = [f"t{n}" for n in range(100)]
            assert set(await asyncio.gather(*(post(receiver, task_id) for task_id in ids))) == {200}
            assert sorted(woken) == sorted(ids)

    asyncio.run(run())


@pytest.mark.long
def test_connections_at_once_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Silent connections take no more than 16 places, and a callback behind them comes through."""
    monkeypatch.setattr(callback, "READ_S", 0.3)

    async def run() -> None:
        async with receiving() as (receiver, woken):
            before = len(asyncio.all_tasks())
            silent = [socket.create_connection(("127.0.0.1", receiver.port)) for _ in range(40)]
            waiting = asyncio.create_task(post(receiver, "t1"))
            most = 0
            while not waiting.done():
                most = max(most, len(asyncio.all_tasks()) - before - 1)
                await asyncio.sleep(0.005)
            for connection in silent:
                connection.close()
            assert (most, waiting.result(), woken) == (callback.CONNECTIONS, 200, ["t1"])

    asyncio.run(run())


@pytest.mark.long
def test_many_idle_connections_hold_up_nobody_for_long() -> None:
    """Where places are short, a connection that says nothing gives its own back soon."""

    async def run() -> float:
        async with receiving() as (receiver, woken):
            silent = [socket.create_connection(("127.0.0.1", receiver.port)) for _ in range(60)]
            begun = time.monotonic()
            assert await post(receiver, "t1") == 200
            for connection in silent:
                connection.close()
            assert woken == ["t1"]
            return time.monotonic() - begun

    assert asyncio.run(run()) < callback.READ_S


@pytest.mark.parametrize("turns", range(6))
@pytest.mark.parametrize("begun", [b"", b"POST", request("/x", b"")[:-2]])
def test_closing_ends_every_connection(
    turns: int, begun: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Closed at any moment of a connection, it leaves no socket and no task; twice is as good."""
    monkeypatch.setattr(callback, "READ_S", 1000.0)

    async def run() -> None:
        async with receiving() as (receiver, woken):
            with socket.create_connection(("127.0.0.1", receiver.port)) as caller:
                caller.sendall(begun)
                for _ in range(turns):
                    await asyncio.sleep(0)
                await receiver.aclose()
                caller.settimeout(5)
                with suppress(ConnectionResetError):
                    assert caller.recv(100) == b""
            with pytest.raises(ConnectionRefusedError):
                await post(receiver, "t1")
            assert woken == []

    asyncio.run(run())


def test_error_of_who_is_woken_stays_inside(caplog: pytest.LogCaptureFixture) -> None:
    """It ends that connection alone, and only its kind is logged."""
    caplog.set_level(logging.DEBUG)
    failing = [True]

    def wake(task_id: str) -> None:
        if failing.pop():
            raise ZeroDivisionError(task_id)

    async def run() -> str:
        receiver = CallbackReceiver(wake)
        await receiver.start()
        body = b'{"task_id": "what-came"}'
        assert await say(receiver, request(receiver.path, body)) == b""
        failing.append(False)
        assert await post(receiver, "t2") == 200
        await receiver.aclose()
        return receiver.path

    path = asyncio.run(run(), debug=True)
    assert "A callback was not taken: ZeroDivisionError" in caplog.text
    assert path not in caplog.text
    assert "what-came" not in caplog.text


@pytest.mark.long
def test_full_table_of_files_is_waited_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the process may open no more files a callback waits, and the loop does not spin."""
    monkeypatch.setattr(callback, "PAUSE_S", 0.2)

    async def run() -> float:
        async with receiving() as (receiver, woken):
            with socket.socket() as caller:
                with no_more_files():
                    caller.connect(("127.0.0.1", receiver.port))
                    caller.sendall(request(receiver.path))
                    begun = time.process_time()
                    await asyncio.sleep(0.5)
                    spent = time.process_time() - begun
                    assert woken == []
                while not woken:
                    await asyncio.sleep(0.01)
        return spent

    assert asyncio.run(run()) < 0.25


@contextmanager
def no_more_files() -> Iterator[None]:
    """Let this process open no further file until the block ends."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (open_files() + 20, hard))
    taken = []
    try:
        with suppress(OSError):
            while True:
                taken.append(socket.socket())
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        for file in taken:
            file.close()
