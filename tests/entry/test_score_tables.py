"""Tables of scores: which column is meant, and which image a row is for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import nanobanana_nb as nb
from nanobanana_nb.errors import InputError
from nanobanana_nb.show.grid import ImageGrid
from tests.service import Service

pandas = pytest.importorskip("pandas")

NUMBERS = (3.0, 5.0, 1.0, 4.0)
MIXED = [2, 0, 3, 1]


@pytest.fixture
def grid(service: Service) -> ImageGrid:
    """Four images, two values on one axis."""
    return nb.sweep("A cat, {style}", {"style": ["ink", "oil"]}, repeats=2)


def _rated(grid: ImageGrid) -> Any:
    frame = grid.to_frame()
    frame["Ann"] = NUMBERS
    return frame


def _part(grid: ImageGrid) -> Any:
    """A sorted grid's table with a column of its own."""
    frame = grid[::-1].to_frame()
    frame["Ann"] = NUMBERS[::-1]
    return frame


def _sheet(grid: ImageGrid) -> Any:
    """What somebody copies from a contact sheet."""
    rows = zip(["ink", "ink", "oil", "oil"], [1.0, 2.0] * 2, NUMBERS, strict=True)
    return pandas.DataFrame(rows, columns=["style", "repeat", "Ann"]).iloc[MIXED]


def _by_hash(grid: ImageGrid) -> Any:
    table = pandas.DataFrame({"sha256": [image.sha256 for image in grid], "Ann": NUMBERS})
    return table.iloc[MIXED].reset_index(drop=True)


def _csv(table: Callable[[ImageGrid], Any]) -> Callable[[ImageGrid, Path], Any]:
    def source(grid: ImageGrid, folder: Path) -> Path:
        table(grid).to_csv(folder / "rated.csv", index=False)
        return folder / "rated.csv"

    return source


TABLES: dict[str, Callable[[ImageGrid, Path], Any]] = {
    "frame": lambda grid, _: _rated(grid),
    "sorted anew": lambda grid, _: _rated(grid).sort_values("Ann", ignore_index=True),
    "merged": lambda grid, _: _rated(grid).sort_values("Ann").merge(_sheet(grid)[["Ann"]]),
    "index alone": lambda grid, _: _rated(grid)[["Ann"]].iloc[MIXED],
    "part": lambda grid, _: _part(grid),
    "column of a part": lambda grid, _: _part(grid)["Ann"],
    "scores of a part": lambda grid, _: grid[::-1].score(NUMBERS[::-1], "Ann").to_frame()["Ann"],
    "by hash": lambda grid, _: _by_hash(grid),
    "column by hash": lambda grid, _: _by_hash(grid).set_index("sha256")["Ann"],
    "contact sheet": lambda grid, _: _sheet(grid),
    "index of axes": lambda grid, _: _sheet(grid).set_index(["style", "repeat"]),
    "file of axes": _csv(_sheet),
    "file of a part": _csv(_part),
}


@pytest.mark.parametrize("kind", sorted(TABLES))
def test_rows_go_to_their_images(grid: ImageGrid, tmp_path: Path, kind: str) -> None:
    """Whatever order they are in."""
    assert grid.score(TABLES[kind](grid, tmp_path), name="Ann").values == NUMBERS


UNCERTAIN: dict[str, Callable[[ImageGrid], Any]] = {
    "own column": lambda grid: pandas.Series(NUMBERS),
    "sorted anew": lambda grid: _rated(grid).sort_values("Ann", ignore_index=True)["Ann"],
    "sorted twice": lambda grid: _rated(grid).reset_index(drop=True).sort_values("Ann")["Ann"],
    "index of a part": lambda grid: pandas.Series(NUMBERS, index=_part(grid).index),
    "table of numbers": lambda grid: pandas.DataFrame({"Ann": NUMBERS}),
    "axis alone": lambda grid: _sheet(grid)[["style", "Ann"]],
}


@pytest.mark.parametrize("kind", sorted(UNCERTAIN))
def test_index_that_says_nothing_is_refused(grid: ImageGrid, kind: str) -> None:
    """A table that was sorted and got a new index would go to other images."""
    with pytest.raises(InputError, match=r"does not say which image|names no image"):
        grid.score(UNCERTAIN[kind](grid), name="Ann")
    assert grid.scores() == {}
    assert grid.score(_rated(grid)["Ann"].to_list(), name="Ann").values == NUMBERS


@pytest.mark.parametrize("form", ["csv", "frame", "scores"])
def test_numbers_in_a_list_are_not_those_of_the_grid(
    grid: ImageGrid, tmp_path: Path, form: str
) -> None:
    """A sorted grid counts in its own order: a table that has no more than that is refused."""
    grid.score([4, 3, 2, 1], name="sharp")
    ordered, path = grid.sort("sharp"), tmp_path / "s.csv"
    if form == "csv":
        ordered.export(path)
    else:
        scores = ordered.score([1, 2, 3, 4], "sharp")
        (ordered if form == "frame" else scores).to_frame().to_csv(path)
    table = pandas.read_csv(path).iloc[:, :1].assign(Ann=NUMBERS)
    assert list(table) == ["number in this list", "Ann"]
    table.to_csv(path, index=False)
    for source in (path, table):
        with pytest.raises(InputError, match="does not say which image"):
            grid.score(source, name="Ann")


