"""How strong groups of items are by votes on the items, and which of two leads. Pure numbers.

The votes are compared by how likely they are with the strengths that fit them best, and with
those that do while two groups are equal. One leads where the ratio has passed the bound of H.
Robbins (Statistical methods related to the law of the iterated logarithm, Annals of Mathematical
Statistics 41, 1970), which a normal variable ever passes with 5 %.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from nanobanana_nb.stats.likelihood import Likelihood
from nanobanana_nb.stats.linear import Matrix, product
from nanobanana_nb.stats.newton import CLOSE, MOST_ROUNDS, maximum, newton_steps
from nanobanana_nb.stats.race import OUT, VARIANCE


class GroupMeans:
    """The mean logarithms of the strengths of groups of items.

    Args:
        groups: for each the weights of all items in its mean.
    """

    def __init__(self, likelihood: Likelihood, groups: Sequence[Sequence[float]]) -> None:
        self._likelihood = likelihood
        self._groups = groups
        self._logs = maximum(likelihood)
        self._information = likelihood.information(self._logs)
        self._alike = likelihood.information([0.0] * len(self._logs))
        self._most_likely = likelihood.value(self._logs)

    @property
    def values(self) -> list[float]:
        """The mean of each group."""
        return [product(self._logs, group) for group in self._groups]

    @property
    def spread(self) -> Matrix:
        """The covariances of the means."""
        pulls = [self._information.solution(group) for group in self._groups]
        return [[product(pull, group) for group in self._groups] for pull in pulls]

    def is_ahead(self, weights: Sequence[float]) -> bool:
        """Whether the votes say that a difference is more than 0, whenever somebody looks.

        Any strengths at which it is 0 are at most as likely as the best of these: the search ends
        where they are too likely.

        Args:
            weights: of all items in the difference of two groups.
        """
        if product(self._logs, weights) <= 0:
            return False
        bound = self._bound(weights)
        logs = self._nearest(weights, self._information.solution(weights))
        for _ in range(MOST_ROUNDS):
            if self._ratio(logs) < bound:
                return False
            steps = newton_steps(self._likelihood, logs, weights)
            logs = [log + step for log, step in zip(logs, steps, strict=True)]
            if max(map(abs, steps)) < CLOSE:
                break
        return self._ratio(logs) >= bound

    def _ratio(self, logs: Sequence[float]) -> float:
        """Return twice the logarithm of how much likelier the votes are with other strengths."""
        return 2 * (self._most_likely - self._likelihood.value(logs))

    def _bound(self, weights: Sequence[float]) -> float:
        """Return what the ratio of likelihoods has to reach."""
        variance = product(self._alike.solution(weights), weights)
        share = 1 / (1 + variance / (VARIANCE * product(weights, weights)))
        return (2 * OUT - math.log(1 - share)) / share

    def _nearest(self, weights: Sequence[float], pull: Sequence[float]) -> list[float]:
        """Return the strengths with equal means that the curvature says are the likeliest."""
        excess = product(self._logs, weights) / product(pull, weights)
        return [log - excess * back for log, back in zip(self._logs, pull, strict=True)]
