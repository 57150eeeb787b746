"""What the public functions are tried with: the service over TCP, and nothing to wait for."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def quickly(quick: None) -> None:
    """Wait for nothing, and draw small pictures."""
