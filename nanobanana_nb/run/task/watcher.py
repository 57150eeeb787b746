"""One scheduler that looks at every open task of a session, each when it is worth it."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass, field

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
class _Watched:
    task_id: str
    found: asyncio.Future[TaskInfo]
    on_look: Callable[[TaskInfo], None]
    born: float
    deadline: float
    durations: Durations
    looked: float
    early: Callable[[], bool]
    known_s: float = 0.0  # how old the task was when it was first watched
    entry: int = 0  # which place in the queue counts
    woken: bool = False
    refused: int = 0
    without_link: int = 0
    trouble: NanobananaError | None = field(default=None)


class Watcher:
    """Looks at tasks until they finish. Belongs to one event loop.

    A look that fails never fails the task: it is looked at again until the deadline. A success
    that has no link yet is not finished: it is looked at again for a while.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._pace = client.provider.pace
        self._queue: list[tuple[float, int, _Watched]] = []
        self._watched: dict[str, list[_Watched]] = {}
        self._order = itertools.count(1)
        self._wake = asyncio.Event()
        self._scheduler: asyncio.Task[None] | None = None
        self._looks: set[asyncio.Task[None]] = set()

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
        now = self._now()
        found: asyncio.Future[TaskInfo] = asyncio.get_running_loop().create_future()
        usual = durations or Durations(pace=self._pace)
        known_s = age_s if age_s < math.inf else 0.0
        watched = _Watched(task_id, found, on_look, now, now + wait_s, usual, now, early, known_s)
        self._plan(watched, now, at_once=age_s > LONGEST_S * self._pace)
        if self._scheduler is None or self._scheduler.done():
            self._scheduler = asyncio.ensure_future(self._schedule())
        same = self._watched.setdefault(task_id, [])
        same.append(watched)
        try:
            return await found
        finally:
            same.remove(watched)
            if not same:
                self._watched.pop(task_id, None)

    def wake(self, task_id: str) -> None:
        """Look at a task now: somebody says that it is done. Other ids are ignored."""
        for watched in self._watched.get(task_id, ()):
            watched.woken = True
            if watched.entry:  # otherwise it is being looked at, and will be once more
                self._plan(watched, self._now(), at_once=True)

    def _now(self) -> float:
        return asyncio.get_running_loop().time()  # monotonic: clock changes do not matter

    def _plan(self, watched: _Watched, after: float, *, at_once: bool = False) -> None:
        age = after - watched.born
        gap = 0.0 if at_once else watched.durations.next_look_s(age)
        if watched.early():
            gap = min(gap, max(EARLY_S * self._pace, age / 3, AT_ONCE_S))
        asked = watched.trouble.retry_after_s if isinstance(watched.trouble, ServiceError) else 0
        gap = max(gap, min(asked or 0.0, retry.LONGEST_ASKED_S))
        due = min(after + gap, max(watched.deadline, after))
        watched.entry = next(self._order)
        heapq.heappush(self._queue, (due, watched.entry, watched))
        self._wake.set()

    async def _schedule(self) -> None:
        while self._queue or self._looks:
            self._wake.clear()
            wait = self._queue[0][0] - self._now() if self._queue else None
            if wait is None or wait > 0:
                await _wait(self._wake, wait)
                continue
            _, entry, watched = heapq.heappop(self._queue)
            if entry == watched.entry and not watched.found.done():
                watched.entry = 0
                task = asyncio.ensure_future(self._look(watched))
                self._looks.add(task)
                task.add_done_callback(self._looked)

    def _looked(self, task: asyncio.Task[None]) -> None:
        self._looks.discard(task)
        self._wake.set()

    def _rank(self, watched: _Watched, hinted: bool) -> float:
        """How urgent a look is: more than a create where the task is more likely done than not."""
        if hinted or watched.woken or watched.early():
            return ASKED
        looked, age = watched.looked - watched.born, self._now() - watched.born
        chance = watched.durations.chance(looked, age)
        return LIKELY + chance if chance >= PATIENT else chance

    async def _look(self, watched: _Watched) -> None:
        # A hint is worth one look: if that fails, the usual distances go on.
        hinted, watched.woken = watched.woken, False
        try:
            async with asyncio.timeout_at(max(watched.deadline, self._now() + SHORTEST_LOOK_S)):
                info = await self._client.look(watched.task_id, lambda: self._rank(watched, hinted))
        except TimeoutError:
            pass  # the deadline, told below
        except NanobananaError as error:
            self._note(watched, error)
        except Exception as error:  # of nobody's making: whoever waits tells it
            _fail(watched, error)
        except BaseException as error:
            _fail(watched, error)
            raise
        else:
            self._tell(watched, info)
        self._go_on(watched)

    def _tell(self, watched: _Watched, info: TaskInfo) -> None:
        watched.refused, watched.trouble = 0, None
        watched.looked = self._now()
        if watched.found.done():  # nobody waits any more: a late look changes nothing
            return
        try:
            watched.on_look(info)
        except Exception as error:
            _fail(watched, error)
        if watched.found.done() or not info.state.is_final:
            return
        if info.media_urls or info.state is not State.SUCCESS:
            watched.found.set_result(info)
        else:
            self._miss_link(watched)

    def _miss_link(self, watched: _Watched) -> None:
        """Let the next look bring the link, but not for ever."""
        watched.without_link += 1
        if watched.without_link >= MOST_WITHOUT_LINK:
            _fail(watched, _no_link(watched))

    def _note(self, watched: _Watched, error: NanobananaError) -> None:
        watched.trouble = error
        age = watched.known_s + self._now() - watched.born
        gone = isinstance(error, NotFoundError) and age > MISSING_GRACE_S * min(self._pace, 1)
        refused = gone or isinstance(error, AuthenticationError | AccessDeniedError | ProviderError)
        watched.refused = watched.refused + 1 if refused else 0
        if watched.refused >= MOST_REFUSED:
            error.task_id = watched.task_id
            _fail(watched, error)

    def _go_on(self, watched: _Watched) -> None:
        if watched.found.done():
            return None
        now = self._now()
        if now < watched.deadline:
            return self._plan(watched, now, at_once=watched.woken)
        if watched.without_link:
            return _fail(watched, _no_link(watched))
        why = str(watched.trouble.what) if watched.trouble else ""
        waited = f"The task has not finished after {now - watched.born:.0f} s"
        return _fail(watched, StillRunningError(waited, why=why, task_id=watched.task_id))


def _no_link(watched: _Watched) -> StillRunningError:
    return StillRunningError(
        "The service says that the task is done, and gives no link to its image yet",
        task_id=watched.task_id,
        charged=Charged.UNKNOWN,
    )


def _fail(watched: _Watched, error: BaseException) -> None:
    if watched.found.done():
        return
    if isinstance(error, asyncio.CancelledError):
        watched.found.cancel()
    else:
        watched.found.set_exception(error)


async def _wait(event: asyncio.Event, seconds: float | None) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        pass
