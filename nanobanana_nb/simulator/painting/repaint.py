"""Edits of pictures that others made: repaints the first reference image as the prompt asks.

Words of time, weather, mood, colour and style change the whole picture; things that are new come
into it. What is on a picture cannot be told from its pixels, so nothing is taken out of it. (What
the simulator drew itself is drawn again, see ``history``.)
"""

from __future__ import annotations

import io
import operator
import random as chances
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageOps, ImageStat

from nanobanana_nb.simulator.painting import texture
from nanobanana_nb.simulator.painting.history import history_of
from nanobanana_nb.simulator.painting.landscape import Scene, glow
from nanobanana_nb.simulator.painting.palette import rgb, scene_palette
from nanobanana_nb.simulator.tasks import Picture, Reference
from nanobanana_nb.simulator.words import vocabulary as words
from nanobanana_nb.simulator.words.reading import Reading, Subject, chance, ranked, read

_ELSEWHERE = re.compile(
    r"\b(?:put|place|move|set|take|bring|transport)\s+(?:it|him|her|them|this|that|these|the)\b"
    r"|\bback(?:ground|drop)\b|\bhintergrund\b",
    re.IGNORECASE,
)
_HAZES = {"snow": 0.22, "fog": 0.38}
_LINE_ART = ("neon", "blueprint", "comic", "woodcut", "sketch")
_DAYLIGHT = (152, 158, 162)  # the mean red, green and blue of a picture at noon
_DRIFT = 0.035  # a repeat of an edit is never quite the same


def is_repaint(picture: Picture, reading: Reading, references: Sequence[Reference]) -> bool:
    """Whether the first reference becomes the picture, and not a print in a new scene."""
    moved = "setting" in reading.stated and _ELSEWHERE.search(picture.prompt)
    return bool(references and references[0].image) and not moved


def repainted(
    picture: Picture, reading: Reading, reference: Reference, size: tuple[int, int]
) -> Scene:
    """The scene of an edit: the reference in the light, colours and weather of the prompt."""
    random = chance("repaint", picture.variation)
    history = history_of(reference).prompts
    # What is not drawn anew needs no room for smooth outlines.
    graded = min(size, (picture.width, picture.height))
    image = _graded(_canvas(reference.image or b"", graded, random), reading)
    new = tuple(figure for figure in reading.figures if _is_new(figure, history))
    if new or reading.ornaments or reading.weather in ("rain", "snow", "fog"):
        image = image.resize(size, Image.Resampling.BICUBIC)
    reading = replace(
        reading,
        figures=ranked((), new),
        time=reading.time if "time" in reading.stated else "day",
        setting=read(history[0]).setting if history else reading.setting,
    )
    sun = (image.width * (1 - _calm_side(image)), image.height * 0.2)
    horizon, palette = image.height * 0.62, scene_palette(reading)
    ink = Image.new("L", image.size)
    seed = picture.variation
    scene = Scene(image, reading, palette, horizon, sun, picture.detail, random, ink, seed)
    if reading.light in ("sun", "moon") and not history:  # pictures of the service have their own
        _disc(scene)
    return scene


def _graded(image: Image.Image, reading: Reading) -> Image.Image:
    """A picture in the hour, mood, colour and weather of a prompt."""
    if "time" in reading.stated:
        image = _HOURS[reading.time](image)
    for mood in reading.moods:
        more, brighter, warmer = words.MOODS[mood]
        image = ImageEnhance.Brightness(ImageEnhance.Color(image).enhance(more)).enhance(brighter)
        image = _washed(image, (255, 170, 90) if warmer > 0 else (110, 160, 255), abs(warmer) / 60)
    if reading.tint is not None:
        image = _washed(image, rgb(reading.tint), 0.55)
    for figure in reading.figures:
        if figure.definite and figure.name in reading.colours:
            # Which pixels are the figure cannot be told: the picture leans towards its colour.
            image = _washed(image, rgb(reading.colours[figure.name]), 0.3)
    if reading.weather in _HAZES:
        grey, haze = ImageEnhance.Color(image).enhance(0.6), Image.new("RGB", image.size, "#e6ebf0")
        image = Image.blend(grey, haze, _HAZES[reading.weather])
    elif reading.weather in ("rain", "clouds"):
        image = ImageEnhance.Brightness(ImageEnhance.Color(image).enhance(0.55)).enhance(0.82)
    if reading.style in _LINE_ART:
        image = image.filter(ImageFilter.GaussianBlur(min(image.size) * 0.004))
    return image


def _is_new(figure: Subject, history: Sequence[str]) -> bool:
    """Whether a figure comes into the picture: an added one, or one that it cannot have yet."""
    there = {name for prompt in history for name in read(prompt).subjects}
    return figure.added or not (figure.definite or figure.guessed or figure.name in there)


