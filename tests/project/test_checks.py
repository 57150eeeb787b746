"""The checks that every change passes: lint, format, types."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.project.sources import CHECKOUT

pytestmark = pytest.mark.long

CHECKS = {
    "lint": ("ruff", "check", "."),
    "format": ("ruff", "format", "--check", "."),
    "types": ("mypy",),
}


@pytest.mark.parametrize("check", sorted(CHECKS))
def test_check_passes(check: str) -> None:
    """The check of this name, with the settings of pyproject.toml, finds nothing."""
    command = [sys.executable, "-m", *CHECKS[check]]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_types_are_strict() -> None:
    """The type check is the strict one, of the whole package."""
    settings = (CHECKOUT / "pyproject.toml").read_text(encoding="utf-8")
    assert "strict = true" in settings
    assert 'packages = ["nanobanana_nb"]' in settings
