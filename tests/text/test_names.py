"""Names in every script, as Python has them."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.plan.extend import repeated
from nanobanana_nb.notebook.magic import option_parser
from tests.model.plans import plan_of

NAMES = ["रंग", "สี", "e\u0301t\u00e9", "été", "µ", "色", "цвет", "ﬁg", "colour"]


def _prompts(prompt: str, **options: Any) -> list[str]:
    return [cell.request.prompt for cell in plan_of(prompt, **options).cells]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_a_name_wherever_it_stands(name: str) -> None:
    """Choice, axis line, option, axis of Python and variable: vowel signs are part of it."""
    wanted = ["A red fox", "A blue fox"]
    held: dict[str, Any] = {}
    exec(f"{name} = ['red', 'blue']", held)
    del held["__builtins__"]
    assert _prompts(f"A {{{name}: red|blue}} fox") == wanted
    assert _prompts(f"A {{{name}}} fox\n---\n{name}: red | blue") == wanted
    assert _prompts(f"A {{{name}}} fox", vary=[f"{name}=red|blue"]) == wanted
    assert _prompts(f"A {{{name}}} fox", axes={name: ["red", "blue"]}) == wanted
    assert _prompts(f"A {{{name}}} fox", namespace=held) == wanted


@pytest.mark.parametrize("name", [*NAMES, "a-b"])
def test_options_and_arguments_read_names_alike(name: str) -> None:
    """`--set`, `--rows`, `--cols`, `rows=` and `zipped=` know every name that braces know."""
    own = unicodedata.normalize("NFKC", name).replace("-", "_")
    assert option_parser.input_fields([f"{name}=7"]) == {own: 7}
    axes = {name: ["red", "blue"], "mood": ["calm", "wild"]}
    plan = plan_of(f"A {{{own}}} {{mood}} fox", axes=axes, rows=name, cols=["mood"])
    assert (plan.rows, plan.cols) == ((own,), ("mood",))
    assert plan_of(f"A {{{own}}} {{mood}} fox", axes=axes, cols=[name, "mood"]).cols == (
        own,
        "mood",
    )
    for group in ([name, "mood"], [["mood", name]], ((name, "mood"),)):
        assert len(plan_of(f"A {{{own}}} {{mood}} fox", axes=axes, zipped=group).cells) == 2


@pytest.mark.parametrize("text", ["{a…b}", "{a—b}", "{naïve?}", "{½}", "{1st}"])
def test_what_python_takes_for_no_name_is_text(text: str) -> None:
    """Signs of other kinds make no name."""
    assert _prompts(text) == [text]


@pytest.mark.parametrize("times", [10**5, 10**7, 10**30])
def test_too_many_repeats_are_refused_before_anything_is_built(times: int) -> None:
    """The count is looked at first."""
    with pytest.raises(InputError, match="That would be"):
        repeated(plan_of("A {red|blue} fox"), times)


@pytest.mark.parametrize("side", ["s", ["s"], ["t", "s"]])
def test_an_axis_goes_down_or_across(side: Any) -> None:
    """Named for both sides it would go one way in silence."""
    with pytest.raises(InputError, match="cannot go down and across"):
        plan_of("A {s: a|b} {t: c|d}", rows="s", cols=side)
