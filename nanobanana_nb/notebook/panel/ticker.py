"""Calls on the kernel's own loop, where alone widgets are changed and outputs published.

What a worker thread draws lands under whichever cell runs then; what the kernel's loop calls
waits while a cell blocks, and runs between cells.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeVar

from nanobanana_nb.errors import InputError

T = TypeVar("T")
Outcome = Callable[[T | None, BaseException | None], object]


class Ticker:
    """Calls later, or when something is done, until it is stopped.

    Raises:
        InputError: no event loop runs here.
    """

    def __init__(self) -> None:
        try:
            self._loop = asyncio.get_running_loop()
        except RuntimeError:
            raise InputError(
                "A panel wants a Jupyter kernel", action="In a script, use `generate` or `sweep`."
            ) from None
        self._waiting: dict[str, asyncio.TimerHandle] = {}
        self._stopped = False

    def later(self, name: str, seconds: float, call: Callable[[], object]) -> None:
        """Call once after some seconds, instead of what was to be called under this name."""
        self.forget(name)
        if not self._stopped:
            self._waiting[name] = self._loop.call_later(seconds, self._call, name, call)

    def forget(self, name: str) -> None:
        """Take back what was to be called under this name."""
        if name in self._waiting:
            self._waiting.pop(name).cancel()

    def off(self, work: Callable[[], T], then: Outcome[T]) -> None:
        """Do `work` on another thread, and call `then` here with its value or its error."""
        if not self._stopped:
            done = self._loop.run_in_executor(None, work)
            done.add_done_callback(lambda future: self._tell(future, then))

    def when(self, future: Future[T], then: Outcome[T]) -> None:
        """Call `then` here with the value or the error of a future of another thread."""

        def heard(done: Future[T]) -> None:
            with suppress(RuntimeError):  # the kernel's loop is closed: it ends
                self._loop.call_soon_threadsafe(self._tell, done, then)

        future.add_done_callback(heard)

    def stop(self) -> None:
        """Call nothing from now on."""
        self._stopped = True
        for name in tuple(self._waiting):
            self.forget(name)

    def _call(self, name: str, call: Callable[[], object]) -> None:
        self._waiting.pop(name, None)
        call()

    def _tell(self, future: Any, then: Outcome[Any]) -> None:
        if self._stopped or future.cancelled():
            return
        error = future.exception()
        then(None if error else future.result(), error)
