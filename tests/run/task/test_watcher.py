"""When to look: a schedule with bounds, one scheduler for many tasks, and its ends."""

from __future__ import annotations

import asyncio
import math
from itertools import pairwise
from typing import Any, cast

import pytest

from nanobanana_nb.api import retry
from nanobanana_nb.api.client import Client
from nanobanana_nb.api.crun import CrunWire
from nanobanana_nb.api.provider import Provider, TaskInfo
from nanobanana_nb.errors import NanobananaError, StillRunningError, service_error
from nanobanana_nb.model.result import State
from nanobanana_nb.run.task import poll_schedule
from nanobanana_nb.run.task.poll_schedule import Durations
from nanobanana_nb.run.task.watcher import Watcher

AGES = [0.0, 0.001, *(n / 4 for n in range(1, 400)), 1e3, 1e5, 1e9]


@pytest.mark.parametrize("pace", [1.0, 0.3, 5.0])
def test_gap_has_bounds(pace: float) -> None:
    """Whatever the age, a look comes neither at once nor later than the longest gap."""
    gaps = [Durations(pace=pace).next_look_s(age) for age in (-5.0, *AGES, math.inf)]
    assert min(gaps) >= min(poll_schedule.SHORTEST_S, poll_schedule.FIRST_S) * pace
    assert max(gaps) <= poll_schedule.LONGEST_S * pace


@pytest.mark.parametrize("pace", [0.0, -1.0])
def test_tasks_that_end_at_once_are_looked_at_at_once(pace: float) -> None:
    """A simulator without durations is not waited for."""
    assert {Durations(pace=pace).next_look_s(age) for age in AGES} == {poll_schedule.AT_ONCE_S}


def test_looks_follow_each_other() -> None:
    """From one look to the next the age grows; a task of usual length needs few looks."""
    ages = [0.0]
    while ages[-1] < 600:
        ages.append(ages[-1] + Durations().next_look_s(ages[-1]))
    assert all(early < late for early, late in pairwise(ages))
    assert sum(age < 2 * poll_schedule.MEDIAN_S for age in ages) <= 20
    assert len(ages) <= 600 / poll_schedule.SHORTEST_S


def test_looks_are_closest_around_the_usual_duration() -> None:
    """The gap shrinks towards the usual duration and grows again after it, without a jump."""
    young = [Durations().next_look_s(age / 10) for age in range(20, 60)]
    late = [Durations().next_look_s(age) for age in range(40, 400)]
    assert all(later <= sooner + 1e-9 for sooner, later in pairwise(young))
    assert all(later >= sooner - 1e-9 for sooner, later in pairwise(late))
    assert Durations().next_look_s(poll_schedule.MEDIAN_S) < Durations().next_look_s(300.0)


class Service:
    """A client that only looks: says for each task what it was told to say, and counts."""

    def __init__(self, *answers: TaskInfo | Exception, pace: float = 0.0) -> None:
        self.provider = Provider("crun", "http://x", CrunWire(), pace=pace)
        self.answers = list(answers)
        self.looks: list[str] = []

    async def look(self, task_id: str, rank: object = None) -> TaskInfo:
        self.looks.append(task_id)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def info(state: State) -> TaskInfo:
    """What a service says."""
    return TaskInfo("t", state, media_urls=("https://media.example/a",))


def watch(service: Service, wait_s: float = 5.0, tasks: int = 1, **options: Any) -> list[Any]:
    """Watch some tasks at once; their infos or errors."""

    async def run() -> list[Any]:
        watcher = Watcher(cast(Client, service))
        names = [f"t{n}" for n in range(tasks)]
        watched = (watcher.watch(n, wait_s, lambda _: None, **options) for n in names)
        async with asyncio.timeout(20):
            return await asyncio.gather(*watched, return_exceptions=True)

    return asyncio.run(run())


def test_watches_until_the_end() -> None:
    """Pending and running are looked at again, a final word is returned."""
    service = Service(*map(info, (State.PENDING, State.RUNNING, State.RUNNING, State.SUCCESS)))
    (found,) = watch(service)
    assert (found.state, len(service.looks)) == (State.SUCCESS, 4)


def test_many_tasks_share_a_scheduler() -> None:
    """A hundred tasks are all seen, each once where it is finished."""
    service = Service(info(State.SUCCESS))
    assert all(found.state is State.SUCCESS for found in watch(service, tasks=100))
    assert sorted(service.looks) == sorted(f"t{n}" for n in range(100))


