"""Paints the place of a scene: sky, light, clouds, and the ground of each setting."""

from __future__ import annotations

import math
import random as chances
from dataclasses import dataclass, replace

from PIL import Image, ImageDraw, ImageFilter

from nanobanana_nb.simulator.painting.palette import Palette, Rgb, mix
from nanobanana_nb.simulator.words.reading import Reading, chance


@dataclass(frozen=True)
class Scene:
    """A picture in the making: an RGB canvas and all that decides what comes onto it.

    ``ink`` has the letters of cards, white on black.

    ``unit`` is the shorter side in pixels, ``horizon`` a height in pixels, ``sun`` the middle of
    sun or moon, ``detail`` 0 to 3, ``random`` is used up as a part is painted, ``seed`` is
    where its chances come from.
    """

    image: Image.Image
    reading: Reading
    palette: Palette
    horizon: float
    sun: tuple[float, float]
    detail: int
    random: chances.Random
    ink: Image.Image
    seed: str

    def part(self, name: str, seed: str = "") -> Scene:
        """The same scene with the chances of one of its parts, whatever is in the others."""
        return replace(self, random=chance(name, seed or self.seed))

    @property
    def width(self) -> int:
        """Pixels across."""
        return self.image.width

    @property
    def height(self) -> int:
        """Pixels down."""
        return self.image.height

    @property
    def unit(self) -> int:
        """The shorter side."""
        return min(self.image.size)


def paint_sky(scene: Scene) -> None:
    """Gradient, stars, sun or moon with its glow, and clouds."""
    top, middle, low = scene.palette.sky
    strip = Image.new("RGB", (1, 3))
    for y, colour in enumerate((top, middle, low)):
        strip.putpixel((0, y), colour)
    depth = max(3, round(scene.horizon * 1.06))
    # A range may dip below the horizon: what shows there is haze.
    scene.image.paste(mix(low, scene.palette.far, 0.5), (0, 0, scene.width, scene.height))
    scene.image.paste(
        strip.resize((1, depth), Image.Resampling.BICUBIC).resize((scene.width, depth))
    )
    if scene.reading.time == "night" or scene.reading.setting == "space":
        _stars(scene)
    if has_sun(scene.reading):
        _sun(scene)
        if scene.detail >= 3 and scene.reading.time != "night":
            _rays(scene)
    if scene.reading.setting != "space":
        _clouds(scene)


def has_sun(reading: Reading) -> bool:
    """Whether sun or moon are to be seen."""
    is_hidden = reading.weather in ("fog", "rain") and not reading.light
    return reading.light != "none" and not is_hidden


def _stars(scene: Scene) -> None:
    pen = ImageDraw.Draw(scene.image)
    for _ in range(40 + 45 * scene.detail):
        x, y = scene.random.uniform(0, scene.width), scene.random.uniform(0, scene.horizon) * 0.95
        radius = scene.unit * scene.random.choice((0.0010, 0.0016, 0.0016, 0.0028))
        colour = mix(scene.palette.sky[0], (255, 250, 235), scene.random.uniform(0.5, 1))
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)


def glow(scene: Scene, x: float, y: float, radius: float, colour: Rgb, strength: float) -> None:
    """Light that falls off around a point."""
    side = max(2, round(radius * 2))
    mask = Image.radial_gradient("L").point(
        lambda v: round(max(0, 255 - v * 1.43) ** 2 / 255 * strength)
    )
    scene.image.paste(colour, (round(x - radius), round(y - radius)), mask.resize((side, side)))


def _sun(scene: Scene) -> None:
    x, y = scene.sun
    night = scene.reading.time == "night"
    radius = (
        scene.unit
        * {"day": 0.062, "dawn": 0.085, "sunset": 0.125, "night": 0.075}[scene.reading.time]
    )
    if scene.reading.light:
        radius *= 1.6
    glow(scene, x, y, radius * (5.0 if night else 6.5), scene.palette.light, 0.5 if night else 0.8)
    pen = ImageDraw.Draw(scene.image)
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=scene.palette.light)
    if night:
        for dx, dy, r in ((-0.3, -0.2, 0.2), (0.25, 0.3, 0.15), (0.3, -0.35, 0.1)):
            cx, cy, cr = x + dx * radius, y + dy * radius, r * radius
            pen.ellipse(
                (cx - cr, cy - cr, cx + cr, cy + cr),
                fill=mix(scene.palette.light, scene.palette.sky[1], 0.16),
            )


