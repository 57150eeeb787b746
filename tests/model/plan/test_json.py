"""A plan as data."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.plan.record import Cell
from nanobanana_nb.model.request import GenerationRequest, ReferenceImage
from tests.model.plans import fingerprints_of, simulated_plan

VALUES = st.lists(
    st.one_of(st.text(st.characters(exclude_categories=["Cs"]), max_size=6), st.integers()),
    min_size=1,
    max_size=3,
    unique_by=lambda value: " ".join(str(value).split()),
)


def _changed(plan: Plan, **changes: Any) -> str:
    return json.dumps({**json.loads(plan.to_json()), **changes})


@pytest.mark.long
@given(
    st.dictionaries(st.sampled_from("abc"), VALUES, max_size=2),
    st.integers(1, 2),
    st.none() | st.integers(1, 5),
    st.booleans(),
)
@settings(deadline=None)
def test_a_plan_comes_back(
    axes: dict[str, list[Any]], repeats: int, sample: int | None, scout: bool
) -> None:
    """Everything that the experiment is survives being written and read."""
    prompt = "x {style: 1|2} " + " ".join(f"{{{name}}}" for name in axes)
    made = {"repeats": repeats, "sample": sample, "scout": scout, "vary": ["resolution=1K|2K"]}
    plan = simulated_plan(
        prompt, namespace=axes, zipped=[("style", "resolution")], rows=["style"], **made
    )
    again = Plan.from_json(plan.to_json())
    assert again == plan
    assert fingerprints_of(again) == fingerprints_of(plan)
    assert again.complete() == plan.complete()


def test_images_come_back_without_their_bytes() -> None:
    """Bytes and signatures stay out; what makes the images the same comes back."""
    cat = ReferenceImage.from_bytes(b"bytes of a cat", "image/png", "cat.png")
    link = ReferenceImage(url="https://x.example/a.png?signature=verysecret", name="a.png")
    plan = simulated_plan("a", axes={"image": [cat, link], "images": [[cat, link]]}, images=[link])
    text = plan.to_json()
    assert "verysecret" not in text
    again = Plan.from_json(text)
    assert fingerprints_of(again) == fingerprints_of(plan)
    assert again.axes[0].labels == ("cat.png", "a.png")
    assert again.cells[0].request.images[1].data is None


def test_a_private_plan_keeps_its_words_to_itself() -> None:
    """Neither the prompt nor a value, a variable or a note of it is written."""
    prompt = "confidential {style: secret one|secret two} {who} {sensitive | x > 0}"
    space = {"who": "somebody"}
    ratios = ["aspect_ratio=1:1|4:3"]
    plan = simulated_plan(prompt, namespace=space, private=True, vary=ratios, zipped=[])
    text = plan.to_json()
    assert not any(word in text for word in ("confidential", "secret", "somebody", "sensitive"))
    again = Plan.from_json(text)
    assert [axis.labels for axis in again.axes] == [("1", "2"), ("1:1", "4:3")]
    assert all(cell.request.private for cell in again.cells)
    assert again.in_words() == plan.in_words()
    with pytest.raises(InputError, match="kept out of the record"):
        again.extend(style="c")


def test_private_words_stay_out_of_coupled_axes() -> None:
    """Side by side with a parameter, the parameter alone is written."""
    prompt = "{style: secret|hidden}\n---\naspect_ratio: 1:1 | 4:3\nzip: style, aspect_ratio"
    text = simulated_plan(prompt, private=True).to_json()
    assert "secret" not in text
    assert Plan.from_json(text).axes[0].values == (("1", "1:1"), ("2", "4:3"))


def test_values_that_json_does_not_have_become_text() -> None:
    """A path and a number that is none come back as what stood in the prompt."""
    plan = simulated_plan("{a}", namespace={"a": [Path("x/y"), Decimal("0.10"), "z"]})
    again = Plan.from_json(plan.to_json())
    assert again.axes[0].values == ("x/y", "0.10", "z")
    assert fingerprints_of(again) == fingerprints_of(plan)


def test_parameters_that_are_lists_come_back() -> None:
    """A value may be any JSON, and does not look like an image for that."""
    values = [[1, 2], {"image": {"a": 1}}]
    plan = simulated_plan("a", model="google/next", axes={"x": values}, parameters={"y": [3]})
    assert Plan.from_json(plan.to_json()) == plan


def test_what_the_requests_share_is_written_once() -> None:
    """A large plan is not a hundred times its prompt."""
    plan = simulated_plan("word " * 200 + "{n}", namespace={"n": "a"}, repeats=100)
    assert len(plan.to_json()) < 20_000


def test_a_list_of_tasks_comes_back() -> None:
    """A plan without axes and recipe is data too."""
    one = GenerationRequest("simulator", "google/nano-banana", "a cat")
    plan = Plan((Cell(one), Cell(replace(one, prompt="a dog", repeat=2))))
    assert Plan.from_json(plan.to_json()) == plan
    assert Plan.from_json(Plan(()).to_json()) == Plan(())


def test_where_the_service_calls_back_is_not_written() -> None:
    """The address is of the session, and may hold a secret."""
    plan = simulated_plan("a", callback_url="https://x.example/hook")
    assert "hook" not in plan.to_json()


def test_a_newer_plan_says_to_update() -> None:
    """A version that is not known here is not guessed at."""
    with pytest.raises(InputError, match="version 2") as caught:
        Plan.from_json(_changed(simulated_plan("a"), version=2))
    assert "Update" in str(caught.value)


@pytest.mark.parametrize(
    "changes",
    [
        {"format": "other"},
        {"axes": [{"name": "a", "values": [1, 2], "labels": ["1"]}]},
        {"axes": [{"name": "a", "values": [], "labels": []}]},
        {"axes": [{"name": "a", "values": [{"file": 1}], "labels": ["1"]}]},
        {"cells": [{"point": [9, 0]}]},
        {"cells": [{"point": [0]}]},
        {"cells": [{}]},
        {"cells": 3},
        {"repeats": "many"},
        {"recipe": {"provider": "x"}},
        {"request": {}},
    ],
)
def test_a_damaged_plan_is_refused(changes: dict[str, Any]) -> None:
    """Whatever is wrong in it, it ends in one error."""
    with pytest.raises(InputError, match="This is no plan"):
        Plan.from_json(_changed(simulated_plan("{a: 1|2} {b: 1|2}"), **changes))


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", "3", '{"format": 1}', "[" * 100_000])
def test_what_is_no_plan_is_refused(text: str) -> None:
    """Any other text ends in the same error."""
    with pytest.raises(InputError, match="This is no plan"):
        Plan.from_json(text)


@given(st.integers(0, 100_000), st.sampled_from(["", "0", '"', "{", "null"]))
@settings(max_examples=50, deadline=None)
def test_a_broken_text_never_ends_otherwise(place: int, put: str) -> None:
    """Cutting out or changing any character gives a plan or the one error."""
    text = simulated_plan("{a: 1|2}\n---\naspect_ratio: 1:1 | 4:3\nzip: a, aspect_ratio").to_json()
    place %= len(text)
    with suppress(InputError):
        assert isinstance(Plan.from_json(text[:place] + put + text[place + 1 :]), Plan)
