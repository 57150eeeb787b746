"""One background event loop for everything async, and the way to it from plain code.

The loop runs in a daemon thread of its own, so that no front end's loop is ever blocked or
patched. nest-asyncio is applied to this loop's own class alone, and only when a sync call is
made on the loop's thread (from a user's `on_result` function, say), which would otherwise
wait for itself for ever.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from typing import Any, TypeVar

from nanobanana_nb.errors import NanobananaError, OtherProcessError, hide_values, without_frames
from nanobanana_nb.model.arguments import ArgumentError
from nanobanana_nb.run.loop.shield import is_at_end

T = TypeVar("T")

SLICE_S = 0.1  # how long a waiting thread sleeps at most before an interrupt can reach it
LAST_WORDS_S = 5.0  # how long the end of the process waits for creates that are on their way


class _Loop(asyncio.SelectorEventLoop):
    """A class of our own, because nest-asyncio patches the class of the loop it is given."""


class Alive:
    """Something with threads and connections, of which neither `copy` nor `pickle` makes another.

    Refused before a part of it is copied: half a loop complains when it is thrown away.
    """

    def __reduce_ex__(self, protocol: Any) -> Any:
        """Refuse to be taken apart.

        Raises:
            ArgumentError: always.
        """
        raise ArgumentError(
            f"A {type(self).__name__} cannot be copied or pickled",
            why="it follows tasks that run",
            action="Copy or pickle the images: `job.result()`.",
        )


class Bridge(Alive):
    """The thread with the loop. Started when first needed, and anew after a fork."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: _Loop | None = None
        self.thread: threading.Thread | None = None
        self._tasks: set[asyncio.Task[Any]] = set()
        self._futures: set[Future[Any]] = set()
        atexit.register(self.close)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._leave_to_parent)

    def submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Start `work` on the loop and return its future. Callable from any thread."""
        if not threading.main_thread().is_alive():  # Python starts no threads of helpers any more
            work.close()
            raise _at_end()
        future = asyncio.run_coroutine_threadsafe(self._run_work(work), self._running_loop())
        self._futures.add(future)
        future.add_done_callback(self._futures.discard)
        return future

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run `work` on the loop and wait for its result, on the loop's own thread too."""
        loop = self._running_loop()
        if threading.current_thread() is not self.thread:
            return wait(self.submit(work))
        import nest_asyncio

        nest_asyncio.apply(loop)
        return loop.run_until_complete(work)

    async def _run_work(self, work: Coroutine[Any, Any, T]) -> T:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            return await work
        except NanobananaError as error:  # it says all; the frames hold keys and links
            raise without_frames(error) from None
        except Exception as error:
            if is_at_end(error):
                raise _at_end() from None
            hide_values(error)
            raise
        finally:
            self._tasks.discard(task)

    def close(self) -> None:
        """Cancel what runs, give it time to write down what it knows, and stop the thread."""
        loop, thread = self._loop, self.thread
        if loop is None or thread is None or not thread.is_alive():
            return
        end = asyncio.run_coroutine_threadsafe(_end(self._tasks), loop)
        with suppress(TimeoutError, CancelledError):
            end.result(LAST_WORDS_S)  # what is still on its way then stands as sent
        loop.call_soon_threadsafe(loop.stop)
        thread.join(1.0)
        if not loop.is_running():
            loop.close()
        self._forget()

    def _running_loop(self) -> _Loop:
        with self._lock:
            if self._loop is None:
                self._loop = _Loop()
                self.thread = threading.Thread(
                    target=self._loop.run_forever, name="nanobanana_nb", daemon=True
                )
                self.thread.start()
            return self._loop

    def _leave_to_parent(self) -> None:
        """Say in a forked child that nothing comes any more of what its parent's thread does."""
        open_futures = {future for future in self._futures if not future.done()}
        self._forget()
        for future in open_futures:
            future.set_exception(
                OtherProcessError(
                    "This process cannot wait for it",
                    why="it was started before the fork, and goes on in the process of then",
                )
            )

    def _forget(self) -> None:
        self._lock = threading.Lock()
        self._loop = self.thread = None
        self._tasks = set()
        self._futures = set()


def _at_end() -> NanobananaError:
    return NanobananaError(
        "The program is at its end and nothing new can be begun",
        action="Let its main thread wait for this one.",
    )


async def _end(outer: set[asyncio.Task[Any]]) -> None:
    """Cancel what was submitted, which waits for creates on their way; then all the rest."""
    await _cancel(set(outer))
    me = asyncio.current_task()
    await _cancel({task for task in asyncio.all_tasks() if task is not me})


async def _cancel(tasks: set[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def wait(future: Future[T], *between: Callable[[], None]) -> T:
    """Wait for `future` in short slices, so that an interrupt gets through on every system.

    Args:
        between: are called on this thread after each slice, to draw for example.
    """
    while True:
        try:
            return future.result(SLICE_S)
        except TimeoutError:
            if future.done():  # the work itself raised a TimeoutError
                return future.result()
        for call in between:
            call()


BRIDGE = Bridge()
