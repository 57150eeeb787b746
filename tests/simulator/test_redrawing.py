"""Edits of a picture that the simulator drew itself: it is drawn again as the edit changes it."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat

from nanobanana_nb.simulator import Options
from nanobanana_nb.simulator.painting.history import History, history_of
from nanobanana_nb.simulator.pictures import shrink_reference
from nanobanana_nb.simulator.service import Service
from nanobanana_nb.simulator.tasks import Reference, Task
from nanobanana_nb.simulator.words.reading import Reading, read
from nanobanana_nb.simulator.words.revision import revised
from tests.simulator.conftest import KEY, body_of
from tests.simulator.test_edits import distance, light, paint, photo

BASE = "http://simulator.localhost"


def upload(service: Service, image: bytes) -> str:
    """The link of an uploaded file."""
    link = str(service.announce_upload("image/png", ".png", BASE)["file_url"])
    service.store.put_upload(link.partition("/files/")[2].partition(".")[0], image)
    return link


def made(service: Service, prompt: str, *links: str) -> Task:
    """A task of one prompt and references."""
    fields: dict[str, Any] = {"img_urls": list(links)} if links else {}
    return service.create(KEY, body_of(prompt, **fields))


def link_of(service: Service, task: Task) -> str:
    """Where the picture of a task is."""
    return str(service.data(task, BASE)["result"]["media_urls"][0])


def edited(service: Service, task: Task, *prompts: str) -> Image.Image:
    """The picture of a task behind edits, each of that before it; small."""
    for prompt in prompts:
        task = made(service, prompt, link_of(service, task))
    return small(paint(task.picture, service.store.references(task.id)))


def small(data: bytes) -> Image.Image:
    """A picture at 64 pixels, without its lettering."""
    with Image.open(io.BytesIO(data)) as image:
        return image.convert("RGB").resize((64, 64), Image.Resampling.BOX).crop((0, 0, 64, 58))


@pytest.fixture(scope="module")
def service() -> Service:
    """A service that finishes tasks at once."""
    return Service(Options(speed=0))


@pytest.fixture(scope="module")
def boat(service: Service) -> Task:
    """The task that the edits of the tests begin with."""
    return made(service, "a red boat on the sea at sunset")


@pytest.fixture(scope="module")
def before(service: Service, boat: Task) -> Image.Image:
    """Its picture."""
    return edited(service, boat)


@pytest.mark.parametrize(
    ("prompt", "least", "most"),
    [("make it night", 0.2, 0.7), ("make it day", 1.25, 2.5), ("make it darker", 0.5, 0.9)],
)
def test_hours(
    service: Service, boat: Task, before: Image.Image, prompt: str, least: float, most: float
) -> None:
    """Day lightens a sunset, night darkens it."""
    after = edited(service, boat, prompt)
    assert least < light(after) / light(before) < most


def test_what_is_not_named_stays(service: Service, boat: Task, before: Image.Image) -> None:
    """Below the sky nothing changes but what is named; a repeat has other clouds."""
    once, again = (edited(service, boat, "more please") for _ in "12")
    ground = (0, 46, 64, 58)
    assert distance(once.crop(ground), before.crop(ground)) < 1.5
    assert once.tobytes() != again.tobytes()


def test_removed_and_added_again(service: Service, boat: Task, before: Image.Image) -> None:
    """A boat that is removed is gone, and comes back to where it was."""
    without = edited(service, boat, "remove the boat")
    again = edited(service, boat, "remove the boat", "add a red boat")
    box = (12, 24, 52, 54)
    assert distance(without.crop(box), before.crop(box)) > 15
    assert distance(again.crop(box), before.crop(box)) < 4


def test_what_stays_keeps_its_place(service: Service) -> None:
    """A tree beside a house does not move when the house goes, nor when another thing comes."""
    first = made(service, "a house and a tree by the lake at night")
    assert [f.rank for f in after("a house and a tree", "remove the house").figures] == [1]
    assert [f.rank for f in after("a house and a tree", "add a cat").figures] == [0, 1, 2]
    tree = after("a house and a tree", "replace the house with a cat", "remove the cat")
    assert [f.rank for f in revised(tree, read("add a boat and an owl")).figures] == [1, 0, 2]
    before, alone = edited(service, first), edited(service, first, "remove the house")
    changed = ImageChops.difference(before, alone).convert("L").point(lambda v: 255 * (v > 12))
    left, _, right, _ = changed.crop((0, 30, 64, 58)).getbbox() or (0, 0, 64, 58)
    assert right - left < 46


def test_colour_is_that_of_the_thing(service: Service, boat: Task, before: Image.Image) -> None:
    """The boat becomes blue, and the sky does not."""
    after = edited(service, boat, "make the boat blue")
    red, _, blue = ImageStat.Stat(after).mean
    red0, _, blue0 = ImageStat.Stat(before).mean
    assert blue - red > blue0 - red0 + 4
    assert distance(after.crop((0, 0, 64, 12)), before.crop((0, 0, 64, 12))) < 25


def after(*prompts: str) -> Reading:
    """What prompts say together."""
    return History(prompts).reading()


@pytest.mark.parametrize(
    ("edit", "figures"),
    [
        ("remove the house", ["tree"]),
        ("without a house or tree", []),
        ("get rid of the tree", ["house"]),
        ("Entferne das Haus", ["tree"]),
        ("replace the house with a castle", ["castle", "tree"]),
        ("turn the tree into a Baobab", ["house", "Baobab"]),
        ("make the tree a cactus", ["house", "cactus"]),
        ("make the house older", ["house", "tree"]),
        ("make the house bigger and the tree red", ["house", "tree"]),
        ("make the boat red", ["house", "tree"]),
        ("add a boat and two owls", ["house", "tree", "boat", "owl"]),
        ("give the house a flag", ["house", "tree", "flag"]),
        ("a platypus", ["house", "tree", "platypus"]),
        ("Zoom in", ["house", "tree"]),
        ("improve the lighting", ["house", "tree"]),
        ("take the house away", ["tree"]),
        ("take away the house", ["tree"]),
        ("remove one tree", ["house"]),
        ("now as a comic", ["house", "tree"]),
    ],
)
def test_figures_of_an_edit(edit: str, figures: list[str]) -> None:
    """What is added comes, what is removed goes, what is replaced has its successor's place."""
    assert list(after("a house and a tree by the lake", edit).subjects) == figures


