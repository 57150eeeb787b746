"""Tables in place of axes and prompts: one image a row, whatever form the rows have."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import nanobanana_nb as nb
from nanobanana_nb.errors import InputError
from nanobanana_nb.model.plan.plan import Plan
from tests.service import Service

BIRDS = [
    {"bird": "heron", "style": "ink", "aspect_ratio": "16:9"},
    {"bird": "owl", "style": "oil", "aspect_ratio": None},
    {"bird": "kite", "style": "pastel", "aspect_ratio": "1:1"},
]
SENT = [
    ("A heron, ink", {"aspect_ratio": "16:9"}),
    ("A owl, oil", {}),
    ("A kite, pastel", {"aspect_ratio": "1:1"}),
]


def sent(plan: Plan) -> list[tuple[str, dict[str, Any]]]:
    """The prompt and the parameters of each image."""
    return [(c.request.prompt, dict(c.request.parameters)) for c in plan.cells]


def _file(name: str, text: str) -> Callable[[Path], Path]:
    def written(folder: Path) -> Path:
        (folder / name).write_text(text, encoding="utf-8")
        return folder / name

    return written


FORMS: dict[str, Callable[[Path], Any]] = {
    "records": lambda _: BIRDS,
    "frame": lambda _: pd.DataFrame(BIRDS),
    "frame of NaN": lambda _: pd.DataFrame(BIRDS).replace({None: np.nan}),
    "frame of NA": lambda _: pd.DataFrame(BIRDS).convert_dtypes(),
    "categories": lambda _: pd.DataFrame(BIRDS).astype("category"),
    "other order": lambda _: pd.DataFrame(BIRDS)[["aspect_ratio", "style", "bird"]],
    "CSV": _file("b.csv", "bird,style,aspect_ratio\nheron,ink,16:9\nowl,oil,\nkite,pastel,1:1\n"),
    "Excel": _file(
        "b.csv", "sep=;\nbird;style;aspect-ratio\nheron;ink;16:9\nowl;oil;\nkite;pastel;1:1"
    ),
    "TSV": _file(
        "b.tsv", "bird\tstyle\taspect_ratio\nheron\tink\t16:9\nowl\toil\t\nkite\tpastel\t1:1"
    ),
    "JSON": _file("b.json", json.dumps(BIRDS)),
    "JSONL": _file("b.jsonl", "\n".join(map(json.dumps, BIRDS)) + "\n\n"),
    "path as text": lambda folder: str(_file("b.json", json.dumps(BIRDS))(folder)),
}


@pytest.mark.parametrize("form", FORMS)
def test_rows_stay_together(faces: Service, tmp_path: Path, form: str) -> None:
    """Each form of the same rows is the same plan; what a row leaves empty is left out."""
    assert sent(nb.plan("A {bird}, {style}", FORMS[form](tmp_path))) == SENT


def test_polars(faces: Service) -> None:
    """A frame that is not pandas' is one too."""
    polars = pytest.importorskip("polars")
    assert sent(nb.plan("A {bird}, {style}", polars.DataFrame(BIRDS))) == SENT
    assert len(nb.plan("A {bird}", polars.Series("bird", ["heron", "owl"])).cells) == 2


def test_a_table_of_prompts(faces: Service) -> None:
    """A column `prompt` is the whole prompt, braces and all; other columns are parameters."""
    rows = pd.DataFrame({"prompt": ["A {cat|dog}", "An owl"], "model": ["nano-banana-2", None]})
    plan = nb.plan(rows)
    assert [c.request.prompt for c in plan.cells] == ["A {cat|dog}", "An owl"]
    assert [c.request.model for c in plan.cells] == ["google/nano-banana-2", "google/nano-banana"]
    crossed = nb.plan(rows, {"aspect_ratio": ["1:1", "3:2"]})
    assert len(crossed.cells) == 4
    with pytest.raises(InputError, match="is a column of the table and an axis too"):
        nb.plan(rows, {"model": ["nano-banana"]})


@pytest.mark.parametrize(
    "texts",
    [
        ["A cat", "A dog"],
        ("A cat", "A dog"),
        pd.Series(["A cat", "A dog"]),
        np.array(["A cat", "A dog"]),
    ],
    ids=["list", "tuple", "series", "array"],
)
def test_several_prompts(faces: Service, texts: Any) -> None:
    """`generate` makes one image of each, as parameters of all have it."""
    grid = nb.generate(texts, aspect_ratio="16:9")
    assert [image.request.prompt for image in grid] == ["A cat", "A dog"]
    assert {dict(image.request.parameters)["aspect_ratio"] for image in grid} == {"16:9"}
    assert "{prompt}" not in str(grid)
    with pytest.raises(InputError, match="would be words of the prompt"):
        nb.generate(["A cat", "A {red|blue} dog"])
    assert nb.generate(["A cat", "A dog"], aspect_ratio="16:9").credits == 0


