"""The ledger against its model for some minutes: many more walks, and longer ones."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

from tests.ledger.test_model import LedgerMachine


class LongMachine(LedgerMachine):
    """The same hands and the same model."""


LongMachine.TestCase.settings = settings(
    max_examples=600,
    stateful_step_count=80,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestLedgerAgainstModelForLong = pytest.mark.slow(pytest.mark.timeout(1800)(LongMachine.TestCase))
