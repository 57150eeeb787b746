"""Student's distribution against the printed tables."""

from __future__ import annotations

import pytest

from nanobanana_nb.stats.student import quantile


@pytest.mark.parametrize(
    ("freedom", "printed"),
    [(1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (10, 2.228), (30, 2.042), (1000, 1.962)],
)
def test_quantiles_are_those_of_the_tables(freedom: int, printed: float) -> None:
    """To the three digits that are printed."""
    assert quantile(freedom) == pytest.approx(printed, abs=6e-4)


def test_another_level_has_another_quantile() -> None:
    """99 % of 5 degrees of freedom."""
    assert quantile(5, 0.99) == pytest.approx(4.032, abs=6e-4)
