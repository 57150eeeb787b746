"""One display of a grid, and one export: what they have in common is computed once."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from nanobanana_nb.images import disk
from nanobanana_nb.images.jpeg_fit import Encoding
from nanobanana_nb.images.thumbnail import opened
from nanobanana_nb.model.opinion import Rating
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.arrange.layout import arrange, layout_of
from nanobanana_nb.show.arrange.positions import places
from nanobanana_nb.show.arrange.view import view_of
from nanobanana_nb.show.export.content import content_of
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.html.summary import summary
from nanobanana_nb.show.judge import chance
from nanobanana_nb.show.mimebundle import bundle_of_one
from nanobanana_nb.show.sheet import canvas
from tests.show.conftest import photo, planned_grid
from tests.show.judge.memory_opinions import Kept, KeptRatings

FUNCTIONS = (arrange, places, view_of, layout_of, summary, content_of)
LAYOUT = {"places": 1, "view_of": 1, "layout_of": 1}


@contextmanager
def calls(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """Count within the block how often layout, summary and ratings are computed."""
    count: Counter[str] = Counter()

    def counting(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            count[function.__name__] += 1
            return function(*args, **options)

        return call

    with monkeypatch.context() as patch:
        for function in FUNCTIONS:
            for module in _users(function):
                patch.setattr(module, function.__name__, counting(function))
        patch.setattr(KeptRatings, "get", counting(KeptRatings.get))
        yield count


def _users(function: Callable[..., Any]) -> list[ModuleType]:
    """The modules of ours that call a function by its name."""
    ours = [m for name, m in sys.modules.items() if name.startswith("nanobanana_nb.")]
    return [m for m in ours if vars(m).get(function.__name__) is function]


def rated(photos: list[Path], count: int = 4) -> ImageGrid:
    """A grid with an axis whose first image has a rating."""
    named = [f"animal {n}" for n in range(count)]
    grid = planned_grid(photos, "A {animal}", animal=named)
    images = [Generation(**{**vars(g), "sha256": f"{n:064x}"}) for n, g in enumerate(grid)]
    grid = ImageGrid(images, grid.plan, opinions=Kept())
    grid.rate(0, stars=4)
    return grid


@pytest.mark.parametrize("count", [1, 4])
def test_display_computes_once(
    photos: list[Path], monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    """HTML, text and picture of one display share layout, summary and ratings."""
    grid = rated(photos, count)
    with calls(monkeypatch) as made:
        forms = grid._repr_mimebundle_()
    assert len(forms) == 3
    advice = {"places": 2} if count > 1 else {}  # how many repeats would tell is counted apart
    assert made == {"arrange": 1, **LAYOUT, **advice, "summary": 1, "get": 1}
    assert all("★★★★☆" in forms[kind] for kind in ("text/html", "text/plain"))
    with calls(monkeypatch) as made:
        bundle_of_one(grid[0], None, None)
    assert made == {"arrange": 1, **LAYOUT, "summary": 1}


@pytest.mark.long
@pytest.mark.parametrize("ending", ["png", "html", "json", "zip"])
def test_export_computes_once(
    photos: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    """A file is written from one look at the grid."""
    grid = rated(photos)
    with calls(monkeypatch) as made:
        grid.export(tmp_path / f"grid.{ending}")
    once = LAYOUT if ending == "png" else {"places": 1, "view_of": 1}  # a page has its own script
    assert made == {"content_of": 1, **once, "get": 1}


def test_display_shows_what_changed(tmp_path: Path) -> None:
    """What is kept of a display is kept by all that it shows: words, ratings and files."""
    paths = [photo(tmp_path / f"{n}.png", 64, 64, seed=n) for n in range(3)]
    grid = rated(paths, 3)
    first = grid._repr_mimebundle_()
    assert grid._repr_mimebundle_() == first
    grid.rate(1, stars=1)
    second = grid._repr_mimebundle_()
    photo(paths[2], 64, 64, seed=9)
    third = grid._repr_mimebundle_()
    paths[2].unlink()
    fourth = grid._repr_mimebundle_()
    for kind in ("text/html", "image/jpeg"):
        assert len({form[kind] for form in (first, second, third, fourth)}) == 4
    assert Rating(1) in grid.ratings()


def test_file_that_can_be_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What could not be read once, though nothing was written, is drawn by the next display."""
    paths = [photo(tmp_path / f"{n}.png", 64, 64, seed=n) for n in range(2)]
    grid = planned_grid(paths, "A {animal}", animal=["cat", "hare"])

    def refused(path: Path) -> bytes:
        raise PermissionError(13, "no permission", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(disk, "read_regular", refused)
        without = grid._repr_mimebundle_()
        assert "cannot be read" in without["text/html"]
    pictures = grid._repr_mimebundle_()
    assert "cannot be read" not in pictures["text/html"]
    assert pictures["image/jpeg"] != without["image/jpeg"]


@pytest.mark.long
@pytest.mark.parametrize(("animals", "styles", "repeats"), [(12, 10, 1), (5, 8, 3)])
def test_second_display_is_quick(
    photos: list[Path],
    monkeypatch: pytest.MonkeyPatch,
    animals: int,
    styles: int,
    repeats: int,
) -> None:
    """Of 120 images that were shown before, nothing is drawn, encoded or compared once more.

    It takes less time than making a fifth of the thumbnails, whatever the machine has to do
    besides: both are measured in turn, and the best of five counts.
    """
    names = {
        "animal": [f"animal {n}" for n in range(animals)],
        "style": [f"style {n}" for n in range(styles)],
    }
    grid = planned_grid(photos, "A {animal} in {style}", repeats, **names)
    assert len(grid) == 120
    first = grid._repr_mimebundle_()
    warm, thumbnails = [], []
    for _ in range(5):
        warm.append(_seconds(grid._repr_mimebundle_))
        thumbnails.append(_seconds(lambda: list(map(_thumbnail, photos * 2))))
    assert min(warm) < min(thumbnails)
    monkeypatch.delattr(Encoding, "of")
    monkeypatch.delattr(canvas, "text")
    monkeypatch.delattr(chance, "distances")
    assert grid._repr_mimebundle_() == first


def _thumbnail(path: Path) -> None:
    image = opened(path, 512)
    Encoding.of(image, 82)
    image.thumbnail((144, 144))
    Encoding.of(image, 60)


def _seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin
