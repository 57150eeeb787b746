"""What is chance and what is the parameter."""

from __future__ import annotations

import asyncio
import math
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.result import Generation
from nanobanana_nb.show.grid import ImageGrid
from nanobanana_nb.show.judge.chance import MOST_IMAGES, Chance, Item, chance, chance_of
from nanobanana_nb.stats.permutation import Significance
from nanobanana_nb.stats.verdict import Verdict, holm
from tests.html_reader import Reader
from tests.show.conftest import failed, generation, planned
from tests.show.judge.simulated_features import found, share_found, simulated

Made = Callable[..., Generation]
seeds = st.integers(0, 10_000)


def test_the_axis_that_acts_is_found_and_the_other_is_not() -> None:
    """A shift of twice the noise is an effect; without one nothing can be told."""
    one = chance_of(simulated(1, (3, 2), 3, (2.0,)))
    assert [axis.verdict for axis in one.axes] == [Verdict.EFFECT, Verdict.CANNOT_TELL]
    assert one["axis0"].ratio > 1.5
    assert one["axis0"].p <= 0.05 < one["axis1"].p
    assert one.sentence.startswith("axis0 changes images more than chance does, in features.")
    assert one.sentence.endswith("axis1: in features cannot tell from chance.")
    assert "axis0  4." in repr(one)


@pytest.mark.long
@pytest.mark.parametrize(("levels", "repeats", "grids"), [((2,), 4, 1000), ((3, 2), 3, 150)])
def test_false_alarms_are_at_most_one_in_twenty(
    levels: tuple[int, ...], repeats: int, grids: int
) -> None:
    """Of grids where nothing acts, few show an effect; the long form has more designs."""
    share = share_found(levels, repeats, (), grids)
    assert share <= 0.05 + 3 * (0.05 * 0.95 / grids) ** 0.5


@pytest.mark.long
@pytest.mark.parametrize(("effect", "least"), [(0.5, 0.7), (1.0, 0.95)])
def test_effects_are_found(effect: float, least: float) -> None:
    """The larger an effect is beside the noise, the surer it is found."""
    assert share_found((3, 2), 3, (effect,), 40) >= least


