"""A grid as plain data."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.plan.record import Cell
from nanobanana_nb.model.request import ReferenceImage
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.grid import ImageGrid
from tests.show.conftest import failed, generation, planned_grid

Made = Callable[..., Generation]


@pytest.mark.long
def test_a_record_has_values_parameters_and_what_became_of_it(photos: list[Path]) -> None:
    """Axis values first, then what is fixed, one record an image."""
    grid = planned_grid(photos, "{style} {n}", repeats=2, style=["ink"], n=[1, 2])
    record = grid.to_records()[3]
    assert list(record)[:2] == ["style", "n"]
    assert (record["style"], record["n"], record["repeat"]) == ("ink", 2, 2)
    assert (record["prompt"], record["state"], record["credits"]) == ("ink 2", "done", 4)
    assert (record["path"], record["width"]) == (str(grid[3].path), 512)
    assert (record["error"], record["charged"], record["cached"]) == (None, None, False)


def test_a_failure_keeps_its_reason_and_its_money() -> None:
    """What went wrong and whether credits were taken are columns of their own."""
    record = ImageGrid([failed()]).to_records()[0]
    assert "blocked by moderation" in record["error"]
    assert (record["charged"], record["path"], record["state"]) == ("no", None, "failed")


def test_all_records_have_the_same_names(made: Made) -> None:
    """A parameter that only some have is None for the others."""
    grid = ImageGrid([made(parameters=(("aspect_ratio", "1:1"),)), made(1)])
    first, second = grid.to_records()
    assert list(first) == list(second)
    assert (first["aspect_ratio"], second["aspect_ratio"]) == ("1:1", None)


def test_names_that_are_taken_are_told_apart(made: Made) -> None:
    """An axis called `state` does not hide the state, and one that says the same is not twice."""
    one = made(parameters=(("seconds", 3),))
    values = (("state", "liquid"), ("model", one.request.model))
    grid = ImageGrid([one], Plan((Cell(one.request, values),)))
    record = grid.to_records()[0]
    assert (record["state"], record["state (axis)"]) == ("done", "liquid")
    assert (record["seconds"], record["seconds (parameter)"]) == (12.0, 3)
    assert "model (axis)" not in record


@pytest.mark.parametrize("kind", ["axis", "parameter"])
def test_every_fixed_name_can_be_chosen(photos: list[Path], kind: str) -> None:
    """Whatever a person calls an axis or a parameter, its values and the record's own stay."""
    pytest.importorskip("pandas")
    plain = planned_grid(photos, "{style}", style=["ink", "oil"])
    for name in plain.to_records()[0].keys() - {"style"}:
        if kind == "axis":
            grid = planned_grid(photos, f"{{{name}}}", **{name: ["ink", "oil"]})
        else:
            asked = [((name, value),) for value in ("ink", "oil")]
            grid = ImageGrid([generation(photos[0], parameters=p) for p in asked])
        for rows in (grid.to_records(), grid.to_frame().to_dict("records")):
            own = "prompt" if (name, kind) == ("prompt", "axis") else f"{name} ({kind})"
            assert [row[own] for row in rows] == ["ink", "oil"]
            assert [row["state"] for row in rows] == ["done"] * 2
            assert [row["prompt"] for row in rows] != [row["model"] for row in rows]


def test_a_placeholder_and_a_parameter_of_one_name_are_both_kept(made: Made) -> None:
    """`{seed}` in the prompt is not the seed; a parameter that is the axis is there once."""
    one = made(parameters=(("seed", 7),))
    for value, names in (("oak", ["seed", "seed (parameter)"]), (7, ["seed"])):
        grid = ImageGrid([one], Plan((Cell(one.request, (("seed", value),)),)))
        record = grid.to_records()[0]
        assert [name for name in record if "seed" in name] == names
        assert [record[name] for name in names] == [value, 7][: len(names)]


def test_an_image_as_a_value_is_its_name(made: Made) -> None:
    """A record holds no bytes."""
    one = made()
    image = ReferenceImage.from_bytes(b"x", "image/png", "cat.png")
    grid = ImageGrid([one], Plan((Cell(one.request, (("image", image),)),)))
    assert grid.to_records()[0]["image"] == "cat.png"


def test_a_frame_needs_pandas_and_says_so(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names what to install and what does without."""
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(InputError, match=r"%pip install pandas.*grid\.to_records"):
        ImageGrid([made()]).to_frame()


def test_a_frame_is_made_of_the_records(made: Made) -> None:
    """One row an image, in the order of the grid."""
    pytest.importorskip("pandas")
    grid = ImageGrid([made(), failed()])
    rows, records = grid.to_frame().to_dict("records"), grid.to_records()
    assert [[*row] for row in rows] == [[*record] for record in records]
    assert [row["state"] for row in rows] == ["done", "failed"]


def test_a_frame_of_pandas_has_a_row_an_image(photos: list[Path]) -> None:
    """With pandas there, columns can be grouped and summed."""
    pytest.importorskip("pandas")
    frame = planned_grid(photos, "{style} {n}", style=["ink", "oil"], n=[1, 2]).to_frame()
    assert frame.groupby("style")["credits"].sum().to_dict() == {"ink": 8, "oil": 8}
