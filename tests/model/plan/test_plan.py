"""From a prompt and its options to requests."""

from __future__ import annotations

import pickle
from math import prod
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.plan.bill import Bill
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.request import ReferenceImage
from tests.model.plans import picture, prompts_of, simulated_plan

AXES = st.dictionaries(
    st.sampled_from(["animal", "style", "light", "count"]),
    st.lists(st.text("abc", min_size=1, max_size=3), min_size=1, max_size=4, unique=True),
    max_size=3,
)


def _asked(plan: Plan, name: str) -> list[Any]:
    return [cell.request.parameter(name) for cell in plan.cells]


def test_repeats_are_distinct_requests() -> None:
    """Each repeat has a number, so that each is paid once and found again."""
    plan = simulated_plan("a cat", repeats=3)
    assert [cell.request.repeat for cell in plan.cells] == [1, 2, 3]
    assert len({cell.request.fingerprint() for cell in plan.cells}) == 3


def test_a_list_in_the_namespace_is_an_axis() -> None:
    """Two lists make every combination, in order; other variables make nothing."""
    values = {"animal": ["cat", "heron"], "style": ("woodcut", "photo", "oil"), "other": [1]}
    plan = simulated_plan("a {animal}, {style}", namespace=values)
    assert len(plan.cells) == 6
    assert plan.cells[0].request.prompt == "a cat, woodcut"
    assert plan.cells[-1].values == (("animal", "heron"), ("style", "oil"))
    assert plan.cells[-1].point == (1, 2)


def test_arrays_and_series_are_axes() -> None:
    """A NumPy array or a pandas Series of one dimension gives plain values."""

    class Array:
        ndim = 1

        def __len__(self) -> int:
            return 2

        def tolist(self) -> list[float]:
            return [1.5, 2.0]

    assert simulated_plan("{n}", namespace={"n": Array()}).axes[0].values == (1.5, 2.0)


def test_choices_in_place_are_axes() -> None:
    """Each choice is an axis, and a named one is known by its name elsewhere in the prompt."""
    plan = simulated_plan("{a|b} {mood: calm|wild} and {mood}")
    assert [axis.name for axis in plan.axes] == ["choice 1", "mood"]
    assert prompts_of(plan) == [f"{x} {m} and {m}" for x in "ab" for m in ("calm", "wild")]


def test_axis_lines_give_the_values() -> None:
    """Lines under `---` fill the prompt or a parameter, and are not part of the prompt."""
    plan = simulated_plan("A {style} cat\n---\nstyle: woodcut | oil\naspect-ratio:\n  1:1\n  16:9")
    assert plan.prompt == "A {style} cat"
    assert prompts_of(plan) == ["A woodcut cat"] * 2 + ["A oil cat"] * 2
    assert _asked(plan, "aspect_ratio") == ["1:1", "16:9"] * 2


def test_what_is_written_goes_before_a_variable() -> None:
    """An axis line or an option overrides a variable of that name."""
    space = {"style": "photo", "light": ["dawn"]}
    plan = simulated_plan(
        "{style} {light}\n---\nstyle: a | b", namespace=space, vary=["light=noon"]
    )
    assert prompts_of(plan) == ["a noon", "b noon"]


def test_options_vary_placeholders_and_parameters() -> None:
    """A name in the prompt is the prompt's, and stays text; another is a parameter with a type."""
    plan = simulated_plan("{n} {model}", vary=["n=1..2", "model=T|S", "google_search=true|false"])
    assert [axis.name for axis in plan.axes] == ["n", "model", "google_search"]
    assert prompts_of(plan)[::2] == ["1 T", "1 S", "2 T", "2 S"]
    assert {cell.request.model for cell in plan.cells} == {"google/nano-banana-2"}
    assert set(_asked(plan, "google_search")) == {True, False}


def test_the_model_is_an_axis() -> None:
    """Each model gets what it takes; a parameter that one ignores is noted, not refused."""
    plan = simulated_plan("a", vary=["model=nano-banana|nano-banana-pro", "resolution=1K|2K"])
    assert [cell.request.model for cell in plan.cells] == ["google/nano-banana"] * 2 + [
        "google/nano-banana-pro"
    ] * 2
    assert _asked(plan, "resolution") == [None, None, "1K", "2K"]
    assert any("does not take resolution" in note for note in plan.notes)
    assert "combinations that ask for the same as another: 1" in plan.notes


