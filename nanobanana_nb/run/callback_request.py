"""The one request of a connection to the receiver of callbacks: read, judged and answered.

h11 reads it. What h11 lets pass for the sake of old clients is refused here, wherever two readers
could disagree about where the request ends.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import re
from http import HTTPStatus
from urllib.parse import quote_from_bytes

import h11

HEAD_BYTES = 16 * 1024
BODY_BYTES = 64 * 1024
ID_LENGTH = 200
_ID_NAMES = ("task_id", "taskId")
_ASCII = bytes(range(0x80))
_AMBIGUOUS = re.compile(
    rb"""
    (?<!\r)\n  # ends a line for some readers alone
    | \n[ \t]  # goes on with the line before for some
    | \n(?:content-length|transfer-encoding):  # and a second one, or a list
        (?: [^\r]*, | .*\n(?:content-length|transfer-encoding): )
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)


class RefusedError(Exception):
    """A request that is answered with a status of its own."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status)
        self.status = status


class CallbackRequest:
    """A request that names a task in its body.

    Args:
        reader: what the caller sends. Its limit bounds the head and each line of a chunked body.
        path: the end that the target must have.
    """

    def __init__(self, reader: asyncio.StreamReader, path: str) -> None:
        self._reader = reader
        self._path = path.encode()
        self._http = h11.Connection(h11.SERVER)

    async def task_id(self) -> str:
        """Read the request to its end and return the task's id.

        Raises:
            RefusedError: it is no callback, or a larger one than any.
            EOFError: the caller went away before the end.
        """
        try:
            return _task_id(await self._body(await self._head()))
        except h11.RemoteProtocolError as error:
            raise RefusedError(HTTPStatus(error.error_status_hint)) from None
        except asyncio.LimitOverrunError:
            raise RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE) from None
        except (ValueError, RecursionError):
            raise RefusedError(HTTPStatus.BAD_REQUEST) from None

    def answer(self, status: HTTPStatus) -> bytes:
        """Return the answer to send, after which the connection is to be closed."""
        headers = [("Content-Length", "0"), ("Connection", "close")]
        if status is HTTPStatus.METHOD_NOT_ALLOWED:
            headers.insert(0, ("Allow", "POST"))
        response = h11.Response(status_code=status, headers=headers, reason=status.phrase)
        return self._http.send(response)

    async def _head(self) -> h11.Request:
        head = await self._reader.readuntil(b"\r\n\r\n")
        if _AMBIGUOUS.search(head):
            raise RefusedError(HTTPStatus.BAD_REQUEST)
        first, end, rest = head.partition(b"\r\n")
        # A tunnel may pass on other bytes in a target, which h11 refuses.
        self._http.receive_data(quote_from_bytes(first, safe=_ASCII).encode() + end + rest)
        request = self._http.next_event()
        if not isinstance(request, h11.Request) or not request.http_version.startswith(b"1."):
            raise RefusedError(HTTPStatus.BAD_REQUEST)
        if not hmac.compare_digest(request.target[-len(self._path) :], self._path):
            raise RefusedError(HTTPStatus.NOT_FOUND)
        if request.method != b"POST":
            raise RefusedError(HTTPStatus.METHOD_NOT_ALLOWED)
        return request

    async def _body(self, request: h11.Request) -> bytes:
        headers = dict(request.headers)
        if b"content-length" in headers:
            size = int(headers[b"content-length"])
            return await self._reader.readexactly(_bounded(size))
        if b"transfer-encoding" not in headers:
            raise RefusedError(HTTPStatus.LENGTH_REQUIRED)
        if request.http_version == b"1.0":  # which has no chunks: who passed it on read another end
            raise RefusedError(HTTPStatus.BAD_REQUEST)
        return await self._chunks()

    async def _chunks(self) -> bytes:
        body = bytearray()
        while True:
            # h11 checks how large a chunk says it is, and keeps it to itself.
            line = await self._reader.readuntil(b"\r\n")
            self._http.receive_data(line)
            self._http.next_event()
            size = int(line.partition(b";")[0], 16)
            if not size:
                break
            _bounded(len(body) + size)
            self._http.receive_data(await self._reader.readexactly(size + 2))
            chunk = self._http.next_event()
            assert isinstance(chunk, h11.Data)
            body += chunk.data
        # Closing with something unread would reset the connection and lose the answer.
        while not isinstance(self._http.next_event(), h11.EndOfMessage):
            self._http.receive_data(await self._reader.readuntil(b"\r\n"))
        return bytes(body)


def _bounded(size: int) -> int:
    if size > BODY_BYTES:
        raise RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return size


def _task_id(body: bytes) -> str:
    """Return the id from a task's data, bare or in an envelope as the answers of the API have."""
    data = json.loads(body)
    inner = data.get("data") if isinstance(data, dict) else None
    records = [record for record in (data, inner) if isinstance(record, dict)]
    task_id = next((r[name] for r in records for name in _ID_NAMES if name in r), None)
    if isinstance(task_id, bool) or not isinstance(task_id, str | int):
        raise ValueError("no task id")
    if not 0 < len(str(task_id)) <= ID_LENGTH:
        raise ValueError("no task id")
    return str(task_id)
