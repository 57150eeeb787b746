"""What the tests of judging share."""

from __future__ import annotations

import pytest


@pytest.fixture
def by_hand(request: pytest.FixtureRequest) -> None:
    """Skip what takes minutes unless it is asked for."""
    if "slow" not in request.config.option.markexpr:
        pytest.skip("the long form runs with -m slow")
