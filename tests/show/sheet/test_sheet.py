"""The contact sheet."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.html.size_limits import sheet_bytes
from tests.show.conftest import failed, planned_grid, waiting
from tests.show.forms import contact_sheet

Made = Callable[..., Generation]


def _decoded(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    assert image.format == "JPEG"
    return image


@pytest.mark.long
@pytest.mark.parametrize("count", [1, 12, 60, 500])
def test_a_sheet_decodes_and_is_bounded(made: Made, count: int) -> None:
    """Detailed pictures, however many, stay under the limit."""
    data = contact_sheet(ImageGrid([made(i) for i in range(count)]))
    assert len(data) <= sheet_bytes(min(count, 120))
    assert min(_decoded(data).size) > 200


def test_a_failure_is_drawn_and_not_left_blank(made: Made) -> None:
    """The place of a failed image holds a red border and words."""
    sheet = _decoded(contact_sheet(ImageGrid([failed(), made()]))).convert("RGB")
    tile = sheet.crop((8, 8, 260, 170))
    colours = [colour for _, colour in tile.getcolors(1 << 20) or []]
    assert any(r > 180 and g < 130 and b < 130 for r, g, b in colours)
    assert any(max(colour) < 90 for colour in colours)


def test_axes_give_the_sheet_headings(photos: list[Path]) -> None:
    """A planned grid has room for its headings beside and above the pictures."""
    axes = planned_grid(photos, "{a} {b}", a=["ink", "oil"], b=["cat", "hare"])
    plain = ImageGrid(axes.generations[:2])
    with_headings = _decoded(contact_sheet(axes))
    assert with_headings.width > _decoded(contact_sheet(plain)).width


@pytest.mark.parametrize("state", list(State))
def test_every_state_can_be_drawn(made: Made, state: State) -> None:
    """No state breaks the sheet, nor does a lost file or an odd text."""
    odd = waiting(state, prompt="\ud800 صورة " * 400, task_id=None)
    lost = made(path=Path("lost.png"), model="x" * 500)
    assert _decoded(contact_sheet(ImageGrid([odd, lost]))).width > 100
