"""Our style sheets against those of the pages that they stand in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.project.sources import CHECKOUT, PACKAGE

SHEETS = sorted((CHECKOUT / PACKAGE).rglob("*.css"))
_RULE = re.compile(r"(?m)^\s*([^{}@/]+)\{")


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_no_page_outdoes_the_size_of_a_picture(sheet: Path) -> None:
    """The classic notebook says `div.output_area img {height: auto}`: two classes are stronger."""
    selectors = [s.strip() for rule in _RULE.findall(sheet.read_text()) for s in rule.split(",")]
    pictures = [s for s in selectors if s.split(" ")[-1].startswith("img")]
    assert pictures
    assert [s for s in pictures if s.count(".") < 2] == []
