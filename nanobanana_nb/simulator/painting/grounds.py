"""The ground of each setting, painted over a sky from far to near."""

from __future__ import annotations

from collections.abc import Callable

from PIL import ImageDraw

from nanobanana_nb.simulator.painting.landscape import (
    Scene,
    fill_below,
    has_sun,
    layer_colour,
    ridge,
)
from nanobanana_nb.simulator.painting.palette import mix
from nanobanana_nb.simulator.painting.scenery import (
    blades,
    blocks,
    dots,
    pines,
    ranges,
    trees,
    window,
)


def paint_ground(scene: Scene) -> None:
    """Everything below (and on) the horizon of the scene's setting."""
    _GROUNDS[scene.reading.setting](scene)


def _hills(scene: Scene) -> None:
    ranges(scene, 0.17, 0.30, layers=4 + scene.detail // 2)
    trees(scene, 14 + 8 * scene.detail, 0.05)


def _mountains(scene: Scene) -> None:
    ranges(scene, 0.42, 0.56, layers=3, start=0.0)
    ranges(scene, 0.16, 0.36, layers=2 + scene.detail // 2, start=0.62)
    pines(scene, 12 + 8 * scene.detail, 0.09, 0.86)


def _water(scene: Scene) -> None:
    """A level, the light's path on it, and waves that grow towards the viewer."""
    level = [(0.0, scene.horizon), (float(scene.width), scene.horizon)]
    near = mix(scene.palette.near, scene.palette.dark, 0.15)
    fill_below(scene, level, mix(scene.palette.far, scene.palette.sky[2], 0.35), near)
    pen = ImageDraw.Draw(scene.image)
    depth = scene.height - scene.horizon
    for n in range(90 + 50 * scene.detail):
        share = scene.random.random() ** 1.4
        y = scene.horizon + depth * share
        x, spread = scene.random.uniform(0, scene.width), scene.unit * (0.03 + 0.12 * share)
        beside = scene.random.gauss(scene.sun[0], spread)
        near_light = n % 3 == 0 and has_sun(scene.reading)
        x = beside if near_light else x
        colour = scene.palette.light if near_light else layer_colour(scene, max(0.0, share - 0.35))
        long, thick = scene.unit * (0.015 + 0.09 * share), scene.unit * (0.0012 + 0.004 * share)
        pen.ellipse((x - long, y - thick, x + long, y + thick), fill=colour)


def _sea(scene: Scene) -> None:
    _water(scene)
    shore = scene.horizon + (scene.height - scene.horizon) * 0.74
    sand = mix(scene.palette.near, scene.palette.light, 0.38)
    line = ridge(scene, shore, scene.unit * 0.09, 0.22)
    fill_below(
        scene,
        [(x, y - scene.unit * 0.012) for x, y in line],
        mix(sand, (255, 255, 255), 0.65),
        sand,
    )
    fill_below(scene, line, sand, mix(sand, scene.palette.dark, 0.35))


def _lake(scene: Scene) -> None:
    far = ridge(scene, scene.horizon + scene.unit * 0.02, scene.unit * 0.26, 0.48)
    fill_below(scene, far, layer_colour(scene, 0.25), layer_colour(scene, 0.05))
    _water(scene)
    bank = scene.horizon + (scene.height - scene.horizon) * 0.78
    ground = mix(scene.palette.near, (70, 84, 30), 0.45)
    fill_below(
        scene,
        ridge(scene, bank, scene.unit * 0.08, 0.3),
        ground,
        mix(ground, scene.palette.dark, 0.5),
    )
    blades(scene, 36 + 20 * scene.detail, 0.24, mix(ground, scene.palette.dark, 0.35), edges=True)


def _city(scene: Scene) -> None:
    for row in range(3):
        share = row / 2
        blocks(scene, share, scene.horizon + scene.unit * 0.16 * share)
    street = scene.horizon + (scene.height - scene.horizon) * 0.56
    paving = mix(scene.palette.near, scene.palette.sky[2], 0.18)
    fill_below(
        scene,
        [(0.0, street), (float(scene.width), street)],
        paving,
        mix(paving, scene.palette.dark, 0.7),
    )


def _forest(scene: Scene) -> None:
    ranges(scene, 0.20, 0.35, layers=2)
    depth, shade = scene.height - scene.horizon, mix(scene.palette.near, scene.palette.far, 0.25)
    clearing = ridge(scene, scene.horizon + depth * 0.12, scene.unit * 0.04, 0.3)
    fill_below(scene, clearing, layer_colour(scene, 0.35), shade)
    for row in range(3 + scene.detail // 2):
        pines(scene, 11 + 3 * row, 0.42 + 0.10 * row, 0.05 + 0.17 * row, share=0.15 + 0.25 * row)
    floor = scene.horizon + (scene.height - scene.horizon) * 0.70
    ground = mix(scene.palette.near, scene.palette.dark, 0.12)
    fill_below(
        scene,
        ridge(scene, floor, scene.unit * 0.06, 0.4),
        ground,
        mix(ground, scene.palette.dark, 0.6),
    )


def _desert(scene: Scene) -> None:
    depth = scene.height - scene.horizon
    layers = 4 + scene.detail // 2
    for n in range(layers):
        share = n / (layers - 1)
        line = ridge(
            scene, scene.horizon + depth * 0.7 * share + scene.unit * 0.05, scene.unit * 0.16, 0.18
        )
        colour = layer_colour(scene, share)
        fill_below(scene, line, mix(colour, scene.palette.light, 0.30), colour)
        drop = scene.unit * 0.05
        shade = [(x, y + drop * (0.6 + 0.5 * ((i // 40) % 2))) for i, (x, y) in enumerate(line)]
        fill_below(scene, shade, colour, mix(colour, scene.palette.near, 0.35))


def _field(scene: Scene) -> None:
    ranges(scene, 0.12, 0.28, layers=2)
    start = scene.horizon + (scene.height - scene.horizon) * 0.10
    near = scene.palette.near
    fill_below(
        scene,
        ridge(scene, start, scene.unit * 0.05, 0.2),
        mix(near, scene.palette.light, 0.45),
        near,
    )
    blades(
        scene, 220 + 140 * scene.detail, 0.055, mix(near, scene.palette.light, 0.22), edges=False
    )
    dots(scene, 90 + 70 * scene.detail)


def _room(scene: Scene) -> None:
    """A wall with a window through which the sky is seen, and a table."""
    sky = scene.image.crop((0, 0, scene.width, round(scene.horizon)))
    wall = mix(scene.palette.far, scene.palette.sky[2], 0.25)
    fill_below(
        scene, [(0.0, 0.0), (float(scene.width), 0.0)], mix(wall, scene.palette.near, 0.28), wall
    )
    edge = scene.horizon + (scene.height - scene.horizon) * 0.42
    window(scene, sky, edge)
    top = mix(scene.palette.near, (150, 92, 48), 0.5)
    fill_below(
        scene,
        [(0.0, edge), (float(scene.width), edge)],
        mix(top, scene.palette.light, 0.34),
        mix(top, scene.palette.dark, 0.3),
    )
    pen = ImageDraw.Draw(scene.image)
    for _ in range(10 + 12 * scene.detail):
        y = edge + (scene.height - edge) * scene.random.random() ** 1.3
        x, long = (
            scene.random.uniform(-0.2, 1) * scene.width,
            scene.unit * scene.random.uniform(0.2, 0.7),
        )
        pen.line(
            (x, y, x + long, y),
            fill=mix(top, scene.palette.dark, 0.28),
            width=max(1, scene.unit // 500),
        )


def _space(scene: Scene) -> None:
    pen = ImageDraw.Draw(scene.image)
    x, y, radius = scene.width * 0.22, scene.horizon * 0.34, scene.unit * 0.10
    if scene.sun[0] < scene.width / 2:
        x = scene.width - x
    body = mix(scene.palette.far, scene.palette.light, 0.3)
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=body)
    for n in range(3):
        low = y - radius * 0.4 + n * radius * 0.4
        pen.ellipse(
            (x - radius * 0.9, low, x + radius * 0.9, low + radius * 0.12),
            fill=mix(body, scene.palette.near, 0.4),
        )
    pen.arc(
        (x - radius * 1.8, y - radius * 0.4, x + radius * 1.8, y + radius * 0.4),
        -25,
        205,
        fill=scene.palette.light,
        width=max(2, round(radius * 0.06)),
    )
    ranges(scene, 0.13, 0.40, layers=3)
    for _ in range(10 + 8 * scene.detail):
        share = scene.random.uniform(0.35, 1)
        cx, cy = (
            scene.random.uniform(0, scene.width),
            scene.horizon + (scene.height - scene.horizon) * share,
        )
        wide = scene.unit * scene.random.uniform(0.01, 0.05) * share
        pen.ellipse(
            (cx - wide, cy - wide / 3, cx + wide, cy + wide / 3),
            fill=mix(scene.palette.near, scene.palette.dark, 0.45),
        )


_GROUNDS: dict[str, Callable[[Scene], None]] = {
    "hills": _hills,
    "mountains": _mountains,
    "sea": _sea,
    "lake": _lake,
    "city": _city,
    "forest": _forest,
    "desert": _desert,
    "field": _field,
    "room": _room,
    "space": _space,
}
