"""When to look at a task next: when it is likely enough to have finished since."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import mul
from statistics import NormalDist

MEDIAN_S = 12.0  # a prior for tasks whose durations nobody has seen yet
SIGMA = 0.6
CHANCE = 0.2  # look when the task has finished since the last look with this probability
SHORTEST_S = 0.5
FIRST_S = 1.0  # the first look comes early: it tells a waiting task from a running one
LONGEST_S = 3.0
AT_ONCE_S = 0.02
HALF_TASKS = 4  # so many tasks later one counts half
PRIOR_TASKS = 3  # how many seen tasks the prior weighs
LEAST_SIGMA = 0.15


@dataclass(frozen=True)
class Durations:
    """How long tasks of one kind take: a log-normal distribution of seconds.

    `pace` is how long the service's tasks take as a multiple of the real service's, `tasks` how
    many the rest was learned from.
    """

    median_s: float = MEDIAN_S
    sigma: float = SIGMA
    pace: float = 1.0
    tasks: int = 0

    @classmethod
    def from_seconds(cls, seconds: Sequence[float], pace: float = 1.0) -> Durations:
        """Return the prior moved by what was seen, which counts from the first task on.

        A service is slow for a while: what was seen last counts most, and how far tasks are apart
        is seen from neighbours, as those of a slow hour and of a quick one are not.

        Args:
            seconds: of tasks, the newest first.
        """
        logs = [math.log(s) for s in seconds if 0 < s < math.inf]
        if not logs or pace <= 0:
            return cls(MEDIAN_S, SIGMA, pace, len(logs))
        weights = [0.5 ** (n / HALF_TASKS) for n in range(len(logs))]
        total = PRIOR_TASKS + sum(weights)
        prior = PRIOR_TASKS * math.log(MEDIAN_S * pace)
        mean = (prior + sum(map(mul, weights, logs))) / total
        apart = [(a - b) ** 2 / 2 for a, b in pairwise(logs)]
        spread = sum(map(mul, weights, apart)) + PRIOR_TASKS * SIGMA**2
        sigma = math.sqrt(spread / (PRIOR_TASKS + sum(weights[: len(apart)])))
        return cls(math.exp(mean) / pace, max(sigma, LEAST_SIGMA), pace, len(logs))

    def chance(self, looked_s: float, age_s: float) -> float:
        """Return how likely a task of this age has finished since the last look at it.

        Args:
            looked_s: its age at the last look, when it had not finished; 0 for none.
        """
        if self.pace <= 0:
            return 1.0
        before = self._done_by(looked_s / self.pace)
        return (self._done_by(age_s / self.pace) - before) / max(1 - before, 1e-9)

    def next_look_s(self, age_s: float) -> float:
        """Return the seconds to wait before the next look at a task of this age.

        The gap follows the hazard of the duration: long while the task is young, short around
        the usual duration, longer again for a late one.
        """
        if self.pace <= 0:
            return AT_ONCE_S
        if age_s <= 0:
            return max(AT_ONCE_S, FIRST_S * self.pace)
        age = age_s / self.pace
        done = self._done_by(age)
        share = done + CHANCE * (1 - done)
        usual = NormalDist(math.log(self.median_s), self.sigma)
        gap = math.exp(usual.inv_cdf(min(max(share, 1e-9), 1 - 1e-9))) - age
        return max(AT_ONCE_S, min(LONGEST_S, max(SHORTEST_S, gap)) * self.pace)

    def _done_by(self, age: float) -> float:
        if age <= 0:
            return 0.0
        return NormalDist(math.log(self.median_s), self.sigma).cdf(math.log(age))
