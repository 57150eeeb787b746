"""What is on the pictures: size, determinism, difference, references."""

from __future__ import annotations

import io
from typing import Any

import httpx
import pytest
from PIL import Image, ImageChops, ImageStat

from nanobanana_nb.simulator import Options
from nanobanana_nb.simulator.painting.motifs import MOTIFS
from nanobanana_nb.simulator.sizes import SIZES_1K, nearest_ratio
from nanobanana_nb.simulator.words.homes import HOMES
from nanobanana_nb.simulator.words.reading import read
from nanobanana_nb.simulator.words.vocabulary import SETTINGS, STYLES, SUBJECTS
from tests.simulator.conftest import Serve, body_of, picture, upload


def opened(image: bytes) -> Image.Image:
    """The picture behind the bytes, decoded."""
    return Image.open(io.BytesIO(image)).convert("RGB")


def difference(one: bytes, two: bytes) -> float:
    """Mean difference of two pictures, in grey levels, on a small scale."""
    small = [opened(image).resize((64, 64), Image.Resampling.BOX) for image in (one, two)]
    return sum(ImageStat.Stat(ImageChops.difference(*small)).mean) / 3


def plain_png(colour: tuple[int, int, int], size: tuple[int, int] = (320, 240)) -> bytes:
    """A PNG of one colour."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


def share_of(image: bytes, colour: tuple[int, int, int]) -> float:
    """The share of pixels that are close to a colour."""
    flat = Image.new("RGB", opened(image).size, colour)
    red, green, blue = ImageChops.difference(opened(image), flat).split()
    far = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return sum(far.histogram()[:24]) / (far.width * far.height)


@pytest.mark.parametrize("ratio", sorted(SIZES_1K))
def test_pixel_sizes(client: httpx.Client, ratio: str) -> None:
    """A picture has its ratio's size, and the size is within 4 % of the ratio."""
    image = opened(picture(client, body_of("x", "google/nano-banana-2", aspect_ratio=ratio)))
    across, down = map(int, ratio.split(":"))
    assert image.size == SIZES_1K[ratio]
    assert image.width / image.height == pytest.approx(across / down, rel=0.04)


@pytest.mark.parametrize(("resolution", "scale"), [("2K", 2), ("4K", 4)])
def test_resolutions(client: httpx.Client, resolution: str, scale: int) -> None:
    """2K and 4K are twice and four times as large."""
    body = body_of("x", "google/nano-banana-2-v2", resolution=resolution, aspect_ratio="3:2")
    assert opened(picture(client, body)).size == (1248 * scale, 832 * scale)


def test_square_mark_and_auto(client: httpx.Client) -> None:
    """[square] delivers 1:1 whatever was asked; auto follows the first reference, or is 1:1."""
    link = upload(client, plain_png((9, 9, 9), (900, 400)))
    bodies = [
        body_of("[square] x", aspect_ratio="16:9"),
        body_of("x", aspect_ratio="auto"),
        body_of("x", aspect_ratio="auto", img_urls=[link]),
    ]
    sizes = [opened(picture(client, body)).size for body in bodies]
    assert sizes == [(1024, 1024), (1024, 1024), SIZES_1K["21:9"]]


def test_nearest_ratio() -> None:
    """The nearest of the named ratios is found, whatever else is named."""
    assert nearest_ratio(1000, 1010, ["auto", "1:1", "16:9"]) == "1:1"


def test_nth_request_gives_the_nth_picture(serve: Serve) -> None:
    """The same request twice differs; a new service repeats the same two pictures."""
    runs = []
    for _ in range(2):
        with serve(Options(speed=0)) as client:
            runs.append([picture(client), picture(client)])
    assert runs[0] == runs[1]
    assert runs[0][0] != runs[0][1]


@pytest.mark.parametrize(
    "other",
    [
        body_of("an octopus at dawn"),
        body_of("a heron at night"),
        body_of("a heron at dawn, woodcut"),
        body_of("a heron at dawn, neon"),
        body_of("a pink heron at dawn in the city"),
    ],
)
def test_words_change_the_picture(client: httpx.Client, other: dict[str, Any]) -> None:
    """Another subject, time, style, colour or place is seen even on a thumbnail."""
    assert difference(picture(client), picture(client, other)) > 8


