"""Edits: repaints the first reference image as the prompt asks, other references in a corner.

Words of time, weather, mood, colour and style change the whole picture; things that are new come
into it. What is on a picture cannot be told from its pixels, so nothing is taken out of it.
"""

from __future__ import annotations

import io
import random as chances
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageOps

from nanobanana_nb.simulator.painting import texture
from nanobanana_nb.simulator.painting import vocabulary as words
from nanobanana_nb.simulator.painting.landscape import Scene, glow
from nanobanana_nb.simulator.painting.palette import rgb, scene_palette
from nanobanana_nb.simulator.painting.reading import Reading, Subject, chance, read
from nanobanana_nb.simulator.tasks import Picture, Reference

_ELSEWHERE = re.compile(
    r"\b(?:put|place|move|set|take|bring|transport)\s+(?:it|him|her|them|this|that|these|the)\b"
    r"|\bback(?:ground|drop)\b|\bhintergrund\b",
    re.IGNORECASE,
)
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
    image = _canvas(reference.image or b"", size, random)
    history = history_of(reference)
    new = tuple(figure for figure in reading.figures if _is_new(figure, history))
    light = reading.time if "time" in reading.stated else "day"
    reading = replace(reading, figures=new, time=light)
    if "time" in reading.stated:
        image = _HOURS[light](image)
    for mood in reading.moods:
        more, brighter, warmer = words.MOODS[mood]
        image = ImageEnhance.Brightness(ImageEnhance.Color(image).enhance(more)).enhance(brighter)
        image = _washed(image, (255, 170, 90) if warmer > 0 else (110, 160, 255), abs(warmer) / 60)
    if reading.tint is not None:
        image = _washed(image, rgb(reading.tint), 0.55)
    if reading.weather == "snow":
        image = Image.blend(
            image, ImageOps.equalize(image).point(lambda v: 150 + v * 105 // 255), 0.3
        )
    elif reading.weather in ("rain", "clouds"):
        image = ImageEnhance.Brightness(ImageEnhance.Color(image).enhance(0.55)).enhance(0.82)
    across = random.choice((0.2, 0.8))
    sun = (size[0] * across, size[1] * 0.2)
    horizon = size[1] * 0.62
    scene = Scene(image, reading, scene_palette(reading), horizon, sun, picture.detail, random)
    if reading.light:
        _disc(scene)
    return scene


def history_of(reference: Reference) -> list[str]:
    """The prompts that made a reference, the oldest first; none where it is the user's own."""
    if not reference.image:
        return []
    with Image.open(io.BytesIO(reference.image)) as image:
        comment = image.info.get("comment", b"")
    return bytes(comment).decode("utf-8", "replace").splitlines()


def _is_new(figure: Subject, history: Sequence[str]) -> bool:
    """Whether a figure comes into the picture: an added one, or one that it cannot have yet."""
    there = {name for prompt in history for name in read(prompt).subjects}
    return figure.added or not (figure.definite or figure.name in there)


def _canvas(data: bytes, size: tuple[int, int], random: chances.Random) -> Image.Image:
    """A reference in the new size, a little nearer and lighter or darker by chance."""
    with Image.open(io.BytesIO(data)) as opened:
        image = ImageOps.fit(opened.convert("RGB"), size, Image.Resampling.BICUBIC)
    zoom = 1 - random.uniform(0.004, _DRIFT)
    # The lower left corner stays where it is: older words in it are written over.
    box = (0, image.height * (1 - zoom), image.width * zoom, image.height)
    image = image.resize(size, Image.Resampling.BICUBIC, box)
    return ImageEnhance.Brightness(image).enhance(random.uniform(0.97, 1.04))


def _washed(image: Image.Image, colour: tuple[int, int, int], share: float) -> Image.Image:
    """A picture drawn towards one colour, its lights and darks kept."""
    if not share:
        return image
    grey = ImageOps.grayscale(image)
    wash = ImageOps.colorize(grey, (12, 10, 16), (255, 252, 246), mid=colour)
    return Image.blend(image, wash, min(0.8, share))


def _night(image: Image.Image) -> Image.Image:
    """Dark and blue; what was brightest keeps a warm shine, as lamps and a moon do."""
    dim = ImageEnhance.Color(image).enhance(0.55).point(lambda v: v * v // 330)
    fall = _gradient(image.size, (44, 58, 118), (96, 118, 178))
    dark = ImageChops.multiply(dim, fall)
    shine = ImageOps.grayscale(image).point(lambda v: max(0, v - 214) * 4)
    warm = ImageChops.multiply(image, Image.new("RGB", image.size, (255, 232, 176)))
    dark = Image.composite(Image.blend(dark, warm, 0.62), dark, shine)
    return texture.vignette(dark, 0.5)


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
    bright = ImageOps.autocontrast(image, cutoff=(1, 2), preserve_tone=True)
    return bright.point(lambda v: round(255 * (v / 255) ** 0.78))


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