@pytest.mark.long
@pytest.mark.parametrize("code", [429, 455, 500, 503, 422])
def test_trouble_lasts_until_the_deadline(code: int) -> None:
    """Faults without end become the deadline's error, with the task's id and the trouble."""
    (error,) = watch(Service(service_error(code)), wait_s=0.3)
    assert isinstance(error, StillRunningError)
    assert error.task_id == "t0"
    assert str(code) in str(error)


def test_three_refusals_in_a_row_end_the_wait() -> None:
    """Two refusals between good looks are weather; three in a row are an answer."""
    refused, running = service_error(401), info(State.RUNNING)
    weather = Service(refused, refused, running, refused, refused, info(State.SUCCESS))
    assert watch(weather)[0].state is State.SUCCESS
    answer = Service(running, refused)
    (error,) = watch(answer)
    assert (error, error.task_id, len(answer.looks)) == (refused, "t0", 4)


def test_service_that_asks_to_wait_is_obeyed_within_the_deadline() -> None:
    """A long `Retry-After` is one more look, at the deadline."""
    error = service_error(429)
    error.retry_after_s = 1e9
    service = Service(error)
    (found,) = watch(service, wait_s=0.3)
    assert isinstance(found, StillRunningError)
    assert len(service.looks) == 2


def test_wait_of_years_is_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service that asks for years is looked at again after the longest wait, not at the end."""
    monkeypatch.setattr(retry, "LONGEST_ASKED_S", 0.05)
    fault = service_error(503)
    fault.retry_after_s = 1e9
    (found,) = watch(Service(fault, info(State.SUCCESS)), wait_s=1000.0)
    assert found.state is State.SUCCESS


def test_old_task_is_looked_at_at_once() -> None:
    """What was asked for long ago is not waited for like a new one."""
    service = Service(info(State.SUCCESS), pace=1000.0)
    assert watch(service, age_s=10_000_000.0)[0].state is State.SUCCESS


def test_foreign_error_of_a_look_reaches_who_waits() -> None:
    """A bug in a look is raised where somebody waits instead of waiting for ever."""
    (error,) = watch(Service(ZeroDivisionError("bug")))
    assert isinstance(error, ZeroDivisionError)


def test_foreign_error_of_a_listener_reaches_who_waits() -> None:
    """So is one in the function that hears of the looks."""

    async def run() -> None:
        watcher = Watcher(cast(Client, Service(info(State.RUNNING), info(State.SUCCESS))))
        async with asyncio.timeout(1):
            await watcher.watch("t", 5.0, lambda _: [][1])

    with pytest.raises(IndexError):
        asyncio.run(run())


def test_scheduler_stops_and_starts_again() -> None:
    """Where nothing is left to watch nothing runs; the next task is watched again."""

    async def run() -> list[int]:
        watcher = Watcher(cast(Client, Service(info(State.SUCCESS))))
        left = []
        for _ in range(3):
            await watcher.watch("t", 5.0, lambda _: None)
            async with asyncio.timeout(3):
                while len(asyncio.all_tasks()) > 1:
                    await asyncio.sleep(0.01)
            left.append(len(asyncio.all_tasks()))
        return left

    assert asyncio.run(run()) == [1, 1, 1]


def test_given_up_task_is_not_looked_at_for_ever() -> None:
    """Whoever stops waiting stops the looks."""

    async def run() -> int:
        service = Service(info(State.RUNNING))
        watcher = Watcher(cast(Client, service))
        waiting = asyncio.ensure_future(watcher.watch("t", 60.0, lambda _: None))
        while not service.looks:
            await asyncio.sleep(0.01)
        waiting.cancel()
        async with asyncio.timeout(5):
            while len(asyncio.all_tasks()) > 1:
                await asyncio.sleep(0.01)
        return len(service.looks)

    assert asyncio.run(run()) < 50


def test_errors_of_two_tasks_are_their_own() -> None:
    """Each task's error names its own task."""
    first, second = watch(Service(info(State.RUNNING)), wait_s=0.1, tasks=2)
    assert isinstance(first, NanobananaError)
    assert isinstance(second, NanobananaError)
    assert (first.task_id, second.task_id) == ("t0", "t1")


def test_hint_is_worth_one_look() -> None:
    """A callback brings a look at once; if that fails, the looks do not follow without a pause."""

    async def run() -> list[int]:
        service = Service(service_error(500), pace=1.0)
        watcher = Watcher(cast(Client, service))
        waiting = asyncio.ensure_future(watcher.watch("t", 60.0, lambda _: None))
        await asyncio.sleep(0.05)
        seen = [len(service.looks)]
        for _ in range(2):
            watcher.wake("t")
            watcher.wake("another")
            await asyncio.sleep(0.2)
            seen.append(len(service.looks))
        waiting.cancel()
        return seen

    assert asyncio.run(run()) == [0, 1, 2]
