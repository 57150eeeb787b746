"""Calls on the kernel's own loop, where alone widgets are changed and outputs published.

What a worker thread draws lands under whichever cell runs then; what the kernel's loop calls
waits while a cell blocks, and runs between cells. Newer kernels hear clicks on a thread of their
own: whatever thread asks, what is called lands on the loop.
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
    """Calls later, or when something is done, until it is stopped. Any thread may ask.

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

        def begin() -> None:
            self._cancel(name)
            if not self._stopped:
                self._waiting[name] = self._loop.call_later(seconds, self._call, name, call)

        self._on_loop(begin)

    def forget(self, name: str) -> None:
        """Take back what was to be called under this name."""
        self._on_loop(lambda: self._cancel(name))

    def off(self, work: Callable[[], T], then: Outcome[T]) -> None:
        """Do `work` on another thread, and call `then` here with its value or its error."""

        def begin() -> None:
            if not self._stopped:
                done = self._loop.run_in_executor(None, work)
                done.add_done_callback(lambda future: self._tell(future, then))

        self._on_loop(begin)

    def when(self, future: Future[T], then: Outcome[T]) -> None:
        """Call `then` here with the value or the error of a future of another thread."""

        future.add_done_callback(
            lambda done: self._on_loop(lambda: self._tell(done, then), at_once=False)
        )

    def stop(self) -> None:
        """Call nothing from now on."""
        self._stopped = True
        for name in tuple(self._waiting):
            self.forget(name)

    def _on_loop(self, call: Callable[[], object], *, at_once: bool = True) -> None:
        """Call on the loop: now where this is its thread and `at_once`, else at its next turn."""
        if at_once and _running_loop() is self._loop:
            call()
            return
        with suppress(RuntimeError):  # the kernel's loop is closed: it ends
            self._loop.call_soon_threadsafe(call)

    def _cancel(self, name: str) -> None:
        if name in self._waiting:
            self._waiting.pop(name).cancel()

    def _call(self, name: str, call: Callable[[], object]) -> None:
        self._waiting.pop(name, None)
        call()

    def _tell(self, future: Any, then: Outcome[Any]) -> None:
        if self._stopped or future.cancelled():
            return
        error = future.exception()
        then(None if error else future.result(), error)


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
