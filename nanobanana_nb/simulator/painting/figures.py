"""Where the figures of a prompt stand, and how many of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nanobanana_nb.simulator.painting.landscape import Scene, glow
from nanobanana_nb.simulator.painting.motifs import Place, draw_figure
from nanobanana_nb.simulator.painting.palette import subject_colours
from nanobanana_nb.simulator.painting.reading import Subject

_AIRBORNE = frozenset({"balloon", "rocket", "butterfly", "airplane", "dragon"})
_AFLOAT = frozenset({"boat", "whale", "fish"})
_MOST_BESIDE = 3


def paint_figures(scene: Scene, figures: Sequence[Subject], *, shift: float = 0.0) -> None:
    """The main figure in front, others smaller beside it; ``shift`` moves them from the sun."""
    for n, figure in reversed(list(enumerate(figures))):
        colours = subject_colours(figure.name, scene.reading, scene.palette)
        for place in reversed(list(_places(scene, n, figure, shift))):
            if scene.reading.time == "night" or scene.reading.setting == "space":
                middle = place.y - place.size * 0.5
                glow(scene, place.x, middle, place.size * 0.75, scene.palette.light, 0.20)
            draw_figure(scene.image, figure.name, colours, place)


def _places(scene: Scene, n: int, figure: Subject, shift: float) -> Iterator[Place]:
    """The place of each of a figure's number, the foremost first."""
    wide = scene.width / scene.height
    away = -1 if scene.sun[0] > scene.width / 2 else 1
    across = 0.5 + away * (shift or (0.14 if wide > 1.15 else 0.06))
    size = min(scene.unit * 0.54, scene.width * 0.60)
    foot = scene.height * 0.925
    count = figure.count if not n else min(figure.count, _MOST_BESIDE)
    if n:
        across += -away * (0.27 if wide > 0.9 else 0.24) * (1 if n == 1 else -1.1)
        size *= 0.60
        foot -= scene.unit * 0.035 * n
    size *= scene.random.uniform(0.93, 1.06) * (1.0, 0.82, 0.70, 0.62, 0.56)[count - 1]
    x = scene.width * across + scene.unit * scene.random.uniform(-0.04, 0.04)
    if figure.name in _AIRBORNE:
        foot -= scene.unit * (0.16 + 0.06 * scene.random.random())
    if figure.name in _AFLOAT and scene.reading.setting in ("sea", "lake"):
        foot = scene.horizon + (scene.height - scene.horizon) * (0.60 - 0.10 * n)
        size = min(size, foot * 0.8)
    flipped = scene.random.random() < 0.5
    for copy in range(count):
        side = away * (-1 if copy % 2 else 1) * ((copy + 1) // 2)
        smaller = size * 0.88 ** ((copy + 1) // 2)
        at = x - side * size * scene.random.uniform(0.74, 0.84)
        at = min(max(at, smaller * 0.5), scene.width - smaller * 0.5)
        level = foot - scene.unit * 0.030 * ((copy + 1) // 2) * scene.random.uniform(0.8, 1.2)
        turned = flipped != (copy % 3 == 1)
        yield Place(at, level, smaller, turned, scene.sun[0] < at, shaded=scene.detail > 0)
