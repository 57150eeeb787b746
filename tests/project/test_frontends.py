"""The table of front ends: every row names the test that holds it, or says that nobody tried."""

from __future__ import annotations

import re

from tests.project.sources import CHECKOUT

README = (CHECKOUT / "README.md").read_text(encoding="utf-8")


def _rows() -> list[tuple[str, str]]:
    table = README.split("| where | what works | tried by |\n|---|---|---|\n")[1]
    lines = table.split("\n\n")[0].splitlines()
    cells = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    return [(row[0], row[-1]) for row in cells]


def test_every_front_end_is_tried_by_a_test_that_is_there_or_not_at_all() -> None:
    """A name of a test that is no file, or a row without either, fails."""
    assert len(_rows()) > 12
    for name, tried in _rows():
        files = re.findall(r"`(tests/[^`]+\.py)`", tried)
        assert files or tried.startswith("not tried"), name
        for file in files:
            source = (CHECKOUT / file).read_text(encoding="utf-8")
            assert re.search(r"^def test_", source, re.MULTILINE), file