def test_an_axis_without_effect_is_refused() -> None:
    """A parameter that the model ignores would pay for the same image twice."""
    with pytest.raises(InputError, match="resolution makes no difference") as caught:
        simulated_plan("a", model="nano-banana", vary=["resolution=1K|2K"])
    assert "1K and 2K ask for the same image" in str(caught.value)
    assert "does not take resolution" in str(caught.value)
    with pytest.raises(InputError, match="output_format makes no difference"):
        simulated_plan("a", vary=["output_format=jpg|jpeg"])


def test_images_are_an_axis() -> None:
    """Each value of `image` goes in beside the images that are always there."""
    cat, dog, always = picture(b"cat"), picture(b"dog", "dog.png"), picture(b"x")
    plan = simulated_plan("a", axes={"image": [cat, [dog]]}, images=[always])
    assert [cell.request.images for cell in plan.cells] == [(always, cat), (always, dog)]
    assert plan.axes[0].labels == ("cat.png", "dog.png")
    assert str(plan.cells[0].values[0][1]) == "cat.png"


def test_images_go_together() -> None:
    """A value of `images` is everything that it holds."""
    cat, dog = picture(b"cat"), picture(b"dog", "dog.png")
    plan = simulated_plan("a", axes={"images": [[cat, dog], [cat]]})
    assert [len(cell.request.images) for cell in plan.cells] == [2, 1]
    assert plan.axes[0].labels == ("cat.png + dog.png", "cat.png")


def test_value_without_an_image_is_told() -> None:
    """A value of `image` that is none is not left out in silence; `images` may have one."""
    cat = picture(b"cat")

    def find(value: Any) -> list[ReferenceImage]:
        return [] if value is None else [cat]

    with pytest.raises(InputError, match=r"value 2 of the axis image is no image.*`images`"):
        simulated_plan("a", axes={"image": ["cat", None]}, find_images=find)
    plan = simulated_plan("a", axes={"images": ["cat", None]}, find_images=find)
    assert [len(cell.request.images) for cell in plan.cells] == [1, 0]


def test_names_of_images_are_looked_up() -> None:
    """What an option calls an image is found by the caller; a list spreads for `image`."""
    held = {"a.png": [picture(b"a", "a.png")], "cats": [picture(b"1"), picture(b"2")]}
    plan = simulated_plan("a", vary=["image=a.png|cats"], find_images=held.__getitem__)
    assert plan.axes[0].labels == ("a.png", "cat.png", "cat.png (2)")
    together = simulated_plan("a\n---\nimages: a.png | cats", find_images=held.__getitem__)
    assert together.axes[0].labels == ("a.png", "cat.png + cat.png")


def test_without_a_namespace_braces_are_text() -> None:
    """Raw prompts and the Python faces take the text as it is, and parameters may still vary."""
    raw = "a {animal} {a|b}\n---\nx: 1 | 2"
    plan = simulated_plan(raw, namespace=None, vary=["aspect_ratio=1:1|4:3"])
    assert prompts_of(plan) == [raw, raw]


def test_coupled_axes_go_side_by_side() -> None:
    """Their values are not crossed; each name keeps its own value."""
    prompt = "{style} {light: dawn|noon}\n---\nstyle: a | b\naspect_ratio: 1:1 | 4:3"
    plan = simulated_plan(f"{prompt}\nzip: aspect_ratio, style")
    assert [axis.name for axis in plan.axes] == ["style + aspect_ratio", "light"]
    assert [
        axis.name for axis in simulated_plan(prompt, zipped=[("aspect_ratio", "style")]).axes
    ] == [
        "style + aspect_ratio",
        "light",
    ]
    assert plan.cells[-1].values == (("style", "b"), ("aspect_ratio", "4:3"), ("light", "noon"))
    assert len(plan.cells) == 4


def test_notes_are_told_once() -> None:
    """What concerns every cell is one note, and of long prompts the longest is told."""
    assert (
        len(simulated_plan("a cat", model="nano-banana", parameters={"resolution": "2K"}).notes)
        == 1
    )
    long = ["x" * 21_000, "x" * 22_000, "x" * 23_000]
    (note,) = simulated_plan("{n}", namespace={"n": long}).notes
    assert "23,000 characters" in note


def test_a_value_that_the_model_may_not_know_is_noted() -> None:
    """The service decides: it is sent and told, for each value."""
    plan = simulated_plan("a {x | x > 0}", vary=["aspect_ratio=7:5|1:1"])
    assert _asked(plan, "aspect_ratio") == ["7:5", "1:1"]
    assert any("7:5" in note for note in plan.notes)
    assert "{x | x > 0} is text, not a choice" in plan.notes


