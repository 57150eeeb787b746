"""Ratings of the images of a grid: given, shown, exported."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nanobanana_nb.errors import InputError, LedgerError
from nanobanana_nb.model.opinion import Rating
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.export.content import content_of
from nanobanana_nb.show.export.page import viewer_data
from nanobanana_nb.show.grid import ImageGrid
from tests.html_reader import Reader
from tests.show.conftest import failed
from tests.show.judge.memory_opinions import Kept

Made = Callable[..., Generation]
NOTE = "<b>soft</b>"


@pytest.fixture
def grid(made: Made) -> ImageGrid:
    """Two images and a failure, with somewhere to keep opinions."""
    ones = [made(n, sha256=str(n) * 64, prompt=f"A {n}") for n in range(2)]
    return ImageGrid([*ones, failed()], opinions=Kept())


def test_rating_stays_with_the_image(grid: ImageGrid) -> None:
    """What is not given stays; other grids of the image have the rating too."""
    assert grid.rate(0, stars=4) == Rating(4)
    assert grid.rate(grid[0], favourite=True, note=NOTE) == Rating(4, True, NOTE)
    assert grid.ratings() == [Rating(4, True, NOTE), Rating(), Rating()]
    assert grid[:1].ratings() == grid.ratings()[:1]


def test_what_cannot_be_rated_is_told(grid: ImageGrid, made: Made) -> None:
    """There is no image, no ledger, or no such number of stars."""
    with pytest.raises(InputError, match="no image"):
        grid.rate(2, stars=1)
    with pytest.raises(InputError, match="no ledger"):
        pickle.loads(pickle.dumps(grid)).rate(0, stars=1)
    with pytest.raises(InputError, match="stars"):
        grid.rate(0, stars=9)
    assert grid.ratings() == [Rating()] * 3
    assert ImageGrid([made()]).ratings() == [Rating()]


def test_result_shows_stars_and_note(grid: ImageGrid) -> None:
    """Captions have them, in HTML, as text, and where the image stands alone."""
    grid.rate(0, stars=4, favourite=True, note=NOTE)
    for shown in (grid, grid[:1]):
        html = shown._repr_mimebundle_(include=["text/html"])["text/html"]
        assert "★★★★☆ ♥ <b>soft</b>" in Reader(html).text
        assert NOTE not in html
        assert "★★★★☆ ♥ <b>soft</b>" in repr(shown)
    assert "☆" not in repr(grid[1:])


def test_records_have_the_rating(grid: ImageGrid, made: Made) -> None:
    """Stars, favourite and note are columns; an axis of that name is told apart."""
    grid.rate(1, stars=5)
    assert [one["stars"] for one in grid.to_records()] == [None, 5, None]
    assert grid.to_records()[1]["favourite"] is False
    own = ImageGrid([made(parameters=(("stars", 7),))]).to_records()[0]
    assert (own["stars"], own["stars (parameter)"]) == (None, 7)


def test_exports_have_the_rating(grid: ImageGrid, tmp_path: Path) -> None:
    """The table has columns for it, and the page's viewer is told of those that there are."""
    assert "ratings" not in viewer_data(content_of(grid), {})
    grid.rate(1, stars=5, note="=1+1")
    assert viewer_data(content_of(grid), {})["ratings"] == {"1": Rating(5, note="=1+1").to_record()}
    images = json.loads(grid.export(tmp_path / "x.json").read_text())["images"]
    assert [image["stars"] for image in images] == [None, 5, None]
    assert "'=1+1" in grid.export(tmp_path / "x.csv").read_text(encoding="utf-8-sig")


def test_note_on_a_private_image_stays(made: Made) -> None:
    """It may say what the prompt says; the stars go along."""
    grid = ImageGrid([made(sha256="a" * 64, private=True)], opinions=Kept())
    grid.rate(0, stars=3, note="like the prompt")
    assert content_of(grid).entries[0].rating == Rating(3)
    assert content_of(grid, private=True).entries[0].rating == Rating(3, note="like the prompt")


def test_result_shows_without_its_ledger(grid: ImageGrid, monkeypatch: Any) -> None:
    """A ledger that cannot be read takes the stars away and not the images."""
    assert grid.opinions is not None

    def broken(hashes: Any) -> Any:
        raise LedgerError("The ledger cannot be used")

    monkeypatch.setattr(grid.opinions.ratings, "get", broken)
    assert "2 done" in repr(grid)
    with pytest.raises(LedgerError):
        grid.to_records()