def test_places_hours_and_weather() -> None:
    """An edit changes the place, hour, weather and style that it names, no other ones."""
    first = "a fox in the forest at night, moonlight, rain, woodcut"
    assert after(first, "put it on the beach").setting == "sea"
    assert after(first, "add a lamp on a table").setting == "forest"
    assert after(first, "replace the forest with a city").setting == "city"
    assert after(first, "replace the moon with the sun").light == "sun"
    assert (after(first, "make it sunny").time, after(first, "make it sunny").light) == ("day", "")
    assert after(first, "make it sunny").weather == "clear"
    assert after(first, "remove the rain").weather == ""
    assert after(first, "without the moon").light == "none"
    assert after(first, "change the rain to snow").weather == "snow"
    assert after(first, "as a watercolour").style == "watercolour"
    assert after(first, "two foxes").figures[0].count == 2
    assert after(first, "add another fox").figures[0].count == 2
    assert after(first, "make the fox tiny").figures[0].scale < 1
    assert after("three foxes", "remove one of the foxes").figures[0].count == 2
    assert after("three foxes", "without a fox").figures == ()
    assert after(first, "turn it into a stained glass window").setting == "forest"


def test_an_edit_that_says_nothing_changes_nothing() -> None:
    """Words that the painter does not know leave a reading as it is."""
    first = read("three cats on the hills at dawn, fog, pastel")
    assert revised(first, read("the same again")) == first


def test_service_knows_its_own_pictures(service: Service) -> None:
    """By their link and by their bytes, which a person may upload again."""
    prompts = ["a cat on\nthe hills", "add a boat", "make it night"]
    first = made(service, prompts[0])
    second = made(service, prompts[1], link_of(service, first))
    image = service.gallery.picture(second).result()
    third = made(service, prompts[2], upload(service, image))
    (kept,) = service.store.references(third.id)
    assert history_of(kept) == History(tuple(prompts[:2]), first.picture.variation)


def test_pictures_with_prints_are_repainted(service: Service) -> None:
    """What hangs in a picture is not lost: it is not drawn again, but repainted."""
    mine = upload(service, photo())
    night = made(service, "make it night", mine)
    hung = made(service, "a cat", link_of(service, made(service, "a dog")), mine)
    for task in (night, hung):
        (kept,) = service.store.references(made(service, "warmer", link_of(service, task)).id)
        assert history_of(kept).seed == ""
        assert history_of(kept).prompts[-1] == task.picture.prompt


def test_histories_fit_into_a_picture() -> None:
    """A history that is too long loses its beginning; an older one has prompts alone."""
    long = History(tuple(f"{n} " + "ü" * 9000 for n in range(9)), "seed")
    kept = history_of(Reference("digest", shrink_reference(photo(), long)))
    assert 0 < len(kept.prompts) < 9
    assert (kept.prompts[-1], kept.seed) == (long.prompts[-1], "")
    assert history_of(Reference("digest", shrink_reference(photo()))) == History()
    assert history_of(Reference("digest")) == History()
    out = io.BytesIO()
    Image.new("RGB", (9, 9)).save(out, "JPEG", comment=b"a cat\nadd a boat")
    assert history_of(Reference("digest", out.getvalue())) == History(("a cat", "add a boat"))
