"""Works reference images into a scene: framed pictures for known ones, emblems for foreign ones."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from nanobanana_nb.simulator.painting.palette import mix, rgb
from nanobanana_nb.simulator.tasks import Reference
from nanobanana_nb.simulator.words.reading import chance


def hang_references(
    image: Image.Image, references: Sequence[Reference], on_left: bool, *, small: bool = False
) -> None:
    """Put every reference into the picture as a print with a light border and a shadow."""
    unit = min(image.size)
    columns = 1 if len(references) < 3 else 2 if len(references) < 9 else 3
    rows = -(-len(references) // columns)
    side = round(
        min(
            unit * (0.30 if small else 0.46),
            image.width * 0.50 / columns,
            image.height * 0.70 / rows,
        )
    )
    for n, reference in enumerate(references):
        column, row = n % columns, n // columns
        print_ = _print(reference, round(side * 0.92))
        x = unit * 0.04 + column * side
        if not on_left:
            x = image.width - unit * 0.04 - columns * side + column * side
        _paste(image, print_, round(x), round(unit * 0.05 + row * side), tilt=(-3, 2, -1, 3)[n % 4])


def _print(reference: Reference, side: int) -> Image.Image:
    if reference.image:
        picture = Image.open(io.BytesIO(reference.image)).convert("RGB")
    else:
        picture = _emblem(reference.digest, side)
    border = max(2, side // 28)
    picture.thumbnail((side - 2 * border, side - 2 * border))
    if max(picture.size) < side - 2 * border:
        scale = (side - 2 * border) / max(picture.size)
        picture = picture.resize([max(1, round(s * scale)) for s in picture.size])
    framed = Image.new(
        "RGBA", (picture.width + 2 * border, picture.height + 2 * border), (250, 247, 240)
    )
    framed.paste(picture, (border, border))
    return framed


def _emblem(digest: str, side: int) -> Image.Image:
    """A motif drawn from a URL's hash, with a small label: foreign links are never fetched."""
    random = chance("reference", digest)
    hue = random.uniform(0, 360)
    ground, ink = rgb((hue, 0.35, 0.92)), rgb((hue + random.choice((150, 180, 210)), 0.65, 0.55))
    image = Image.new("RGB", (side, side), ground)
    pen = ImageDraw.Draw(image)
    cell = side / 7
    for row in range(1, 6):
        for column in range(1, 4):
            if random.random() < 0.55:
                colour = mix(ink, ground, random.choice((0, 0, 0.4)))
                for c in {column, 6 - column}:
                    box = (c * cell, row * cell, (c + 1) * cell, (row + 1) * cell)
                    pen.rectangle(box, fill=colour)
    pen.text((side * 0.04, side * 0.01), "ref", ink, ImageFont.load_default(max(10, side // 11)))
    return image


def _paste(image: Image.Image, framed: Image.Image, x: int, y: int, tilt: int) -> None:
    turned = framed.rotate(tilt, Image.Resampling.BICUBIC, expand=True)
    alpha = turned.getchannel("A")
    shift = max(2, framed.width // 40)
    shadow = alpha.filter(ImageFilter.GaussianBlur(shift)).point(lambda v: v * 0.5)
    image.paste((8, 8, 20), (x + shift, y + shift), shadow)
    image.paste(turned.convert("RGB"), (x, y), alpha)
