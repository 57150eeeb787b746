"""Text of people and services obeys nothing and bursts nothing, wherever it is shown."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from pathlib import Path

import pytest
from PIL import Image

from nanobanana_nb.show.export import export
from nanobanana_nb.show.grid import ImageGrid
from tests.html_reader import Page
from tests.show.conftest import generation
from tests.show.renderers import HTML, TEXT

OBEYED = {
    "colour": "red \x1b[31m, \x9b32m",
    "link": "\x1b]8;;https://x.example\x07link\x1b\\",
    "title": "\x1b]0;owned\x07",
    "nothing": "a\x00b",
    "over": "done\rfailed\b\b\x7f",
    "next line": "a\x85b\x0bc\x0cd",
    "override": "\u202egpj.cat\u202c",
    "embedding": "\u202b1 \u202a2",
    "isolate": "\u20671 \u20662 \u20683\u2069",
    "mark": "cat\u200f 5 \u061c 6\u200e",
    "half": "a\ud800b",
}
TURNS = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
LONG = "x" * 1_000_000
MOST_BYTES = 400_000  # of what one text can make of an output, pictures left out


def _obeyed(text: str) -> set[str]:
    controls = {c for c in text if unicodedata.category(c) in ("Cc", "Cs")} - {"\n", "\t"}
    return controls | (set(text) & TURNS)


@pytest.mark.long
@pytest.mark.parametrize("kind", OBEYED)
@pytest.mark.parametrize("name", HTML)
def test_html_obeys_no_text(photos: list[Path], name: str, kind: str) -> None:
    """Neither the source nor what is read of it has a control character or a turn."""
    html = HTML[name](photos, OBEYED[kind])
    page = Page(html)
    assert _obeyed(html) == _obeyed("".join([*page.words, *page.values])) == set()


@pytest.mark.parametrize("kind", OBEYED)
@pytest.mark.parametrize("name", TEXT)
def test_terminal_obeys_no_text(photos: list[Path], name: str, kind: str) -> None:
    """What is printed moves, colours and turns nothing."""
    assert _obeyed(TEXT[name](photos, OBEYED[kind])) == set()


@pytest.mark.long
@pytest.mark.parametrize("name", HTML)
def test_a_megabyte_of_text_bursts_no_html(photos: list[Path], name: str) -> None:
    """Prompts, models, parameters, notes, errors and task ids are cut where they are shown."""
    html = HTML[name](photos, LONG)
    page = Page(html)
    assert sum(map(len, [*page.words, *page.values])) < MOST_BYTES


@pytest.mark.long
@pytest.mark.parametrize("name", TEXT)
def test_a_megabyte_of_text_bursts_no_terminal(photos: list[Path], name: str) -> None:
    """The text of an output is cut as well."""
    assert len(TEXT[name](photos, LONG)) < MOST_BYTES


@pytest.mark.long
@pytest.mark.parametrize("kind", OBEYED)
def test_exports_obey_no_text(photos: list[Path], tmp_path: Path, kind: str) -> None:
    """A table for people has no control characters; JSON has every letter, in pure ASCII."""
    text = OBEYED[kind]
    asked = {"prompt": text, "model": text, "parameters": ((text, text),), "notes": (text,)}
    grid = ImageGrid([generation(photos[0], task_id=text, **asked)])
    table = export(grid, tmp_path / "x.csv").read_bytes().decode("utf-8-sig")
    assert _obeyed(table) - {"\r"} == set()
    rows = list(csv.reader(io.StringIO(table, newline="")))
    assert len(rows) == 2
    told = json.loads(export(grid, tmp_path / "x.json").read_bytes().decode("ascii"))
    assert told["images"][0]["request"]["prompt"] == text
    page = export(grid, tmp_path / "x.html").read_text(encoding="utf-8")
    assert _obeyed(page) == set()
    sheet = Image.open(export(grid, tmp_path / "x.png"))
    assert sheet.size > (100, 100)


def test_a_formula_behind_a_control_character_is_none(photos: list[Path], tmp_path: Path) -> None:
    """What a spreadsheet would run once the control character is gone is text as well."""
    grid = ImageGrid([generation(photos[0], prompt="\x00=1+1")])
    table = export(grid, tmp_path / "x.csv").read_text(encoding="utf-8-sig")
    assert "'=1+1" in table
