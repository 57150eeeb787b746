"""Where the figures of a prompt stand, and how many of each."""

from __future__ import annotations

from collections.abc import Iterator

from nanobanana_nb.simulator.painting.landscape import Scene, glow
from nanobanana_nb.simulator.painting.motifs import MOTIFS, Place, draw_card, draw_motif
from nanobanana_nb.simulator.painting.palette import subject_colours
from nanobanana_nb.simulator.words.reading import Subject, chance

_AIRBORNE = frozenset({"balloon", "rocket", "butterfly", "airplane", "kite"})
_AFLOAT = frozenset({"boat", "whale", "fish"})
_MOST_BESIDE = 3
_LEAN = 0.06  # of the main figure away from the sun, as a share of the width
_SIZES = (1.0, 0.82, 0.70, 0.58, 0.50)  # of each, where there are one to five


def paint_figures(scene: Scene, *, shift: float = 0.0, aside: bool = False) -> None:
    """The main figure in front, others smaller beside it; ``shift`` moves them from the sun.

    ``aside`` puts all of them, smaller, to the sides of what is there already.

    Small cards stand before all, for their words are to be read, and so do a fourth and a fifth.
    """
    for figure in sorted(scene.reading.figures, key=_depth):
        colours = subject_colours(figure.name, scene.reading, scene.palette)
        for place in reversed(list(_places(scene, figure, shift, aside))):
            if scene.reading.time == "night" or scene.reading.setting == "space":
                middle = place.y - place.size * 0.5
                glow(scene, place.x, middle, place.size * 0.75, scene.palette.light, 0.20)
            if _is_card(figure):
                draw_card(scene.image, scene.ink, figure.name, colours, place)
            else:
                draw_motif(scene.image, figure.name, colours, place)


def _depth(figure: Subject) -> tuple[bool, int]:
    is_before = figure.rank >= _MOST_BESIDE or (figure.rank > 0 and _is_card(figure))
    return is_before, -figure.rank


def _is_card(figure: Subject) -> bool:
    return figure.name not in MOTIFS


def _places(scene: Scene, figure: Subject, shift: float, aside: bool) -> Iterator[Place]:
    """The place of each of a figure's number, the foremost first."""
    n = figure.rank
    count = min(figure.count, _MOST_BESIDE) if n or aside else figure.count
    away = -1 if scene.sun[0] > scene.width / 2 else 1
    across, share = _station(scene, n, shift * away or away * _LEAN, aside)
    if count > 3:
        across = 0.5
    size = min(scene.unit * 0.54, scene.width * 0.60) * share * _SIZES[count - 1]
    random = chance("figure", scene.seed, figure.name)
    size *= figure.scale * random.uniform(0.93, 1.06)
    foot = scene.height * 0.925 - scene.unit * (0.035 * n if n < _MOST_BESIDE else -0.02)
    x = scene.width * across + scene.unit * random.uniform(-0.04, 0.04)
    if figure.name in _AIRBORNE:
        foot -= scene.unit * (0.16 + 0.06 * random.random())
    if figure.name in _AFLOAT and scene.reading.setting in ("sea", "lake"):
        foot = scene.horizon + (scene.height - scene.horizon) * (0.60 - 0.10 * n)
        size = min(size, foot * 0.8)
    flipped = random.random() < 0.5
    for copy in range(count):
        row = (copy + 1) // 2
        smaller = size * 0.88**row
        gap = size * random.uniform(0.74, 0.84) * (1 if count < 4 else 0.9)
        at = x + away * (1 if copy % 2 else -1) * row * gap
        at = min(max(at, smaller * 0.5), scene.width - smaller * 0.5)
        level = foot - scene.unit * 0.030 * row * random.uniform(0.8, 1.2)
        turned = flipped != (copy % 3 == 1)
        yield Place(
            at,
            level,
            smaller,
            turned,
            scene.sun[0] < at,
            scene.detail > 0,
            figure.name in _AIRBORNE,
        )


def _station(scene: Scene, n: int, lean: float, aside: bool) -> tuple[float, float]:
    """Where across the n-th figure stands, and its share of the size of a single one."""
    figures = scene.reading.figures
    is_wide = scene.width / scene.height > 1.15
    away = 1 if lean > 0 else -1
    if aside:
        return 0.5 + away * (0.28, -0.28, 0.0)[n], 0.62
    first = min(figures, key=lambda figure: figure.rank)
    is_full = len(figures) > 1 and (_is_card(first) or first.count > 1)
    if abs(lean) == _LEAN and (is_wide or is_full):
        lean = away * 0.14
    share = 1.0
    if is_full:
        share = 0.70 if first.count > 1 else 0.86 if len(figures) == 2 else 0.75
        lean = 0.0 if len(figures) > 2 else lean
    if n >= _MOST_BESIDE:
        return 0.5 + lean + away * (0.19 if n % 2 else -0.19), share * 0.40
    if n:
        reach = 0.40 if is_full else 0.33 if scene.width / scene.height > 0.9 else 0.30
        lean -= away * reach * (1 if n == 1 else -1.1)
        share *= 0.60
    return 0.5 + lean, share
