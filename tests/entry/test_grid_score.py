"""Scores of one's own: from a function, a list, a column or a file; shown, exported, sorted by."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import nanobanana_nb as nb
from nanobanana_nb.errors import InputError
from nanobanana_nb.show.export.content import content_of
from nanobanana_nb.show.export.page import viewer_data
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.judge.ready_scores import READY
from tests.html_reader import Reader
from tests.service import Service

NUMBERS = (3.0, 5.0, None, 4.0)
NAME = "<b>rater</b> 1"


@pytest.fixture
def grid(service: Service) -> ImageGrid:
    """Four images, two values on one axis."""
    return nb.sweep("A cat, {style}", {"style": ["ink", "oil"]}, repeats=2)


def _sorted_column(grid: ImageGrid, folder: Path) -> Any:
    frame = grid.to_frame()
    frame[NAME] = NUMBERS
    return frame.sort_values(NAME, ascending=False)[NAME]


def _by_task(grid: ImageGrid, folder: Path) -> Any:
    return {image.task_id: value for image, value in zip(grid, NUMBERS, strict=True)}


def _by_id(grid: ImageGrid, folder: Path) -> Any:
    import pandas

    return pandas.Series(NUMBERS, index=pandas.Index([image.id for image in grid], name="id"))


def _column_of_a_part(grid: ImageGrid, folder: Path) -> Any:
    frame = grid[::-1].to_frame()
    frame["x"] = NUMBERS[::-1]
    return frame["x"] * 1.0


def _csv_of_a_part(grid: ImageGrid, folder: Path) -> Any:
    """Its numbers are those of the part; what the images are decides."""
    import pandas

    table = pandas.read_csv(grid[::-1].export(folder / "part.csv"))
    table[NAME] = NUMBERS[::-1]
    table.to_csv(folder / "rated.csv", index=False)
    return folder / "rated.csv"


def _csv_by_saved_names(grid: ImageGrid, folder: Path) -> Any:
    """As a colleague writes it who was given the folder."""
    names = [file.name for file in grid.save(folder / "pictures")]
    rows = [f"{name},{value or ''}" for name, value in zip(names, NUMBERS, strict=True)]
    path = folder / "rated.csv"
    path.write_text("\n".join([f"Datei,{NAME}", *rows, "", ","]), encoding="utf-8")
    return path


def _excel_csv(grid: ImageGrid, folder: Path) -> Any:
    """With a byte order mark, a hint, an umlaut in the encoding of Windows, and an empty row."""
    rows = [f"{n}.0;{'n/a' if v is None else v};schön" for n, v in enumerate(NUMBERS)]
    path = folder / "rated.csv"
    text = "\r\n".join(["sep=;", f"Nr.;{NAME};note", *rows, ";;"]).replace(".0;s", ",0;s")
    path.write_bytes(text.encode("cp1252"))
    return path


def _tab_utf_16(grid: ImageGrid, folder: Path) -> Any:
    rows = [f"{n}\t{'' if v is None else v}" for n, v in reversed([*enumerate(NUMBERS)])]
    path = folder / "rated.tsv"
    path.write_text("\n".join([f"number\t{NAME}", *rows]), encoding="utf-16")
    return path


def _short_column(grid: ImageGrid, folder: Path) -> Any:
    frame = grid.to_frame()
    frame[NAME] = NUMBERS
    return frame.dropna(subset=[NAME])[NAME]


def _csv_of_the_grid(grid: ImageGrid, folder: Path) -> Any:
    import pandas

    table = pandas.read_csv(grid.export(folder / "grid.csv"))
    table[NAME] = NUMBERS
    table.iloc[::-1].to_csv(folder / "rated.csv", index=False)
    return folder / "rated.csv"


def _german_csv(grid: ImageGrid, folder: Path) -> Any:
    rows = [f"{Path(str(g.path)).name};{v}" for g, v in zip(grid, NUMBERS, strict=True) if v]
    path = folder / "rated.csv"
    path.write_text("\n".join([f"file;{NAME}", *rows]).replace(".0", ",0"))
    return str(path)


def _json_list(grid: ImageGrid, folder: Path) -> Any:
    path = folder / "rated.json"
    path.write_text(json.dumps(NUMBERS))
    return path


def _json_by_number(grid: ImageGrid, folder: Path) -> Any:
    path = folder / "rated.json"
    path.write_text(json.dumps(dict(enumerate(NUMBERS))))
    return path


def _array(grid: ImageGrid, folder: Path) -> Any:
    import numpy

    return numpy.array(NUMBERS, dtype=float)


SOURCES: dict[str, Callable[[ImageGrid, Path], Any]] = {
    "list": lambda grid, folder: list(NUMBERS),
    "generator": lambda grid, folder: (value for value in NUMBERS),
    "array": _array,
    "sorted column": _sorted_column,
    "column without gaps": _short_column,
    "by task": _by_task,
    "by id": _by_id,
    "column of a part": _column_of_a_part,
    "csv of a part": _csv_of_a_part,
    "csv by saved names": _csv_by_saved_names,
    "csv of Excel": _excel_csv,
    "tabs": _tab_utf_16,
    "csv of the grid": _csv_of_the_grid,
    "csv with commas": _german_csv,
    "json": _json_list,
    "json by number": _json_by_number,
}


@pytest.mark.parametrize("kind", sorted(SOURCES))
def test_numbers_that_are_there(grid: ImageGrid, tmp_path: Path, kind: str) -> None:
    """Each goes to its image, whatever the order; the table has them as they were."""
    scores = grid.score(SOURCES[kind](grid, tmp_path), name=NAME)
    assert (scores.name, scores.values, scores.failed) == (NAME, NUMBERS, 0)
    assert [record[NAME] for record in grid.to_records()] == list(NUMBERS)
    assert grid["ink"].scores() == {NAME: [3.0, 5.0]}


REFUSED: dict[str, tuple[Any, str | None, str]] = {
    "too few": ([1, 2], "x", "the grid has 4 images, and these are 2"),
    "words": ([1, 2, 3, "good"], "x", "#3: 'good' is no number"),
    "infinite": ([1, 2, 3, float("inf")], "x", "#3: inf is no finite number"),
    "too large": ([1, 2, 3, -1e200], "x", "#3: -1e+200 is too large"),
    "no image": ({9: 1}, "x", "9 names no image"),
    "from one": ({1: 1, 2: 2, 3: 3, 4: 4}, "x", "Numbers begin at 0"),
    "stars": ([1, 2, 3, 4], "stars", "a column of this name"),
    "axis": ([1, 2, 3, 4], "style", "a column of this name"),
    "set": ({1, 2, 3, 4}, "x", "source is a function"),
    "spreadsheet": ("rated.xlsx", None, "Save it as CSV"),
    "no kind": (3, "x", "source is a function"),
    "none": (None, "x", "source is a function"),
    "nested": ([[1], [2], [3], [4]], "x", "no number"),
    "no name": ([1, 2, 3, 4], None, "have no name"),
    "lambda": (lambda image: 1, None, "the function has none"),
    "long name": ([1, 2, 3, 4], "x" * 61, "61 characters"),
    "not ready": ("sharpnes", None, "Did you mean sharpness"),
    "no file": ("none.csv", None, "No such file"),
}


@pytest.mark.parametrize("kind", sorted(REFUSED))
def test_what_is_refused(grid: ImageGrid, kind: str) -> None:
    """In one sentence that says why, and nothing is kept."""
    source, name, words = REFUSED[kind]
    with pytest.raises(InputError) as raised:
        grid.score(source, name)
    assert words in str(raised.value)
    assert grid.scores() == {}


def test_column_of_a_file_is_named(grid: ImageGrid, tmp_path: Path) -> None:
    """Where there are several, the name says which; else the error lists them."""
    path = tmp_path / "rated.csv"
    path.write_text("number,sharp,brand\n" + "".join(f"{n},{n},{-n}\n" for n in range(4)))
    with pytest.raises(InputError, match="sharp, brand"):
        grid.score(path)
    assert grid.score(path, "brand").values == (0.0, -1.0, -2.0, -3.0)
    assert grid.score(path).name == "sharp"
    path.write_text("number,sharp\n0,1\n0,2\n")
    with pytest.raises(InputError, match="more than one"):
        grid.score(path)


def test_names_are_known_again(grid: ImageGrid) -> None:
    """However they are spelled: with blanks, on two lines, accents as signs of their own."""
    for name in (" on  brand\n?", "cafe\u0301"):
        grid.score([1, 2, 3, 4], name=name)
        assert [grid.index(image) for image in grid.sort(name)] == [0, 1, 2, 3]


def test_judge_that_is_out_of_order_takes_nothing(grid: ImageGrid) -> None:
    """What is there stays, though it was to be computed again; None takes it away."""
    service = SimpleNamespace(is_up=True)

    def judge(image: Any) -> int:
        if not service.is_up:
            raise OSError("down")
        return 7

    grid.score(judge)
    service.is_up = False
    assert grid.score(judge, again=True).values == (7.0,) * 4
    grid.score([None] * 4, name="judge")
    assert grid.scores() == {}


BAD_FILES = {
    "no images": ("filename,r\na.png,1\nb.png,2\nc.png,3\nd.png,4", "which image a row is for"),
    "from one": ("number,r\n1,1\n2,2\n3,3\n4,4", "Numbers begin at 0"),
    "a stranger": ("number,r\n0,1\n7,2", "its numbers are 0 to 3"),
    "twice": ("number,r\n0,1\n0,2", "several for 0"),
    "words": ("number,r\n0,1\n1,good", "rated.csv, line 3: 'good' is none"),
    "no numbers": ("number,r\n0,good\n1,bad", "no column of numbers"),
    "decimal commas": ("number,r\n0,1,5", "line 2 has 3 fields"),
    "two of a name": ("number,r,r\n0,1,5", "two columns are called r"),
    "too few": ("r\n1\n2", "these are 2"),
    "nothing": ("", "no column of numbers"),
}


@pytest.mark.parametrize("kind", sorted(BAD_FILES))
def test_bad_files(grid: ImageGrid, tmp_path: Path, kind: str) -> None:
    """They are refused with the place of the fault, and nothing is kept."""
    text, words = BAD_FILES[kind]
    path = tmp_path / "rated.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as raised:
        grid.score(path)
    assert words in str(raised.value)
    assert grid.scores() == {}


def test_numbers_alone_need_no_header(grid: ImageGrid, tmp_path: Path) -> None:
    """A file of one number a line goes by the order, and is called as the file."""
    path = tmp_path / "rated.txt"
    path.write_text("1\n2\n3.5\n4\n", encoding="utf-8")
    scores = grid.score(path)
    assert (scores.name, scores.values) == ("rated", (1.0, 2.0, 3.5, 4.0))


@pytest.mark.parametrize("name", sorted(READY))
def test_ready_made(grid: ImageGrid, name: str) -> None:
    """They go by their names."""
    scores = grid.score(name)
    assert (scores.name, scores.scored) == (name, 4)


def test_failed_images_have_no_score(grid: ImageGrid) -> None:
    """A function that raises is told with its reason; what a person reads is escaped."""
    first = grid[0].image.tobytes()

    def judge(image: Any) -> bool:
        if image.tobytes() == first:
            raise RuntimeError("<i>no</i> face")
        return True

    scores = grid.score(judge, NAME)
    assert scores.values == (None, 1.0, 1.0, 1.0)
    assert scores.reasons[0] == "RuntimeError: <i>no</i> face"
    assert "3 of 4 images" in repr(scores)
    html = scores._repr_html_()
    assert "<i>" not in html
    assert NAME not in html
    assert "RuntimeError: <i>no</i> face" in Reader(html).text
    assert scores.to_frame()[NAME].sum() == 3


def test_sorted_grid_is_a_list_with_its_scores(grid: ImageGrid) -> None:
    """In the order of the score, those without one last; a pivot makes a table of it again."""
    grid.score(NUMBERS, name=NAME)
    numbers = {grid.index(image): n for n, image in enumerate(grid.sort(NAME, descending=True))}
    assert list(numbers) == [1, 3, 0, 2]
    text = Reader(grid.sort(NAME)._repr_mimebundle_()["text/html"]).text
    places = [text.index(f"{NAME} {n}") for n in (3, 4, 5)]
    assert places == sorted(places)
    assert f"{NAME} 5" in str(grid.best(2, by=NAME))
    assert [grid.index(image) for image in grid.best(9, by=NAME, lowest=True)] == [0, 3, 1]
    assert NAME not in grid.sort(NAME).pivot()._repr_mimebundle_()["text/html"]
    assert grid.sort(NAME)[:2].view == grid.sort(NAME).view
    page = viewer_data(content_of(grid.sort(NAME)), {})
    assert page["view"] == {"rows": [], "cols": [], "pages": []}


def test_other_numbers_sort_too(grid: ImageGrid) -> None:
    """Stars and what a record has."""
    grid.rate(2, stars=5)
    grid.rate(3, stars=1)
    assert [grid.index(image) for image in grid.best(4, by="stars")] == [2, 3]
    assert [grid.index(image) for image in grid.sort("credits")] == [0, 1, 2, 3]
    with pytest.raises(InputError, match="no score or number sharp"):
        grid.sort("sharp")


def test_exports_and_viewer_have_scores(grid: ImageGrid, tmp_path: Path) -> None:
    """Only where there are any: as columns, by image, and by name and number in the viewer."""
    assert "scores" not in viewer_data(content_of(grid), {})
    assert "scores" not in grid.export(tmp_path / "x.json").read_text()
    grid.score(NUMBERS, name=NAME)
    grid.score([1, 2, 3, 4], name="what")
    known = viewer_data(content_of(grid), {})["scores"]
    assert known[NAME] == {"0": 3.0, "1": 5.0, "3": 4.0}
    images = json.loads(grid.export(tmp_path / "x.json").read_text())["images"]
    assert [image["scores"].get(NAME) for image in images] == list(NUMBERS)
    header = grid.export(tmp_path / "x.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    assert header.endswith(f",{NAME},what")
    other = nb.sweep("A {what}, {style}", {"what": ["cat"], "style": ["ink", "oil"]}, repeats=2)
    header = other.export(tmp_path / "x.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    assert header.endswith(f",{NAME},what (score)")


def test_number_is_taken_away(grid: ImageGrid) -> None:
    """By None in its place; the others stay as they are given."""
    grid.score(NUMBERS, name=NAME)
    assert grid.score([None, 1, None, None], name=NAME).scored == 1
    grid.score([None] * 4, name=NAME)
    assert grid.scores() == {}
