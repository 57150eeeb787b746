"""What the public functions are tried with: the service over TCP, and nothing to wait for."""

from __future__ import annotations

from tests.fixtures import quickly  # noqa: F401
