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
from functools import partial
from typing import Any, TypeVar

from nanobanana_nb.errors import InputError

T = TypeVar("T")
Outcome = Callable[[T | None, BaseException | None], object]


class KernelLoop:
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
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._stopped = False

    def later(self, name: str, seconds: float, call: Callable[[], object]) -> None:
        """Call once after some seconds, instead of what was to be called under this name."""

        def begin() -> None:
            self._cancel(name)
            if not self._stopped:
                self._timers[name] = self._loop.call_later(seconds, fire)

        def fire() -> None:
            self._timers.pop(name, None)
            call()

        self._on_loop(begin)

    def off(self, work: Callable[[], T], then: Outcome[T]) -> None:
        """Do `work` on another thread, and call `then` here with its value or its error."""

        def begin() -> None:
            if not self._stopped:
                future = self._loop.run_in_executor(None, work)
                future.add_done_callback(lambda future: self._pass_on(future, then))

        self._on_loop(begin)

    def when(self, future: Future[T], then: Outcome[T]) -> None:
        """Call `then` here with the value or the error of a future of another thread."""

        future.add_done_callback(
            lambda done: self._on_loop(lambda: self._pass_on(done, then), at_once=False)
        )

    def stop(self) -> None:
        """Call nothing from now on."""
        self._stopped = True
        for name in tuple(self._timers):
            self._on_loop(partial(self._cancel, name))

    def _on_loop(self, call: Callable[[], object], *, at_once: bool = True) -> None:
        """Call on the loop: now where this is its thread and `at_once`, else at its next turn."""
        current = None
        with suppress(RuntimeError):  # no loop runs on this thread
            current = asyncio.get_running_loop()
        if at_once and current is self._loop:
            call()
            return
        with suppress(RuntimeError):  # the kernel's loop is closed: it ends
            self._loop.call_soon_threadsafe(call)

    def _cancel(self, name: str) -> None:
        if name in self._timers:
            self._timers.pop(name).cancel()

    def _pass_on(self, future: Any, then: Outcome[Any]) -> None:
        if self._stopped or future.cancelled():
            return
        error = future.exception()
        then(None if error else future.result(), error)