def _canvas(data: bytes, size: tuple[int, int], random: chances.Random) -> Image.Image:
    """A reference in the new size, a little nearer and lighter or darker by chance."""
    with Image.open(io.BytesIO(data)) as opened:
        image = opened.convert("RGB")
    scale = min(image.width / size[0], image.height / size[1])
    across, down = size[0] * scale, size[1] * scale
    left, bottom = (image.width - across) / 2, (image.height + down) / 2
    zoom = 1 - random.uniform(0.004, _DRIFT)
    # The lower left corner stays where it is: older words in it are written over.
    box = (left, max(0.0, bottom - down * zoom), left + across * zoom, bottom)
    image = image.resize(size, Image.Resampling.BICUBIC, box)
    return ImageEnhance.Brightness(image).enhance(random.uniform(0.97, 1.04))


def _calm_side(image: Image.Image) -> float:
    """Where, across, a thing that is added hides least: 0.22 or 0.78."""
    low = ImageOps.grayscale(image).resize((32, 32), Image.Resampling.BOX)
    left, right = (ImageStat.Stat(low.crop((x, 14, x + 12, 31))).stddev[0] for x in (1, 19))
    return 0.22 if left < right else 0.78


def _washed(image: Image.Image, colour: tuple[int, int, int], share: float) -> Image.Image:
    """A picture drawn towards one colour, its lights and darks kept."""
    if not share:
        return image
    grey = ImageOps.grayscale(image)
    wash = ImageOps.colorize(grey, (12, 10, 16), (255, 252, 246), mid=colour)
    return Image.blend(image, wash, min(0.8, share))


def _night(image: Image.Image) -> Image.Image:
    """Dark and blue; small bright spots, above all those high up, keep a warm shine."""
    dim = ImageEnhance.Color(image).enhance(0.55).point(lambda v: round(255 * (v / 255) ** 1.3))
    dark = ImageChops.multiply(dim, _gradient(image.size, (62, 78, 146), (104, 122, 184)))
    small = ImageOps.grayscale(image.reduce(4))
    around = small.filter(ImageFilter.GaussianBlur(min(small.size) * 0.07))
    spots = ImageChops.subtract(small.point(lambda v: v * (v > 228)), around, 1, -4)
    height = Image.linear_gradient("L").point(lambda v: max(40, 255 - v)).resize(small.size)
    shine = ImageChops.multiply(spots.point(lambda v: min(255, v * 16)), height)
    warm = ImageChops.multiply(image, Image.new("RGB", image.size, (255, 238, 200)))
    dark.paste(warm, mask=shine.resize(image.size, Image.Resampling.BICUBIC))
    # What is dark already is no darker the second time.
    share = min(1.0, max(0.0, (ImageStat.Stat(small).mean[0] - 35) / 50))
    return Image.blend(image, texture.vignette(dark, 0.4), share)


def _sunset(image: Image.Image) -> Image.Image:
    fall = _gradient(image.size, (150, 82, 150), (255, 150, 62))
    return ImageEnhance.Color(Image.blend(image, ImageChops.overlay(image, fall), 0.72)).enhance(
        1.1
    )


def _dawn(image: Image.Image) -> Image.Image:
    fall = _gradient(image.size, (186, 168, 214), (255, 206, 164))
    soft = Image.blend(image, ImageChops.soft_light(image, fall), 0.6)
    return Image.blend(soft, fall, 0.2)


def _day(image: Image.Image) -> Image.Image:
    """As light as noon, and without the cast of another hour."""
    curves = map(_daylight_curve, image.split(), _DAYLIGHT)
    light = image.point([value for curve in curves for value in curve])
    return ImageEnhance.Color(light).enhance(1.15)


def _daylight_curve(channel: Image.Image, aim: int) -> list[int]:
    """The curve that brings a channel's mean near another one; it darkens little."""
    counts, low, high = channel.reduce(8).histogram(), 0.3, 1.25
    for _ in range(8):
        exponent = (low + high) / 2
        curve = [round(255 * (v / 255) ** exponent) for v in range(256)]
        is_light = sum(map(operator.mul, counts, curve)) > aim * sum(counts)
        low, high = (exponent, high) if is_light else (low, exponent)
    return curve


_HOURS: dict[str, Callable[[Image.Image], Image.Image]] = {
    "day": _day,
    "dawn": _dawn,
    "sunset": _sunset,
    "night": _night,
}


def _gradient(
    size: tuple[int, int], top: tuple[int, int, int], bottom: tuple[int, int, int]
) -> Image.Image:
    strip = Image.new("RGB", (1, 2))
    strip.putpixel((0, 0), top)
    strip.putpixel((0, 1), bottom)
    return strip.resize(size, Image.Resampling.BILINEAR)


def _disc(scene: Scene) -> None:
    """A sun or a moon of its own, where the prompt names one."""
    (x, y), radius = scene.sun, scene.unit * 0.08
    glow(scene, x, y, radius * 5, scene.palette.light, 0.7)
    box = (x - radius, y - radius, x + radius, y + radius)
    ImageDraw.Draw(scene.image).ellipse(box, fill=scene.palette.light)
