"""The colours of a scene."""

from __future__ import annotations

import colorsys
from dataclasses import dataclass

from nanobanana_nb.simulator.painting.creatures import CREATURES
from nanobanana_nb.simulator.painting.living import LIVING
from nanobanana_nb.simulator.words import homes
from nanobanana_nb.simulator.words import vocabulary as words
from nanobanana_nb.simulator.words.reading import Hsv, Reading, chance

Rgb = tuple[int, int, int]


@dataclass(frozen=True)
class Palette:
    """Sky from top to horizon, ground from far to near, and the light."""

    sky: tuple[Rgb, Rgb, Rgb]
    far: Rgb
    near: Rgb
    light: Rgb
    dark: Rgb


# time of day -> sky top, sky middle, horizon, light; hue, saturation, value
_SKIES: dict[str, tuple[Hsv, Hsv, Hsv, Hsv]] = {
    "day": ((210, 0.62, 0.78), (203, 0.40, 0.90), (190, 0.14, 0.97), (48, 0.25, 1.0)),
    "dawn": ((228, 0.38, 0.66), (342, 0.28, 0.86), (30, 0.36, 0.99), (40, 0.40, 1.0)),
    "sunset": ((262, 0.52, 0.40), (350, 0.58, 0.76), (28, 0.72, 0.99), (44, 0.62, 1.0)),
    "night": ((232, 0.72, 0.16), (228, 0.62, 0.30), (214, 0.46, 0.50), (52, 0.14, 0.98)),
}

# setting -> ground far, ground near
_GROUNDS: dict[str, tuple[Hsv, Hsv]] = {
    "hills": ((140, 0.28, 0.70), (122, 0.52, 0.34)),
    "mountains": ((220, 0.26, 0.76), (228, 0.44, 0.28)),
    "sea": ((198, 0.40, 0.78), (212, 0.66, 0.38)),
    "lake": ((186, 0.28, 0.76), (196, 0.52, 0.38)),
    "city": ((222, 0.22, 0.70), (236, 0.42, 0.24)),
    "forest": ((150, 0.26, 0.68), (148, 0.56, 0.20)),
    "desert": ((32, 0.36, 0.92), (18, 0.62, 0.54)),
    "field": ((84, 0.34, 0.78), (96, 0.56, 0.40)),
    "room": ((28, 0.26, 0.84), (20, 0.48, 0.42)),
    "space": ((262, 0.34, 0.52), (250, 0.50, 0.26)),
}

#: Of cards: those that look well beside their opposites.
_CARD_HUES = (6, 20, 38, 172, 205, 222, 340)

_DIM = {"day": 1.0, "dawn": 0.94, "sunset": 0.80, "night": 0.50}


def rgb(hsv: Hsv) -> Rgb:
    """A colour from hue (degrees), saturation and value (0..1, cut to that)."""
    hue, saturation, value = hsv
    s, v = min(1.0, max(0.0, saturation)), min(1.0, max(0.0, value))
    red, green, blue = colorsys.hsv_to_rgb(hue / 360 % 1, s, v)
    return round(red * 255), round(green * 255), round(blue * 255)


def mix(base: Rgb, other: Rgb, share: float) -> Rgb:
    """``base`` with a share (0..1) of ``other``."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(base, other, strict=True))
    return red, green, blue


def scene_palette(reading: Reading) -> Palette:
    """The palette that the words of a prompt ask for."""
    *sky, light = (rgb(_moved(colour, reading)) for colour in _SKIES[reading.time])
    light = mix(light, rgb(_SKIES[reading.time][3]), 0.5)  # a lamp in a dark picture is one
    if reading.weather in ("rain", "fog", "snow"):
        sky = [mix(colour, (150, 158, 170), 0.55) for colour in sky]
    far, near = (rgb(_moved(_dimmed(c, reading), reading)) for c in _GROUNDS[reading.setting])
    if reading.weather == "snow":
        far, near = mix(far, (240, 245, 250), 0.6), mix(near, (214, 226, 238), 0.62)
    far = mix(far, sky[2], 0.45)
    top, middle, low = sky
    return Palette((top, middle, low), far, near, light, mix(near, (8, 8, 20), 0.66))


def subject_colours(subject: str, reading: Reading, palette: Palette) -> dict[str, Rgb]:
    """The colour of each letter of a motif's lines."""
    hue, saturation, value = reading.colours.get(subject) or _usual_colour(subject)
    value *= 0.55 + 0.45 * _DIM[reading.time]
    accent = mix(rgb((hue + 165, 0.55, 0.90)), palette.light, 0.30)
    if subject in LIVING or subject in CREATURES:
        accent = mix(rgb((18, 0.58, 0.95)), palette.light, 0.15)
    return {
        "a": rgb((hue, saturation, value)),
        "b": rgb((hue - 8, min(1, saturation * 1.12), value * 0.70)),
        "c": accent,
        "k": mix(rgb((hue, 0.45, 0.16)), palette.dark, 0.3),
        "w": mix((250, 244, 232), palette.sky[2], 0.16 if reading.time != "night" else 0.34),
    }


def _usual_colour(subject: str) -> Hsv:
    if subject in homes.HOMES:
        return homes.HOMES[subject][1]
    random = chance("subject", subject)
    hue = random.choice(_CARD_HUES) + random.uniform(-6, 6)
    return hue, random.uniform(0.48, 0.68), random.uniform(0.62, 0.84)


def _dimmed(colour: Hsv, reading: Reading) -> Hsv:
    hue, saturation, value = colour
    return hue, saturation, value * _DIM[reading.time]


def _moved(colour: Hsv, reading: Reading) -> Hsv:
    hue, saturation, value = colour
    if reading.unknown:
        hue += chance("hue", *reading.unknown).uniform(-12, 12)
    for mood in reading.moods:
        more, brighter, warmer = words.MOODS[mood]
        saturation, value, hue = saturation * more, value * brighter, hue - warmer
    if reading.tint is not None:
        tint_hue, tint_saturation, tint_value = reading.tint
        hue = tint_hue + ((hue - tint_hue + 180) % 360 - 180) * 0.12
        saturation = saturation * 0.45 + tint_saturation * 0.55
        value = value * (0.6 + 0.5 * tint_value)
    return hue, saturation, value
