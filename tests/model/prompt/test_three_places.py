"""Values in braces, below the prompt and after `--vary`: one set of rules in all three places."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.prompt import ambiguity, checks, template, value_syntax
from tests.model.plans import plan_of

PIECES = st.sampled_from(
    (
        *("1..3", "3..1", "7", "1..", "-2..2", "0..99999", "a", "a, b", "16:9", "|", "\\|", "｜"),
        *(" ", "'", '"', "(x)", "[a, b]", "é", "e\u0301", "…", "#", "-", "=", "{a}", "\\", "a:"),
    )
)
VALUES = st.lists(PIECES, max_size=4).map("".join) | st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=6
)


def _asked(prompt: str, **options: Any) -> Any:
    """Return the prompts and values of a plan, or what is wrong with it."""
    try:
        plan = plan_of(prompt, **options)
    except InputError as error:
        return error.what  # how it is written instead differs by the place
    return [(cell.request.prompt, cell.values) for cell in plan.cells]


def _may_be_a_heading(written: str) -> bool:
    """Whether a line with this value may be text of the prompt: `Title: {title}`."""
    return len(value_syntax.values(written)) == 1 and "{" in written


@pytest.mark.long
@given(st.lists(VALUES, min_size=2, max_size=4))
@example(["{a}\\", ""])
@settings(max_examples=300, deadline=None)
def test_three_places_ask_for_the_same(values: list[str]) -> None:
    """Whatever stands between the bars means the same wherever it is written; braces hold none."""
    written = "|".join(values)
    option = _asked("A {n} heron", vary=[f"n={written}"])
    if not _may_be_a_heading(written):
        assert _asked(f"A {{n}} heron\n---\nn: {written}") == option
    braced = f"A {{n: {written.strip()}}} heron"
    parsed = template.parse(braced)
    if "{" in written or "}" in written:
        return
    if not checks.is_clear(braced):
        assert "Not clear" in _asked(braced)
    elif parsed.choices:
        assert _asked(braced) == option
    else:
        assert parsed.notes or "\\" in written or '"' in written


@pytest.mark.long
@given(st.lists(VALUES, min_size=1, max_size=4))
@settings(max_examples=300, deadline=None)
def test_values_that_were_joined_come_back_in_each_place(values: list[str]) -> None:
    """What `joined` wrote is read as these values, below the prompt and after `--vary`."""
    own = tuple(value.strip() for value in values)
    written = ambiguity.joined(own)
    if value_syntax.values(written) == own and not _may_be_a_heading(written):
        assert _asked("A {n} heron", vary=[f"n={written}"]) == _asked(
            f"A {{n}} heron\n---\nn: {written}"
        )


@pytest.mark.parametrize("values", ["1..3|7", "1..3", "7|1..3", "3..1 ｜ 7", "-1..1|x"])
def test_a_range_is_a_range_everywhere(values: str) -> None:
    """Braces count as the other places do, and a range with a name may stand alone there."""
    prompts = [cell.request.prompt for cell in plan_of(f"{{n: {values}}} herons").cells]
    assert prompts == [c.request.prompt for c in plan_of("{n} herons", vary=[f"n={values}"]).cells]
    below = plan_of(f"{{n}} herons\n---\nn: {values}")
    assert prompts == [c.request.prompt for c in below.cells]
    assert len(prompts) > 2


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ("1..99999", "99,999 values"),
        (f"1..{'9' * 30}", "more values than can be counted"),
        (f"1..{'9' * 5000}", "more values than can be counted"),
        ("a|a", "the same value twice"),
        ("1..3|2", "the same value twice"),
    ],
)
def test_values_that_cannot_be_are_refused_everywhere(values: str, said: str) -> None:
    """Too many, and one twice: the same sentence from each place, before anything is built."""
    for prompt, options in (
        (f"{{n: {values}|z}}", {}),
        (f"{{n}}\n---\nn: {values}|z", {}),
        ("{n}", {"vary": [f"n={values}|z"]}),
    ):
        with pytest.raises(InputError, match=said):
            plan_of(prompt, **options)


@pytest.mark.parametrize(
    "prompt",
    [
        "{a|{b|c}}",
        "{a {x|y}|b}",
        "{mood: calm|{b|c}}",
        "{red|{colour}} heron",
        "{a|{b|{c|d}}}",
        "{{a|{b|c}}}",
        "A {a｜{b｜c}} heron",
    ],
)
def test_a_choice_in_a_choice_is_refused(prompt: str) -> None:
    """It is never sent with stray braces; the error shows how to write it flat."""
    with pytest.raises(InputError, match="cannot stand in another") as caught:
        plan_of(prompt, namespace={"colour": "blue"})
    assert "{a|b|c}" in str(caught.value)
    assert plan_of(prompt, namespace=None).cells[0].request.prompt == prompt


@pytest.mark.parametrize(
    "text", ['{"a|b": {x}}', "{x > 0 | {x}}", "{% if a|b %}{x}{% end %}", "{a, {x}}"]
)
def test_braces_of_other_languages_may_hold_a_place(text: str) -> None:
    """JSON, sets and tags around a name are text, and the name is filled in."""
    assert "V" in plan_of(text, namespace={"x": "V"}).cells[0].request.prompt


@pytest.mark.parametrize("text", ["{red\n|blue}", "{mood: calm|\n  wild}"])
def test_a_choice_over_several_lines_is_noted(text: str) -> None:
    """A line break makes it text, which is told."""
    assert plan_of(text).notes == (f"{' '.join(text.split())} is text, not a choice",)


@pytest.mark.long
@given(st.text("{}|\\ab: x_^\n-1.｜[],", max_size=30))
@settings(max_examples=500, deadline=None)
def test_any_prompt_is_planned_or_refused(prompt: str) -> None:
    """No mixture of signs ends in anything but a plan or an error of ours."""
    result = _asked(prompt, namespace={"a": "A", "b": ["B", "C"], "x": 1})
    assert result
