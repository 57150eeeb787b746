"""CSV and JSON: rows, relative paths, and text that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.export import export
from nanobanana_nb.show.export.table_files import _inert
from nanobanana_nb.show.grid import ImageGrid

from .conftest import failed
from .grids import bought_grid

Made = Callable[..., Generation]


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def test_one_row_an_image_with_its_axes_as_columns(photos: list[Path], tmp_path: Path) -> None:
    """The table names axis values, prompt, repeat, state and the place of each image."""
    grid = bought_grid(photos, "{a} {b}", repeats=2, a=["ink", "oil"], b=["cat"])
    rows = _rows(export(grid, tmp_path / "x.csv"))
    assert [(r["number"], r["a"], r["b"], r["repeat"]) for r in rows] == [
        ("1", "ink", "cat", "1"),
        ("2", "ink", "cat", "2"),
        ("3", "oil", "cat", "1"),
        ("4", "oil", "cat", "2"),
    ]
    assert {(r["state"], r["credits"], r["width"]) for r in rows} == {("done", "4", "512")}
    assert rows[0]["prompt"] == "ink cat"


@pytest.mark.parametrize("folder", [".", "sub/deeper"])
def test_paths_are_relative_to_the_export(made: Made, tmp_path: Path, folder: str) -> None:
    """From the folder of the table the path leads to the original, with forward slashes."""
    target = tmp_path / folder
    target.mkdir(parents=True, exist_ok=True)
    grid = ImageGrid([made(), failed()])
    for name in ("x.csv", "x.json"):
        path = export(grid, target / name)
        rows = _rows(path) if name == "x.csv" else json.loads(path.read_text())["images"]
        file = rows[0]["file"]
        assert not Path(file).is_absolute()
        assert "\\" not in file
        assert (target / file).read_bytes() == grid[0].bytes
        assert not rows[1]["file"]


def test_a_failure_has_its_reason_in_the_table(tmp_path: Path) -> None:
    """What failed says why, and whether money was taken."""
    row = _rows(export(ImageGrid([failed()]), tmp_path / "x.csv"))[0]
    assert (row["state"], row["reason"]) == ("failed", "blocked by moderation")
    assert row["charged"] == "no credits were taken"


@pytest.mark.parametrize("prompt", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"])
def test_formulas_become_text(made: Made, tmp_path: Path, prompt: str) -> None:
    """A prompt that a spreadsheet would run begins with an apostrophe."""
    row = _rows(export(ImageGrid([made(prompt=prompt)]), tmp_path / "x.csv"))[0]
    assert row["prompt"] == "'" + prompt


@given(st.text() | st.integers() | st.none() | st.lists(st.text()))
def test_no_text_starts_a_formula(value: object) -> None:
    """Whatever a cell holds, it is a number, nothing, or text that is no formula."""
    told = _inert(value)
    if isinstance(told, str):
        assert not told.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
        assert isinstance(value, list) or told.removeprefix("'") == value.removeprefix("'")  # type: ignore[attr-defined]


@given(prompt=st.text(max_size=60))
def test_any_prompt_comes_back(
    tmp_path_factory: pytest.TempPathFactory, photos: list[Path], prompt: str
) -> None:
    """JSON gives every prompt back letter by letter, in pure ASCII."""
    from .conftest import generation

    path = tmp_path_factory.mktemp("prompts") / "x.json"
    export(ImageGrid([generation(photos[0], prompt=prompt)]), path)
    told = json.loads(path.read_bytes().decode("ascii"))
    assert told["images"][0]["request"]["prompt"] == prompt


def test_half_a_character_does_not_stop_the_table(made: Made, tmp_path: Path) -> None:
    """A broken Unicode text is written as far as it can be."""
    grid = ImageGrid([made(prompt="a \ud800 b")])
    assert _rows(export(grid, tmp_path / "x.csv"))[0]["prompt"] == "a ? b"
    assert export(grid, tmp_path / "x.json").stat().st_size > 100


def test_json_carries_the_plan(photos: list[Path], tmp_path: Path) -> None:
    """Prompt, axes, and each cell's point and request are there to build the experiment anew."""
    from nanobanana_nb.model.request import GenerationRequest

    grid = bought_grid(photos, "{a} {b}", a=["ink", "oil"], b=["cat", "hare"])
    assert grid.plan is not None
    plan = json.loads(export(grid, tmp_path / "x.json").read_text())["plan"]
    assert plan["prompt"] == "{a} {b}"
    assert [(a["name"], a["labels"]) for a in plan["axes"]] == [
        ("a", ["ink", "oil"]),
        ("b", ["cat", "hare"]),
    ]
    requests = [GenerationRequest.from_record(cell["request"]) for cell in plan["cells"]]
    assert requests == [cell.request for cell in grid.plan.cells]
    assert [tuple(cell["point"]) for cell in plan["cells"]] == [c.point for c in grid.plan.cells]
