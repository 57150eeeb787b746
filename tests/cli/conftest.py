"""A shell for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.shell import Shell
from tests.service import Service


@pytest.fixture
def shell(service: Service, tmp_path: Path) -> Shell:
    """Commands in a folder of the test, against a service whose tasks end at once."""
    return Shell(tmp_path, service)


@pytest.fixture
def slow_shell(slow: Service, tmp_path: Path) -> Shell:
    """The same, against a service whose tasks end when the test says so."""
    return Shell(tmp_path, slow)
