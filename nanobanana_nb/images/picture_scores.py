"""A picture as one number: how sharp it is, how much contrast and how much colour it has.

Each looks at a copy on white whose longest side has 512 pixels, larger or smaller as the picture
may be, so that pictures of different sizes can be compared. What is compared should have one shape
and one subject: more detail in it is more of each number, too.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

SIDE = 512


def sharpness(image: Image.Image) -> float:
    """Return how sharp a picture is: the variance of the Laplacian of its lightness, 0 to 255.

    More is sharper: it is 0 for a plain area, some tens where everything is soft, and thousands
    where fine detail is crisp, as 10,563; grain counts as detail. The unit is a level squared
    (J. L. Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy", ICPR 2000).
    """
    light = _copy(image).convert("L")
    data, width = light.tobytes(), light.width
    rows = [data[at : at + width] for at in range(0, len(data), width)]
    edges = [
        4 * centre - left - right - up - down
        for above, row, below in zip(rows, rows[1:], rows[2:], strict=False)
        for left, centre, right, up, down in zip(
            row, row[1:], row[2:], above[1:], below[1:], strict=False
        )
    ]
    return _variance(edges)


def contrast(image: Image.Image) -> float:
    """Return the contrast of a picture: the deviation of its lightness, 0 to 0.5.

    It is 0 for a plain area, and 0.5 where half is black and half white (E. Peli, "Contrast in
    complex images", Journal of the Optical Society of America A 7, 1990).
    """
    from PIL import ImageStat

    return ImageStat.Stat(_copy(image).convert("L")).stddev[0] / 255


def colourfulness(image: Image.Image) -> float:
    """Return how colourful a picture is: 0 for greys, about 15 slightly, 60 quite, 100 very.

    D. Hasler and S. Süsstrunk, "Measuring colourfulness in natural images", SPIE 5007, 2003:
    with rg = R - G and yb = (R + G) / 2 - B it is √(σ²rg + σ²yb) + 0.3 · √(μ²rg + μ²yb).
    """
    data = _copy(image).tobytes()
    points = list(zip(data[::3], data[1::3], data[2::3], strict=True))
    red_green = [red - green for red, green, _ in points]
    yellow_blue = [red + green - 2 * blue for red, green, blue in points]  # twice
    spread = math.sqrt(_variance(red_green) + _variance(yellow_blue) / 4)
    means = sum(red_green) / len(points), sum(yellow_blue) / len(points) / 2
    return spread + 0.3 * math.hypot(*means)


def _copy(image: Image.Image) -> Image.Image:
    """Return the picture as RGB on white, its longest side 512 pixels."""
    from PIL import Image

    if image.has_transparency_data:
        alpha = image.convert("RGBA")
        page = Image.new("RGBA", alpha.size, "white")
        image = Image.alpha_composite(page, alpha)
    scale = SIDE / max(image.size)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.convert("RGB").resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _variance(numbers: list[int]) -> float:
    if not numbers:
        return 0.0
    total, squares = sum(numbers), sum(number * number for number in numbers)
    return (len(numbers) * squares - total * total) / len(numbers) ** 2  # whole up to here
