"""What stands on a ground: ranges, trees, grass, flowers, buildings, a window."""

from __future__ import annotations

from PIL import Image, ImageDraw, ImageOps

from nanobanana_nb.simulator.painting.landscape import Scene, fill_below, glow, layer_colour, ridge
from nanobanana_nb.simulator.painting.palette import mix


def ranges(scene: Scene, rise: float, rough: float, *, layers: int, start: float = 0.0) -> None:
    """Ranges one before the other, paler the farther away."""
    depth = scene.height - scene.horizon
    for n in range(layers):
        share = start + (1 - start) * n / max(1, layers - 1)
        base = scene.horizon + depth * 0.72 * share**1.25
        high = scene.unit * rise * (1 - 0.45 * share)
        top = layer_colour(scene, share)
        below = mix(top, scene.palette.sky[2], 0.30 * (1 - share))
        fill_below(scene, ridge(scene, base + high * 0.3, high, rough), top, below)


def blocks(scene: Scene, share: float, base: float) -> None:
    pen = ImageDraw.Draw(scene.image)
    x, colour = -scene.unit * 0.05, layer_colour(scene, share)
    lit = scene.reading.time in ("night", "sunset")
    while x < scene.width:
        wide = scene.unit * scene.random.uniform(0.06, 0.13)
        top = base - scene.unit * scene.random.uniform(0.08, 0.42) * (1 - 0.25 * share)
        face = mix(colour, scene.palette.light, scene.random.uniform(0, 0.10))
        pen.rectangle((x, top, x + wide, scene.height), fill=face)
        if scene.random.random() < 0.3:
            pen.polygon([(x, top), (x + wide / 2, top - wide * 0.8), (x + wide, top)], fill=face)
        windows(
            scene, (x, top, wide), (255, 214, 130) if lit else mix(face, scene.palette.sky[1], 0.5)
        )
        x += wide * scene.random.uniform(0.85, 1.1)


def windows(scene: Scene, block: tuple[float, float, float], colour: tuple[int, int, int]) -> None:
    x, top, wide = block
    pen, step = ImageDraw.Draw(scene.image), scene.unit * 0.022
    columns = max(2, int(wide / step) - 1)
    for row in range(2, 3 + 6 * (1 + scene.detail)):
        y = top + row * step
        for column in range(columns):
            if scene.random.random() < 0.55 and y < scene.horizon + scene.unit * 0.30:
                left = x + (column + 0.7) * wide / (columns + 0.4)
                pen.rectangle((left, y, left + step * 0.4, y + step * 0.5), fill=colour)


def pines(scene: Scene, count: int, size: float, level: float, share: float = 1.0) -> None:
    """Fir trees that stand at a level (0 horizon, 1 lower edge)."""
    pen = ImageDraw.Draw(scene.image)
    depth = scene.height - scene.horizon
    count = round(count * scene.width / scene.unit)
    colour = mix(layer_colour(scene, min(1, share)), scene.palette.dark, 0.30 * min(1, share))
    for n in range(count):
        x = (n + scene.random.uniform(0, 1)) / count * scene.width
        foot = scene.horizon + depth * (level + scene.random.uniform(0, 0.08))
        high = scene.unit * size * scene.random.uniform(0.6, 1.1)
        tone = mix(colour, scene.palette.far, scene.random.uniform(0, 0.14))
        for tier in range(4):
            top, low = foot - high * (1 - 0.20 * tier), foot - high * (0.58 - 0.19 * tier)
            wide = high * (0.09 + 0.05 * tier)
            pen.polygon([(x, top), (x + wide, low), (x - wide, low)], fill=tone)
        pen.rectangle(
            (x - high * 0.02, foot - high * 0.05, x + high * 0.02, foot + high * 0.06), fill=tone
        )


def trees(scene: Scene, count: int, size: float) -> None:
    pen = ImageDraw.Draw(scene.image)
    depth = scene.height - scene.horizon
    for _ in range(round(count * scene.width / scene.unit)):
        share = scene.random.uniform(0.30, 0.62)
        x, foot = scene.random.uniform(0, scene.width), scene.horizon + depth * share
        radius = scene.unit * size * share * scene.random.uniform(0.5, 1)
        tone = mix(
            layer_colour(scene, share + 0.25), scene.palette.dark, scene.random.uniform(0.1, 0.4)
        )
        pen.line(
            (x, foot, x, foot - radius * 1.6),
            fill=scene.palette.dark,
            width=max(1, round(radius / 5)),
        )
        pen.ellipse((x - radius, foot - radius * 3, x + radius, foot - radius * 0.9), fill=tone)


def blades(
    scene: Scene, count: int, size: float, colour: tuple[int, int, int], *, edges: bool
) -> None:
    """Grass or reeds; with ``edges`` only at both sides."""
    pen = ImageDraw.Draw(scene.image)
    depth = scene.height - scene.horizon
    for n in range(round(count * scene.width / scene.unit)):
        share = 0.84 + 0.16 * scene.random.random() if edges else 0.14 + 0.86 * (n / count / 2) % 1
        side = scene.random.random()
        x = scene.width * ((0.30 * side**1.5 if n % 2 else 1 - 0.30 * side**1.5) if edges else side)
        foot = scene.horizon + depth * share
        high = scene.unit * size * scene.random.uniform(0.5, 1) * (1 if edges else 0.35 + share)
        tip = x + high * scene.random.uniform(-0.3, 0.3)
        half = max(1.0, high * 0.03)
        tone = mix(colour, scene.palette.dark, scene.random.uniform(0, 0.45))
        pen.polygon([(x - half, foot), (tip, foot - high), (x + half, foot)], fill=tone)


def dots(scene: Scene, count: int) -> None:
    """Small flowers, larger towards the viewer."""
    pen = ImageDraw.Draw(scene.image)
    depth = scene.height - scene.horizon
    kinds = [
        mix(scene.palette.light, c, 0.65) for c in ((236, 84, 92), (250, 246, 236), (150, 110, 210))
    ]
    for _ in range(round(count * scene.width / scene.unit)):
        share = 0.16 + 0.84 * scene.random.random()
        x, y = scene.random.uniform(0, scene.width), scene.horizon + depth * share
        radius = scene.unit * (0.0016 + 0.006 * share)
        pen.ellipse(
            (x - radius, y - radius, x + radius, y + radius), fill=scene.random.choice(kinds)
        )


def window(scene: Scene, sky: Image.Image, edge: float) -> None:
    wide, high = min(scene.unit * 0.46, scene.width * 0.4), min(scene.unit * 0.5, edge * 0.66)
    left = scene.sun[0] - wide / 2
    top = edge * 0.14
    frame, bar = mix(scene.palette.far, (255, 252, 244), 0.7), scene.unit * 0.014
    pen = ImageDraw.Draw(scene.image)
    pen.rectangle((left - bar, top - bar, left + wide + bar, top + high + bar), fill=frame)
    # Around the sun, and not squeezed: a sun must stay round.
    centre = (min(1.0, max(0.0, scene.sun[0] / scene.width)), 0.5)
    view = ImageOps.fit(sky, (round(wide), round(high)), centering=centre)
    scene.image.paste(view, (round(left), round(top)))
    pen.rectangle(
        (left + wide / 2 - bar / 3, top, left + wide / 2 + bar / 3, top + high), fill=frame
    )
    pen.rectangle(
        (left, top + high / 2 - bar / 3, left + wide, top + high / 2 + bar / 3), fill=frame
    )
    glow(scene, left + wide / 2, top + high / 2, wide * 1.3, scene.palette.light, 0.22)
