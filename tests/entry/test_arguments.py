"""Arguments of the wrong kind, and options that one door lacks: one sentence, nothing sent."""

from __future__ import annotations

import asyncio
import pickle
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import nanobanana_nb as nb
from nanobanana_nb.errors import InputError
from tests.service import Service

SECRET = "s3cret"
CALLBACK = f"http://127.0.0.1:9/cb?token={SECRET}"


class Frame:
    """What a table of pandas looks like from outside."""

    columns = ("a", "b")

    def __iter__(self) -> Any:
        return iter(self.columns)

    def __bool__(self) -> bool:
        raise ValueError("The truth value of a DataFrame is ambiguous.")


def _now(work: Any) -> Any:
    return asyncio.run(work)


MAKERS: dict[str, Callable[..., Any]] = {
    "generate": nb.generate,
    "agenerate": lambda *given, **options: _now(nb.agenerate(*given, **options)),
    "submit": nb.submit,
    "plan": nb.plan,
    "sweep": nb.sweep,
    "asweep": lambda *given, **options: _now(nb.asweep(*given, **options)),
}
PAYING = [name for name in MAKERS if name != "plan"]
GRIDS = [name for name in MAKERS if name in ("plan", "sweep", "asweep")]


def refused(service: Service, call: Callable[..., Any], *given: Any, **options: Any) -> str:
    """Call with what cannot be used, and return the one sentence that says so."""
    with pytest.raises(InputError) as caught:
        call(*given, **options)
    assert service.creates() == []
    told = str(caught.value)
    assert "\n" not in told
    return told


@pytest.mark.parametrize("door", MAKERS)
@pytest.mark.parametrize(
    "prompt", [None, 5, 2.5, True, b"A cat", Path("cat.txt"), ["a", 5], (None,), {}, Frame()]
)
def test_prompt_is_a_text(faces: Service, door: str, prompt: object) -> None:
    """Anything else is named by what it is, in a list as well."""
    told = refused(faces, MAKERS[door], prompt)
    assert re.search("The prompt is a text, not |The table has no prompt at row 1", told)


@pytest.mark.parametrize("door", MAKERS)
@pytest.mark.parametrize("repeats", ["2", 2.5, 2.0, True, None, [2], float("nan")])
def test_repeats_is_a_whole_number(faces: Service, door: str, repeats: object) -> None:
    """A count that is none would be paid as something else."""
    assert "repeats is a whole number" in refused(faces, MAKERS[door], "A cat", repeats=repeats)


@pytest.mark.parametrize("door", PAYING)
@pytest.mark.parametrize(
    "most", ["5", float("nan"), float("inf"), -1, True, [5], Decimal("NaN"), 1j]
)
def test_limit_is_a_number(faces: Service, door: str, most: object) -> None:
    """A limit that can limit nothing is refused instead of allowing everything."""
    told = refused(faces, MAKERS[door], "A cat", max_credits=most)
    assert "max_credits is a number of credits, 0 or more" in told


@pytest.mark.parametrize("door", PAYING)
@pytest.mark.parametrize("name", ["fresh", "yes", "strict"])
@pytest.mark.parametrize("value", ["no", "yes", 1, 0, None])
def test_switch_is_true_or_false(faces: Service, door: str, name: str, value: object) -> None:
    """A word such as "no" would mean its opposite."""
    told = refused(faces, MAKERS[door], "A cat", **{name: value})
    assert f"{name} is True or False" in told


@pytest.mark.parametrize("door", MAKERS)
@pytest.mark.parametrize("name", ["model", "provider", "callback_url"])
def test_name_is_a_text(faces: Service, door: str, name: str) -> None:
    """A model, a provider and an address are texts."""
    assert f"{name} is a text, not 5" in refused(faces, MAKERS[door], "A cat", **{name: 5})


@pytest.mark.parametrize("door", MAKERS)
def test_privacy_is_true_or_false(faces: Service, door: str) -> None:
    """What keeps a prompt private is never guessed."""
    assert "private is True or False" in refused(faces, MAKERS[door], "A cat", private="no")


@pytest.mark.parametrize("door", GRIDS)
@pytest.mark.parametrize("axes", [Frame(), 5, 2.5, object(), {1: ["a"]}, {("a", "b"): [1]}])
def test_axes_are_a_dict_of_names(faces: Service, door: str, axes: object) -> None:
    """What is no table, and names that are none, get one sentence."""
    assert " not " in refused(faces, MAKERS[door], "A {style} cat", axes)


@pytest.mark.parametrize("door", GRIDS)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("sample", "2"), ("sample", 1.5), ("sample", True)),
        *(("sample_seed", "1"), ("sample_seed", 1.5)),
        *(("scout", "yes"), ("rows", 5), ("cols", [5]), ("raw", "yes")),
    ],
)
def test_options_of_a_grid_are_of_their_kind(
    faces: Service, door: str, name: str, value: object
) -> None:
    """Each is named with what was given."""
    axes = {"style": ["ink", "oil"]}
    assert name in refused(faces, MAKERS[door], "A {style} cat", axes, **{name: value})


