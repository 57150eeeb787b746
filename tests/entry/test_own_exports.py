"""Tables of ours: the same words in all forms, and their scores are read back."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import nanobanana_nb as nb
from nanobanana_nb.entry.grid_score import own_columns
from nanobanana_nb.errors import InputError
from nanobanana_nb.show.grid import ImageGrid
from tests.service import Service

NUMBERS = (3.0, 5.0, None, 4.0)
NAME = "=<b>sharp"


@pytest.fixture
def grid(service: Service) -> ImageGrid:
    """Four images, two values on one axis."""
    return nb.sweep("A cat, {style}", {"style": ["ink", "oil"]}, repeats=2)


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))


PARTS: dict[str, Callable[[ImageGrid], ImageGrid]] = {
    "the same": lambda grid: grid,
    "a part": lambda grid: grid[1:3],
    "sorted": lambda grid: grid.sort("other", descending=True),
}


@pytest.mark.parametrize("part", sorted(PARTS))
@pytest.mark.parametrize("ending", ["csv", "json", "frame"])
def test_exports_are_read_back(grid: ImageGrid, tmp_path: Path, ending: str, part: str) -> None:
    """By what the images are: on the grid, and on a part of it in any order."""
    grid.score(NUMBERS, name=NAME)
    grid.score([1, 2, 3, 4], name="other")
    source: Any = grid.to_frame()[NAME]
    if ending != "frame":
        source = grid.export(tmp_path / f"x.{ending}")
    smaller = PARTS[part](grid)
    expected = tuple(smaller.scores()[NAME])
    grid.score([None] * 4, name=NAME)
    assert smaller.score(source, name=NAME).values == expected


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_only_score_needs_no_name(grid: ImageGrid, tmp_path: Path, ending: str) -> None:
    """All else in an export is a column of ours."""
    grid.score(NUMBERS, name=NAME)
    path = grid.export(tmp_path / f"x.{ending}")
    grid.score([None] * 4, name=NAME)
    scores = grid.score(path)
    assert (scores.name, scores.values) == (NAME, NUMBERS)


@pytest.mark.parametrize("ending", ["csv", "json"])
def test_images_of_another_grid_are_refused(grid: ImageGrid, tmp_path: Path, ending: str) -> None:
    """Their numbers in that grid are those of other images in this one."""
    other = nb.sweep("A dog, {style}", {"style": ["ink", "oil"]}, repeats=2)
    other.score([1, 2, 3, 4], name="sharp")
    with pytest.raises(InputError, match="names no image of this grid"):
        grid.score(other.export(tmp_path / f"x.{ending}"), name="sharp")


@pytest.mark.parametrize(
    "text",
    [
        '{"nanobanana_nb": 1}',
        '{"nanobanana_nb": 1, "images": [3]}',
        '{"nanobanana_nb": 1, "images": []}',
    ],
)
def test_damaged_export_is_refused(grid: ImageGrid, tmp_path: Path, text: str) -> None:
    """In one sentence, whatever is missing."""
    path = tmp_path / "x.json"
    path.write_text(f'{{"nanobanana_nb": 1{text}}}')
    with pytest.raises(InputError):
        grid.score(path, name="sharp")


def test_equal_images_have_one_score(grid: ImageGrid, tmp_path: Path) -> None:
    """Byte for byte equal: a number beside none is the number of both, in whatever way it comes."""
    first, *others = grid.generations
    twin = replace(others[0], sha256=first.sha256, path=first.path)
    twins = grid.of([first, twin, *others[1:]], None)
    assert twins.score([7, None, 1, 2], name="x").values == (7.0, 7.0, 1.0, 2.0)
    assert [record["x"] for record in twins.to_records()] == [7, 7, 1, 2]
    assert [image["x"] for image in _rows(twins.export(tmp_path / "x.csv"))] == [
        "7.0",
        "7.0",
        "1.0",
        "2.0",
    ]
    assert len(twins.best(2, by="x")) == 2
    for source in (tmp_path / "x.csv", twins.export(tmp_path / "x.json"), twins.to_frame()["x"]):
        assert twins.score(source, name="x").values == (7.0, 7.0, 1.0, 2.0)
    with pytest.raises(InputError, match="byte for byte"):
        twins.score([7, 8, 1, 2], name="x")


def test_words_are_the_same_in_all_forms(grid: ImageGrid, tmp_path: Path) -> None:
    """What a frame has is called so in CSV and JSON; what is nowhere is empty in each."""
    grid.rate(0, stars=4)
    record, nothing = grid.to_records()[:2]
    row, empty = _rows(grid.export(tmp_path / "x.csv"))[:2]
    image, blank = json.loads(grid.export(tmp_path / "x.json").read_text())["images"][:2]
    assert record.keys() - row.keys() == {"images"}
    assert record.keys() - image.keys() == {"style", "images", "repeat", "prompt", "model"}
    assert (record["stars"], row["stars"], image["stars"]) == (4, "4", 4)
    for name in ("stars", "error", "charged"):
        assert (nothing[name], empty[name], blank[name]) == (None, "", None)
    assert own_columns(grid) >= row.keys()
