"""How long a run still takes."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.run.task.poll_schedule import Durations
from nanobanana_nb.show.live.eta import left_text, time_left
from tests.show.conftest import waiting

AGES = st.floats(0, 2.5)  # in medians
MEDIANS = st.floats(2, 300)
SIGMAS = st.floats(0.3, 1.0)


@dataclass(frozen=True)
class Exactly:
    """Tasks that all take the same."""

    seconds: float

    def chance(self, looked_s: float, age_s: float) -> float:
        """Certain from then on, impossible before."""
        return 1.0 if age_s >= self.seconds else 0.0


def _running(*ages: float) -> list[Generation]:
    return [waiting(State.RUNNING, sent_at=1000.0 - age) for age in ages]


def test_one_task_of_known_length() -> None:
    """What is left is the length less the age."""
    left = time_left(_running(4.0), lambda request: Exactly(12.0), 1000.0)
    assert left is not None
    assert math.isclose(left, 8.0, rel_tol=0.05)


def test_the_youngest_of_several_counts() -> None:
    """All are done when the one is that began last."""
    left = time_left(_running(11.0, 2.0, 6.0), lambda request: Exactly(12.0), 1000.0)
    assert left is not None
    assert math.isclose(left, 10.0, rel_tol=0.05)


def test_a_queue_begins_as_fast_as_before() -> None:
    """Ten were sent in ten seconds and twenty wait: twenty more, and the length of the last."""
    tasks = _running(*range(1, 11)) + [waiting(State.PLANNED)] * 20
    left = time_left(tasks, lambda request: Exactly(12.0), 1000.0)
    assert left is not None
    assert math.isclose(left, 32.0, rel_tol=0.05)


def test_nothing_is_said_that_is_not_known() -> None:
    """No time where nobody saw such a task, where nothing runs, or before any rate shows."""
    assert time_left(_running(1.0), lambda request: None, 1000.0) is None
    assert time_left([], lambda request: Exactly(1.0), 1000.0) is None
    assert time_left([waiting(State.PLANNED)], lambda request: Exactly(1.0), 1000.0) is None
    begun = [*_running(0.0), waiting(State.PLANNED)]
    assert time_left(begun, lambda request: Exactly(1.0), 1000.0) is None


@pytest.mark.long
@given(st.lists(AGES, min_size=1, max_size=12), MEDIANS, SIGMAS)
def test_more_tasks_never_end_earlier(ages: list[float], median: float, sigma: float) -> None:
    """A further task makes the time longer or leaves it, whatever the ages."""
    durations = Durations(median, sigma)
    tasks = _running(*(age * median for age in ages))
    fewer = time_left(tasks[:-1], lambda request: durations, 1000.0)
    all_of = time_left(tasks, lambda request: durations, 1000.0)
    assert all_of is not None
    assert all_of > 0
    assert fewer is None or all_of >= fewer * 0.96  # each is found to 2 %


def test_a_task_later_than_any_other_has_no_time() -> None:
    """Where no task ever took so long, nothing is said rather than something wrong."""
    assert time_left(_running(600.0), lambda request: Durations(1.0, 0.5), 1000.0) is None


def test_half_of_all_runs_end_by_then() -> None:
    """On simulated runs of eight tasks the time is the median of the true ends."""
    chance = random.Random(3)
    durations = Durations(12.0, 0.6)
    said = time_left(_running(*[0.0] * 8), lambda request: durations, 1000.0)
    ends = [max(chance.lognormvariate(math.log(12.0), 0.6) for _ in range(8)) for _ in range(4000)]
    assert said is not None
    assert 0.45 < sum(end <= said for end in ends) / len(ends) < 0.55


@pytest.mark.parametrize(
    ("runs", "most"),
    [
        *(((60, 60, 10), 2.7), ((10, 10, 60), 4.0), ((60, 60, 10, 10), 1.8), ((10,) * 4, 1.6)),
        ((60,) * 4, 1.2),
    ],
)
def test_what_was_slow_once_is_soon_forgotten(runs: tuple[int, ...], most: float) -> None:
    """After runs of four with these medians, a quick one is not said to take many times as long.

    The last of a row that was as slow throughout is the measure of its own kind.
    """
    now, ratios = 60 if set(runs) == {60} else 10, []
    for seed in range(40):
        chance = random.Random(seed)
        seconds = [s * chance.lognormvariate(0, 0.25) for s in runs for _ in range(4)]
        durations = Durations.from_seconds(seconds[::-1])
        said = time_left(_running(*[0.0] * 4), lambda request, seen=durations: seen, 1000.0)
        end = max(now * chance.lognormvariate(0, 0.25) for _ in range(4))
        ratios.append((said or 0.0) / end)
    assert 0.6 < median(ratios) < most


def test_words_are_no_more_exact_than_the_time() -> None:
    """Seconds, then steps of five and ten, then minutes; nothing when it is over in a moment."""
    said = {seconds: left_text(seconds) for seconds in (0.4, 3.2, 17.0, 71.0, 700.0)}
    assert said[0.4] == ""
    assert said[3.2] == "about 4 s left"
    assert said[17.0] == "about 20 s left"
    assert said[71.0] == "about 80 s left"
    assert said[700.0] == "about 12 min 0 s left"
    assert left_text(None) == ""
