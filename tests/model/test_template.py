"""Values of the notebook in a prompt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanobanana_nb.errors import InputError
from nanobanana_nb.model import template

OTHER_BRACES = [
    '{"a": {"b": [1, 2, {"c": null}]}}',
    "body { color: red; } .x > p { margin: 0 }",
    r"\frac{1}{2} \mathbf{x+y} \begin{a b}",
    "f'{value:>10} {a.b} {c[0]} {d!r} {}'",
    "{{ jinja }} {% if x %} ${shell}",
    "{ spaced } {1} {a b} {a|b}",
]


def test_puts_a_text_and_a_number_in() -> None:
    """A placeholder is replaced by the value's text."""
    values = {"animal": "heron", "count": 3}
    assert template.fill("{count} times a {animal}", values) == "3 times a heron"


@pytest.mark.parametrize("text", OTHER_BRACES[:4] + OTHER_BRACES[5:])
def test_leaves_other_braces_alone(text: str) -> None:
    """JSON, CSS, LaTeX without bare names and format strings survive as they are."""
    assert template.fill(text, {}) == text


def test_a_shell_variable_is_a_placeholder_in_disguise() -> None:
    """`${shell}` holds exactly one identifier in braces, so it is asked for."""
    with pytest.raises(InputError, match=r"\{shell\}"):
        template.fill(OTHER_BRACES[4], {})


def test_doubled_braces_are_the_name_itself() -> None:
    """`{{name}}` stands for the text {name}, and further braces pair up as in an f-string."""
    values = {"name": "V"}
    assert template.fill("{{name}}", values) == "{name}"
    assert template.fill("{{{name}}}", values) == "{V}"
    assert template.fill('{"a": {name}}', values) == '{"a": V}'


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


@given(st.text(alphabet="{}ab_ 1\"':,", max_size=30), st.text(max_size=5))
def test_text_without_names_is_never_changed(text: str, value: str) -> None:
    """Whatever the braces do, a text without a placeholder or its literal stays the same."""
    if not template._BRACED.search(text):
        assert template.fill(text, {"a": value}) == text


@given(st.lists(st.sampled_from(["{a}", "{{a}}", "7", "{", "}", " "]), max_size=8))
def test_filling_never_fails_on_known_names(parts: list[str]) -> None:
    """Any mixture of braces around a known name can be filled, and keeps its other text."""
    filled = template.fill("".join(parts), {"a": "V"})
    assert filled.count("7") == parts.count("7")
