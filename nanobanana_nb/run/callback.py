"""The receiver of callbacks: a small HTTP server that turns "task X is done" into a wake-up.

No callback is signed, so the path holds a secret and a callback is no more than a hint: of its
body only the task id is read, and whoever is woken asks the service what became of the task.
A hint that is forged, repeated, late or early therefore costs at most one look.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from http import HTTPStatus

from nanobanana_nb.errors import SettingsError
from nanobanana_nb.privacy.logs import logger
from nanobanana_nb.run.callback_request import HEAD_BYTES, CallbackRequest, RefusedError

READ_S = 10.0  # how long a connection may take for the whole of its request
CROWDED_READ_S = 0.5  # the same where half of the places are taken: idle ones must not fill them
CONNECTIONS = 16  # at once; the others wait in the system's queue, so that no hint is lost
QUEUE = 128
PAUSE_S = 1.0  # before the next try where the process may open no more files
REMEMBERED = 1000
REMEMBERED_S = 300.0

_log = logger(__name__)


class CallbackReceiver:
    """Listens on this machine and calls `wake` with the task id of each callback.

    Belongs to the event loop that starts it, and calls `wake` on it. While nobody calls there
    is no task on the loop.

    Args:
        wake: told each id that came, known or not, as often as it came.
        port: where to listen; 0 for any free port.
        host: the address to listen on. Only a loopback address keeps others out.
    """

    def __init__(self, wake: Callable[[str], None], port: int = 0, host: str = "127.0.0.1") -> None:
        self._wake = wake
        self._port = port
        self._host = host
        self._path = f"/nanobanana/{secrets.token_urlsafe(24)}"
        self._listener: socket.socket | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._arrivals: dict[str, float] = {}

    @property
    def path(self) -> str:
        """How every path ends that is answered, whatever a tunnel puts before it; a secret."""
        return self._path

    @property
    def port(self) -> int:
        """Where it listens, or will listen."""
        return int(self._listener.getsockname()[1]) if self._listener else self._port

    def url(self, public: str | None = None) -> str:
        """Return what the service is to call: the public address that leads here, and the path."""
        return (public or f"http://{self._host}:{self.port}").rstrip("/") + self._path

    def take_call(self, task_id: str) -> bool:
        """Whether a callback for `task_id` came in the last minutes; forgets it.

        For whoever begins to wait for a task: its callback may have come before the answer to
        its create, when nobody could be woken yet.
        """
        arrival = self._arrivals.pop(task_id, None)
        return arrival is not None and time.monotonic() - arrival <= REMEMBERED_S

    async def start(self) -> None:
        """Listen. Does nothing where it listens already.

        Raises:
            SettingsError: the port cannot be had.
        """
        if self._listener is None:
            self._listener = _listener(self._host, self._port)
            self._accept_more()

    async def aclose(self) -> None:
        """Stop listening and end every connection."""
        listener, self._listener = self._listener, None
        if listener is not None:
            asyncio.get_running_loop().remove_reader(listener)
            listener.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _accept_more(self) -> None:
        if self._listener is not None and len(self._tasks) < CONNECTIONS:
            asyncio.get_running_loop().add_reader(self._listener, self._accept, self._listener)

    def _accept(self, listener: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        try:
            connection, _ = listener.accept()
        except OSError:  # the caller stays in the queue, and asking again at once would spin
            loop.remove_reader(listener)
            loop.call_later(PAUSE_S, self._accept_more)
            return
        task = loop.create_task(self._serve(connection))
        self._tasks.add(task)
        task.add_done_callback(partial(self._end, connection))
        if len(self._tasks) >= CONNECTIONS:
            loop.remove_reader(listener)

    def _end(self, connection: socket.socket, task: asyncio.Task[None]) -> None:
        connection.close()  # a task that was cancelled before it began has not
        self._tasks.discard(task)
        self._accept_more()
        if not task.cancelled() and (error := task.exception()):
            # Its name alone: a message could hold what came in.
            _log.warning("A callback was not taken: %s", type(error).__name__)

    async def _serve(self, connection: socket.socket) -> None:
        """Read one request, answer it and close; who is too slow or goes away gets no answer."""
        connection.setblocking(False)
        reader, writer = await asyncio.open_connection(sock=connection, limit=HEAD_BYTES)
        request = CallbackRequest(reader, self._path)
        crowded = len(self._tasks) > CONNECTIONS // 2
        try:
            async with asyncio.timeout(min(READ_S, CROWDED_READ_S) if crowded else READ_S):
                writer.write(request.answer(await self._take(request)))
        except (OSError, EOFError):  # a TimeoutError is an OSError
            pass
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _take(self, request: CallbackRequest) -> HTTPStatus:
        """Return the status to answer with, after waking whoever waits for the task."""
        try:
            task_id = await request.task_id()
        except RefusedError as refusal:
            return refusal.status
        self._arrivals.pop(task_id, None)  # so that it counts as the newest
        self._arrivals[task_id] = time.monotonic()
        if len(self._arrivals) > REMEMBERED:
            del self._arrivals[next(iter(self._arrivals))]
        self._wake(task_id)
        return HTTPStatus.OK


def _listener(host: str, port: int) -> socket.socket:
    try:
        listener = socket.create_server((host, port), backlog=QUEUE)
    except OSError as error:
        raise SettingsError(
            f"The receiver of callbacks cannot listen on port {port} of this machine",
            why=os.strerror(error.errno or 0),
            action="Set NANOBANANA_CALLBACK_PORT to a free port, and lead your tunnel to it.",
        ) from None
    listener.setblocking(False)
    return listener
