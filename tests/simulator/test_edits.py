"""Edits repaint their reference: light, weather, style, and what is added to it."""

from __future__ import annotations

import io

import httpx
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageStat

from nanobanana_nb.simulator import Options
from tests.simulator.conftest import Serve, body_of, create, info, picture, upload

PARTS = [(90, 150, 220), (120, 180, 90), (200, 180, 140)]


def photo() -> bytes:
    """A picture as a user has it: a sky, a meadow, a path."""
    image = Image.new("RGB", (900, 900), PARTS[0])
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 500, 900, 900), fill=PARTS[1])
    pen.polygon([(380, 900), (520, 900), (460, 500), (440, 500)], fill=PARTS[2])
    out = io.BytesIO()
    image.filter(ImageFilter.GaussianBlur(3)).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def link(client: httpx.Client) -> str:
    """The link of an uploaded photo."""
    return upload(client, photo())


def small(image: bytes) -> Image.Image:
    """The picture at 64 pixels, without its lettering."""
    with Image.open(io.BytesIO(image)) as opened:
        whole = opened.convert("RGB").resize((64, 64), Image.Resampling.BOX)
    return whole.crop((0, 0, 64, 60))


def light(image: bytes) -> float:
    """Mean grey of a picture."""
    return ImageStat.Stat(small(image).convert("L")).mean[0]


def distance(one: bytes, two: bytes) -> float:
    """Mean difference of two pictures in grey levels."""
    return sum(ImageStat.Stat(ImageChops.difference(small(one), small(two))).mean) / 3


def edited(client: httpx.Client, link: str, prompt: str, *more: str) -> bytes:
    """The picture of an edit."""
    return picture(client, body_of(prompt, img_urls=[link, *more]))


def test_reference_is_kept(client: httpx.Client, link: str) -> None:
    """What an edit does not speak of stays: the picture is nearly its reference."""
    image = edited(client, link, "remove the boat")
    assert distance(image, photo()) < 8


def test_night_darkens(client: httpx.Client, link: str) -> None:
    """Night is half as light and bluer, with the place still to be seen; day brightens."""
    night = edited(client, link, "make it night")
    assert light(night) < 0.55 * light(photo())
    red, _, blue = ImageStat.Stat(small(night)).mean
    assert blue > red * 1.3
    assert max(ImageStat.Stat(small(night).convert("L")).stddev) > 8
    assert light(edited(client, link, "make it a bright day")) > light(photo())


@pytest.mark.parametrize("prompt", ["at sunset", "at dawn", "in the snow", "in the rain", "foggy"])
@pytest.mark.parametrize("own", [False, True])
def test_light_and_weather(client: httpx.Client, link: str, prompt: str, own: bool) -> None:
    """Hours and weather change the whole picture, of the user or of the service itself."""
    if own:
        link = info(client, create(client))["result"]["media_urls"][0]
    before = edited(client, link, "the same again")
    assert distance(edited(client, link, f"make it {prompt}"), before) > 6


@pytest.mark.parametrize("style", ["a woodcut", "a watercolour", "pixel art", "a blueprint"])
def test_styles(client: httpx.Client, link: str, style: str) -> None:
    """A style renders the reference, and draws nothing new."""
    with Image.open(io.BytesIO(edited(client, link, f"as {style}"))) as image:
        assert image.size == (1024, 1024)
    assert distance(edited(client, link, f"as {style}"), photo()) > 6


def test_added_things_are_drawn(client: httpx.Client, link: str) -> None:
    """A boat and an unknown thing come into the picture; what is there already does not."""
    same = edited(client, link, "look at the boat")
    for prompt in ("add a boat", "add the boat", "a boat and a house", "add a platypus"):
        assert distance(edited(client, link, prompt), same) > 4, prompt
    for prompt in ("make the boat larger", "remove the boat", "without a boat", "no boats"):
        assert distance(edited(client, link, prompt), same) < 4, prompt


def test_nothing_is_drawn_twice(client: httpx.Client) -> None:
    """What the service itself has drawn stays one, also after an edit; another one can be added."""
    own = info(client, create(client, body_of("a cat on the hills at noon")))
    link = own["result"]["media_urls"][0]
    same = edited(client, link, "the picture")
    assert distance(edited(client, link, "a cat, smiling"), same) < 4
    assert distance(edited(client, link, "add a cat"), same) > 3
    second = info(client, create(client, body_of("add a boat", img_urls=[link])))
    link = second["result"]["media_urls"][0]
    same = edited(client, link, "the picture")
    assert distance(edited(client, link, "a cat and a boat, smiling"), same) < 4


def test_several_references(client: httpx.Client, link: str) -> None:
    """The first reference is the picture, the others hang in it; so they do in a new place."""
    logo = io.BytesIO()
    Image.new("RGB", (300, 300), (230, 20, 200)).save(logo, "PNG")
    other = upload(client, logo.getvalue())
    both = edited(client, link, "with this logo", other)
    alone = edited(client, link, "with this logo")
    assert 2 < distance(both, alone) < 40
    moved = edited(client, link, "put it on a beach")
    assert distance(moved, photo()) > 20


def test_repeats_differ_and_are_the_same_again(serve: Serve) -> None:
    """The n-th request for an edit gives the n-th picture."""
    runs = []
    for _ in range(2):
        with serve(Options(speed=0)) as client:
            link = upload(client, photo())
            runs.append([edited(client, link, "make it night") for _ in range(2)])
    assert runs[0] == runs[1]
    assert runs[0][0] != runs[0][1]
