"""A table of pandas with pictures: shown in a notebook, and a table all the same."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pandas
import pytest

from nanobanana_nb.show.grid import ImageGrid
from tests.show.conftest import failed, planned_grid


@pytest.fixture
def frame(photos: list[Path]) -> Any:
    """Two images and one that failed, the first with a name to be escaped."""
    planned = planned_grid(photos, "{style}", style=["<b>ink</b>", "oil", "pen"])
    grid = ImageGrid([*planned.generations[:2], failed()], planned.plan)
    return grid.to_frame(thumbnails=True)


def test_pictures_are_shown(frame: Any) -> None:
    """One for each image that is there, the word for the others; texts stay escaped."""
    html = frame._repr_html_()
    assert html.count("<img") == 2
    assert "data:image/jpeg;base64," in html
    assert "&lt;b&gt;ink&lt;/b&gt;" in html
    assert "<b>ink" not in html
    assert "-picture" not in html
    assert len(html) < 60_000


def test_it_is_a_table(frame: Any) -> None:
    """Filtered, sorted and pickled it still shows its pictures; as text it says the state."""
    assert next(iter(frame.columns)) == "picture"
    assert [str(picture) for picture in frame["picture"]] == ["done", "done", "failed"]
    assert frame[frame["style"] == "oil"]._repr_html_().count("<img") == 1
    assert frame.sort_values("style", ascending=False).head(2)._repr_html_().count("<img") == 1
    assert pickle.loads(pickle.dumps(frame))._repr_html_().count("<img") == 2
    assert frame.drop(columns="picture")._repr_html_().count("<img") == 0
    assert "done" in str(frame)
    assert frame.groupby("state")["credits"].sum()["done"] == 8


def test_a_long_table_draws_what_is_shown(frame: Any) -> None:
    """Of 300 rows pandas shows ten: the others are not drawn."""
    long = pandas.concat([frame] * 100, ignore_index=True)
    assert long._repr_html_().count("<img") <= 10


def test_an_axis_of_that_name_stays(photos: list[Path]) -> None:
    """A column that is called so already keeps its name."""
    frame = planned_grid(photos, "{picture}", picture=["ink", "oil"]).to_frame(thumbnails=True)
    assert [*frame["picture"]] == ["ink", "oil"]
    assert frame._repr_html_().count("<img") == 2
