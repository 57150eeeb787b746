"""Paints the picture of a task: place or reference, figures, rendering, lettering.

The same picture record and references always give the same bytes. The words of the prompt decide
what is seen (see ``words``), the model how much of it, the ratio how it is laid out, and the
variation where things stand.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image

from nanobanana_nb.simulator.painting import texture
from nanobanana_nb.simulator.painting.collage import hang_references
from nanobanana_nb.simulator.painting.figures import paint_figures
from nanobanana_nb.simulator.painting.grounds import paint_ground
from nanobanana_nb.simulator.painting.history import History, history_of
from nanobanana_nb.simulator.painting.landscape import Scene, paint_sky
from nanobanana_nb.simulator.painting.lettering import letter
from nanobanana_nb.simulator.painting.ornaments import paint_ornaments, paint_weather
from nanobanana_nb.simulator.painting.palette import scene_palette
from nanobanana_nb.simulator.painting.repaint import is_repaint, repainted
from nanobanana_nb.simulator.painting.styles import render
from nanobanana_nb.simulator.tasks import Picture, Reference
from nanobanana_nb.simulator.words.reading import Reading, chance, read
from nanobanana_nb.simulator.words.revision import revised
from nanobanana_nb.simulator.words.told_names import without_names

#: Renderings with hard outlines: drawn at twice the size, so that the outlines come out smooth.
_SMOOTH = frozenset({"", "photo", "noir", "vintage", "woodcut", "sketch", "comic", "blueprint"})

#: Renderings that would make the letters of a card unreadable, and the ink that is laid over.
_INKS = dict.fromkeys(
    ("watercolour", "woodcut", "sketch", "pastel", "oil", "comic", "lowpoly", "glass"), (34, 26, 34)
) | {"blueprint": (232, 242, 255), "neon": (255, 236, 250)}


def paint(picture: Picture, references: Sequence[Reference] = ()) -> bytes:
    """The encoded picture, PNG or JPEG; about 0.3 s of one core at 1K, a few seconds at 4K."""
    reading = read(without_names(picture.prompt))
    history = history_of(references[0]) if references else History()
    edit = not history.seed and is_repaint(picture, reading, references)
    if edit:
        size = _drawn_size(picture, reading.style)
        scene = repainted(picture, reading, references[0], size)
    else:
        scene = _place(picture, reading, history)
    if edit or history.seed:
        references = references[1:]
    paint_ornaments(scene)
    paint_figures(scene, shift=0.2 if references else 0.0, aside=edit)
    if references:
        free_side_is_left = scene.sun[0] < scene.width / 2
        hang_references(
            scene.image, references, free_side_is_left, small=edit or bool(history.seed)
        )
    paint_weather(scene.part("weather", picture.variation))
    return _encode(_finish(scene, picture, edit=edit), picture)


def _place(picture: Picture, reading: Reading, history: History) -> Scene:
    """Sky and ground of a prompt, or those of a drawn picture as an edit changes them."""
    seed = history.seed or picture.variation
    if history.seed:
        reading = revised(history.reading(), reading)
    scene = _empty_scene(picture, reading, seed)
    paint_sky(scene.part("sky", picture.variation))
    paint_ground(scene.part("ground"))
    return scene


def _empty_scene(picture: Picture, reading: Reading, seed: str) -> Scene:
    random = chance("scene", seed)
    size = _drawn_size(picture, reading.style)
    level = 0.60 if size[0] / size[1] > 0.9 else 0.64
    horizon = size[1] * (level + random.uniform(-0.05, 0.04))
    left, across = random.random() < 0.5, random.uniform(0.14, 0.30)
    if reading.light and not reading.figures:
        across += 0.19
    height = {"sunset": 0.80, "dawn": 0.72, "day": 0.36, "night": 0.32}[reading.time]
    sun = (
        size[0] * (across if left else 1 - across),
        horizon * (height + random.uniform(-0.06, 0.06)),
    )
    image, ink = Image.new("RGB", size), Image.new("L", size)
    palette = scene_palette(reading)
    return Scene(image, reading, palette, horizon, sun, picture.detail, random, ink, seed)


def _drawn_size(picture: Picture, style: str) -> tuple[int, int]:
    """At most twice the 1K size: 1K is drawn large and reduced, 4K is enlarged."""
    pixels = picture.width * picture.height
    if pixels > 8e6:
        return picture.width // 2, picture.height // 2
    scale = 2 if pixels < 2e6 and style in _SMOOTH else 1
    return picture.width * scale, picture.height * scale


def _finish(scene: Scene, picture: Picture, *, edit: bool) -> Image.Image:
    image, ink, style = scene.image, scene.ink, scene.reading.style
    target = (picture.width, picture.height)
    if image.width > picture.width:
        factor = image.width // picture.width
        image, ink = image.reduce(factor), ink.reduce(factor)
    image = render(image, style, chance("render", picture.variation))
    if style in _INKS and ink.getbbox():
        image.paste(_INKS[style], mask=ink.point(lambda v: v * 225 // 255))
    if not edit:
        image = _grade(image, picture, style)
    if image.size != target:
        image = image.resize(target, Image.Resampling.BICUBIC)
    letter(image, picture.prompt, over_older=edit)
    return image


def _grade(image: Image.Image, picture: Picture, style: str) -> Image.Image:
    """What richer models add at the end: corners that fall off, and grain."""
    if style in ("", "photo", "oil") and picture.detail >= 2:
        image = texture.vignette(image, 0.30)
    if not style and picture.detail:
        image = texture.grained(image, chance("grain", picture.variation), 2)
    return image


def _encode(image: Image.Image, picture: Picture) -> bytes:
    out = io.BytesIO()
    if picture.extension == "png":
        image.save(out, "PNG", compress_level=6 if image.width * image.height < 2e6 else 3)
    else:
        image.save(out, "JPEG", quality=90, optimize=True)
    return out.getvalue()
