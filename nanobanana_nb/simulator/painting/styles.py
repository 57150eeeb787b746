"""Renderings: each turns a painted scene into the look that a style word names."""

from __future__ import annotations

import random as chances
from collections.abc import Callable

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from nanobanana_nb.simulator.painting import texture

Rendering = Callable[[Image.Image, chances.Random], Image.Image]


def render(image: Image.Image, style: str, random: chances.Random) -> Image.Image:
    """The scene in a style; an unknown or empty style leaves an illustration as it is."""
    rendering = _RENDERINGS.get(style)
    return texture.thrifty(rendering(image, random), _SPARED_BITS[style]) if rendering else image


def _photo(image: Image.Image, random: chances.Random) -> Image.Image:
    soft = image.filter(ImageFilter.GaussianBlur(min(image.size) * 0.006))
    image = Image.composite(image, soft, texture.focus(image.size))
    image = ImageEnhance.Contrast(ImageEnhance.Color(image).enhance(0.86)).enhance(1.10)
    return texture.grained(texture.vignette(image, 0.55), random, 7)


def _watercolour(image: Image.Image, random: chances.Random) -> Image.Image:
    unit = min(image.size)
    soft = texture.simplified(texture.wobble(image, random, unit * 0.006), 7)
    pale = ImageEnhance.Color(
        Image.blend(soft, Image.new("RGB", image.size, "white"), 0.26)
    ).enhance(1.25)
    blooms = texture.blotches(image.size, random, unit // 9)
    pale = Image.composite(
        pale, Image.blend(pale, Image.new("RGB", image.size, "white"), 0.42), blooms
    )
    rims = texture.edges(soft, unit * 0.0016).point(lambda v: 255 - min(84, v * 1.3))
    washed = ImageChops.multiply(pale, Image.merge("RGB", [rims] * 3))
    paper = Image.new("RGB", image.size, (250, 247, 239))
    painted = Image.composite(washed, paper, texture.rough_frame(image.size, random))
    return texture.papered(painted, random, 10)


def _woodcut(image: Image.Image, random: chances.Random) -> Image.Image:
    grey = ImageOps.grayscale(image)
    tone = Image.blend(ImageOps.autocontrast(grey, cutoff=1), ImageOps.equalize(grey), 0.6)
    tone = tone.point(lambda v: min(255, 34 + v))
    cuts = texture.hatch(image.size, random, max(6, min(image.size) // 92), 0.25)
    ink = texture.threshold(tone, cuts, 0.78)
    outline = texture.edges(image, min(image.size) * 0.0016).point(lambda v: 0 if v > 26 else 255)
    colours = texture.flattened(image, 6)
    tint = ImageEnhance.Color(
        Image.blend(colours, Image.new("RGB", image.size, (243, 229, 200)), 0.50)
    )
    block = tint.enhance(1.3)
    block.paste((28, 22, 26), mask=ImageOps.invert(ImageChops.multiply(ink, outline)))
    return block


def _sketch(image: Image.Image, random: chances.Random) -> Image.Image:
    unit = min(image.size)
    tone = ImageOps.autocontrast(ImageOps.grayscale(image), cutoff=1)
    light = tone.point(lambda v: min(255, 80 + v))
    half_tones = texture.threshold(
        light, texture.hatch(image.size, random, max(5, unit // 130), 0.9), 0.66
    )
    shadows = texture.threshold(
        light, texture.hatch(image.size, random, max(5, unit // 120), -0.7), 0.34
    )
    shading = ImageChops.multiply(half_tones, shadows).filter(ImageFilter.GaussianBlur(0.7))
    shading = shading.point(lambda v: 120 + v * 135 // 255)
    lines = texture.edges(texture.wobble(image, random, unit * 0.003), unit * 0.0012)
    drawn = ImageChops.multiply(shading, lines.point(lambda v: max(30, 255 - v * 5)))
    drawn = texture.thrifty(drawn, 4).point(lambda v: 255 if v > 238 else v)
    return ImageOps.colorize(drawn, (44, 42, 48), (249, 246, 238))


def _oil(image: Image.Image, random: chances.Random) -> Image.Image:
    base = image.filter(ImageFilter.GaussianBlur(min(image.size) * 0.008))
    vivid = ImageEnhance.Color(image).enhance(1.35)
    for size, count in ((0.040, 2600), (0.016, 5200), (0.006, 9000)):
        texture.stroke(base, vivid, random, min(image.size) * size, count)
    relief = base.filter(ImageFilter.EMBOSS).convert("L").point(lambda v: 128 + (v - 128) * 0.8)
    return ImageChops.overlay(base, Image.merge("RGB", [relief] * 3))


def _pastel(image: Image.Image, random: chances.Random) -> Image.Image:
    unit = min(image.size)
    soft = texture.simplified(texture.wobble(image, random, unit * 0.005), 9)
    chalk = ImageEnhance.Color(Image.blend(soft, Image.new("RGB", image.size, "white"), 0.2))
    strokes = texture.hatch(image.size, random, max(5, unit // 110), 0.6)
    paper = Image.new("RGB", image.size, (238, 229, 214))
    drawn = Image.composite(chalk.enhance(1.2), paper, strokes.point(lambda v: 130 + v // 2))
    return texture.papered(drawn, random, 18)


def _pixel(image: Image.Image, _: chances.Random) -> Image.Image:
    step = max(4, min(image.size) // 104)
    size = (max(1, image.width // step), max(1, image.height // step))
    small = ImageEnhance.Contrast(ImageEnhance.Color(image).enhance(1.3)).enhance(1.1)
    small = small.resize(size, Image.Resampling.BOX).quantize(28, dither=Image.Dither.NONE)
    return small.convert("RGB").resize(image.size, Image.Resampling.NEAREST)


def _poster(image: Image.Image, _: chances.Random) -> Image.Image:
    unit = min(image.size)
    flat = ImageEnhance.Color(ImageOps.autocontrast(image, cutoff=1)).enhance(1.25)
    flat = texture.flattened(texture.simplified(flat, 9), 10)
    edge = round(unit * 0.045)
    ImageDraw.Draw(flat).rectangle(
        (0, 0, image.width - 1, image.height - 1), outline=(246, 238, 220), width=edge
    )
    return flat


def _neon(image: Image.Image, _: chances.Random) -> Image.Image:
    unit = min(image.size)
    dark = ImageEnhance.Brightness(ImageEnhance.Color(image).enhance(1.5)).enhance(0.26)
    dark = ImageChops.multiply(dark, Image.new("RGB", image.size, (190, 150, 255)))
    lines = texture.edges(image, unit * 0.0022).point(lambda v: min(255, v * 6))
    bright = ImageEnhance.Color(ImageEnhance.Brightness(image).enhance(1.6)).enhance(3.2)
    bright = Image.blend(bright, texture.sweep(image.size, (255, 40, 190), (30, 220, 255)), 0.62)
    tubes = Image.composite(bright, Image.new("RGB", image.size), lines)
    for radius in (0.016, 0.006):
        halo = tubes.filter(ImageFilter.GaussianBlur(unit * radius))
        dark = ImageChops.screen(dark, ImageEnhance.Brightness(halo).enhance(1.7))
    return ImageChops.screen(dark, tubes)


def _comic(image: Image.Image, _: chances.Random) -> Image.Image:
    unit = min(image.size)
    vivid = ImageEnhance.Color(ImageOps.autocontrast(image, cutoff=2)).enhance(1.7)
    flat = texture.flattened(texture.simplified(vivid, 5), 12)
    dots = texture.threshold(
        ImageOps.grayscale(image), texture.dots(image.size, max(8, unit // 84)), 0.75
    )
    flat = Image.composite(flat, ImageEnhance.Brightness(flat).enhance(0.72), dots)
    flat.paste(
        (14, 12, 20), mask=texture.edges(image, unit * 0.003).point(lambda v: 255 if v > 22 else 0)
    )
    return flat.filter(ImageFilter.SMOOTH)


def _lowpoly(image: Image.Image, random: chances.Random) -> Image.Image:
    return texture.facets(ImageEnhance.Color(image).enhance(1.2), random, 26, None)


def _glass(image: Image.Image, random: chances.Random) -> Image.Image:
    vivid = ImageEnhance.Brightness(ImageEnhance.Color(image).enhance(1.9)).enhance(1.1)
    return texture.facets(vivid, random, 22, (20, 18, 24))


def _blueprint(image: Image.Image, random: chances.Random) -> Image.Image:
    unit = min(image.size)
    lines = texture.edges(image, unit * 0.0012).point(lambda v: min(255, v * 6))
    tone = ImageOps.grayscale(image).point(lambda v: v // 4)
    sheet = ImageOps.colorize(ImageChops.lighter(lines, tone), (18, 52, 118), (232, 242, 255))
    pen = ImageDraw.Draw(sheet)
    for at in range(0, max(image.size), max(8, unit // 24)):
        pen.line((at, 0, at, image.height), fill=(48, 86, 152))
        pen.line((0, at, image.width, at), fill=(48, 86, 152))
    sheet.paste((232, 242, 255), mask=lines)
    return texture.papered(sheet, random, 6)


def _noir(image: Image.Image, random: chances.Random) -> Image.Image:
    grey = ImageEnhance.Contrast(ImageOps.autocontrast(ImageOps.grayscale(image))).enhance(1.35)
    return texture.grained(texture.vignette(grey.convert("RGB"), 0.9), random, 9)


def _vintage(image: Image.Image, random: chances.Random) -> Image.Image:
    grey = ImageOps.grayscale(image)
    sepia = ImageOps.colorize(grey, (42, 24, 14), (250, 228, 186), mid=(168, 118, 74))
    aged = texture.vignette(Image.blend(sepia, image, 0.16), 0.7)
    return texture.papered(texture.grained(aged, random, 6), random, 9)


_RENDERINGS: dict[str, Rendering] = {
    "photo": _photo,
    "watercolour": _watercolour,
    "woodcut": _woodcut,
    "sketch": _sketch,
    "pastel": _pastel,
    "oil": _oil,
    "pixel": _pixel,
    "poster": _poster,
    "neon": _neon,
    "comic": _comic,
    "lowpoly": _lowpoly,
    "glass": _glass,
    "blueprint": _blueprint,
    "noir": _noir,
    "vintage": _vintage,
}


#: Tone bits that a rendering can spare without being seen.
_SPARED_BITS = dict.fromkeys(_RENDERINGS, 0) | {
    "photo": 1,
    "watercolour": 2,
    "pastel": 2,
    "oil": 3,
    "neon": 2,
    "comic": 2,
    "vintage": 1,
}
