"""Functions on the images of a grid: called once for each, on threads, kept at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from nanobanana_nb.errors import WaitInterrupted
from nanobanana_nb.model.result import Generation
from nanobanana_nb.model.score import Score
from nanobanana_nb.run.loop.background_loop import BRIDGE
from nanobanana_nb.run.scoring.scoring import MOST_ALIKE, Scoring
from tests.show.conftest import made, photos  # noqa: F401
from tests.show.judge.memory_opinions import KeptScores

Images = dict[str, Generation]
PATIENCE_S = 30.0


@pytest.fixture
def images(made: Callable[..., Generation], photos: list[Path]) -> Images:  # noqa: F811
    """Six images by their hashes."""
    known = {}
    for n in range(6):
        key = sha256(photos[n].read_bytes()).hexdigest()
        known[key] = made(n, sha256=key)
    return known


class Calls:
    """Calls of a function of the Generation; it raises for some images."""

    of_generation = True

    def __init__(self, *failing: int) -> None:
        self.service = SimpleNamespace(failing=set(failing))  # no setting of this judge
        self.seen: list[int] = []

    def __call__(self, image: Generation) -> float:
        number = int(str(image.task_id)[-1])
        self.seen.append(number)
        if number in self.service.failing:
            raise KeyError(number)
        return number


def kept(table: KeptScores, images: Images) -> list[Score]:
    """The newest score `x` of each image."""
    scores = table.get(images).get("x", {})
    return [scores.get(key, Score(None)) for key in images]


def values(table: KeptScores, images: Images) -> list[float | None]:
    """Their values."""
    return [score.value for score in kept(table, images)]


def test_second_call_calls_nothing(images: Images) -> None:
    """What is known is read, and counts as the newest again."""
    table, calls = KeptScores(), Calls()
    for _ in range(2):
        scoring = Scoring("x", calls, images, table)
        scoring.follow()
        assert (scoring.done, scoring.count, scoring.failed) == (6, 6, 0)
    assert calls.seen == [0, 1, 2, 3, 4, 5]
    table.put("x", {next(iter(images)): Score(9, recipe="another")})
    Scoring("x", calls, images, table).follow()
    assert len(calls.seen) == 6
    assert values(table, images) == [0, 1, 2, 3, 4, 5]


def test_failed_image_is_one_failed_score(images: Images) -> None:
    """The others have theirs; the next call tries that one again, `again` all."""
    table, calls = KeptScores(), Calls(3)
    Scoring("x", calls, images, table).follow()
    assert values(table, images) == [0, 1, 2, None, 4, 5]
    assert kept(table, images)[3].reason == "KeyError: 3"
    calls.service.failing.clear()
    Scoring("x", calls, images, table).follow()
    assert (values(table, images)[3], calls.seen) == (3, [0, 1, 2, 3, 4, 5, 3])
    Scoring("x", calls, images, table, again=True).follow()
    assert len(calls.seen) == 13


@pytest.mark.parametrize("workers", [1, 2])
def test_broken_function_is_not_called_for_all(images: Images, workers: int) -> None:
    """After some failures that are alike it ends, and it knows what is left."""
    table, calls = KeptScores(), Calls(*range(6))
    scoring = Scoring("x", calls, images, table, workers=workers)
    scoring.follow()
    assert len(scoring.failures) == len(calls.seen) <= MOST_ALIKE + workers - 1
    assert len(scoring.untried) == 6 - len(calls.seen)


def test_next_call_begins_with_what_was_not_tried(images: Images) -> None:
    """And then with what was tried the longest ago, so that images that always fail bar none."""
    table, calls = KeptScores(), Calls(*range(6))
    for _ in range(3):
        Scoring("x", calls, images, table).follow()
    assert calls.seen == [0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5, 0, 1, 2]


def test_what_fails_for_some_is_called_for_all(images: Images) -> None:
    """One number is enough, now or from before, and so are failures of two kinds."""

    def judge(image: Any) -> int:
        seen.append(1)
        raise (ValueError if len(seen) % 2 else TypeError)("no face")

    seen: list[int] = []
    Scoring("x", judge, images, KeptScores()).follow()
    assert len(seen) == 6
    table, calls = KeptScores(), Calls(*range(1, 6))
    for count in (6, 11):
        Scoring("x", calls, images, table).follow()
        assert len(calls.seen) == count


def test_failure_hides_no_number_of_a_person(images: Images) -> None:
    """It is told all the same; a number of the function takes the place of the person's."""
    table, calls = KeptScores(), Calls(3)
    table.put("x", dict.fromkeys(images, Score(9)))
    scoring = Scoring("x", calls, images, table)
    scoring.follow()
    assert values(table, images) == [0, 1, 2, 9, 4, 5]
    assert list(scoring.failures.values()) == ["KeyError: 3"]
    table.put("x", dict.fromkeys(images, Score(None)))
    assert values(table, images) == [None] * 6


