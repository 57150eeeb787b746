"""Small things in the air and on the ground, and the weather in front of all."""

from __future__ import annotations

import random as chances
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFilter

from nanobanana_nb.simulator.painting.landscape import Scene, glow
from nanobanana_nb.simulator.painting.palette import Rgb, mix, rgb
from nanobanana_nb.simulator.words.reading import Hsv, chance

#: Colours of what has one by nature.
_USUAL: dict[str, Hsv] = {
    "lanterns": (38, 0.62, 0.98),
    "petals": (342, 0.40, 0.96),
    "stones": (30, 0.10, 0.62),
}


def paint_ornaments(scene: Scene) -> None:
    """The small things that the prompt names, each kind in a colour of its own."""
    for name in scene.reading.ornaments:
        random = chance("ornament", name)
        by_chance = random.uniform(0, 360), random.uniform(0.45, 0.75), 0.85
        colour = rgb(scene.reading.colours.get(name) or _USUAL.get(name) or by_chance)
        _KINDS[name](scene.part(name), mix(colour, scene.palette.sky[1], 0.15), random)


def _birds(scene: Scene, _: Rgb, random: chances.Random) -> None:
    pen = ImageDraw.Draw(scene.image)
    x0, y0 = (
        scene.random.uniform(0.2, 0.8) * scene.width,
        scene.horizon * scene.random.uniform(0.2, 0.5),
    )
    for _n in range(random.randint(4, 9)):
        x, y = (
            x0 + scene.random.gauss(0, 0.13) * scene.unit,
            y0 + scene.random.gauss(0, 0.06) * scene.unit,
        )
        wing = scene.unit * scene.random.uniform(0.012, 0.024)
        line = [
            (x - wing, y - wing * 0.5),
            (x - wing * 0.4, y - wing * 0.55),
            (x, y),
            (x + wing * 0.4, y - wing * 0.55),
            (x + wing, y - wing * 0.5),
        ]
        pen.line(line, fill=scene.palette.dark, width=max(2, scene.unit // 340), joint="curve")


def _kites(scene: Scene, colour: Rgb, random: chances.Random) -> None:
    pen = ImageDraw.Draw(scene.image)
    largest = 0.05 if scene.reading.figures else 0.09
    for _ in range(random.randint(2, 4)):
        x, y = (
            scene.random.uniform(0.08, 0.92) * scene.width,
            scene.horizon * scene.random.uniform(0.15, 0.6),
        )
        size = scene.unit * scene.random.uniform(largest / 2, largest)
        tail = [
            (x, y + size),
            (x - size * 0.5, y + size * 1.7),
            (x + size * 0.3, y + size * 2.3),
            (x - size * 0.2, y + size * 3),
        ]
        pen.line(tail, fill=mix(colour, scene.palette.dark, 0.4), width=max(2, scene.unit // 400))
        pen.polygon(
            [(x, y - size), (x + size * 0.7, y), (x, y + size), (x - size * 0.7, y)], fill=colour
        )
        pen.polygon(
            [(x, y - size), (x + size * 0.7, y), (x, y)], fill=mix(colour, (255, 255, 255), 0.4)
        )


def _lanterns(scene: Scene, colour: Rgb, random: chances.Random) -> None:
    pen = ImageDraw.Draw(scene.image)
    for _ in range(random.randint(3, 7)):
        x, y = (
            scene.random.uniform(0.05, 0.95) * scene.width,
            scene.horizon * scene.random.uniform(0.1, 0.8),
        )
        size = scene.unit * scene.random.uniform(0.010, 0.022)
        glow(scene, x, y, size * 4, mix(colour, (255, 240, 200), 0.5), 0.55)
        pen.rounded_rectangle(
            (x - size, y - size * 1.2, x + size, y + size * 1.2), size * 0.6, fill=colour
        )


def _stones(scene: Scene, colour: Rgb, random: chances.Random) -> None:
    pen = ImageDraw.Draw(scene.image)
    depth = scene.height - scene.horizon
    for _ in range(random.randint(3, 6)):
        x, foot = (
            scene.random.uniform(0.03, 0.97) * scene.width,
            scene.horizon + depth * scene.random.uniform(0.55, 0.95),
        )
        wide = scene.unit * scene.random.uniform(0.02, 0.045)
        tone = mix(colour, scene.palette.near, 0.45)
        pen.ellipse(
            (x - wide, foot - wide * 0.9, x + wide, foot + wide * 0.25),
            fill=mix(tone, scene.palette.dark, 0.4),
        )
        pen.ellipse((x - wide * 0.9, foot - wide * 0.9, x + wide * 0.7, foot), fill=tone)


def _pennants(scene: Scene, colour: Rgb, random: chances.Random) -> None:
    pen = ImageDraw.Draw(scene.image)
    y0, count = scene.horizon * random.uniform(0.08, 0.22), 9
    sag = scene.unit * 0.06
    points = [
        (n / count * scene.width, y0 + sag * (1 - (2 * n / count - 1) ** 2))
        for n in range(count + 1)
    ]
    pen.line(points, fill=scene.palette.dark, width=max(2, scene.unit // 420))
    half = scene.unit * 0.022
    for n, (x, y) in enumerate(points):
        fill = colour if n % 2 else mix(colour, (255, 255, 255), 0.55)
        pen.polygon([(x - half, y), (x + half, y), (x, y + half * 2.2)], fill=fill)


def _petals(scene: Scene, colour: Rgb, random: chances.Random) -> None:
    pen = ImageDraw.Draw(scene.image)
    for _ in range(random.randint(14, 30)):
        x, y = scene.random.uniform(0, scene.width), scene.random.uniform(0, scene.height)
        size = scene.unit * scene.random.uniform(0.004, 0.010)
        pen.ellipse((x - size, y - size * 0.6, x + size, y + size * 0.6), fill=colour)
        pen.ellipse(
            (x - size * 0.5, y - size * 0.5, x + size * 0.2, y),
            fill=mix(colour, (255, 255, 255), 0.5),
        )


def _rainbow(scene: Scene, _: Rgb, random: chances.Random) -> None:
    """Seven soft bands from one side to the other, opposite to the sun."""
    small = Image.new("RGBA", (max(2, scene.width // 4), max(2, scene.height // 4)))
    pen = ImageDraw.Draw(small)
    radius, unit = scene.width / 4 * random.uniform(0.42, 0.48), scene.unit / 4
    radius = min(radius, scene.horizon / 4 * 0.86)
    x = small.width * (0.60 if scene.sun[0] < scene.width / 2 else 0.40)
    y = scene.horizon / 4
    for n, hue in enumerate((0, 26, 52, 125, 200, 235, 280)):
        reach = radius - n * unit * 0.013
        box = (x - reach, y - reach, x + reach, y + reach)
        pen.arc(box, 180, 360, (*rgb((hue, 0.62, 1.0)), 130), max(2, round(unit * 0.014)))
    soft = small.filter(ImageFilter.GaussianBlur(unit * 0.004)).resize(scene.image.size)
    sky = Image.new("L", scene.image.size)
    sky.paste(soft.getchannel("A").crop((0, 0, scene.width, round(scene.horizon))))
    scene.image.paste(soft.convert("RGB"), mask=sky)


_KINDS: dict[str, Callable[[Scene, Rgb, chances.Random], None]] = {
    "birds": _birds,
    "kites": _kites,
    "lanterns": _lanterns,
    "stones": _stones,
    "pennants": _pennants,
    "petals": _petals,
    "rainbow": _rainbow,
}


def paint_weather(scene: Scene) -> None:
    """Rain, snow or fog in front of everything."""
    weather = scene.reading.weather
    if weather == "fog":
        _fog(scene)
    elif weather == "rain":
        _rain(scene)
    elif weather == "snow":
        _snow(scene)


def _fog(scene: Scene) -> None:
    small = Image.new("L", (64, 64))
    pen = ImageDraw.Draw(small)
    for _ in range(9):
        y = scene.random.uniform(26, 54)
        pen.ellipse(
            (scene.random.uniform(-30, 30), y - 4, scene.random.uniform(34, 94), y + 4), fill=130
        )
    mask = small.filter(ImageFilter.GaussianBlur(4)).resize(
        scene.image.size, Image.Resampling.BICUBIC
    )
    scene.image.paste(mix(scene.palette.sky[2], (240, 242, 246), 0.5), mask=mask)


def _rain(scene: Scene) -> None:
    pen = ImageDraw.Draw(scene.image)
    # Renderings that make each edge a line would see nothing but rain.
    is_line_art = scene.reading.style in ("neon", "blueprint")
    colour = mix(scene.palette.sky[2], (235, 242, 252), 0.55)
    for _ in range(round((40 if is_line_art else 260) * scene.width / scene.unit)):
        x, y = (
            scene.random.uniform(-0.1, 1) * scene.width,
            scene.random.uniform(-0.1, 1) * scene.height,
        )
        long = scene.unit * scene.random.uniform(0.02, 0.06)
        pen.line((x, y, x + long * 0.25, y + long), fill=colour, width=max(1, scene.unit // 700))


def _snow(scene: Scene) -> None:
    pen = ImageDraw.Draw(scene.image)
    for _ in range(round(300 * scene.width / scene.unit)):
        x, y = scene.random.uniform(0, scene.width), scene.random.uniform(0, scene.height)
        radius = scene.unit * scene.random.choice((0.0018, 0.003, 0.003, 0.006))
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=(250, 252, 255))
