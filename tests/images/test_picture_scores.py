"""A picture as one number: pictures whose numbers are known."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageFilter

from nanobanana_nb.images.picture_scores import SIDE, colourfulness, contrast, sharpness

FLAT = Image.new("RGB", (64, 48), (90, 90, 90))


def noise(mode: str = "RGB", side: int = SIDE) -> Image.Image:
    """Grain, the same each time."""
    levels = np.random.default_rng(3).integers(0, 256, (side, side, 3), dtype=np.uint8)
    return Image.fromarray(levels).convert(mode)


def checkerboard(px: int) -> Image.Image:
    """Black and white squares."""
    at = np.arange(SIDE) // px
    return Image.fromarray((255 * ((at[:, None] + at) % 2)).astype(np.uint8))


@pytest.mark.parametrize("score", [sharpness, contrast, colourfulness])
@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK"])
def test_a_plain_area_has_nothing(score: object, mode: str) -> None:
    """Grey without an edge, in whatever form; white where it is clear."""
    plain = Image.new("RGB", (64, 48), "white").convert(mode)
    assert score(plain) == pytest.approx(0, abs=1e-9)  # type: ignore[operator]
    assert score(Image.new("RGBA", (64, 48), (9, 99, 200, 0))) == pytest.approx(0)  # type: ignore[operator]


def test_half_black_and_half_white_is_the_most_contrast() -> None:
    """0.5, and half as much between the quarters."""
    assert contrast(checkerboard(64)) == pytest.approx(0.5)
    quarters = checkerboard(64).point(lambda level: 64 + level // 2)
    assert contrast(quarters) == pytest.approx(0.249, abs=0.001)


def test_sharpness_is_the_variance_of_the_laplacian() -> None:
    """Every point of a board of single points is 4 · 255 away from its neighbours, either way."""
    assert sharpness(checkerboard(1)) == pytest.approx((4 * 255) ** 2, rel=0.001)


def test_a_blurred_picture_is_less_sharp() -> None:
    """The more, the less, and smaller again where it has to be enlarged."""
    blurred = [noise().filter(ImageFilter.GaussianBlur(radius)) for radius in (0, 1, 2, 4)]
    numbers = [sharpness(picture) for picture in blurred]
    assert numbers == sorted(numbers, reverse=True)
    assert sharpness(noise(side=64)) < numbers[0] / 4


def test_colourfulness_is_the_formula_of_the_paper() -> None:
    """Hasler and Süsstrunk's, computed here once more by NumPy."""
    red, green, blue = (np.asarray(noise(), dtype=float)[..., n] for n in range(3))
    rg, yb = red - green, (red + green) / 2 - blue
    spread, means = np.hypot(rg.std(), yb.std()), np.hypot(rg.mean(), yb.mean())
    assert colourfulness(noise()) == pytest.approx(spread + 0.3 * means)
    assert colourfulness(noise("L")) == 0
    plain_red = Image.new("RGB", (9, 9), (255, 0, 0))
    assert colourfulness(plain_red) == pytest.approx(0.3 * np.hypot(255, 127.5))


def test_a_picture_of_one_line_has_a_number() -> None:
    """However thin it is."""
    for size in ((4000, 1), (1, 1)):
        assert sharpness(Image.new("RGB", size)) == contrast(Image.new("RGB", size)) == 0
