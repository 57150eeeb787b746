"""A function that scores images, on threads of its own: each result is kept at once."""

from __future__ import annotations

import asyncio
import inspect
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future
from contextvars import copy_context
from typing import Any

from nanobanana_nb.errors import WaitInterrupted
from nanobanana_nb.model.result import Generation
from nanobanana_nb.model.score import Score, failure, number
from nanobanana_nb.run.loop.background_loop import BRIDGE, wait
from nanobanana_nb.run.loop.interrupts import watch_interrupts
from nanobanana_nb.run.scoring.function_recipe import function_recipe
from nanobanana_nb.show.arrange.opinion_tables import ScoreTable
from nanobanana_nb.show.html import wording

LAST_S = 60.0  # how long an image that was at work at a stop is waited for
_BEFORE: dict[tuple[str, str], threading.Thread] = {}  # of what has the same name and recipe


class Scoring:
    """Calls a function on images that have no value of its recipe.

    It begins when it is waited for. A function that is slow, a model or another service, holds no
    event loop up; a coroutine is awaited on the background loop.

    Args:
        function: takes the Pillow image, or the Generation where it is `of_generation`.
        images: by their hashes, so that equal ones are scored once.
        again: call it for those that have a value, too.
        workers: how many images are scored at once.
    """

    def __init__(
        self,
        name: str,
        function: Callable[[Any], Any],
        images: Mapping[str, Generation],
        table: ScoreTable,
        *,
        again: bool = False,
        workers: int = 1,
    ) -> None:
        self.name = name
        self.count = len(images)
        self.computed = 0
        self.failed = 0
        self._function = function
        self._recipe = function_recipe(function)
        self._images = images
        self._table = table
        self._again = again
        self._workers = workers
        self._queue: deque[tuple[str, Generation]] = deque()
        self._known = 0
        self._lock = threading.Lock()
        self._error: BaseException | None = None
        self._stopped = False
        self._begun = 0.0

    @property
    def done(self) -> int:
        """How many images are through: with a value from before, or called for now."""
        return self._known + self.computed

    @property
    def progress(self) -> str:
        """How many images are through: `sharpness: 12 of 40 images`."""
        name, count = wording.cut(self.name, 60), wording.counted(self.count, "image")
        return f"{name}: {self.done:,} of {count}"

    @property
    def left_s(self) -> float | None:
        """How many seconds it still takes, at the pace until now."""
        if not self.computed:
            return None
        pace = (time.monotonic() - self._begun) / self.computed
        return pace * (self.count - self.done)

    def follow(self, draw: Callable[[], None] | None = None) -> None:
        """Score the images and call `draw` between, on the thread that waits.

        An interrupt ends it at once; an image that is at work then is still written down.

        Raises:
            WaitInterrupted: it was stopped.
            LedgerError: a score cannot be written down.
        """
        end = self._start()
        try:
            if threading.current_thread() is BRIDGE.thread:
                BRIDGE.run(_await_end(end))
            else:
                with watch_interrupts() as interrupts:
                    wait(end, *([draw] if draw else []), interrupts.raise_lost)
        except KeyboardInterrupt:
            words = f"Stopped. {self.progress}. The same call goes on with the rest."
            raise WaitInterrupted(words) from None
        finally:
            with self._lock:
                self._stopped = True
                self._queue.clear()

    def _start(self) -> Future[None]:
        end: Future[None] = Future()
        thread = _thread(self._run, end, _BEFORE.get((self.name, self._recipe)))
        _BEFORE[self.name, self._recipe] = thread
        thread.start()
        return end

    def _run(self, end: Future[None], before: threading.Thread | None) -> None:
        """Score on this thread, which is one of the workers, and say when all are through."""
        if before is not None:  # a model may not be called twice at once
            before.join(LAST_S)
        try:
            self._fill()
            others = [_thread(self._work) for _ in range(self._workers - 1)]
            for thread in others:
                thread.start()
            self._work()
            for thread in others:
                thread.join()
        except BaseException as error:
            self._error = error
        if self._error is None:
            end.set_result(None)
        else:
            end.set_exception(self._error)

    def _fill(self) -> None:
        """Queue what has no value of this recipe; what has one counts again, free."""
        table, keys = self._table, self._images.keys()
        known = {} if self._again else table.of_recipe(keys, self.name, self._recipe)
        known = {sha256: score for sha256, score in known.items() if score.value is not None}
        newest = table.get(keys).get(self.name, {})
        if other := {sha: score for sha, score in known.items() if newest.get(sha) != score}:
            table.put(self.name, other)
        self._known, self._begun = len(known), time.monotonic()
        with self._lock:
            if not self._stopped:
                self._queue.extend((k, self._images[k]) for k in keys if k not in known)

    def _work(self) -> None:
        try:
            while (item := self._next()) is not None:
                self._keep(*item)
        except BaseException as error:
            self._error = error
            self._queue.clear()

    def _next(self) -> tuple[str, Generation] | None:
        try:
            return self._queue.popleft()
        except IndexError:
            return None

    def _keep(self, sha256: str, image: Generation) -> None:
        score = self._score(image)
        self._table.put(self.name, {sha256: score})
        with self._lock:
            self.computed += 1
            self.failed += score.value is None

    def _score(self, image: Generation) -> Score:
        """Return what the function gives, or why it gives nothing. No interrupt comes here."""
        try:
            of_generation = getattr(self._function, "of_generation", False)
            value = self._function(image if of_generation else image.image)
            if inspect.isawaitable(value):
                value = BRIDGE.submit(_awaited(value)).result()
            return Score(number(value), recipe=self._recipe)
        except BaseException as error:
            return Score(None, failure(error), self._recipe)


def _thread(work: Callable[..., None], *args: Any) -> threading.Thread:
    """Return a thread; what it prints goes where the caller's words go."""
    context = copy_context()
    return threading.Thread(target=context.run, args=(work, *args), name="score", daemon=True)


async def _awaited(value: Awaitable[Any]) -> Any:
    return await value


async def _await_end(end: Future[None]) -> None:
    await asyncio.wrap_future(end)
