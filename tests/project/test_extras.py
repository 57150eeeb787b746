"""The extras hold what the first steps of the README need."""

from __future__ import annotations

import tomllib

import pytest

from tests.project.sources import CHECKOUT

pytestmark = pytest.mark.long


def test_lab_runs_the_code_of_the_readme() -> None:
    """`grid.to_frame()` stands in the README, which installs `[lab]`: pandas comes with it."""
    readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    extras = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lab = extras["optional-dependencies"]["lab"]
    assert "[lab]" in readme
    assert "to_frame" in readme
    assert any(package.startswith("pandas") for package in lab)
