"""The receiver of callbacks over real sockets: what it takes, and what it refuses."""

from __future__ import annotations

import asyncio
import json
import socket

import pytest

from nanobanana_nb.api.client import Client
from nanobanana_nb.errors import OutcomeUnknownError, SettingsError
from nanobanana_nb.run import callback
from nanobanana_nb.run.callback import CallbackReceiver
from nanobanana_nb.settings.keys import ApiKey
from nanobanana_nb.simulator import callback as service_side
from tests.run.caller import ID, answers, came, open_files, post, receiving, request, status
from tests.service import KEY, MODEL, Service

pytestmark = pytest.mark.filterwarnings(
    "error::ResourceWarning", "error::pytest.PytestUnraisableExceptionWarning"
)


@pytest.mark.parametrize(
    ("task_id", "woken"),
    [
        ("task_12345678", "task_12345678"),
        (12345678, "12345678"),
        ("x" * 200, "x" * 200),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("鷺\u202e\0\ud800", "鷺\u202e\0\ud800"),
    ],
)
def test_callback_wakes_its_task(task_id: object, woken: str) -> None:
    """Whatever id comes, text or number, is handed on as it is, once."""
    assert answers(None, json.dumps({"task_id": task_id}).encode())[:2] == (200, [woken])


BAD_BODIES = [
    *(b"", b"{", b"null", b"[]", b'["t1"]', b'"t1"', b"{}", b"\xff\xfe", b"<html>", b"[" * 60_000),
    *(b'{"task_id": %s}' % v for v in (b"null", b"true", b"1.5", b'""', b"[]", b'{"a": 1}')),
    *(b'{"data": %s}' % v for v in (b"null", b"[]", b'"t1"', b"{}", b'{"taskId": []}')),
    *(b'{"task_id": %s}' % v for v in (b"9" * 201, b"9" * 5000, b'"%s"' % (b"x" * 201))),
]


@pytest.mark.parametrize("body", BAD_BODIES, ids=range(len(BAD_BODIES)))
def test_body_without_an_id_is_refused(body: bytes) -> None:
    """No JSON, no object, or an id that is missing, of another kind or huge: 400, nobody woken."""
    assert answers(None, body)[:2] == (400, [])


@pytest.mark.parametrize(
    "target",
    ["/", "/nanobanana/", "PATH/", "PATH?a=1", "PATHx", "PATH/x", "/x", "/\xe9", "/PATH/../x"],
)
@pytest.mark.parametrize("method", ["POST", "GET"])
def test_only_the_secret_path_is_answered(target: str, method: str) -> None:
    """Any other address is not found, and what is not found does not tell which methods it has."""
    assert answers(target, ID, method)[:2] == (404, [])


@pytest.mark.parametrize(
    "before", ["/hooks", "/a/b", "/", "/cb?token=s3cret", "/\xe9", "http://host", "/PATH"]
)
def test_tunnel_may_keep_the_path_of_its_address(before: str) -> None:
    """A public address with a path leads here whether the tunnel takes its path off or not."""
    assert answers(f"{before}PATH", ID)[:2] == (200, ["t1"])


ENVELOPES = [
    {"code": 200, "message": "success", "data": {"task_id": "t1", "status": "success"}},
    {"data": {"taskId": "t1"}},
    {"taskId": "t1"},
    {"task_id": "t1", "data": {"task_id": "t2"}},
    {"task_id": "t1", "taskId": "t2"},
    {"task_id": "t1", "data": None},
]


@pytest.mark.parametrize("body", ENVELOPES)
def test_id_is_found_in_its_envelope(body: object) -> None:
    """The id may stand in the envelope that the API's answers have, or in the other spelling."""
    assert answers(None, json.dumps(body).encode())[:2] == (200, ["t1"])


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "OPTIONS", "post"])
def test_only_post_is_taken(method: str) -> None:
    """The answer to other methods says so."""
    code, woken, answer = answers(None, ID, method)
    assert (code, woken) == (405, [])
    assert b"\r\nAllow: POST\r\n" in answer


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("Content-Length: 0", 400),
        ("Content-Length: -1", 400),
        ("Content-Length: many", 400),
        ("Content-Length: 17, 17", 400),
        (f"Content-Length: {'9' * 5000}", 400),
        ("Content-Length: 65537", 413),
        ("Content-Length: 10000000", 413),
        (f"X-Long: {'x' * 20_000}", 413),
        ("X-Nothing: 1", 411),
        ("content-LENGTH:17", 200),
    ],
)
def test_length_is_told_and_bounded(header: str, code: int) -> None:
    """A body has a length of at most 64 kB and a head one of at most 16 kB."""
    assert answers(None, ID, "POST", header)[:2] == (code, ["t1"] if code == 200 else [])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"11\r\n" + ID + b"\r\n0\r\n\r\n", 200),
        (b'6;a=b\r\n{"task\r\nb\r\n_id": "t1"}\r\n0\r\nX-After: 1\r\n\r\n', 200),
        (b"0\r\n\r\n", 400),
        (b"-2\r\n" + ID, 400),
        (b"z\r\n" + ID, 400),
        (b"10001\r\n" + ID, 413),
        (b"fffffffffffffff\r\n" + ID, 413),
        (b"8000\r\n" + b"x" * 0x8000 + b"\r\n8001\r\n", 413),
        (b"1" * 40_000, 413),
    ],
)
def test_chunked_body_is_bounded_too(body: bytes, code: int) -> None:
    """A service that does not tell the length is understood, up to the same size."""
    answer = answers(None, body, "POST", "Transfer-Encoding: Chunked")[:2]
    assert answer == (code, ["t1"] if code == 200 else [])


