"""Work on images on a thread of its own: whoever waits can show how far it is, and stop it."""

from __future__ import annotations

import asyncio
import inspect
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from contextvars import copy_context
from typing import Any, Generic, TypeVar

from nanobanana_nb.errors import WaitInterrupted
from nanobanana_nb.run.loop.background_loop import BRIDGE, wait
from nanobanana_nb.run.loop.interrupts import watch_interrupts
from nanobanana_nb.show.html import wording

T = TypeVar("T")


class BackgroundWork(ABC, Generic[T]):
    """Work that begins when it is waited for; it holds no event loop up.

    Attributes:
        name: what is worked on.
        count: of how many steps, each of a `noun`.
        computed: how many were done until now; what was known before is none of them.
        failed: how many of them in vain.
        at_work: how many have begun and are not done: a stop does not end these.
        sequel: what the same call does after a stop.
    """

    noun = "image"
    sequel = "The same call begins anew."

    def __init__(self, name: str, count: int) -> None:
        self.name = name
        self.count = count
        self.computed = 0
        self.failed = 0
        self.at_work = 0
        self._known = 0
        self._begun = time.monotonic()
        self._stopped = False
        self._lock = threading.Lock()

    @property
    def done(self) -> int:
        """How many steps are through: known from before, or done now."""
        return self._known + self.computed

    @property
    def progress(self) -> str:
        """How many steps are through: `sharpness: 12 of 40 images`."""
        name, count = wording.cut(self.name, 60), wording.counted(self.count, self.noun)
        return f"{name}: {self.done:,} of {count}"

    @property
    def left_s(self) -> float | None:
        """How many seconds it still takes, at the pace until now."""
        if not self.computed:
            return None
        pace = (time.monotonic() - self._begun) / self.computed
        return pace * (self.count - self.done)

    def follow(self, draw: Callable[[], None] | None = None) -> T:
        """Do the work and call `draw` between, on the thread that waits; return what came of it.

        A stop ends the waiting at once; the step that is at work then is still done.

        Raises:
            WaitInterrupted: the person stopped it; it says how far the work is.
            Exception: what the work raises.
        """
        end: Future[T] = Future()
        work_thread(self._settle, end).start()
        try:
            if threading.current_thread() is BRIDGE.thread:
                return BRIDGE.run(_await_end(end))
            with watch_interrupts() as interrupts:
                return wait(end, *([draw] if draw else []), interrupts.raise_lost)
        except KeyboardInterrupt:
            raise WaitInterrupted(self._stop_words()) from None
        finally:
            self._stop()

    @abstractmethod
    def _run(self) -> T:
        """Do the work, on a thread of its own."""

    def _stop(self) -> None:
        """Begin no step any more."""
        with self._lock:
            self._stopped = True

    def _stop_words(self) -> str:
        """Stop, and return how many there are now and how many will be all the same."""
        self._stop()
        with self._lock:
            more = f", {self.at_work:,} more at work will count" if self.at_work else ""
            return f"Stopped. {self.progress}{more}. {self.sequel}"

    def _settle(self, end: Future[T]) -> None:
        try:
            end.set_result(self._run())
        except BaseException as error:
            end.set_exception(error)


def work_thread(work: Callable[..., None], *args: Any) -> threading.Thread:
    """Return a thread; what it prints goes where the caller's words go."""
    context = copy_context()
    return threading.Thread(target=context.run, args=(work, *args), name="images", daemon=True)


async def _await_end(end: Future[T]) -> T:
    return await asyncio.wrap_future(end)


def awaited(value: Any) -> Any:
    """Return a value; one that is to be awaited is awaited on the background loop, on a thread."""
    return BRIDGE.submit(_result(value)).result() if inspect.isawaitable(value) else value


async def _result(value: Awaitable[Any]) -> Any:
    return await value
