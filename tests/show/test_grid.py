"""The sequence and its bundle."""

from __future__ import annotations

import base64
import copy
import io
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.show.grid import ImageGrid
from tests.show.conftest import failed, planned_grid, waiting

Made = Callable[..., Generation]


def test_an_index_gives_a_generation_and_a_slice_a_grid(made: Made) -> None:
    """Integers pick one image, slices keep the form and the links."""
    grid = ImageGrid([made(i) for i in range(4)], links=lambda g: f"images/{g.path}")
    assert grid[1] is grid.generations[1]
    assert isinstance(grid[1:3], ImageGrid)
    assert grid[1:3].generations == grid.generations[1:3]
    assert grid[1:3].href(grid[1]) == grid.href(grid[1])


def test_a_slice_keeps_the_cells_of_its_plan(photos: list[Path]) -> None:
    """The part of a planned grid knows the axis values of its own images."""
    grid = planned_grid(photos, "A {animal}", animal=["cat", "heron", "hare"])[1:]
    assert grid.plan is not None
    assert [cell.values for cell in grid.plan.cells] == [
        (("animal", "heron"),),
        (("animal", "hare"),),
    ]


def test_credits_errors_and_counts_are_of_all_images(made: Made) -> None:
    """Unknown prices count nothing, and cached images are counted beside the states."""
    grid = ImageGrid([made(), made(1, cached=True, credits=0), failed(), waiting(State.UNKNOWN)])
    assert grid.credits == 4
    assert [error.why for error in grid.errors] == ["blocked by moderation"]
    counts = grid.counts()
    assert (counts["success"], counts[State.FAILED], counts["unknown"]) == (2, 1, 1)
    assert (counts["cached"], counts["running"]) == (1, 0)


def test_a_grid_of_one_answers_for_its_image(made: Made) -> None:
    """`.image`, `.path` and the others need no index where there is one image."""
    one = made()
    grid = ImageGrid([one])
    assert grid.one is one
    assert (grid.path, grid.task_id, grid.state, grid.error) == (
        one.path,
        one.task_id,
        State.SUCCESS,
        None,
    )
    assert grid.bytes == one.bytes
    assert grid.image.size == (512, 512)


@pytest.mark.parametrize("name", ["image", "path", "bytes", "task_id", "state", "error"])
def test_a_grid_of_several_says_which_to_ask(made: Made, name: str) -> None:
    """The shortcut of one image is an error that shows the index to write."""
    with pytest.raises(InputError, match=rf"has 2 images.*`grid\[0\]\.{name}`"):
        getattr(ImageGrid([made(), made(1)]), name)


def test_an_empty_grid_is_shown_and_has_no_image() -> None:
    """Nothing to show is said in words."""
    grid = ImageGrid([])
    assert repr(grid) == "No images."
    assert "image/jpeg" not in grid._repr_mimebundle_()
    with pytest.raises(InputError, match="0 images"):
        _ = grid.image


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda g: pickle.loads(pickle.dumps(g))])
def test_copies_are_equal(made: Made, copied: Callable[[ImageGrid], ImageGrid]) -> None:
    """Pickling and copying keep images, plan and errors; links may be lost."""
    grid = ImageGrid([made(), failed()], links=lambda _: "x.png")
    again = copied(grid)
    assert again == grid
    assert str(again.errors[0]) == str(grid.errors[0])
    assert grid != ImageGrid([made(), made(1)])


def test_the_bundle_has_html_a_picture_and_text(made: Made) -> None:
    """All three twins are there, and the picture is base64 of a JPEG."""
    bundle = ImageGrid([made(), made(1)])._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain", "image/jpeg"}
    with Image.open(io.BytesIO(base64.b64decode(bundle["image/jpeg"]))) as sheet:
        assert sheet.format == "JPEG"


def test_a_bundle_without_any_image_has_no_picture() -> None:
    """While nothing is there yet, text and HTML say so alone."""
    bundle = ImageGrid([waiting(State.RUNNING)])._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}


def test_include_and_exclude_choose_the_twins(made: Made) -> None:
    """A front end may ask for some forms only."""
    grid = ImageGrid([made()])
    assert set(grid._repr_mimebundle_(include={"text/plain"})) == {"text/plain"}
    assert "image/jpeg" not in grid._repr_mimebundle_(exclude={"image/jpeg"})


@pytest.mark.long
@pytest.mark.parametrize(
    ("count", "most"),
    [(1, 400_000), (12, 700_000), (30, 700_000), (100, 1_500_000), (500, 1_500_000)],
)
def test_the_whole_bundle_stays_light(made: Made, count: int, most: int) -> None:
    """However many detailed images there are, the output has its limit and uses it."""
    bundle = ImageGrid([made(i, prompt=f"A cat {i}") for i in range(count)])._repr_mimebundle_()
    assert most / 6 < sum(len(value.encode()) for value in bundle.values()) < most


@pytest.mark.long
def test_import_loads_no_pillow() -> None:
    """The grid can be imported without paying for the picture library."""
    shows = (
        "grid",
        "html.html",
        "live.status_line",
        "html.text",
        "sheet.contact_sheet",
        "html.summary",
    )
    modules = (*(f"show.{name}" for name in shows), "images.thumbnail", "show.arrange.layout")
    imports = ", ".join(f"nanobanana_nb.{name}" for name in modules)
    code = f"import sys, {imports}; print('PIL' in sys.modules, 'IPython' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["False", "False"]