def test_unknown_words_change_the_picture(client: httpx.Client) -> None:
    """A word outside the vocabulary changes something as well."""
    one, two = (picture(client, body_of(f"a cat {word}")) for word in ("zorblax", "frumious"))
    assert difference(one, two) > 3


def test_models_differ(client: httpx.Client) -> None:
    """Two models paint the same prompt differently."""
    one, two = (
        picture(client, body_of("a cat", model))
        for model in ("google/nano-banana-2-lite", "google/nano-banana-pro")
    )
    assert difference(one, two) > 2


@pytest.mark.parametrize("style", sorted({"", *STYLES.values()}))
def test_files_stay_small(client: httpx.Client, style: str) -> None:
    """A 1K PNG stays under 900 kB in every style."""
    word = next((word for word, meaning in STYLES.items() if meaning == style), "")
    image = picture(client, body_of(f"a fox in the forest, {word}"))
    assert 5_000 < len(image) < 900_000


def test_reference_colours_appear(client: httpx.Client) -> None:
    """An uploaded reference is worked in: its colour covers a visible part."""
    magenta = (230, 20, 200)
    without = picture(client, body_of("a cat"))
    link = upload(client, plain_png(magenta))
    image = picture(client, body_of("a cat", img_urls=[link]))
    assert share_of(without, magenta) < 0.001
    assert share_of(image, magenta) > 0.04


def test_own_pictures_are_references(client: httpx.Client) -> None:
    """A result link of an earlier task is worked in; the picture differs from one without."""
    from tests.simulator.conftest import create, info

    url = info(client, create(client))["result"]["media_urls"][0]
    with_it = picture(client, body_of("a cat", img_urls=[url]))
    assert difference(with_it, picture(client, body_of("a cat"))) > 4


def test_same_bytes_are_the_same_reference(serve: Serve) -> None:
    """A file that is uploaded again under another link is the same request."""
    pictures = []
    for _ in range(2):
        with serve(Options(speed=0)) as client:
            link = upload(client, plain_png((10, 90, 200)))
            pictures.append(picture(client, body_of("a cat", img_urls=[link])))
    assert pictures[0] == pictures[1]


def test_foreign_links_are_drawn_not_fetched(serve: Serve) -> None:
    """A foreign link is never called and gives a pattern of its own."""
    with serve(Options(faults=True, speed=0)) as trap, serve(Options(speed=0)) as client:
        where = str(trap.base_url) + "/picture.png"
        one = picture(client, body_of("a cat", img_urls=[where]))
        two = picture(
            client,
            body_of(
                "a cat",
                img_urls=["https://example.com/media/00000000-0000-4000-8000-000000000000.png"],
            ),
        )
        assert trap.get("/simulator/log").json() == []
    assert difference(one, two) > 4


def test_long_and_strange_prompts(client: httpx.Client) -> None:
    """Any text can be painted: long, right-to-left, emoji, line breaks, markup."""
    for prompt in ("x " * 2400, "قط على القمر", "🦊🍌", "a\nb\t\x07c", "<script>&amp;", "!!!"):
        assert opened(picture(client, body_of(prompt))).size == (1024, 1024)


def test_vocabulary_is_drawn() -> None:
    """Every subject word has a motif, and every motif a home among the settings."""
    assert set(SUBJECTS.values()) == set(MOTIFS) == set(HOMES)
    assert {home for home, _ in HOMES.values()} <= set(SETTINGS)


def test_reading() -> None:
    """Subjects, place, time, weather, style and owned colours are found in a prompt."""
    reading = read("A red fox and two owls in a rainy forest at night, pixel art, pale")
    assert reading.subjects == ("fox", "owl")
    assert reading.colours["fox"][0] == 4
    assert (reading.setting, reading.time) == ("forest", "night")
    assert (reading.weather, reading.style) == ("rain", "pixel")
    assert (reading.tint, reading.moods) == (None, ("pale",))
