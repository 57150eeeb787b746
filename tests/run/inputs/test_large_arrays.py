"""Arrays as pictures, and pictures that are too large: what is sent of them, and what is told."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy
import pytest
from PIL import Image

from nanobanana_nb.errors import ReferenceImageError
from nanobanana_nb.images import pixels
from nanobanana_nb.run.inputs.reference import reference
from tests.run.conftest import plan


@pytest.mark.parametrize(
    ("array", "corner"),
    [
        (numpy.full((3, 4, 3), 255, "uint8"), (255, 255, 255)),
        (numpy.full((3, 4, 4), 0.5), (128, 128, 128, 128)),
        (numpy.full((3, 4), 7, "int64"), 7),
        (numpy.full((3, 4, 1), 1.0, "float32"), 255),
        (numpy.eye(3, 4, dtype=bool), 255),
        (numpy.full((3, 4), 9, ">u2"), 9),
        (numpy.full((6, 8, 3), 30, "uint8")[::2, ::-2], (30, 30, 30)),
        (numpy.asfortranarray(numpy.full((3, 4, 3), 1.0)), (255, 255, 255)),
    ],
)
def test_array_is_a_picture(array: Any, corner: Any) -> None:
    """Rows, columns and channels; whole numbers to 255, fractions to 1."""
    found = reference(array, "pixels")
    assert found.data is not None
    image = Image.open(BytesIO(found.data))
    assert (image.size, image.getpixel((0, 0)), found.name) == ((4, 3), corner, "pixels")


@pytest.mark.parametrize(
    ("array", "told"),
    [
        (numpy.zeros(5), "shape"),
        (numpy.zeros((2, 2, 2)), "shape"),
        (numpy.zeros((3, 40, 50)), r"\(3, 40, 50\).*3 or 4 channels"),
        (numpy.zeros((2, 2, 2, 3)), "shape"),
        (numpy.float64(0.5), "shape"),
        (numpy.zeros((0, 2)), "empty"),
        (numpy.full((2, 2), 0.5j), "complex128, not numbers"),
        (numpy.full((2, 2), None), "object, not numbers"),
        (numpy.full((2, 2), numpy.datetime64("2026-01-01")), "not numbers"),
        (numpy.full((2, 2), -0.1), "-0.1"),
        (numpy.full((2, 2), numpy.inf), "inf"),
        (numpy.full((2, 2), 1.5), "0 to 1"),
        (numpy.full((2, 2), numpy.nan), "nan"),
        (numpy.full((2, 2), 300), "300"),
        (numpy.full((2, 2), -1), "-1"),
        (numpy.full((2, 2), "a"), "not numbers"),
    ],
)
def test_array_that_is_no_picture_says_why(array: Any, told: str) -> None:
    """The shape or the range that it has, and which it should have."""
    with pytest.raises(ReferenceImageError, match=told) as raised:
        reference(array, "pixels")
    assert "pixels" in str(raised.value)


def test_array_in_hand_stays_as_it_is() -> None:
    """Nothing is written into the array, which may be read-only, and equal ones are the same."""
    array = numpy.linspace(0, 1, 48).reshape(4, 4, 3)
    array.setflags(write=False)
    before = array.copy()
    assert reference(array).sha256 == reference(before).sha256
    assert (array == before).all()


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_what_is_too_large_is_scaled(monkeypatch: Any, mode: str) -> None:
    """The longest side is brought down, transparency stays, and the bill says so."""
    large = Image.new(mode, (80, 20), "red" if mode != "L" else 9)
    whole = reference(large, "banner")
    monkeypatch.setattr(pixels, "MOST_SIDE", 40)
    found = reference(large, "banner")
    assert found.data is not None
    image = Image.open(BytesIO(found.data))
    assert (image.size, image.mode, found.media_type) == ((40, 10), mode, "image/png")
    assert found == whole, "it is the same picture, whatever is sent of it"
    assert found.sent_sha256 not in (whole.sent_sha256, found.sha256)
    assert "banner, scaled to 40 × 10" in plan(images=[found]).notes[0]


@pytest.mark.parametrize(("mode", "kind"), [("RGB", "image/jpeg"), ("RGBA", "image/png")])
def test_too_many_bytes_are_brought_down(monkeypatch: Any, mode: str, kind: str) -> None:
    """Quality goes first where nothing is transparent, then size, until it fits."""
    monkeypatch.setattr(pixels, "MOST_BYTES", 2_000)
    found = reference(Image.effect_noise((100, 100), 90).convert(mode), "noise")
    assert found.data is not None
    assert (len(found.data) <= 2_000, found.media_type) == (True, kind)
    width = Image.open(BytesIO(found.data)).width
    assert width < 100
    assert found.changes == f"scaled to {width} × {width}"
