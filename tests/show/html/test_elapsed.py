"""The time that a result names: that of the work, and not of what lay between."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.html.counts import seconds_of

Made = Callable[..., Generation]


@pytest.mark.parametrize(
    ("spans", "seconds"),
    [
        ([(0, 10), (0, 4)], 10),
        ([(0, 10), (5, 10)], 15),
        ([(0, 10), (7_200, 10)], 20),  # topped up two hours later
        ([(7_200, 10), (0, 10), (3, 10)], 23),
    ],
)
def test_idle_time_is_not_counted(
    made: Made, spans: list[tuple[float, float]], seconds: float
) -> None:
    """A plan that ran dry and was completed later took as long as its two runs."""
    ones = [made(n, created_at=1e9 + at, seconds=took) for n, (at, took) in enumerate(spans)]
    assert seconds_of(ones) == pytest.approx(seconds)


def test_waiting_for_its_turn_counts(made: Made) -> None:
    """An image that was held back before it was sent ends as much later."""
    ones = [made(created_at=1e9, sent_at=1e9 + 12, seconds=5.0), made(1, created_at=1e9, seconds=4)]
    assert seconds_of(ones) == pytest.approx(17)