def test_end_of_a_chunked_body_is_waited_for() -> None:
    """Nothing stays unread when the connection closes, or the answer could be lost."""

    async def run() -> None:
        async with receiving() as (receiver, woken):
            reader, writer = await asyncio.open_connection("127.0.0.1", receiver.port)
            body = b"11\r\n" + ID + b"\r\n0\r\n"
            writer.write(request(receiver.path, body, "POST", "Transfer-Encoding: chunked"))
            await post(receiver, "t2")
            assert woken == ["t2"]
            writer.write(b"\r\n")
            assert status(await reader.read()) == 200
            writer.close()
            assert woken == ["t2", "t1"]

    asyncio.run(run())


def test_repeated_and_reordered_callbacks_are_harmless() -> None:
    """Each wakes again, in the order in which they came; an id is remembered once."""

    async def run() -> None:
        async with receiving() as (receiver, woken):
            for task_id in ("t2", "t1", "t2", "t2", "t1"):
                assert await post(receiver, task_id) == 200
            assert woken == ["t2", "t1", "t2", "t2", "t1"]
            assert [receiver.take_call(name) for name in ("t1", "t1", "t2", "t2")] == [1, 0, 1, 0]

    asyncio.run(run())


def test_early_callback_is_remembered_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    """An id that came before anybody waited is known once, then or never."""

    async def run() -> None:
        async with receiving() as (receiver, _):
            assert not receiver.take_call("t1")
            await post(receiver, "t1")
            await post(receiver, "t2")
            assert [receiver.take_call("t1"), receiver.take_call("t1")] == [True, False]
            monkeypatch.setattr(callback, "REMEMBERED_S", -1.0)
            assert not receiver.take_call("t2")

    asyncio.run(run())


def test_memory_of_early_callbacks_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest goes first, and one that comes again counts as new."""
    monkeypatch.setattr(callback, "REMEMBERED", 2)

    async def run() -> None:
        async with receiving() as (receiver, _):
            for task_id in ("t1", "t2", "t1", "t3"):
                await post(receiver, task_id)
            assert [receiver.take_call(name) for name in ("t1", "t2", "t3")] == [True, False, True]

    asyncio.run(run())


def test_only_this_machine_is_listened_to() -> None:
    """It is bound to one loopback address, not to all, and not before it is started."""

    async def run() -> None:
        async with receiving() as (receiver, _):
            socket.create_connection(("127.0.0.1", receiver.port)).close()
            with pytest.raises(OSError):  # noqa: PT011 - refused or unreachable, by the system
                socket.create_connection(("127.0.0.2", receiver.port), timeout=5)

    asyncio.run(run())
    files = open_files()
    assert CallbackReceiver(print, 8971).port == 8971
    assert open_files() == files


def test_address_is_the_public_one_and_a_secret() -> None:
    """The secret path follows the public address, or else the local one; each has its own."""
    receiver, other = CallbackReceiver(print, 8971), CallbackReceiver(print, 8971)
    assert receiver.url("https://me.example/hooks/") == f"https://me.example/hooks{receiver.path}"
    assert receiver.url() == f"http://127.0.0.1:8971{receiver.path}"
    assert receiver.path != other.path
    assert len(receiver.path) >= len("/nanobanana/") + 32
    assert receiver.path not in repr(receiver)


def test_port_that_is_taken_is_told() -> None:
    """The error names the port and the setting; once the port is free it can be had."""

    async def run() -> None:
        with socket.create_server(("127.0.0.1", 0)) as other:
            receiver = CallbackReceiver(print, other.getsockname()[1])
            with pytest.raises(SettingsError, match="NANOBANANA_CALLBACK_PORT") as caught:
                await receiver.start()
            assert str(receiver.port) in str(caught.value)
            await receiver.aclose()
        await receiver.start()
        await receiver.start()
        assert await post(receiver, "t1") == 200
        await receiver.aclose()

    asyncio.run(run())


def test_callbacks_of_the_service_arrive(service: Service) -> None:
    """A task's end reaches the receiver over the wire, also the end of a task that failed."""
    service.forget_faults()  # its server is up from here on, and opens no files for itself

    async def run() -> None:
        client = Client(service.provider, ApiKey(KEY, "the test"))
        async with receiving() as (receiver, woken):
            url = receiver.url()
            ids = [await client.create(MODEL, {"prompt": p}, url) for p in ("a", "[fail]", "b")]
            await client.aclose()
            await came(woken, 3)
            assert sorted(woken) == sorted(ids)
            again = [await asyncio.to_thread(service_side.post, url, {"task_id": ids[0]})]
            assert (again, woken[3:]) == ([200], [ids[0]])
            assert await asyncio.to_thread(service_side.post, url + "x", {"task_id": "t"}) == 404
            assert [receiver.take_call(task_id) for task_id in ids] == [True] * 3

    asyncio.run(run())


def test_callback_may_come_before_the_answer_to_the_create(service: Service) -> None:
    """The id that nobody knew yet, or whose answer was lost for good, is remembered."""
    service.fault("create", status=500, accepted=True)

    async def run() -> None:
        client = Client(service.provider, ApiKey(KEY, "the test"))
        async with receiving() as (receiver, woken):
            with pytest.raises(OutcomeUnknownError):
                await client.create(MODEL, {"prompt": "a"}, receiver.url())
            await client.aclose()
            await came(woken, 1)
            assert woken == [row["id"] for row in await asyncio.to_thread(service.tasks)]
            assert receiver.take_call(woken[0])

    asyncio.run(run())
