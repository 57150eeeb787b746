"""The prompt language: places, choices, and everything that is only text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.prompt import placeholders, template
from nanobanana_nb.model.prompt.axis_lines import AxisLine, AxisLines
from nanobanana_nb.model.prompt.template import Place

FOREIGN = [
    '{"a": {"b": [1, 2, {"c": null}]}}',
    '{"pattern": "a|b", "n": {"or": "x|y"}}',
    "{'pattern': 'a|b'}",
    '{kind: "a|b"}',
    "body { color: red; } .x > p { margin: 0 } {grid-area: a | b;}",
    r"\frac{1}{2} \mathbf{x+y} \begin{a b} \frac{a|b}{c|d} \sqrt[3]{a|b}",
    r"P_{a|b} x^{a|b} \{a|b\} {\alpha | \beta}",
    "f'{value:>10} {a.b} {c[0]} {d!r} {} {x | y = 1}'",
    "{{ jinja }} {% if a|b %} {% for x in y %} {# a|b #} {{ name | upper }}",
    "{x | x > 0} {n ∈ N | n < 3} { x | y } {(a|b)} {P(a|b)}",
    "[0-9]{1,3} (a|b){2} {|x| x} {a||b} {a|} {|} a{margin:0}",
    "{ spaced } {1} {a b} {a\n|b}",
]
BITS = (
    *("{", "}", "{{", "}}", "a", "b", "style", "|", r"\|", "\\frac", "[", "]", "_", "^", " ", ": "),
    *("\n", "---", "\n---\n", "name: ", "x: a | b", "zip: a, b", "\n  v", "1..5", '"', "=", "%"),
    *("\\", "é"),
)
TEXT = st.lists(st.sampled_from(BITS), max_size=25).map("".join)
NAMES = st.sampled_from(["style", "light", "a_1", "größe"])
OPTIONS = st.text("ab |:,'-é.!", min_size=1, max_size=8).map(str.strip).filter(bool)


def test_puts_a_text_and_a_number_in() -> None:
    """A placeholder is replaced by the value's text."""
    values = {"animal": "heron", "count": 3}
    assert template.fill("{count} times a {animal}", values) == "3 times a heron"


@pytest.mark.parametrize("text", FOREIGN)
def test_leaves_other_braces_alone(text: str) -> None:
    """JSON, CSS, LaTeX, format strings, Jinja, sets and patterns survive as they are."""
    assert template.names(text) == ()
    assert template.fill(text, {}) == text


@given(st.lists(st.sampled_from(FOREIGN), max_size=3), st.text("xy", max_size=3))
def test_a_place_among_other_braces_is_filled_alone(around: list[str], value: str) -> None:
    """Whatever stands around a placeholder is the same after filling it."""
    prompt = " ".join([*around, "{animal}", *around])
    assert template.fill(prompt, {"animal": value}) == " ".join([*around, value, *around])


def test_a_shell_variable_is_a_placeholder_in_disguise() -> None:
    """`${shell}` holds exactly one identifier in braces, so it is asked for."""
    with pytest.raises(InputError, match=r"\{shell\}"):
        template.fill("${shell}", {})


@pytest.mark.parametrize(
    ("text", "name", "options"),
    [
        ("{woodcut|oil}", "choice 1", ("woodcut", "oil")),
        ("{a | b  c |d}", "choice 1", ("a", "b  c", "d")),
        ("{style: woodcut|watercolour}", "style", ("woodcut", "watercolour")),
        ("{style:a|b}", "style", ("a", "b")),
        ("{16:9|1:1}", "choice 1", ("16:9", "1:1")),
        (r"{a\|b|c}", "choice 1", ("a|b", "c")),
        ('{a sign "OPEN"|a sign "CLOSED"}', "choice 1", ('a sign "OPEN"', 'a sign "CLOSED"')),
        ("{red, warm|blue, cold}", "choice 1", ("red, warm", "blue, cold")),
        ("{it's|its (old)}", "choice 1", ("it's", "its (old)")),
        ("${10|20}", "choice 1", ("10", "20")),
        ("{http://a|http://b}", "choice 1", ("http://a", "http://b")),
        ("{#ff0000|#00ff00}", "choice 1", ("#ff0000", "#00ff00")),
    ],
)
def test_a_choice_is_read(text: str, name: str, options: tuple[str, ...]) -> None:
    """Values between bars are a choice, with a name in front or the name of its place."""
    (place,) = template.parse(text).choices
    assert (place.name, place.options) == (name, options)


def test_choices_without_a_name_are_counted() -> None:
    """Each is called by its place among those that have no name."""
    assert template.names("{a|b} {x: 1|2} {c|d} {y}") == ("choice 1", "x", "choice 2", "y")


def test_doubled_braces_are_the_name_itself() -> None:
    """`{{name}}` stands for the text {name}, and further braces pair up as in an f-string."""
    values = {"name": "V"}
    assert template.fill("{{name}}", values) == "{name}"
    assert template.fill("{{{name}}}", values) == "{V}"
    assert template.fill('{"a": {name}}', values) == '{"a": V}'


