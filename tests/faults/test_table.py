"""The table in the README: what this suite found when it last ran as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.results import GROUPS, HEAD, RESULTS

README = Path(__file__).parents[2] / "README.md"


def test_table_is_what_was_found() -> None:
    """Each row says what the tests of its group, run before this one, have counted."""
    if len(RESULTS.groups) < GROUPS:
        pytest.skip("only a part of the suite was run")
    text = README.read_text(encoding="utf-8")
    assert HEAD in text
    for group, tally in RESULTS.groups.items():
        (row,) = (line for line in text.splitlines() if line.startswith(f"| {group} |"))
        assert tally.agrees(row), f"found: {tally.told(group)}"
        assert (tally.survived, tally.twice, tally.lost) == (tally.tried, 0, 0)