@pytest.mark.parametrize("value", [None, "1", float("nan"), float("inf"), [1], 1j])
def test_what_is_no_number_has_a_reason(images: Images, value: Any) -> None:
    """A function that returns it has failed for this image."""
    table = KeptScores()
    Scoring("x", lambda image: value, images, table).follow()
    assert values(table, images) == [None] * 6
    assert all("number" in score.reason for score in kept(table, images)[:MOST_ALIKE])


def test_function_gets_the_picture(images: Images) -> None:
    """As Pillow has it, each its own to change."""
    table = KeptScores()
    Scoring("x", lambda image: image.width + image.height, images, table).follow()
    assert values(table, images) == [1024.0] * 6


@pytest.mark.parametrize("is_async", [False, True], ids=["function", "coroutine"])
def test_workers_are_at_work_at_once(images: Images, is_async: bool) -> None:
    """As many as asked for: three meet, none of them on the thread that waits."""
    meeting, threads = threading.Barrier(3, timeout=PATIENCE_S), set[int]()

    def judge(image: Any) -> int:
        threads.add(threading.get_ident())
        meeting.wait()
        return 1

    async def ajudge(image: Any) -> int:
        import asyncio

        return await asyncio.to_thread(judge, image)

    table = KeptScores()
    Scoring("x", ajudge if is_async else judge, images, table, workers=3).follow()
    assert values(table, images) == [1.0] * 6
    assert threading.get_ident() not in threads


def test_progress_is_drawn_while_it_runs(images: Images) -> None:
    """On the thread that waits: how many are through, and the time left."""
    go, drawn = threading.Event(), list[tuple[int, float | None]]()

    def judge(image: Any) -> int:
        assert drawn or go.wait(PATIENCE_S)
        return 1

    scoring = Scoring("x", judge, images, KeptScores())

    def draw() -> None:
        drawn.append((scoring.done, scoring.left_s))
        go.set()

    scoring.follow(draw)
    assert drawn[0] == (0, None)
    assert scoring.left_s == 0


def test_stop_loses_nothing(images: Images) -> None:
    """What was at work is kept too, the next call waits for it and goes on with the rest."""
    at_work, go, calls = threading.Event(), threading.Event(), list[int]()

    def judge(image: Any) -> int:
        calls.append(1)
        if len(calls) == 3:
            at_work.set()
            assert go.wait(PATIENCE_S)
        return 1

    def stop() -> None:
        if at_work.is_set():
            raise KeyboardInterrupt

    table = KeptScores()
    stopped = Scoring("x", judge, images, table)
    with pytest.raises(WaitInterrupted, match="x: 2 of 6 images, 1 more at work will count"):
        stopped.follow(stop)
    assert stopped.done == 2
    waiting = Scoring("x", judge, images, table)

    def stop_again() -> None:
        if waiting.done:
            raise KeyboardInterrupt

    with pytest.raises(WaitInterrupted, match=r"x: 2 of 6 images\."):
        waiting.follow(stop_again)
    Scoring("x", judge, images, table).follow(go.set)
    assert (len(calls), values(table, images)) == (6, [1.0] * 6)


def test_a_score_that_cannot_be_kept_ends_it(images: Images) -> None:
    """With the error of the ledger; nothing more is called."""

    class Full(KeptScores):
        def put(self, name: str, scores: Any) -> None:
            raise OSError("disk full")

    calls = Calls()
    with pytest.raises(OSError, match="disk full"):
        Scoring("x", calls, images, Full()).follow()
    assert len(calls.seen) == 1


def test_called_from_the_background_loop(images: Images) -> None:
    """As by `on_result`: a coroutine is awaited there meanwhile."""

    async def judge(image: Any) -> int:
        return 1

    table = KeptScores()

    async def outer() -> None:
        Scoring("x", judge, images, table).follow()

    BRIDGE.submit(outer()).result(PATIENCE_S)
    assert values(table, images) == [1.0] * 6
