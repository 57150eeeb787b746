"""An image where NumPy and Matplotlib want an array."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from nanobanana_nb.errors import GenerationFailedError
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.grid import ImageGrid
from tests.show.conftest import failed

Made = Callable[..., Generation]
SHAPES = {"RGB": (4, 6, 3), "RGBA": (4, 6, 4), "L": (4, 6), "P": (4, 6, 3), "CMYK": (4, 6, 3)}
SHAPES |= {"LA": (4, 6, 4), "1": (4, 6), "I;16": (4, 6)}


@pytest.mark.parametrize("mode", SHAPES)
def test_pixels_are_rows_columns_and_channels(made: Made, tmp_path: Path, mode: str) -> None:
    """Colours are colours whatever the file has: no numbers of a palette, no inks."""
    path = tmp_path / ("x.tif" if mode in ("CMYK", "I;16") else "x.png")
    Image.new(mode, (6, 4)).save(path)
    pixels = np.asarray(made(path=path))
    assert pixels.shape == SHAPES[mode]
    with Image.open(path) as image:
        assert (
            np.array_equal(pixels[..., :3], np.asarray(image.convert("RGB")))
            or len(pixels.shape) == 2
        )


def test_numpy_chooses_the_type(made: Made) -> None:
    """`dtype` and `copy` are honoured as NumPy 2 wants it."""
    assert np.asarray(made(), dtype="float32").dtype == np.float32
    assert np.array(made()).flags.writeable
    if np.lib.NumpyVersion(np.__version__) >= "2.0.0":
        with pytest.raises(ValueError, match="copied"):
            np.array(made(), copy=False)


def test_what_is_no_image_raises_its_own_error() -> None:
    """A failure is not an empty array."""
    with pytest.raises(GenerationFailedError):
        np.asarray(failed())


def test_matplotlib_shows_it(made: Made) -> None:
    """`imshow` takes an image as it is."""
    pytest.importorskip("matplotlib")
    from matplotlib.figure import Figure

    shown = Figure().subplots().imshow(made())
    assert shown.get_array() is not None
    assert shown.get_size() == (512, 512)


def test_frames_and_arrays_of_objects_hold_images(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A column of images is a column of images, and none of them is decoded for it."""
    pandas = pytest.importorskip("pandas")
    reads: list[Any] = []
    monkeypatch.setattr(Generation, "image", property(reads.append))
    images = [made(0), made(1)]
    column = pandas.DataFrame({"image": images, "stars": [1, 2]})["image"]
    assert [value is image for value, image in zip(column, images, strict=True)] == [True, True]
    assert reads == []


def test_a_grid_is_equal_and_a_reference_as_before(made: Made) -> None:
    """Equality stays one answer, and an image is not taken for an array where it is one of ours."""
    from nanobanana_nb.run.inputs.reference import reference

    grid = ImageGrid([made(0), made(1)])
    assert (grid == np.zeros(2)) is False
    assert (made(0) == made(0)) is True
    assert reference(made(0)).name == "A cat"