@pytest.mark.parametrize(
    ("prompt", "options", "said"),
    [
        ("a cat", {"repeats": 0}, "repeats"),
        ("{a}", {"namespace": {"a": []}}, "{a} is empty"),
        ("{a}", {"namespace": {"a": ["x", "x"]}}, "twice"),
        ("{a}", {"namespace": {"a": range(10_001)}}, "10,001 images"),
        ("{a}", {"namespace": {"a": range(10**12)}}, "1,000,000,000,000 images"),
        ("{a} {b}", {"namespace": {"a": range(200), "b": range(51)}}, "10,200 images"),
        ("{a|a}", {}, "the same value twice: a"),
        ("{a}", {"vary": ["a="]}, "axis a is empty"),
        ("{a}\n---\na: x |", {}, "a has an empty value"),
        ("{a}\n---\na:\nb: 1 | 2", {}, "axis a is empty"),
        ("{style}", {"vary": ["styel=a|b"]}, "Did you mean style?"),
        ("x", {"vary": ["ratio=1:1|4:3"]}, "Did you mean aspect_ratio?"),
        ("x", {"vary": ["mood=a|b"]}, "Write {mood} in the prompt"),
        ("{mood}", {"vary": ["mood=a|b"], "namespace": None}, "--raw fills nothing in"),
        ("{a: 1|2}", {"vary": ["a=3"]}, "axis a is there twice"),
        ("{a: 1|2} {a: 3|4}", {}, "axis a is there twice"),
        ("{a: 1|2}\n---\na: 3 | 4", {}, "axis a is there twice"),
        ("x", {"vary": ["resolution=1K"], "parameters": {"resolution": "2K"}}, "fixed value"),
        ("{a}", {}, "not defined: {a}"),
        ("{a}", {"namespace": {"a": [None]}}, "{a} is None"),
        ("x", {"axes": {"image": [3]}}, "cannot hold a int"),
        ("{a: 1|2}\n---\nzip: a, b", {}, "zip names b, which is no axis"),
        ("{a: 1|2}", {"zipped": [("a",)]}, "zip needs two axes"),
        ("{a: 1|2} {b: 1|2}\n---\nzip: a, b\nzip: b, a", {}, "zip names b twice"),
        ("{a: 1|2} {b: 1|2|3}\n---\nzip: a, b", {}, "a has 2, b has 3"),
        ("{style: 1|2}", {"rows": ["styl"]}, "no axis styl. Did you mean style?"),
        ("{style: 1|2}", {"cols": ["zz"]}, "The axes are: style, repeat."),
        ("{a|b}", {"sample": 0}, "sample of 0"),
        ("{a}", {"namespace": {"a": ["", "x"]}}, "prompt is empty"),
    ],
)
def test_what_cannot_be_planned_is_an_error(
    prompt: str, options: dict[str, Any], said: str
) -> None:
    """Bad input ends in one clear error before anything is sent."""
    with pytest.raises(InputError) as caught:
        simulated_plan(prompt, **options)
    assert said in str(caught.value)


def test_a_model_that_is_not_known_takes_any_parameter() -> None:
    """Of a model outside the catalog nothing is refused but what has its own place."""
    plan = simulated_plan("a", model="google/next", vary=["seed=1..3"])
    assert _asked(plan, "seed") == [1, 2, 3]
    with pytest.raises(InputError, match="names nothing"):
        simulated_plan("a", model="google/next", vary=["img_urls=a|b"])


def test_a_service_may_tell_of_more_parameters() -> None:
    """A field that the live schema has may vary too."""
    assert len(simulated_plan("a", vary=["seed=1..3"], fields=lambda: ["seed"]).cells) == 3


def test_sides_are_kept_by_the_name_of_the_axis() -> None:
    """Rows and columns may be named by a member of a coupled axis, and repeats are a side too."""
    prompt = "{a: 1|2} {b: 1|2} {c|d}\n---\nzip: a, b"
    plan = simulated_plan(prompt, rows=["b"], cols=["choice 1", "repeat"], repeats=2)
    assert plan.rows == ("a + b",)
    assert plan.cols == ("choice 1", "repeat")


@pytest.mark.long
@given(AXES, st.integers(1, 3))
@settings(deadline=None)
def test_the_count_is_the_product(axes: dict[str, list[str]], repeats: int) -> None:
    """There is one cell for each combination and repeat, and no request twice."""
    prompt = "x " + " ".join(f"{{{name}}}" for name in axes)
    plan = simulated_plan(prompt, namespace=axes, repeats=repeats)
    assert len(plan.cells) == prod(map(len, axes.values())) * repeats
    points = [(*cell.point, cell.request.repeat) for cell in plan.cells]
    assert points == sorted(set(points))