def test_one_list_for_one_place(faces: Service) -> None:
    """A list without a name is for the only place there is, and refused where several are."""
    assert len(nb.plan("A {bird}", ["heron", "owl"]).cells) == 2
    assert len(nb.plan("A {bird}, {style}", {"style": "ink", "bird": ["heron", "owl"]}).cells) == 2
    series = pd.Series(["heron", "owl"], name="bird")
    assert len(nb.plan("A {bird}, {ink|oil}", series).cells) == 4
    with pytest.raises(InputError, match="which place of the prompt it is for: the places are"):
        nb.plan("A {bird}, {style}", ["heron", "owl"])
    with pytest.raises(InputError, match="the places are: none"):
        nb.plan("A bird", ["heron", "owl"])


def test_the_index_comes_back(faces: Service) -> None:
    """`to_frame` has the index of the frame, so that both can be joined; also with repeats."""
    birds = pd.DataFrame(BIRDS, index=pd.Index(["a", "b", "c"], name="id"))
    grid = nb.sweep("A {bird}, {style}", birds, repeats=2)
    assert [*grid.to_frame().index] == ["a", "a", "b", "b", "c", "c"]
    assert [*grid[2:4].to_frame().index] == ["b", "b"]
    joined = birds.join(grid.to_frame()["credits"])
    assert joined["credits"].tolist() == [4.0] * 6
    read = Plan.from_json(grid.plan.to_json())  # type: ignore[union-attr]
    assert read == grid.plan
    plain = nb.sweep("A {bird}, {style}", BIRDS)
    assert [*plain.to_frame().index] == [0, 1, 2]


def test_images_of_rows(faces: Service, tmp_path: Path) -> None:
    """A column of pictures gives each row its own, or none."""
    Image.new("RGB", (8, 8)).save(tmp_path / "heron.png")
    rows = [{"bird": "heron", "image": tmp_path / "heron.png"}, {"bird": "owl"}]
    plan = nb.plan("A {bird}", rows)
    assert [len(c.request.images) for c in plan.cells] == [1, 0]


def test_whole_numbers_stay_whole(faces: Service) -> None:
    """Where a number is missing pandas makes floats of all: they are whole again in a prompt."""
    rows = pd.DataFrame({"n": [1, 2], "google_search": [True, None]})
    assert [c.request.prompt for c in nb.plan("{n} cats", rows[["n"]]).cells] == [
        "1 cats",
        "2 cats",
    ]
    numbers = pd.DataFrame({"n": [1.0, 2.0, np.nan], "x": [1.5, 2.0, 3]}).iloc[:2]
    assert nb.plan("{n} cats", numbers[["n"]]).cells[0].request.prompt == "1.0 cats"


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ([{"bird": "heron"}, {"bird": None}], "no bird at row 2"),
        (pd.DataFrame({"bird": ["heron", np.nan]}, index=["a", "b"]), "no bird at index b"),
        (pd.DataFrame({"bird": ["heron"], "stlye": ["ink"]}), "The column stlye is neither"),
        (pd.DataFrame({"bird": ["heron"], "aspct_ratio": ["1:1"]}), "Did you mean aspect_ratio"),
        (pd.DataFrame({"bird": []}), "no rows"),
        (pd.DataFrame(), "no rows"),
        ([], "no rows"),
        (pd.DataFrame([["heron", "owl"]]), "A column of the table is called 0"),
        (pd.DataFrame([["heron", "owl"]], columns=["bird", "bird"]), "Two columns"),
        (pd.DataFrame({"aspect-ratio": ["1:1"], "aspect_ratio": ["1:1"]}), "Two columns"),
        ([{"bird": "owl"}, {"bird": "owl"}], "twice"),
        (pd.DataFrame({"bird": ["owl"], "seed": [1]}), "seed"),
        (pd.DataFrame({"bird": ["owl"], "repeats": [3]}), "repeats"),
        (Path("none.csv"), "No such file"),
        ("none.csv", "No such file"),
        ([{"bird": ["owl", "kite"]}], "cannot stand in a prompt"),
        ([1j, object()], "cannot stand in a prompt"),
        ([{"bird": "owl", "aspect_ratio": np.inf}], "inf"),
    ],
)
def test_what_no_table_says_is_refused(faces: Service, table: Any, why: str) -> None:
    """One sentence that names the row or the column; nothing is sent."""
    with pytest.raises(InputError, match=why) as caught:
        nb.sweep("A {bird}", table)
    assert "\n" not in str(caught.value)
    assert faces.creates() == []


def test_a_file_that_is_no_table(faces: Service, tmp_path: Path) -> None:
    """What cannot be read, or holds no rows, says so with its name."""
    for name, text in (
        ("a.json", "{"),
        ("b.json", '{"a": 1}'),
        ("c.jsonl", "[1]\n2"),
        ("d.csv", ""),
    ):
        (tmp_path / name).write_text(text)
        with pytest.raises(InputError, match=rf"{name}|no rows"):
            nb.plan("A {bird}", tmp_path / name)


def test_prompts_that_look_like_files_are_prompts(faces: Service) -> None:
    """Only one word that ends as a table's file is one."""
    assert nb.plan("A poster of data.csv").cells[0].request.prompt == "A poster of data.csv"
    with pytest.raises(InputError, match="No such file"):
        nb.generate("data.csv")
