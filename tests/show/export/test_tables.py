"""CSV and JSON: rows, relative paths, and text that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanobanana_nb.model.plan.axes import Axis
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.plan.record import Cell
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.export import export
from nanobanana_nb.show.export.data_files import _inert
from nanobanana_nb.show.grid import ImageGrid
from tests.show.conftest import failed, generation
from tests.show.export.grids import bought_grid

Made = Callable[..., Generation]


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def test_one_row_an_image_with_its_axes_as_columns(photos: list[Path], tmp_path: Path) -> None:
    """The table names axis values, prompt, repeat, state and the place of each image."""
    grid = bought_grid(photos, "{a} {b}", repeats=2, a=["ink", "oil"], b=["cat"])
    rows = _rows(export(grid, tmp_path / "x.csv"))
    assert [(r["number"], r["a"], r["b"], r["repeat"]) for r in rows] == [
        ("0", "ink", "cat", "1"),
        ("1", "ink", "cat", "2"),
        ("2", "oil", "cat", "1"),
        ("3", "oil", "cat", "2"),
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
        file = rows[0]["path"]
        assert not Path(file).is_absolute()
        assert "\\" not in file
        assert (target / file).read_bytes() == grid[0].bytes
        assert not rows[1]["path"]


def test_a_failure_has_its_reason_in_the_table(tmp_path: Path) -> None:
    """What failed says why, and whether money was taken."""
    row = _rows(export(ImageGrid([failed()]), tmp_path / "x.csv"))[0]
    assert (row["state"], row["error"]) == ("failed", "blocked by moderation")
    assert row["charged"] == "no credits were taken"


@pytest.mark.parametrize("kind", ["axis", "parameter"])
def test_every_column_name_can_be_chosen(photos: list[Path], tmp_path: Path, kind: str) -> None:
    """Whatever a person calls an axis or a parameter, its values and the record's own stay."""
    usual = _rows(export(bought_grid(photos, "{a}", a=["ink", "oil"]), tmp_path / "x.csv"))
    for name in usual[0].keys() - {"a", "reference images"}:  # no name of a placeholder
        if kind == "axis":
            grid = bought_grid(photos, f"{{{name}}}", **{name: ["ink", "oil"]})
        else:
            asked = [((name, value),) for value in ("ink", "oil")]
            parts = [generation(photos[n], n, parameters=p) for n, p in enumerate(asked)]
            grid = ImageGrid(parts)
        rows = _rows(export(grid, tmp_path / "y.csv"))
        own = "prompt" if (name, kind) == ("prompt", "axis") else f"{name} ({kind})"
        assert [row[own] for row in rows] == ["ink", "oil"]
        assert set(usual[0]) - {"a"} <= set(rows[0])
        record = ("number", "state", "path", "credits", "model", "task_id", "charged")
        for row, before in zip(rows, usual, strict=True):
            assert [row[one] for one in record] == [before[one] for one in record]


def test_a_placeholder_and_a_parameter_of_one_name_are_both_kept(
    photos: list[Path], tmp_path: Path
) -> None:
    """`{seed}` in the prompt is not the seed; a parameter that is the axis is there once."""
    grid = bought_grid(photos, "{seed}", seed=["oak", "elm"])
    asked = [replace(g.request, parameters=(("seed", 7),)) for g in grid]
    images = [replace(g, request=request) for g, request in zip(grid, asked, strict=True)]
    for label, names in (("oak", ["seed", "seed (parameter)"]), ("7", ["seed"])):
        plan = Plan(
            tuple(Cell(request, (("seed", label),), (0,)) for request in asked),
            axes=(Axis.of("seed", (label,)),),
        )
        row = _rows(export(ImageGrid(images, plan), tmp_path / "x.csv"))[0]
        assert [name for name in row if "seed" in name] == names
        assert [row[name] for name in names] == [label, "7"][: len(names)]


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


@pytest.mark.long
@given(prompt=st.text(max_size=60))
def test_any_prompt_comes_back(
    tmp_path_factory: pytest.TempPathFactory, photos: list[Path], prompt: str
) -> None:
    """JSON gives every prompt back letter by letter, in pure ASCII."""
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
    """The plan in the file restores the experiment: the same axes, cells and requests."""
    grid = bought_grid(photos, "{a} {b}", a=["ink", "oil"], b=["cat", "hare"])
    assert grid.plan is not None
    told = json.loads(export(grid, tmp_path / "x.json").read_text())["plan"]
    plan = Plan.from_json(json.dumps(told))
    assert (plan.prompt, plan.axes, plan.cells) == (
        grid.plan.prompt,
        grid.plan.axes,
        grid.plan.cells,
    )