@pytest.mark.long
@given(seeds, st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_the_order_of_the_images_does_not_matter(seed: int, chooser: random.Random) -> None:
    """A grid read in another order says the same to the last digit."""
    items = simulated(seed, (3, 2), 2, (0.7,))
    assert chance_of(chooser.sample(items, len(items))) == chance_of(items)


@pytest.mark.long
@given(seeds, st.permutations(["woodcut", "35 mm", "<b>"]))
@settings(max_examples=15, deadline=None)
def test_the_names_of_the_values_do_not_matter(seed: int, names: list[str]) -> None:
    """The values may be called anything."""
    items = simulated(seed, (3, 2), 2, (0.7,))
    known = {f"value{n}": name for n, name in enumerate(names)}
    named = [({k: known[v] for k, v in values.items()}, own) for values, own in items]
    assert chance_of(named) == chance_of(items)


@pytest.mark.long
@given(seeds, st.integers(4, 17))
@settings(max_examples=15, deadline=None)
def test_a_grid_with_holes_is_measured(seed: int, count: int) -> None:
    """Whatever part of a grid is there, p is a share and each axis has a verdict."""
    items = random.Random(seed).sample(simulated(seed, (3, 2), 3, (1.0,)), count)
    one = chance_of(items)
    assert one.images == count
    assert all(axis.p is None or 0 < axis.p <= 1 for axis in one.axes)
    assert one.sentence


def test_nothing_can_be_told_with_one_of_each() -> None:
    """Without repeats there is a distance, no chance to hold it against, and a way on."""
    one = chance_of(simulated(1, (3, 2), 1, (9.0,)))
    assert {axis.verdict for axis in one.axes} == {Verdict.ONE_EACH}
    assert (one.within, one["axis0"].p, one["axis0"].ratio) == (None, None, None)
    assert one.sentence.startswith("axis0, axis1: cannot tell with n=1")
    assert one.sentence.endswith("With 3 images of each combination it could be told.")


@pytest.mark.parametrize("repeats", [2, 3])
def test_too_few_repeats_are_said_to_be_too_few(repeats: int) -> None:
    """Two values with three images each have p 0.1 at best: no test at 5 % can tell."""
    one = chance_of(simulated(1, (2,), repeats, (9.0,)))
    assert (one["axis0"].verdict, one["axis0"].needs) == (Verdict.CANNOT_TELL, 4)
    assert one.sentence.endswith(
        "too few images for a test at 5 %. With 4 images of each combination it could be told."
    )
    bundle = one._repr_mimebundle_()
    for text in (one.sentence, *bundle.values(), *one.to_frame()["conclusion"]):
        assert "cannot tell" not in text
        assert "4 images of each" in text


def test_what_is_advised_does_tell() -> None:
    """With as many repeats as the advice says, a clear effect is found."""
    needs = chance_of(simulated(1, (2, 2), 1, (9.0, 9.0)))["axis1"].needs
    assert found(chance_of(simulated(1, (2, 2), needs, (9.0, 9.0)))) == ["axis0", "axis1"]
    assert found(chance_of(simulated(1, (2, 2), needs - 1, (9.0, 9.0)))) == []


def test_axes_that_never_part_are_one() -> None:
    """Values that go side by side cannot be told apart, and the name says so."""
    items = [({**v, "size": v["axis0"][-1]}, own) for v, own in simulated(1, (3, 2), 3, (2.0,))]
    assert [axis.name for axis in chance_of(items).axes] == ["axis0 + size", "axis1"]


def test_an_axis_that_never_varies_alone_says_so() -> None:
    """Of a sample in which no two images differ in one axis only, nothing can be told."""
    kept = {("value0", "value0"), ("value1", "value1"), ("value2", "value0")}
    items = simulated(1, (3, 2), 3, (2.0,))
    one = chance_of([item for item in items if tuple(item[0].values()) in kept])
    assert "axis1: cannot tell, no two images differ in it alone." in one.sentence
    assert one["axis1"].between is None
    assert one["axis0"].between is not None


def test_repeats_alone_show_chance() -> None:
    """Without an axis there is still the distance that chance makes."""
    one = chance_of(simulated(1, (1,), 4))
    assert one.axes == ()
    assert one.sentence.startswith("By chance alone images differ by 4.")
    assert "nothing to compare" in chance_of(simulated(1, (1,), 1)).sentence
    assert chance_of([]).images == 0


def test_an_image_without_a_value_is_an_error() -> None:
    """The pure form does not guess where an image belongs."""
    styles = ({"style": "oil"}, {"style": "ink"}, {})
    items: list[Item] = [(own, (("features", (n,)),)) for n, own in enumerate(styles)]
    with pytest.raises(InputError, match="no value for 'style'"):
        chance_of(items)


def test_too_many_images_are_an_error() -> None:
    """Every image is compared with every other, so there is a limit."""
    items: list[Item] = [({}, (("features", (0.0,)),))] * (MOST_IMAGES + 1)
    with pytest.raises(InputError, match="401 images are too many"):
        chance_of(items)


def test_an_unknown_axis_names_the_known() -> None:
    """A wrong name is answered with the right ones."""
    with pytest.raises(InputError, match=r"no axis 'stile'.*axis0, axis1"):
        chance_of(simulated(1, (2, 2), 1))["stile"]


@pytest.mark.parametrize(
    ("given", "corrected"),
    [
        ([Significance(0.01, 0.001), Significance(0.04, 0.001)], [0.02, 0.04]),
        ([Significance(0.03, 0.001), Significance(0.04, 0.001)], [0.06, 0.06]),
        ([Significance(0.03, 0.001), Significance(0.1, 0.1)], [0.03, 0.1]),
        ([Significance(0.8, 0.001), Significance(0.7, 0.001)], [1, 1]),
        ([], []),
    ],
)
def test_several_axes_are_corrected_for(given: list[Significance], corrected: list[float]) -> None:
    """Holm's steps; a test that could never reach 5 % does not count."""
    assert holm(given) == pytest.approx(corrected)


def _grid(folder: Path, colours: dict[str, tuple[int, int, int]], repeats: int) -> ImageGrid:
    """Return a planned grid of plain pictures, each a little off its colour."""
    plan = planned("A {tone}", repeats, tone=list(colours))
    chooser, images = random.Random(5), []
    for i, cell in enumerate(plan.cells):
        colour = tuple(c + chooser.randint(0, 25) for c in colours[cell.values[0][1]])
        Image.new("RGB", (64, 64), colour).save(folder / f"{i}.png")
        images.append(replace(generation(folder / f"{i}.png", i), request=cell.request))
    return ImageGrid(images, plan)


def test_pictures_of_a_grid_are_measured(tmp_path: Path) -> None:
    """The axis values come from the plan and the distances from the files."""
    grid = _grid(tmp_path, {"warm": (200, 90, 40), "cold": (40, 90, 200)}, 4)
    one = chance(grid)
    assert found(one) == ["tone"]
    assert (one.images, one.left_out) == (8, 0)
    same = chance(_grid(tmp_path, {"warm": (200, 90, 40), "fiery": (200, 90, 40)}, 4))
    assert found(same) == []


def test_what_is_seen_is_told(tmp_path: Path) -> None:
    """Where the shapes differ and the colours do not, the sentence says so, and the other way."""
    plan, chooser, images = planned("{way} bars", 4, way=["upright", "lying"]), random.Random(5), []
    for i, cell in enumerate(plan.cells):
        start, upright = chooser.randint(0, 15), cell.values[0][1] == "upright"
        bars = bytes(255 * ((at + start) // 8 % 2) for at in range(64))
        page = Image.frombytes("L", (64, 1) if upright else (1, 64), bars)
        page.resize((64, 64), Image.Resampling.NEAREST).save(tmp_path / f"{i}.png")
        images.append(replace(generation(tmp_path / f"{i}.png", i), request=cell.request))
    assert chance(ImageGrid(images, plan)).sentence == (
        "way changes images more than chance does, most clearly in shapes."
    )
    tones = _grid(tmp_path, {"warm": (200, 90, 40), "cold": (40, 90, 200)}, 4)
    assert chance(tones).sentence == (
        "tone changes images more than chance does, most clearly in colours and layout."
    )
    same = _grid(tmp_path, {"warm": (200, 90, 40), "fiery": (200, 90, 40)}, 4)
    end = "in colours, layout and shapes cannot tell from chance."
    assert chance(same).sentence == f"tone: {end}"


def test_a_function_of_ones_own_says_what_is_compared(tmp_path: Path) -> None:
    """Features of any form, or a distance; the sentence names them."""
    grid = _grid(tmp_path, {"warm": (200, 90, 40), "cold": (40, 90, 200)}, 4)
    forms = (
        lambda i: i.getpixel((0, 0)),
        lambda i: np.asarray(i)[:1],
        lambda i: i.getpixel((0, 0))[2],
    )
    for form in forms:
        words = "tone changes images more than chance does, in the features given."
        assert grid.chance(form).sentence == words
    red = grid.chance(distance=lambda a, b: abs(_corner(a)[0] - _corner(b)[0]))
    assert found(red) == ["tone"]
    assert red.measures == ("the distance given",)
    assert red["tone"].between.value > 100


def test_one_bad_image_is_left_out_with_its_reason(tmp_path: Path) -> None:
    """The others are measured."""
    grid = _grid(tmp_path, {"warm": (200, 90, 40), "cold": (40, 90, 200)}, 5)
    calls: list[Image.Image] = []

    def features(image: Image.Image) -> tuple[int, int, int]:
        calls.append(image)
        if len(calls) == 3:
            raise RuntimeError("503 from <service>")
        return _corner(image)

    chance = grid.chance(features)
    assert (chance.images, chance.left_out, found(chance)) == (9, 1, ["tone"])
    words = "9 images · 1 left out: of #2 it raised RuntimeError: 503 from <service>"
    assert words in repr(chance)
    assert words in Reader(str(chance._repr_mimebundle_()["text/html"])).text


def test_a_broken_function_is_called_no_more(tmp_path: Path) -> None:
    """After five images without a number; what it raised is said, and no other advice."""
    grid = _grid(tmp_path, {"warm": (200, 90, 40), "cold": (40, 90, 200)}, 5)
    calls: list[Image.Image] = []

    def features(image: Image.Image) -> float:
        calls.append(image)
        return _raises(image)

    with pytest.raises(InputError) as raised:
        grid.chance(features)
    assert (len(calls), raised.value.action) == (5, "")


def test_a_distance_may_change_its_pictures(tmp_path: Path) -> None:
    """Each call has its own: what one paints the next does not see."""
    grid = _grid(tmp_path, {"warm": (200, 90, 40), "cold": (40, 90, 200)}, 4)

    def distance(a: Image.Image, b: Image.Image) -> float:
        apart = abs(_corner(a)[0] - _corner(b)[0])
        for image in (a, b):
            image.paste((0, 0, 0), (0, 0, *image.size))
        return apart

    assert found(grid.chance(distance=distance)) == ["tone"]


async def _corner_later(image: Image.Image) -> tuple[int, int, int]:
    await asyncio.sleep(0)
    return _corner(image)


async def _distance_later(a: Image.Image, b: Image.Image) -> float:
    return math.dist(await _corner_later(a), await _corner_later(b))


def test_functions_may_be_awaited(tmp_path: Path) -> None:
    """As those of a service that embeds images."""
    grid = _grid(tmp_path, {"warm": (200, 90, 40), "cold": (40, 90, 200)}, 4)
    assert grid.chance(_corner_later) == grid.chance(_corner)
    assert grid.chance(distance=_distance_later).axes[0].p == grid.chance(_corner).axes[0].p


def _corner(image: Image.Image) -> tuple[int, int, int]:
    red, green, blue = image.convert("RGB").getpixel((0, 0))
    return red, green, blue


def _raises(*pictures: Image.Image) -> float:
    raise KeyError("eyes")


@pytest.mark.parametrize(
    ("functions", "why"),
    [
        ({"features": _raises}, r"of #0 it raised KeyError: 'eyes'"),
        ({"features": lambda image: []}, "of #0 it gives no finite numbers"),
        ({"features": lambda image: "x"}, "of #0 it raised"),
        ({"features": lambda image: [math.nan]}, "of #0 it gives no finite numbers"),
        ({"features": lambda i: [1.0] * _corner(i)[0]}, "an image has more of them"),
        ({"distance": _raises}, r"of #0 and #1 it raised KeyError: 'eyes'"),
        ({"distance": lambda a, b: -1}, "between #0 and #1"),
        ({"distance": lambda a, b: [1, 2]}, "between #0 and #1"),
        ({"features": len, "distance": len}, "both were given"),
        ({"features": 3}, "a function"),
        ({"features": "sharpness"}, r'a score of this name: `grid.chance\(by="sharpness"\)`'),
    ],
)
def test_a_function_that_does_not_fit_is_one_error(
    tmp_path: Path, functions: dict[str, Any], why: str
) -> None:
    """It says of which image, and what was raised or given."""
    grid = _grid(tmp_path, {"warm": (200, 90, 40), "cold": (40, 90, 200)}, 2)
    with pytest.raises(InputError, match=why):
        grid.chance(**functions)


def test_what_has_no_image_is_left_out_and_counted(tmp_path: Path) -> None:
    """A failed cell and a file that is gone do not count as images."""
    grid = _grid(tmp_path, {"warm": (200, 90, 40), "cold": (40, 90, 200)}, 4)
    (tmp_path / "2.png").unlink()
    one = chance(ImageGrid([failed(), *grid.generations[1:]], grid.plan))
    assert (one.images, one.left_out) == (6, 2)
    assert "6 images · 2 left out" in repr(one)


def test_images_of_different_requests_without_an_axis_are_an_error(made: Made) -> None:
    """What asks for different things is no repeat; what asks for the same is one."""
    with pytest.raises(InputError, match="no axis says which"):
        chance(ImageGrid([made(), made(1, prompt="A dog")]))
    repeats = chance(ImageGrid([made(), made(1, repeat=2), made(2, repeat=3)]))
    assert repeats.within is not None


def test_the_html_has_two_bars_an_axis_and_the_text_the_same_numbers() -> None:
    """Within and between stand under each other, with their errors and the conclusion."""
    one = chance_of(simulated(1, (3, 2), 3, (2.0,)))
    bundle = one._repr_mimebundle_()
    seen = Reader(bundle["text/html"])
    assert bundle["text/html"].count("height:9px") == 4
    for axis in one.axes:
        for told in (axis.name, str(axis.within), str(axis.between), str(axis.verdict)):
            assert told in seen.text
            assert told in bundle["text/plain"]
    assert set(one._repr_mimebundle_(include=["text/plain"])) == {"text/plain"}
    assert set(one._repr_mimebundle_(exclude=["text/plain"])) == {"text/html"}


@pytest.mark.parametrize("repeats", [1, 2, 3])
def test_hostile_names_stay_text(repeats: int) -> None:
    """What a person calls an axis is shown as text, in the table and in the sentence."""
    bad = "<script>`'\"" + "x" * 200
    items = [({bad: v["axis0"], "b": v["axis1"]}, own) for v, own in simulated(1, (2, 2), repeats)]
    html = chance_of(items)._repr_mimebundle_()["text/html"]
    assert "<script>" not in html
    Reader(html)


def test_an_empty_chance_is_shown() -> None:
    """No axis gives a sentence and no table."""
    one = Chance((), None, 0)
    assert "nothing to compare" in repr(one)
    assert "<table" not in one._repr_mimebundle_()["text/html"]
