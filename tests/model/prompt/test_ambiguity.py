"""What a prompt is plainly meant to say, and would be paid as other words."""

from __future__ import annotations

import re
from typing import Any

import pytest

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.request import ReferenceImage
from tests.model.plans import plan_of


@pytest.mark.parametrize(
    "prompt",
    [
        "A wombat\nstyle: ink | oil",
        "A wombat\n\nStyle: ink | oil | tempera\n",
        "A wombat\nlight: day\nstyle: ink｜oil",
        "A wombat\nstyle: [ink, oil]",
        "A wombat\na: 1 | 2\nb: 3 | 4",
    ],
)
def test_an_axis_line_without_a_rule_is_refused_whoever_knows_its_name(prompt: str) -> None:
    """A last line `name: a | b` is no part of the picture."""
    with pytest.raises(InputError, match="An axis would be sent as words"):
        plan_of(prompt)
    assert len(plan_of(prompt, namespace=None).cells) == 1


@pytest.mark.parametrize(
    "prompt", ["Logo: cats | dogs", "A wombat\nTitle: Ink", "Style: ink | oil\nof a heron"]
)
def test_other_lines_with_a_colon_are_text(prompt: str) -> None:
    """A whole prompt, one value, and a line in the midst of the text stay."""
    assert plan_of(prompt).cells[0].request.prompt == prompt


@pytest.mark.parametrize("text", ["{1..3}", "{ 1..3 }", "{-2..2}", "{10..1}"])
def test_a_range_without_a_name_is_refused(text: str) -> None:
    """It is plainly a range; the error shows how to write it."""
    with pytest.raises(InputError, match="needs a name") as caught:
        plan_of(f"A photo of {text}")
    assert "{n: " in str(caught.value)
    assert plan_of(f"A photo of {{{text}}}")


@pytest.mark.parametrize(
    "written",
    ["{ style }", "{style!r}", "{style:>10}", "{style[0]}", "{style.name}"],
)
def test_a_known_name_with_more_than_itself_is_refused(written: str) -> None:
    """As no f-string fills it in, it is not paid as braces; an unknown one stays text."""
    with pytest.raises(InputError, match="Not filled in") as caught:
        plan_of(f"A {written} heron", namespace={"style": "ink"})
    assert "{style}" in str(caught.value)
    assert plan_of(f"A {written} heron").cells[0].request.prompt == f"A {written} heron"


@pytest.mark.parametrize(
    "value", ["ink, oil", "ink; oil", "ink / oil", "ink/oil", "墨、油", "a，b"]
)
def test_one_value_with_commas_is_asked_about_until_it_is_quoted(value: str) -> None:
    """Below the prompt and after `--vary` it may mean several; quotes make it one."""
    body = "A {style} heron"
    below = f"{body}\n---\nstyle:"
    first, second = (part.strip() for part in re.split("[,;/、，]", value))
    for prompt, options in (
        (f"{below} {value}", ()),
        (f"{below}\n  - {value}", ()),
        (body, [f"style={value}"]),
    ):
        with pytest.raises(InputError, match="one value or several") as caught:
            plan_of(prompt, vary=options)
        assert f"{first} | {second}" in str(caught.value)
        assert f'"{value}"' in str(caught.value)
    for quoted in (f'"{value}"', f"'{value}'"):
        plans = [
            plan_of(f"{below} {quoted}"),
            plan_of(f"{below}\n  - {quoted}"),
            plan_of(body, vary=[f"style={quoted}"]),
        ]
        assert {plan.cells[0].request.prompt for plan in plans} == {f"A {value} heron"}


@pytest.mark.parametrize(
    ("line", "name"),
    [("image: https://x.test/a,b.png", "image"), ("model: google/next", "model")],
)
def test_links_and_models_may_have_separators(line: str, name: str) -> None:
    """They are no lists, whatever signs they have."""
    found = ReferenceImage(url="https://x.test/a,b.png")
    plan = plan_of(f"A heron\n---\n{line}", find_images=lambda value: [found])
    assert plan.axes[0].name == name


@pytest.mark.parametrize("quote", ['"', "'"])
def test_quotes_around_a_value_are_dropped_in_every_place(quote: str) -> None:
    """Braces, lines, lists and options have one rule; a second pair of quotes is text."""
    other = "'" if quote == '"' else '"'
    values = [
        f"{quote}ink, wet{quote}",
        "wax",
        f"{quote}a|b{quote}",
        f"{other}{quote}x{quote}{other}",
    ]
    bars, body = "|".join(values), "A {style} heron"
    plans = [
        plan_of(f"A {{style: {bars}}} heron"),
        plan_of(f"{body}\n---\nstyle: {bars}"),
        plan_of(f"{body}\n---\nstyle:\n" + "\n".join(f"  - {value}" for value in values)),
        plan_of(body, vary=[f"style={bars}"]),
    ]
    for plan in plans:
        assert plan.axes[0].values == ("ink, wet", "wax", "a|b", f"{quote}x{quote}")


@pytest.mark.parametrize("written", ["it's | that's", "'80s | '90s", '"a" to "z" | x', '6" | 8"'])
def test_quotes_that_are_not_around_a_value_are_text(written: str) -> None:
    """An apostrophe, inches, and two quoted words in one value stay as they are."""
    plan = plan_of("A {style} heron", vary=[f"style={written}"])
    assert plan.axes[0].values == tuple(part.strip() for part in written.split("|"))


