"""Materials that renderings are made of: grain, paper, hatching, strokes, facets."""

from __future__ import annotations

import math
import random as chances

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

Size = tuple[int, int]
Rgb = tuple[int, int, int]


def noise(size: Size, random: chances.Random) -> Image.Image:
    """Even grey noise, the same for the same random state."""
    return Image.frombytes("L", size, random.randbytes(size[0] * size[1]))


def grained(image: Image.Image, random: chances.Random, strength: int) -> Image.Image:
    """Film grain of a few grey levels; coarse and stepped, so that a PNG stays small."""
    tile = noise((256, 256), random)
    step = strength
    tile = tile.point(lambda v: 128 + step * ((v > 205) - (v < 50)))
    size = ((image.width + 1) // 2, (image.height + 1) // 2)
    sheet = tiled(tile, size).resize((size[0] * 2, size[1] * 2), Image.Resampling.NEAREST)
    sheet = sheet.crop((0, 0, *image.size))
    return ImageChops.add(image, Image.merge("RGB", [sheet] * 3), 1, -128)


def tiled(tile: Image.Image, size: Size) -> Image.Image:
    """A small picture repeated over a larger one."""
    sheet = Image.new(tile.mode, size)
    for y in range(0, size[1], tile.height):
        for x in range(0, size[0], tile.width):
            sheet.paste(tile, (x, y))
    return sheet


def papered(image: Image.Image, random: chances.Random, strength: int) -> Image.Image:
    """The tooth of paper, pressed into the picture; coarse and sparse like the grain."""
    tile = noise((192, 192), random).filter(ImageFilter.GaussianBlur(0.8))
    tile = ImageOps.autocontrast(tile, cutoff=1)
    tile = tile.point(lambda v: 255 - strength * ((v < 96) + (v < 52)) // 2)
    size = ((image.width + 1) // 2, (image.height + 1) // 2)
    sheet = tiled(tile, size).resize((size[0] * 2, size[1] * 2), Image.Resampling.NEAREST)
    return ImageChops.multiply(image, Image.merge("RGB", [sheet.crop((0, 0, *image.size))] * 3))


def thrifty(image: Image.Image, bits: int) -> Image.Image:
    """The picture with the last ``bits`` bits of each tone dropped: a much smaller PNG."""
    keep, half = 255 << bits & 255, 1 << bits >> 1
    return image.point(lambda v: min(255, (v & keep) + half))


def flattened(image: Image.Image, colours: int) -> Image.Image:
    """The picture in a few flat colours of its own, chosen on a small copy."""
    small = image.resize((160, 160), Image.Resampling.BOX)
    chosen = small.quantize(colours, Image.Quantize.MEDIANCUT)
    return image.quantize(palette=chosen, dither=Image.Dither.NONE).convert("RGB")


def simplified(image: Image.Image, reach: int) -> Image.Image:
    """The picture without detail below ``reach`` pixels, its outlines kept."""
    small = image.reduce(2).filter(ImageFilter.MedianFilter(max(3, reach // 2 * 2 - 1)))
    return small.resize(image.size, Image.Resampling.BICUBIC)


def vignette(image: Image.Image, strength: float) -> Image.Image:
    """Darker corners."""
    fall = Image.radial_gradient("L").point(lambda v: 255 - round(max(0, v - 90) * strength * 0.9))
    fall = fall.resize(image.size, Image.Resampling.BICUBIC)
    return ImageChops.multiply(image, Image.merge("RGB", [fall] * 3))


def focus(size: Size) -> Image.Image:
    """A mask that is white where a lens would be sharp: the lower middle."""
    mask = Image.radial_gradient("L").point(lambda v: max(0, min(255, 470 - v * 3)))
    sheet = Image.new("L", size)
    sheet.paste(mask.resize((size[0], round(size[1] * 0.95))), (0, round(size[1] * 0.12)))
    return sheet


def edges(image: Image.Image, width: float) -> Image.Image:
    """How much the picture changes within ``width`` pixels, in grey."""
    soft = image.reduce(2).filter(ImageFilter.GaussianBlur(max(0.5, width / 2)))
    reach = max(3, round(width / 2) * 2 + 1)
    least, most = ImageFilter.MinFilter(reach), ImageFilter.MaxFilter(reach)
    red, green, blue = ImageChops.subtract(soft.filter(most), soft.filter(least)).split()
    change = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return change.resize(image.size, Image.Resampling.BICUBIC)


def blotches(size: Size, random: chances.Random, cell: int) -> Image.Image:
    """Soft uneven spots, as pigment leaves them."""
    small = noise((size[0] // cell + 2, size[1] // cell + 2), random)
    return small.resize(size, Image.Resampling.BICUBIC).point(lambda v: min(255, 70 + v))


def wobble(image: Image.Image, random: chances.Random, reach: float) -> Image.Image:
    """The picture with its outlines shaken by up to ``reach`` pixels."""
    columns, rows = max(4, image.width // 40), max(4, image.height // 40)

    def corner(column: int, row: int) -> tuple[float, float]:
        inner = 0 < column < columns and 0 < row < rows
        dx, dy = (random.uniform(-reach, reach) if inner else 0.0 for _ in range(2))
        return column * image.width / columns + dx, row * image.height / rows + dy

    at = [[corner(c, r) for r in range(rows + 1)] for c in range(columns + 1)]
    mesh = [
        (
            (
                c * image.width // columns,
                r * image.height // rows,
                (c + 1) * image.width // columns,
                (r + 1) * image.height // rows,
            ),
            (*at[c][r], *at[c][r + 1], *at[c + 1][r + 1], *at[c + 1][r]),
        )
        for c in range(columns)
        for r in range(rows)
    ]
    return image.transform(image.size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)


def rough_frame(size: Size, random: chances.Random) -> Image.Image:
    """A mask that leaves an uneven margin of paper around a painting."""
    unit = min(size)
    small = (size[0] // 8 + 1, size[1] // 8 + 1)
    mask = Image.new("L", small)
    inset = round(unit * 0.045 / 8)
    ImageDraw.Draw(mask).rectangle((inset, inset, small[0] - inset, small[1] - inset), fill=255)
    mask = mask.filter(ImageFilter.GaussianBlur(unit * 0.016 / 8))
    shaken = ImageChops.add(mask, blotches(small, random, 4), 2).resize(
        size, Image.Resampling.BICUBIC
    )
    return shaken.point(lambda v: max(0, min(255, (v - 130) * 9)))


def hatch(size: Size, random: chances.Random, pitch: int, slope: float) -> Image.Image:
    """Parallel lines as a grey wave, slightly shaken, for comparing with a tone."""
    wave = Image.new("L", (1, pitch))
    for y in range(pitch):
        wave.putpixel((0, y), round(255 * abs(2 * (y + 0.5) / pitch - 1)))
    large = (size[0] + 80, round(size[1] + abs(slope) * size[0]) + 80)
    sheet = tiled(wave.resize((large[0], pitch)), large)
    shear = (1.0, 0.0, 0.0, slope, 1.0, max(0.0, -slope * size[0]))
    lines = sheet.transform(size, Image.Transform.AFFINE, shear, Image.Resampling.BILINEAR)
    return wobble(lines, random, pitch * 0.35)


def dots(size: Size, pitch: int) -> Image.Image:
    """A halftone screen as grey hills."""
    cell = Image.new("L", (pitch, pitch))
    for y in range(pitch):
        for x in range(pitch):
            far = math.hypot(x + 0.5 - pitch / 2, y + 0.5 - pitch / 2) / (pitch * 0.71)
            cell.putpixel((x, y), round(255 * min(1.0, far)))
    return tiled(cell, size)


def threshold(tone: Image.Image, screen: Image.Image, share: float) -> Image.Image:
    """Black where the screen is above the tone, white elsewhere; ``share`` scales the dark."""
    dark = screen.point(lambda v: round((255 - v) * share))
    return ImageChops.subtract(tone, dark).point(lambda v: min(255, v * 6))


def sweep(size: Size, left: Rgb, right: Rgb) -> Image.Image:
    """One colour turning into another from left to right."""
    strip = Image.new("RGB", (2, 1))
    strip.putpixel((0, 0), left)
    strip.putpixel((1, 0), right)
    return strip.resize((size[0], 1), Image.Resampling.BILINEAR).resize(size)


def stroke(
    canvas: Image.Image, source: Image.Image, random: chances.Random, size: float, count: int
) -> None:
    """Brush strokes onto a canvas, each in the colour of the source under it."""
    pen = ImageDraw.Draw(canvas)
    width, height = source.size
    sample = source.resize((width // 4 or 1, height // 4 or 1))
    pixels = sample.load()
    assert pixels is not None
    for _ in range(round(count * width * height / min(width, height) ** 2)):
        x, y = random.random() * width, random.random() * height
        colour = pixels[min(sample.width - 1, int(x / 4)), min(sample.height - 1, int(y / 4))]
        turn = (
            math.sin(x / width * 3) * 0.7 + math.cos(y / height * 4) * 0.6 + random.gauss(0, 0.35)
        )
        dx, dy = math.cos(turn) * size, math.sin(turn) * size
        light = random.randint(-12, 12)
        tone = tuple(min(255, max(0, part + light)) for part in colour)  # type: ignore[union-attr]
        pen.line((x - dx, y - dy, x + dx, y + dy), fill=tone, width=max(2, round(size * 0.42)))


def facets(image: Image.Image, random: chances.Random, count: int, lead: Rgb | None) -> Image.Image:
    """Triangles, each in one colour of the picture; with ``lead`` they are outlined."""
    cell = min(image.size) / count
    columns, rows = round(image.width / cell), round(image.height / cell)
    sample = image.resize((columns * 3, rows * 3), Image.Resampling.BOX)

    def corner(column: int, row: int) -> tuple[float, float]:
        shake = 0.36 * cell
        x, y = column * image.width / columns, row * image.height / rows
        dx = random.uniform(-shake, shake) if 0 < column < columns else 0.0
        dy = random.uniform(-shake, shake) if 0 < row < rows else 0.0
        return x + dx, y + dy

    at = [[corner(c, r) for r in range(rows + 1)] for c in range(columns + 1)]
    sheet = image.copy()
    pen = ImageDraw.Draw(sheet)
    for c in range(columns):
        for r in range(rows):
            a, b, d, e = at[c][r], at[c + 1][r], at[c + 1][r + 1], at[c][r + 1]
            halves = ((a, b, d), (a, d, e)) if random.random() < 0.5 else ((a, b, e), (b, d, e))
            for half in halves:
                _facet(pen, half, sample, image.size, lead)
    return sheet


def _facet(
    pen: ImageDraw.ImageDraw,
    corners: tuple[tuple[float, float], ...],
    sample: Image.Image,
    size: Size,
    lead: Rgb | None,
) -> None:
    x, y = (sum(part) / 3 for part in zip(*corners, strict=True))
    where = (
        min(sample.width - 1, int(x / size[0] * sample.width)),
        min(sample.height - 1, int(y / size[1] * sample.height)),
    )
    colour = sample.getpixel(where)
    pen.polygon(corners, fill=colour)
    if lead is not None:
        pen.line([*corners, corners[0]], fill=lead, width=max(2, min(size) // 260))
