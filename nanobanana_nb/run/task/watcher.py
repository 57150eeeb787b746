"""One scheduler that looks at every open task of a session, each when it is worth it."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import math
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from nanobanana_nb.api import retry
from nanobanana_nb.api.client import Client
from nanobanana_nb.api.limiter import ASKED, LIKELY, PATIENT
from nanobanana_nb.api.provider import TaskInfo
from nanobanana_nb.errors import (
    AccessDeniedError,
    AuthenticationError,
    Charged,
    NanobananaError,
    NotFoundError,
    ProviderError,
    ServiceError,
    StillRunningError,
)
from nanobanana_nb.model.result import State
from nanobanana_nb.run.task.poll_schedule import AT_ONCE_S, LONGEST_S, Durations

MISSING_GRACE_S = 15.0  # right after its creation a task may not be visible yet
SHORTEST_LOOK_S = 0.5  # what even the last look may take
EARLY_S = 1.0  # between looks at a young task that others wait for
MOST_REFUSED = 3  # looks in a row that are refused for good before the wait ends
MOST_WITHOUT_LINK = 15  # looks at a task that is done and whose link is still to come


@dataclass
class _Watch:
    task_id: str
    answer: asyncio.Future[TaskInfo]
    on_look: Callable[[TaskInfo], None]
    start: float
    deadline: float
    durations: Durations
    last_look: float
    early: Callable[[], bool]
    start_age_s: float = 0.0  # how old the task was at the start
    entry: int = 0  # which place in the queue counts
    woken: bool = False
    refusals: int = 0
    without_link: int = 0
    trouble: NanobananaError | None = field(default=None)


@dataclass(eq=False, repr=False)
class Watcher:
    """Looks at tasks until they finish. Belongs to one event loop.

    A look that fails never fails the task: it is looked at again until the deadline. A success
    that has no link yet is not finished: it is looked at again for a while.
    """

    client: Client
    _queue: list[tuple[float, int, _Watch]] = field(default_factory=list)
    _watches: dict[str, list[_Watch]] = field(default_factory=dict)
    _order: Iterator[int] = field(default_factory=partial(itertools.count, 1))
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _scheduler: asyncio.Task[None] | None = None
    _looks: set[asyncio.Task[None]] = field(default_factory=set)  # else they may be collected

    async def watch(
        self,
        task_id: str,
        wait_s: float,
        on_look: Callable[[TaskInfo], None],
        age_s: float = 0.0,
        durations: Durations | None = None,
        early: Callable[[], bool] = bool,
    ) -> TaskInfo:
        """Return what became of a task; `on_look` hears of every look on the way.

        A task that is older than a look's usual distance is looked at at once.

        Args:
            early: whether its end is waited for just now, so that looks are to come early and
                before any create.

        Raises:
            StillRunningError: it has not finished after `wait_s` seconds, or it has and the
                service gives no link to its image.
            ServiceError: the service keeps saying that it is not there, or not ours.
        """
        now = time.monotonic()
        answer: asyncio.Future[TaskInfo] = asyncio.get_running_loop().create_future()
        usual = durations or Durations(pace=self.client.provider.pace)
        start_age_s = age_s if age_s < math.inf else 0.0
        watch = _Watch(task_id, answer, on_look, now, now + wait_s, usual, now, early, start_age_s)
        self._plan(watch, now, at_once=age_s > LONGEST_S * self.client.provider.pace)
        watches = self._watches.setdefault(task_id, [])
        watches.append(watch)
        try:
            return await answer
        finally:
            watches.remove(watch)
            if not watches:
                self._watches.pop(task_id, None)

    def wake(self, task_id: str) -> None:
        """Look at a task now: somebody says that it is done. Other ids are ignored."""
        for watch in self._watches.get(task_id, ()):
            watch.woken = True
            if watch.entry:  # otherwise it is being looked at, and will be once more
                self._plan(watch, time.monotonic(), at_once=True)

    def _plan(self, watch: _Watch, after: float, *, at_once: bool = False) -> None:
        """Put the next look at a task into the queue, and see to it that somebody reads that."""
        age = after - watch.start
        gap = 0.0 if at_once else watch.durations.next_look_s(age)
        if watch.early():
            gap = min(gap, max(EARLY_S * self.client.provider.pace, age / 3, AT_ONCE_S))
        retry_after = watch.trouble.retry_after_s if isinstance(watch.trouble, ServiceError) else 0
        gap = max(gap, min(retry_after or 0.0, retry.LONGEST_ASKED_S))
        due = min(after + gap, max(watch.deadline, after))
        watch.entry = next(self._order)
        heapq.heappush(self._queue, (due, watch.entry, watch))
        self._wake.set()
        if self._scheduler is None or self._scheduler.done():
            self._scheduler = asyncio.ensure_future(self._schedule())

    async def _schedule(self) -> None:
        while self._queue:
            self._wake.clear()
            wait = self._queue[0][0] - time.monotonic()
            if wait > 0:
                with suppress(TimeoutError):
                    async with asyncio.timeout(wait):
                        await self._wake.wait()
                continue
            _, entry, watch = heapq.heappop(self._queue)
            if entry == watch.entry and not watch.answer.done():
                watch.entry = 0
                task = asyncio.ensure_future(self._look(watch))
                self._looks.add(task)
                task.add_done_callback(self._looks.discard)

    def _rank(self, watch: _Watch, hinted: bool) -> float:
        """How urgent a look is: more than a create where the task is more likely done than not."""
        if hinted or watch.woken or watch.early():
            return ASKED
        last_age, age = watch.last_look - watch.start, time.monotonic() - watch.start
        chance = watch.durations.chance(last_age, age)
        return LIKELY + chance if chance >= PATIENT else chance

    async def _look(self, watch: _Watch) -> None:
        # A hint is worth one look: if that fails, the usual distances go on.
        hinted, watch.woken = watch.woken, False
        try:
            rest = watch.deadline - time.monotonic()
            async with asyncio.timeout(max(rest, SHORTEST_LOOK_S)):
                info = await self.client.look(watch.task_id, lambda: self._rank(watch, hinted))
        except TimeoutError:
            pass  # the deadline, told below
        except NanobananaError as error:
            self._note_failure(watch, error)
        except Exception as error:  # of nobody's making: whoever waits tells it
            _fail(watch, error)
        except BaseException as error:
            _fail(watch, error)
            raise
        else:
            self._note_answer(watch, info)
        if not watch.answer.done():
            self._go_on(watch)

    def _note_answer(self, watch: _Watch, info: TaskInfo) -> None:
        watch.refusals, watch.trouble = 0, None
        watch.last_look = time.monotonic()
        if watch.answer.done():  # nobody waits any more: a late look changes nothing
            return
        try:
            watch.on_look(info)
        except Exception as error:
            _fail(watch, error)
        if watch.answer.done() or not info.state.is_final:
            return
        if info.media_urls or info.state is not State.SUCCESS:
            watch.answer.set_result(info)
            return
        watch.without_link += 1
        if watch.without_link >= MOST_WITHOUT_LINK:  # until then the next look may bring it
            _fail(watch, _no_link(watch))

    def _note_failure(self, watch: _Watch, error: NanobananaError) -> None:
        watch.trouble = error
        age = watch.start_age_s + time.monotonic() - watch.start
        gone = isinstance(error, NotFoundError) and age > MISSING_GRACE_S * min(
            self.client.provider.pace, 1
        )
        final = isinstance(error, AuthenticationError | AccessDeniedError | ProviderError)
        watch.refusals = watch.refusals + 1 if gone or final else 0
        if watch.refusals >= MOST_REFUSED:
            error.task_id = watch.task_id
            _fail(watch, error)

    def _go_on(self, watch: _Watch) -> None:
        now = time.monotonic()
        if now < watch.deadline:
            return self._plan(watch, now, at_once=watch.woken)
        if watch.without_link:
            return _fail(watch, _no_link(watch))
        why = str(watch.trouble.what) if watch.trouble else ""
        what = f"The task has not finished after {now - watch.start:.0f} s"
        return _fail(watch, StillRunningError(what, why=why, task_id=watch.task_id))


def _no_link(watch: _Watch) -> StillRunningError:
    return StillRunningError(
        "The service says that the task is done, and gives no link to its image yet",
        task_id=watch.task_id,
        charged=Charged.UNKNOWN,
    )


def _fail(watch: _Watch, error: BaseException) -> None:
    if watch.answer.done():
        return
    if isinstance(error, asyncio.CancelledError):
        watch.answer.cancel()
    else:
        watch.answer.set_exception(error)