@pytest.mark.parametrize(
    ("text", "said"), [("{{a|b}}", "{a|b}"), ("{{x: a | b}}", "{x: a | b}"), ("{{{{a|b}}}}", None)]
)
def test_doubled_braces_are_the_choice_itself(text: str, said: str | None) -> None:
    """`{{a|b}}` is no axis but the text {a|b}."""
    assert template.names(text) == ()
    assert template.fill(text, {}) == (said or "{{a|b}}")


@pytest.mark.parametrize("text", ["{x | x > 0}", "{a|b=c}", "{a|}", "{ a | b }", "{1..3}"])
def test_what_may_have_been_a_choice_is_noted(text: str) -> None:
    """Braces with a bar that are read as text are told before they are paid."""
    assert template.parse(text).notes == (f"{text} is text, not a choice",)


@pytest.mark.parametrize("text", ["{{ a | b }}", r"\frac{a|b}", '{"a": "x|y"}', "{a}", "{{a|b}}"])
def test_other_languages_are_not_noted(text: str) -> None:
    """Nothing is said of braces that nobody would write for a choice."""
    assert template.parse(text).notes == ()


def test_values_are_not_expanded_again() -> None:
    """A value that looks like a placeholder goes in as it is."""
    assert template.fill("{a}", {"a": "{b}", "b": "no"}) == "{b}"


def test_unknown_names_are_listed_with_the_nearest() -> None:
    """One error names every unknown placeholder and offers a known one."""
    with pytest.raises(InputError) as caught:
        template.fill("{anmal} in {place}", {"animal": "cat"})
    assert "{anmal}, {place}" in str(caught.value)
    assert "did you mean {animal}?" in str(caught.value)


def test_a_value_that_is_no_text_is_refused() -> None:
    """A dict cannot stand in a prompt, and the error says what can."""
    with pytest.raises(InputError, match="dict"):
        template.fill("{a}", {"a": {}})


def test_plain_text_has_no_places() -> None:
    """A raw prompt is one text, whatever it holds."""
    raw = "{a} {b|c}\n---\nx: 1 | 2"
    assert template.plain(raw).parts == (raw,)
    assert template.plain(raw).lines == AxisLines()


@given(st.text(alphabet="{}ab_ 1\"':,", max_size=30), st.text(max_size=5))
def test_text_without_names_is_never_changed(text: str, value: str) -> None:
    """Whatever the braces do, a text without a placeholder or its literal stays the same."""
    if not re.search(r"\{[^\W\d]\w*\}", text):
        assert template.fill(text, {"a": value}) == text


@given(st.lists(st.sampled_from(["{a}", "{{a}}", "7", "{", "}", " "]), max_size=8))
def test_filling_never_fails_on_known_names(parts: list[str]) -> None:
    """Any mixture of braces around a known name can be filled, and keeps its other text."""
    filled = template.fill("".join(parts), {"a": "V"})
    assert filled.count("7") == parts.count("7")


@pytest.mark.long
@given(st.integers(0, 6), st.sampled_from(["a", "a|b", "x: a|b", "1"]), st.integers(0, 6))
def test_any_number_of_braces_is_rendered(left: int, inside: str, right: int) -> None:
    """Braces that belong to the text around a place stay apart from the place's own."""
    parsed = template.parse("{" * left + inside + "}" * right)
    assert template.parse(parsed.render()) == parsed


@pytest.mark.long
@given(TEXT)
@settings(max_examples=500, deadline=None)
def test_what_is_rendered_is_parsed_again(text: str) -> None:
    """Rendering any template gives a prompt that means the same."""
    parsed = template.parse(text)
    assert template.parse(parsed.render()) == parsed


@pytest.mark.long
@given(
    st.lists(st.tuples(st.text("xy .{}", max_size=6), NAMES, st.lists(OPTIONS, max_size=3))),
    st.dictionaries(NAMES, st.lists(OPTIONS, min_size=2, max_size=4), max_size=2),
)
def test_a_template_that_was_built_is_parsed(
    built: list[tuple[str, str, list[str]]], lines: dict[str, list[str]]
) -> None:
    """Texts, placeholders, choices and axis lines come back from the prompt that they render."""
    parts: list[str | Place] = []
    for text, name, options in built:
        place = Place(name, tuple(options) if len(options) > 1 else ())
        parts += [f" {text}", place]
    axes = tuple(AxisLine(name, tuple(values)) for name, values in lines.items())
    whole = template.Template((*parts, " end"), AxisLines(axes))
    assert template.parse(whole.render()) == whole


def test_an_argument_is_found_behind_other_arguments() -> None:
    """All braces directly behind a LaTeX command are its arguments; a blank ends them."""
    assert template.names(r"\x{a b}[c]{d|e}") == ()
    assert template.names(r"\x{a b} {d|e}") == ("choice 1",)
    assert template.names("{a|b}{c|d}") == ("choice 1", "choice 2")


def test_depth_is_the_number_of_pairs() -> None:
    """Braces without a partner do not count."""
    group = placeholders.GROUP.fullmatch("{{{a}}")
    assert group is not None
    assert placeholders.depth(group) == 2
