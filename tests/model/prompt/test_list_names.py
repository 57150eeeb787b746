"""`@styles` names a list of values, in braces, in axis lines and in options alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.plan.builder import make_plan
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.prompt import template

LISTS = {"styles": ("ink", "1..3"), "sizes": ("1K", "2K")}


def lists(name: str) -> Sequence[Any]:
    """The values of a list."""
    try:
        return LISTS[name]
    except KeyError:
        raise InputError(f"no list {name}") from None


def planned(prompt: str, *vary: str, **space: Any) -> Plan:
    """The plan of a cell."""
    model = "nano-banana-2"
    return make_plan(
        prompt, provider="simulator", model=model, namespace=space, vary=vary, lists=lists
    )


def prompts(plan: Plan) -> list[str]:
    """What is sent."""
    return [cell.request.prompt for cell in plan.cells]


@pytest.mark.parametrize(
    ("prompt", "vary"),
    [
        ("A {style: @styles}", ()),
        ("A {style:@styles}", ()),
        ("A {style}\n---\nstyle: @styles", ()),
        ("A {style}\n---\nStyle:\n  - @styles", ()),
        ("A {style}", ("style=@styles",)),
    ],
)
def test_values_of_a_list(prompt: str, vary: tuple[str, ...]) -> None:
    """Its values are texts as they stand: no range in them is expanded."""
    plan = planned(prompt, *vary)
    assert prompts(plan) == ["A ink", "A 1..3"]
    assert plan.axes[0].values == LISTS["styles"]


def test_among_others_and_for_parameters() -> None:
    """Between bars, beside a range, and for an input field."""
    assert prompts(planned("A {oil|@styles}")) == ["A oil", "A ink", "A 1..3"]
    assert prompts(planned("A {n: 7..8|@styles}"))[:2] == ["A 7", "A 8"]
    plan = planned("A cat\n---\nresolution: @sizes")
    assert [cell.request.parameter("resolution") for cell in plan.cells] == ["1K", "2K"]


@pytest.mark.parametrize(
    "prompt",
    [
        'A {style: "@styles"|oil}',
        "A {style: \\@styles|oil}",
        'A {style}\n---\nstyle: "@styles" | oil',
        'A {style}\n---\nstyle: ["@styles", oil]',
    ],
)
def test_quotes_mean_the_text(prompt: str) -> None:
    """As they do for bars and commas."""
    assert prompts(planned(prompt)) == ["A @styles", "A oil"]
    assert prompts(planned(template.parse(prompt).render())) == ["A @styles", "A oil"]


@pytest.mark.parametrize(
    "prompt",
    ["mail me @styles", "{@styles}", "A sign:\n---\nAuthor: @mia", "{a@styles|b}", "{a: b@c.de|d}"],
)
def test_other_signs_are_text(prompt: str) -> None:
    """What is no value that is a name alone, or no axis, asks for no list."""
    planned(prompt)


def test_a_list_that_is_not_there() -> None:
    """It is told, and nothing is sent as text."""
    for prompt in ("A {style: @styls}", "A {style}\n---\nstyle: @styls", "A {x: @styles|@styls}"):
        with pytest.raises(InputError, match="no list styls"):
            planned(prompt)
    with pytest.raises(InputError, match="An axis would be sent as words"):
        planned("A {style}\nstyle: @styles", style="x")


def test_a_plan_holds_the_values() -> None:
    """A list that changes later changes no plan that was written down."""
    plan = planned("A {style: @styles}")
    again = Plan.from_json(plan.to_json())
    assert again.axes == plan.axes
    assert prompts(again.extend(style="oil"))[-1] == "A oil"  # nothing is looked up