def _rays(scene: Scene) -> None:
    """Faint beams that fan out from the sun."""
    small = Image.new("L", (max(2, scene.width // 8), max(2, scene.height // 8)))
    pen, far = ImageDraw.Draw(small), max(small.size) * 1.4
    x, y = scene.sun[0] / 8, scene.sun[1] / 8
    for n in range(11):
        angle = (n + scene.random.uniform(-0.3, 0.3)) * math.tau / 11
        half = scene.random.uniform(0.03, 0.09)
        tips = [
            (x + far * math.cos(a), y + far * math.sin(a)) for a in (angle - half, angle + half)
        ]
        pen.polygon([(x, y), *tips], fill=scene.random.randint(24, 58))
    soft = small.filter(ImageFilter.GaussianBlur(scene.unit / 180))
    scene.image.paste(scene.palette.light, mask=soft.resize(scene.image.size))


def _clouds(scene: Scene) -> None:
    thick = scene.reading.weather in ("clouds", "rain", "snow")
    count = (7 if thick else 2 + scene.detail) * max(1, round(scene.width / scene.unit))
    small = Image.new("L", (max(2, scene.width // 8), max(2, scene.height // 8)))
    pen = ImageDraw.Draw(small)
    unit = scene.unit / 8
    for _ in range(count):
        x, y = (
            scene.random.uniform(0, small.width),
            scene.random.uniform(0.08, 0.82) * scene.horizon / 8,
        )
        for _ in range(9):
            cx, cy = (
                x + scene.random.gauss(0, unit * 0.11),
                y - abs(scene.random.gauss(0, unit * 0.022)),
            )
            wide, high = (
                unit * scene.random.uniform(0.04, 0.11),
                unit * scene.random.uniform(0.012, 0.034),
            )
            pen.ellipse(
                (cx - wide, cy - high, cx + wide, cy + high), fill=scene.random.randint(90, 190)
            )
    mask = small.filter(ImageFilter.GaussianBlur(unit * 0.009)).resize(
        scene.image.size, Image.Resampling.BICUBIC
    )
    colour = mix(scene.palette.sky[2], scene.palette.light, 0.45)
    if scene.reading.time == "night" or scene.reading.weather == "rain":
        colour = mix(scene.palette.sky[2], scene.palette.sky[1], 0.5)
    scene.image.paste(colour, mask=mask)


def ridge(scene: Scene, base: float, rise: float, rough: float) -> list[tuple[float, float]]:
    """The line of a range across the scene, from left to right, around the height ``base``."""
    waves = [
        (scene.random.uniform(0.6, 1.3) * 1.9**n, scene.random.uniform(0, math.tau), rough**n)
        for n in range(7)
    ]
    total = sum(part for _, _, part in waves)
    steps = 220
    line = []
    for step in range(steps + 1):
        x = step / steps * scene.width
        turn = x / scene.unit * 2.6
        up = sum(part * math.sin(turn * pace + start) for pace, start, part in waves) / total
        line.append((x, base - rise * (0.5 + up)))
    return line


def fill_below(scene: Scene, line: list[tuple[float, float]], top: Rgb, bottom: Rgb) -> None:
    """Fill from a line down to the lower edge, fading from one colour to another."""
    mask = Image.new("L", scene.image.size)
    ImageDraw.Draw(mask).polygon([*line, (scene.width, scene.height), (0, scene.height)], fill=255)
    start = max(0, int(min(y for _, y in line)))
    depth = max(2, scene.height - start)
    strip = Image.new("RGB", (1, 2))
    strip.putpixel((0, 0), top)
    strip.putpixel((0, 1), bottom)
    shade = strip.resize((1, depth), Image.Resampling.BILINEAR).resize((scene.width, depth))
    box = (0, start, scene.width, start + depth)
    scene.image.paste(shade, box, mask.crop(box))


def layer_colour(scene: Scene, share: float) -> Rgb:
    """The ground's colour between far (0) and near (1)."""
    return mix(scene.palette.far, scene.palette.near, share)