def _file(folder: Path, text: str) -> Path:
    path = folder / "rated.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_own_score_is_nobody_elses(grid: ImageGrid, tmp_path: Path) -> None:
    """An export without the rater's column has none; with it, that is the only one."""
    grid.score([1, 2, 3, 4], name="sharp")
    path = grid.export(tmp_path / "rated.csv")
    with pytest.raises(InputError, match=r"rated\.csv has no column rater 2"):
        grid.score(path, name="rater 2")
    with pytest.raises(InputError, match="has no column rater 2"):
        grid.score(_file(tmp_path, "number,sharp\n0,1\n1,2\n"), name="rater 2")
    table = pandas.read_csv(grid.export(tmp_path / "rated.csv"))
    table["rater 2"] = NUMBERS
    table.to_csv(path, index=False)
    scores = grid.score(path)
    assert (scores.name, scores.values) == ("rater 2", NUMBERS)


def test_name_is_for_the_only_column(grid: ImageGrid, tmp_path: Path) -> None:
    """Of two, one says which image; the other is what is called so."""
    path = _file(tmp_path, "number,R\n" + "".join(f"{n},{n}\n" for n in range(4)))
    assert grid.score(path, name="Ann").values == (0.0, 1.0, 2.0, 3.0)
    with pytest.raises(InputError, match="has no column Ann"):
        grid.score(_file(tmp_path, "number,R,S\n0,1,1\n"), name="Ann")


@pytest.mark.parametrize("name", ["on  brand", "cafe\u0301", "on brand\n"])
def test_names_are_compared_as_they_are_kept(grid: ImageGrid, tmp_path: Path, name: str) -> None:
    """On one line and in one form, in the file and in the call."""
    path = _file(tmp_path, f'number,"{name} ",other\n0,1,2\n')
    assert grid.score(path, name=f" {name}").values[0] == 1
    table = pandas.DataFrame({"number": [0], f"{name} ": [3], "other": [4]})
    assert grid.score(table, name=name).values[0] == 3


FILES = {
    "file name": ("{file},4\nb.png,3\n", "its first line names an image"),
    "hash": ("{sha256},4\nb,3\n", "its first line names an image"),
    "numbers": ("0,4\n1,5\n2,3\n", "it begins with numbers"),
    "percent": ("number,r\n0,80%\n1,70%\n", "rated.csv, line 2: '80%' is none"),
    "thousands": ('number,r\n0,"1.234,5"\n', "rated.csv, line 2: '1.234,5' is none"),
    "votes": ("number,votes\n0,4\n", "`grid.vote` counts"),
}


@pytest.mark.parametrize("kind", sorted(FILES))
def test_files_that_cannot_be_meant(grid: ImageGrid, tmp_path: Path, kind: str) -> None:
    """A first row that would be lost, and what is no number though it looks like one."""
    text, words = FILES[kind]
    names = {"file": Path(str(grid[0].path)).name, "sha256": grid[0].sha256}
    with pytest.raises(InputError) as raised:
        grid.score(_file(tmp_path, text.format(**names)))
    assert words in str(raised.value)
    assert grid.scores() == {}


@pytest.mark.parametrize("ending", ["csv", "json", "frame"])
def test_reasons_outlive_what_is_read_back(grid: ImageGrid, tmp_path: Path, ending: str) -> None:
    """An empty field beside the reason for it takes nothing away."""
    first = grid[0].image.tobytes()

    def judge(image: Any) -> float:
        if image.tobytes() == first:
            raise RuntimeError("no face")
        return 1.0

    grid.score(judge, name="face")
    source = grid.to_frame() if ending == "frame" else grid.export(tmp_path / f"x.{ending}")
    grid.score(source, name="face")
    assert grid.to_records()[0]["face error"] == "RuntimeError: no face"
    assert grid.scores()["face"] == [None, 1.0, 1.0, 1.0]


@pytest.mark.parametrize("path", ["r.xlsx", Path("r.xlsx")])
def test_spreadsheet_is_read_by_pandas(grid: ImageGrid, path: Any) -> None:
    """The error has the call."""
    with pytest.raises(InputError) as raised:
        grid.score(path, name="Ann")
    assert 'grid.score(pd.read_excel("r.xlsx"), name="column")' in str(raised.value)


@pytest.mark.parametrize("value", [{"score": 1}, (1, 2), None])
def test_function_returns_one_number(grid: ImageGrid, value: Any) -> None:
    """What returns something else is told so."""
    assert "return one number" in grid.score(lambda image: value, name="x").sentence


def test_no_image_has_stars(grid: ImageGrid) -> None:
    """Whoever goes by them is told how to give some."""
    for act in (lambda: grid.best(3, by="stars"), lambda: grid.sort("stars")):
        with pytest.raises(InputError, match=r"No image here has stars.*grid\.rate"):
            act()