@pytest.mark.long
@given(AXES, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_fingerprints_do_not_depend_on_the_order_of_axes(
    axes: dict[str, list[str]], chance: Any
) -> None:
    """Giving the axes in another order asks for the same images, which cost nothing again."""
    prompt = "x {animal} {style} {light} {count}"
    space = {"animal": "a", "style": "b", "light": "c", "count": "d"}
    ratios = {"aspect_ratio": ["1:1", "4:3"], "resolution": ["1K", "2K"]}
    other = list({**axes, **ratios}.items())
    chance.shuffle(other)
    one = simulated_plan(prompt, namespace=space, axes={**axes, **ratios})
    two = simulated_plan(prompt, namespace=space, axes=dict(other))
    assert {c.request.fingerprint() for c in one.cells} == {
        c.request.fingerprint() for c in two.cells
    }


def test_a_sample_is_the_same_each_time() -> None:
    """Running a cell again asks for what was drawn before; a seed draws others."""
    prompt = "{a: 1|2|3|4|5|6} {b: 1|2|3|4|5|6}"
    first, again = simulated_plan(prompt, sample=5), simulated_plan(prompt, sample=5)
    assert first.cells == again.cells
    assert first.sample_seed is not None
    assert len(first.cells) == 5
    assert simulated_plan(prompt, sample=5, sample_seed=first.sample_seed).cells == first.cells
    assert any(
        simulated_plan(prompt, sample=5, sample_seed=n).cells != first.cells for n in range(3)
    )


def test_a_sample_is_repeated_as_a_whole() -> None:
    """Each combination that was drawn is made as often as asked."""
    plan = simulated_plan("{a: 1|2|3} {b: 1|2|3}", sample=4, repeats=2)
    assert len(plan.cells) == 8
    assert len({cell.point for cell in plan.cells}) == 4


def test_a_scout_makes_each_value_once() -> None:
    """Of several repeats a scout makes the first alone."""
    plan = simulated_plan("{a: 1|2|3} {b: 1|2}", scout=True, repeats=4)
    assert [cell.point for cell in plan.cells] == [(0, 0), (1, 1), (2, 0)]
    assert {cell.request.repeat for cell in plan.cells} == {1}


def test_a_plan_says_in_which_order_to_run() -> None:
    """The cells keep the order of the grid; those that show each value come first in running."""
    plan = simulated_plan("{a: 1|2} {b: 1|2}", repeats=2)
    assert [cell.point for cell in plan.cells] == sorted(cell.point for cell in plan.cells)
    assert plan.order() == (0, 6, 2, 4, 1, 3, 5, 7)
    assert simulated_plan("a", repeats=2).order() == (0, 1)


@pytest.mark.long
def test_ten_thousand_cells_are_planned_without_looking_back() -> None:
    """The largest plan has its cells, its order and no note."""
    space = {"a": range(25), "b": range(20), "c": range(20)}
    plan = simulated_plan("{a} {b} {c}", namespace=space)
    assert len(plan.cells) == len(set(plan.order())) == 10_000
    assert plan.notes == ()


def test_a_plan_can_be_pickled() -> None:
    """A finished grid carries its plan to other processes."""
    plan = simulated_plan("{a|b}", axes={"image": [picture(b"x")]})
    assert pickle.loads(pickle.dumps(plan)) == plan


def test_the_balance_after_needs_both_numbers() -> None:
    """No balance is invented where the price is not known."""
    assert Bill(3, 1, 8.0, 100.0).balance_after == 92.0
    assert Bill(3, 1, 8.0, 100.0).new == 2
    assert Bill(3, 1, None, 100.0).balance_after is None


def test_real_series_and_array_are_axes() -> None:
    """What pandas and NumPy hold varies as a list does, in its order, as plain values."""
    import pandas

    series = pandas.Series(["ink", "oil"], index=[7, 3])
    plan = simulated_plan("{style} {n}", namespace={"style": series, "n": series.index.to_numpy()})
    assert [axis.values for axis in plan.axes] == [("ink", "oil"), (7, 3)]
    assert [cell.request.prompt for cell in plan.cells][:2] == ["ink 7", "ink 3"]


def test_plan_says_what_it_is() -> None:
    """A plan shows its count in words, not its ten thousand requests."""
    assert (
        repr(simulated_plan("{a|b}", repeats=2))
        == "<Plan: 2 values of choice 1 × 2 repeats = 4 images>"
    )
