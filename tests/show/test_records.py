"""A grid as plain data."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.plan import Cell, Plan
from nanobanana_nb.model.request import ReferenceImage
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.grid import ImageGrid

from .conftest import failed, planned_grid

Made = Callable[..., Generation]


def test_a_record_has_values_parameters_and_what_became_of_it(photos: list[Path]) -> None:
    """Axis values first, then what is fixed, one record an image."""
    grid = planned_grid(photos, "{style} {n}", repeats=2, style=["ink"], n=[1, 2])
    record = grid.to_records()[3]
    assert list(record)[:2] == ["style", "n"]
    assert (record["style"], record["n"], record["repeat"]) == ("ink", 2, 2)
    assert (record["prompt"], record["state"], record["credits"]) == ("ink 2", "success", 4)
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
    assert (record["state"], record["state (axis)"]) == ("success", "liquid")
    assert (record["seconds"], record["seconds (parameter)"]) == (12.0, 3)
    assert "model (axis)" not in record


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


def test_a_frame_is_made_of_the_records(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """One row an image, in the order of the grid."""
    taken: list[Any] = []
    fake = SimpleNamespace(DataFrame=SimpleNamespace(from_records=taken.extend))
    monkeypatch.setitem(sys.modules, "pandas", fake)
    grid = ImageGrid([made(), failed()])
    grid.to_frame()
    assert taken == grid.to_records()


def test_a_frame_of_pandas_has_a_row_an_image(photos: list[Path]) -> None:
    """With pandas there, columns can be grouped and summed."""
    pytest.importorskip("pandas")
    frame = planned_grid(photos, "{style} {n}", style=["ink", "oil"], n=[1, 2]).to_frame()
    assert frame.groupby("style")["credits"].sum().to_dict() == {"ink": 8, "oil": 8}
