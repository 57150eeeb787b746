"""Edits repaint a reference that others made: light, weather, style, and what is added to it."""

from __future__ import annotations

import inspect
import io
from collections.abc import Sequence

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageStat

from nanobanana_nb.simulator.painting import painter
from nanobanana_nb.simulator.painting.history import History
from nanobanana_nb.simulator.pictures import shrink_reference
from nanobanana_nb.simulator.tasks import Picture, Reference

paint = inspect.unwrap(painter.paint)


def photo() -> bytes:
    """A picture as a user has it: a sky, a meadow, a path."""
    image = Image.new("RGB", (512, 512), (120, 180, 235))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 290, 512, 512), fill=(120, 180, 90))
    pen.polygon([(210, 512), (310, 512), (262, 290), (250, 290)], fill=(226, 206, 160))
    out = io.BytesIO()
    image.filter(ImageFilter.GaussianBlur(2)).save(out, "PNG")
    return out.getvalue()


def reference(*history: str, image: bytes = b"") -> Reference:
    """A reference as the service keeps it, with the prompts that have changed it before."""
    return Reference("digest", shrink_reference(image or photo(), History(history)))


def edited(
    prompt: str, references: Sequence[Reference] | None = None, variation: str = "1"
) -> Image.Image:
    """The picture of an edit, at 64 pixels and without its lettering."""
    record = Picture(prompt, "google/nano-banana", 256, 256, "png", variation)
    with Image.open(io.BytesIO(paint(record, references or [reference()]))) as opened:
        return opened.convert("RGB").resize((64, 64), Image.Resampling.BOX).crop((0, 0, 64, 58))


def distance(one: Image.Image, two: Image.Image) -> float:
    """Mean difference of two pictures in grey levels."""
    return sum(ImageStat.Stat(ImageChops.difference(one, two)).mean) / 3


def light(image: Image.Image) -> float:
    """Mean grey of a picture."""
    return ImageStat.Stat(image.convert("L")).mean[0]


@pytest.fixture(scope="module")
def same() -> Image.Image:
    """The picture of an edit that names nothing that the painter knows."""
    return edited("the same again")


def test_reference_is_kept(same: Image.Image) -> None:
    """What an edit does not speak of stays: the picture is nearly its reference."""
    with Image.open(io.BytesIO(photo())) as opened:
        before = opened.convert("RGB").resize((64, 64), Image.Resampling.BOX).crop((0, 0, 64, 58))
    assert distance(same, before) < 10


def test_night_darkens(same: Image.Image) -> None:
    """Night is half as light and bluer, with the place still to be seen."""
    night = edited("make it night")
    assert light(night) < 0.55 * light(same)
    red, _, blue = ImageStat.Stat(night).mean
    assert blue > red * 1.3
    assert ImageStat.Stat(night.convert("L")).stddev[0] > 8


@pytest.mark.parametrize("hour", ["make it night", "make it sunset", "make it dawn"])
def test_day_lightens(hour: str) -> None:
    """Day is light from each hour, and has neither its red nor its blue."""
    day = edited("make it day", [reference(image=_bytes(edited(hour)))])
    assert 140 < light(day) < 200
    red, _, blue = ImageStat.Stat(day).mean
    assert 0.65 * blue < red < 1.1 * blue


def test_night_of_a_night() -> None:
    """A picture that is dark already stays as dark as it is."""
    once = edited("make it night")
    assert light(edited("make it night", [reference(image=_bytes(once))])) > 0.6 * light(once)


def _bytes(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    "prompt",
    [
        *("make it sunset", "at dawn", "in the snow", "in the rain", "foggy", "make it warm"),
        *("as a woodcut", "as a watercolour", "pixel art", "blueprint", "in purple tones"),
        *("with a rainbow", "under the full moon", "muted colours"),
    ],
)
def test_whole_picture_changes(same: Image.Image, prompt: str) -> None:
    """Hours, weather, moods, colours and styles are seen, and the place stays what it is."""
    assert 3 < distance(edited(prompt), same) < 140


@pytest.mark.parametrize(
    "prompt",
    ["add a boat", "add the boat", "a boat and a house", "add a platypus", "give it a hat"],
)
def test_added_things_are_drawn(same: Image.Image, prompt: str) -> None:
    """A boat, or the card of an unknown thing, comes into the picture."""
    assert distance(edited(prompt), same) > 1.2


@pytest.mark.parametrize(
    "prompt",
    [
        *("make the boat larger", "remove the boat", "without a boat", "no boats, no kites"),
        *("make the dog fluffier", "Zoom in", "improve it"),
    ],
)
def test_what_is_there_is_not_added(same: Image.Image, prompt: str) -> None:
    """Nothing is drawn for what the picture has already, for what is to go, and for a verb."""
    assert distance(edited(prompt), same) < 0.5


def test_nothing_is_drawn_twice(same: Image.Image) -> None:
    """What the service has drawn before stays one; another one can be added."""
    own = reference("a cat on the hills", "add a boat")
    assert distance(edited("a cat and a boat, smiling", [own]), same) < 0.5
    assert distance(edited("a cat and a dog", [own]), same) > 1.2
    assert distance(edited("add a cat", [own]), same) > 1.2


def test_several_references(same: Image.Image) -> None:
    """The first reference is the picture, the others hang in it; so they do in a new place."""
    logo = io.BytesIO()
    Image.new("RGB", (300, 300), (230, 20, 200)).save(logo, "PNG")
    both = edited("with this logo", [reference(), reference(image=logo.getvalue())])
    assert 2 < distance(both, same) < 40
    assert distance(edited("put it on a beach"), same) > 15


def test_repeats_differ() -> None:
    """Each repeat of an edit is another picture, and the same one again for the same repeat."""
    first, again, second = (edited("make it night", variation=n) for n in "112")
    assert first.tobytes() == again.tobytes()
    assert first.tobytes() != second.tobytes()