def test_no_images_are_none(faces: Service) -> None:
    """`images=None` is the same as none given, at every door."""
    image = nb.generate("A cat", images=None).one
    assert image.request.images == ()
    assert nb.plan("A cat", images=None).cells[0].request.images == ()
    assert len(image.edit("at night", images=None).one.request.images) == 1
    assert len(faces.creates()) == 2


@pytest.mark.parametrize("times", ["3", 2.5, True, None])
def test_growing_takes_whole_numbers(faces: Service, times: Any) -> None:
    """`grid.repeat` and `plan.repeat` say what they take."""
    asked = nb.plan("A {style} cat", {"style": ["ink", "oil"]})
    assert "times is a whole number" in refused(faces, asked.repeat, times)


@pytest.mark.long
@pytest.mark.parametrize("words", ["night", None, 5, ["night"], {"night": 5}, {5: "night"}])
def test_words_of_a_replay_are_texts(faces: Service, words: Any) -> None:
    """What is replaced by what is a dict of texts."""
    image = nb.generate("A cat at night").one
    with pytest.raises(InputError, match="words"):
        image.replay(words)
    assert len(faces.creates()) == 1


@pytest.mark.parametrize("door", GRIDS)
@pytest.mark.parametrize("name", ["rows", "model", "sample", "private", "images", "repeats"])
def test_placeholder_of_an_options_name(faces: Service, door: str, name: str) -> None:
    """A keyword that is an option and a place of the prompt is not taken for one in silence."""
    template = f"A {{{name}}} cat"
    told = refused(faces, MAKERS[door], template, **{name: "tall"})
    assert f"axes={{'{name}': ...}}" in told
    asked = nb.plan(template, {name: "tall"})
    assert asked.cells[0].request.prompt == "A tall cat"


@pytest.mark.parametrize("name", ["fresh", "yes", "strict", "max_credits", "provider"])
def test_placeholder_of_an_option_of_the_run(faces: Service, name: str) -> None:
    """The same for what `sweep` alone takes."""
    told = refused(faces, nb.sweep, f"A {{{name}}} cat", **{name: "simulator"})
    assert f"axes={{'{name}': ...}}" in told


def test_place_has_one_value(faces: Service) -> None:
    """A place that varies and has a value of its own is refused, as is one that stays text."""
    axes = {"style": ["ink", "oil"]}
    assert "Leave out one" in refused(faces, nb.plan, "A {style} cat", axes, style="oil")
    assert "braces are text" in refused(faces, nb.generate, "A {style} cat", style="oil")


@pytest.mark.parametrize("door", ["plan", "sweep", "generate"])
def test_address_to_call_back_is_in_no_record(faces: Service, tmp_path: Path, door: str) -> None:
    """It goes to the service, and neither the plan nor any file of ours has its secret."""
    asked = nb.plan("A cat", callback_url=CALLBACK)
    assert asked.callback_url == CALLBACK
    for text in (asked.to_json(), repr(asked), str(asked)):
        assert SECRET not in text
    assert SECRET.encode() not in pickle.dumps(asked)
    if door != "plan":
        grid = MAKERS[door]("A cat", callback_url=CALLBACK)
        assert [call["body"]["callback_url"] for call in faces.creates()] == [CALLBACK]
        assert all("callback_url" not in call["body"]["input"] for call in faces.creates())
        assert SECRET not in repr(grid)
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert [file for file in files if SECRET.encode() in file.read_bytes()] == []


def test_same_sample_seed_draws_the_same(faces: Service) -> None:
    """`sample_seed` is the sampler's at both doors, and `seed` is told of."""
    axes = {"a": list("abcdef"), "b": list("abcdef")}
    drawn = [nb.plan("{a} {b}", axes, sample=5, sample_seed=n).cells for n in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]
    told = refused(faces, nb.sweep, "{a} {b}", axes, sample=5, seed=1)
    assert "takes no seed" in told
    assert "sample_seed" in told


def test_raw_template_is_taken_as_it_is(faces: Service) -> None:
    """With `raw` braces are text, and parameters vary all the same."""
    asked = nb.plan("A {cat|dog} {x}", {"aspect_ratio": ["1:1", "3:2"]}, raw=True)
    assert [cell.request.prompt for cell in asked.cells] == ["A {cat|dog} {x}"] * 2


def test_one_name_stands_for_a_list_of_it() -> None:
    """A side of one axis, and one group to zip, need no list around them."""
    axes = {"style": ["ink", "oil"], "animal": ["cat", "owl"]}
    asked = nb.plan("{style} {animal}", axes, rows="style", zipped=["style", "animal"])
    assert len(asked.cells) == 2
    assert asked.rows == (asked.axes[0].name,)


def test_strict_is_an_option_of_generate_and_sweep(faces: Service) -> None:
    """One failure among several is an error then, and a result without it."""
    faces.fault("create", skip=1, status=422)
    with pytest.raises(nb.NanobananaError):
        nb.generate("A cat", repeats=2, strict=True)
    faces.fault("create", skip=1, status=422)
    with pytest.raises(nb.NanobananaError):
        nb.sweep("A {x}", {"x": ["heron", "owl"]}, strict=True)
