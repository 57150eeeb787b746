"""How long a run still takes, from how long its tasks were seen to take."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Protocol

from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.show.html import wording

LONGEST_S = 100_000.0
_STEP_S = 0.5  # ages are counted in such steps: a thousand tasks have few different ones
_RUNNING = (State.SENT, State.PENDING, State.RUNNING)


class Durations(Protocol):
    """How long tasks of one kind take. Equal ones are the same kind."""

    def chance(self, looked_s: float, age_s: float) -> float:
        """Return how likely a task ends before the age `age_s` that ran at `looked_s`."""
        ...


Observed = Callable[[GenerationRequest], Durations | None]
Ages = Counter[tuple[Durations, float]]


def time_left(generations: Sequence[Generation], observed: Observed, now: float) -> float | None:
    """Return the seconds until all is done that runs or is still to be sent, or None.

    It is the time by which all tasks have ended with a chance of one half, given the age of
    each; those that are still to be sent begin at the rate at which others were sent. None
    where nothing runs, or where nobody has seen how long such a task takes.
    """
    ages = _ages(generations, observed, now)
    if ages is None:
        return None
    running = _first(lambda seconds: _all_done(ages, seconds))
    queued = sum(g.state is State.PLANNED and g.error is None for g in generations)
    if running is None or not queued:
        return running
    begins = _begins_s(generations, queued, now)
    alone = _first(lambda seconds: min(d.chance(0.0, seconds) for d, _ in ages) >= 0.5)
    return None if begins is None or alone is None else max(running, begins + alone)


def left_text(seconds: float | None) -> str:
    """Return `about 20 s left`, no more exact than it can be known; nothing below a second."""
    if seconds is None or seconds < 1:
        return ""
    step = 1 if seconds < 10 else 5 if seconds < 60 else 10 if seconds < 600 else 60
    return f"about {wording.seconds_text(step * math.ceil(seconds / step))} left"


def _ages(generations: Sequence[Generation], observed: Observed, now: float) -> Ages | None:
    """Return how many tasks run of which kind and age; None where that is not known of all."""
    ages: Ages = Counter()
    for image in generations:
        if image.state not in _RUNNING:
            continue
        durations, begun = observed(image.request), image.sent_at or image.created_at
        if durations is None or begun is None:
            return None
        ages[durations, _STEP_S * round(max(now - begun, 0.0) / _STEP_S)] += 1
    return ages or None


def _all_done(ages: Ages, seconds: float) -> bool:
    """Whether all have ended after so many seconds, with a chance of one half at least."""
    logarithm = 0.0
    for (durations, age), count in ages.items():
        chance = durations.chance(age, age + seconds)
        if chance <= 0:
            return False
        logarithm += count * math.log(chance)
    return logarithm >= math.log(0.5)


def _first(reached: Callable[[float], bool]) -> float | None:
    """Return the first time at which something holds that holds from then on."""
    low, high = 0.0, 1.0
    while not reached(high):
        low, high = high, 2 * high
        if high > LONGEST_S:
            return None
    while high - low > 0.02 * high and high > 0.05:
        middle = (low + high) / 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high


def _begins_s(generations: Sequence[Generation], queued: int, now: float) -> float | None:
    """Return when the last of the queue is sent, if it goes on as it went until now."""
    sent = [g.sent_at for g in generations if g.sent_at and not g.cached]
    if len(sent) < 2 or now <= min(sent):
        return None
    return queued * (now - min(sent)) / len(sent)