@pytest.mark.parametrize("written", ['{"OPEN"|"CLOSED"}', '{s: "OPEN" | shut}', "{'a'|'b'}"])
def test_quotes_in_a_choice_that_may_be_words_are_asked_about(written: str) -> None:
    """They may belong on the sign; the error shows how to send them, and that is sent."""
    with pytest.raises(InputError, match="whether the quotes") as caught:
        plan_of(f"A sign that says {written}")
    right = str(caught.value).partition("Write ")[2].partition(" to send")[0]
    prompts = [cell.request.prompt for cell in plan_of(f"A sign that says {right}").cells]
    assert len(prompts) == 2
    assert prompts[0][-1] in "\"'"


def test_quotes_around_braces_are_words() -> None:
    """A text to be painted keeps the quotes around it."""
    plan = plan_of('A sign that says "{OPEN|CLOSED}"')
    assert plan.cells[0].request.prompt == 'A sign that says "OPEN"'


LISTS = [
    *("{red, blue}", "{red/blue}", "{red; blue}", "{red or blue}", "{ red | blue }", "{红，蓝}"),
    *("｛red|blue｝", "｛red, blue｝", "{red|blue｝", "{colour: red, blue}", '{"red", "blue"}'),
]


@pytest.mark.parametrize("written", LISTS)
def test_a_list_in_braces_is_asked_about(written: str) -> None:
    """It plainly means several values; the error shows the choice, and that is one."""
    with pytest.raises(InputError, match="a choice has bars") as caught:
        plan_of(f"A {written} heron")
    right = str(caught.value).partition("Write ")[2].partition(", or")[0]
    assert len(plan_of(f"A {right} heron").cells) == 2
    assert plan_of(f"A {written} heron", namespace=None)


def test_braces_of_full_width_around_a_known_name_are_told() -> None:
    """They are not filled in; around any other word they are text."""
    with pytest.raises(InputError, match="Not filled in"):
        plan_of("A ｛style｝ heron", namespace={"style": "ink"})
    assert plan_of("A ｛春天｝ heron").cells[0].request.prompt == "A ｛春天｝ heron"


@pytest.mark.parametrize(
    "text",
    [
        *('{"a": 1, "b": 2}', "{a: 1, b: 2}", "{x, y}", "{1, 2, 3}", "a{2,3}", "*.{jpg,png}"),
        *(
            "import {useState, useEffect} from 'react'",
            "const {name, age} = person",
            "{user_id, n}",
        ),
        *(
            r"\{red, blue\}",
            r"\frac{red, blue}{x}",
            "f({name, age})",
            "{{red, blue}}",
            "{see note}",
        ),
        *("Red, blue; green / grey, and so on.", "p {color: red; size: big}", "{Hello, world!}"),
        *("void f() {go; stop}", "{{ name | upper }}", "style: soft, warm", "[red, blue]", "{a/b}"),
    ],
)
def test_commas_that_are_no_list_pass_untouched(text: str) -> None:
    """JSON, code, formulas and ordinary sentences are sent as they were written."""
    assert plan_of(f"A page with {text}").cells[0].request.prompt == f"A page with {text}"


NEARLY = [
    *("{my style: ink|oil}", "{art-style: ink|oil}", "{style=ink|oil}", "{style = ink | oil}"),
    *("{ink|oil|}", "{|ink|oil}", "{style: ink|oil|}", "{(ink|oil)}", "{style: [ink|oil]}"),
    *("{ink│oil}", "{style: ink¦oil}", "{k: 1 .. 2}", "{k: 1...2}", "{1…2}", "{1..3..2}"),
]


@pytest.mark.parametrize("written", NEARLY)
def test_what_is_nearly_a_choice_is_asked_about(written: str) -> None:
    """It is not paid as braces, nor with a head among its words; a choice is shown instead."""
    with pytest.raises(InputError, match="Not clear what") as caught:
        plan_of(f"A {written} heron")
    right = caught.value.action.removeprefix("Write ").partition(", or")[0]
    assert len(plan_of(f"A {right} heron").cells) == 2
    assert plan_of(f"A {written} heron", namespace=None)


def test_one_word_or_none_is_asked_about() -> None:
    """An option that is empty needs a list, which is then understood."""
    with pytest.raises(InputError, match="nearly a choice") as caught:
        plan_of("A {|wet} heron")
    assert "name = ['', 'wet']" in caught.value.action
    plan = plan_of("A {name} heron", namespace={"name": ["", "wet"]})
    assert [cell.request.prompt for cell in plan.cells] == ["A  heron", "A wet heron"]


@pytest.mark.parametrize(
    "text",
    [
        *("{|x| x + 1}", "{|a, b| go}", "{ return a || b; }", "{|x|}", "f{a=go|stop}", "{(a|b)+}"),
        *(r"x \in \{1...9\}", "{1,...,9}", "{a..e}", "{time 10:30|time 11:30}", "{http://x.y|z}"),
    ],
)
def test_code_and_formulas_with_bars_are_not_asked_about(text: str) -> None:
    """Blocks, norms, arguments and sets stay what they were."""
    assert plan_of(f"A page with {text}").cells


@pytest.mark.parametrize("written", ["{style!r}", "{style[0]}", "{style:>10}", "{ style }"])
@pytest.mark.parametrize("given", [{"parameters": {"style": "ink"}}, {"axes": {"style": ["ink"]}}])
def test_a_name_that_is_given_is_known_from_python_too(written: str, given: Any) -> None:
    """A value for it as an axis or a keyword asks as a variable of the notebook does."""
    with pytest.raises(InputError, match="Not filled in"):
        plan_of(f"A {written} heron", **given)
