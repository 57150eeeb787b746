"""Grids of pictures that the simulator paints: two subjects × two styles × three of each."""

from __future__ import annotations

import inspect
from itertools import product
from pathlib import Path

from nanobanana_nb.images.features import Views, views
from nanobanana_nb.show.judge.chance import Chance, Item, chance_of
from nanobanana_nb.simulator.painting import painter
from nanobanana_nb.simulator.tasks import Picture

Pair = tuple[str, str]
SUBJECTS: tuple[Pair, ...] = (
    ("dog", "cat"),
    ("heron", "owl"),
    ("cat", "hare"),
    ("fox", "bear"),
    ("car", "boat"),
    ("house", "tree"),
    ("fish", "whale"),
    ("horse", "elephant"),
    ("robot", "knight"),
    ("apple", "teapot"),
    ("bicycle", "train"),
    ("castle", "lighthouse"),
    ("penguin", "parrot"),
    ("octopus", "crab"),
    ("rose", "mushroom"),
    ("dragon", "dinosaur"),
    ("lion", "tiger"),
    ("guitar", "piano"),
    ("rocket", "airplane"),
    ("cup", "bottle"),
)
STYLES: tuple[Pair, ...] = (
    ("ink", "oil"),
    ("woodcut", "watercolour"),
    ("pixel art", "photo"),
    ("pencil sketch", "oil"),
    ("ink", "watercolour"),
    ("pastel", "neon"),
    ("woodcut", "ink"),
    ("low poly", "mosaic"),
    ("charcoal", "photo"),
    ("comic", "origami"),
)
ALIKE: tuple[Pair, ...] = (("boat", "ship"), ("photo", "35 mm photo"))  # drawn by the same strokes


def painted(folder: Path, prompt: str, variation: str) -> Views:
    """Return what a picture of the simulator looks like; it is painted once."""
    name = f"{prompt} {variation}".replace(" ", "-").replace(",", "")
    path = folder / f"{name}.jpg"
    if not path.exists():
        picture = Picture(prompt, "google/nano-banana", 256, 256, "jpeg", variation)
        path.write_bytes(inspect.unwrap(painter.paint)(picture))  # every pixel painted
    return views(path)


def chance_of_painted(folder: Path, subjects: Pair, styles: Pair) -> Chance:
    """Return what 2 × 2 × 3 pictures say, whose prompts have a subject and a style."""
    items: list[Item] = [
        ({"subject": a, "style": s}, painted(folder, f"A {a} on a sofa, {s}", n))
        for a, s, n in product(subjects, styles, "123")
    ]
    return chance_of(items)
