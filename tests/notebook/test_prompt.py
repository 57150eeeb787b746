"""The body of the cell: what is filled in, and what stays as it is."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nanobanana_nb.errors import InputError

from .bench import Bench
from .conftest import Service

BRACES = [
    '{"subject": {"name": "cat", "n": 2}}',
    r"the formula \frac{1}{2} \sum_{i=0}^{n-1} on a board",
    "body { color: red; } a{margin:0}",
    "{} {0} {a.b} {a[0]} {a!r} {a:>3} { a }",
    "f'{1 + 1}' $HOME {{1}}",
]


def prompts(bench: Bench, body: str, options: str = "") -> list[str]:
    """Return the prompts of the requests that a cell makes."""
    return [cell.request.prompt for cell in bench.plan(options, body).cells]


@pytest.mark.parametrize("body", BRACES)
def test_foreign_braces_stay(bench: Bench, body: str) -> None:
    """JSON, LaTeX, CSS and format fields are text, also where names of theirs are defined."""
    bench.names.update(a="wrong", n="wrong")
    assert prompts(bench, body) == [body]


def test_name_is_filled_in(bench: Bench) -> None:
    """`{name}` is the value of the variable, as often as it stands there."""
    bench.run("animal, years = 'cat', 3.5")
    assert prompts(bench, "A {animal}, {years} years, a {animal}") == ["A cat, 3.5 years, a cat"]


def test_doubled_braces_are_braces(bench: Bench) -> None:
    """`{{name}}` stands for the text `{name}`, defined or not."""
    bench.names["animal"] = "cat"
    assert prompts(bench, "{{animal}} {{other}} {animal}") == ["{animal} {other} cat"]


def test_value_is_not_expanded_again(bench: Bench) -> None:
    """Braces, dollars and quotes in a value are text."""
    bench.names.update(text="{secret} {{x}} $HOME '\"", secret="never")
    assert prompts(bench, "a {text}") == ["a {secret} {{x}} $HOME '\""]


@given(value=st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40))
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_value_arrives_whole(bench: Bench, value: str) -> None:
    """Whatever text a variable holds is in the prompt as it is."""
    bench.names["value"] = value
    assert prompts(bench, "[fail] <{value}>") == [f"[fail] <{value}>"]


def test_unknown_names_are_listed(bench: Bench, service: Service) -> None:
    """Every name that is not defined is in the one error, with the nearest that is."""
    bench.names["animal"] = "cat"
    ran = bench.fails("%%nanobanana\nA {animl} in {town}", InputError)
    assert "{animl}" in ran.told
    assert "{town}" in ran.told
    assert "did you mean {animal}?" in ran.told
    assert "--raw" in ran.told
    assert service.creates == []


@pytest.mark.parametrize("held", ["{'a': 1}", "None", "b'x'", "object()", "[None]", "[[1], [2]]"])
def test_value_that_is_no_text_is_told(bench: Bench, service: Service, held: str) -> None:
    """What has no plain text is named instead of being put in as a repr."""
    bench.run(f"odd = {held}")
    ran = bench.fails("%%nanobanana\nA {odd} cat", InputError)
    assert "{odd}" in ran.told
    assert service.creates == []


def test_broken_character_is_told_or_sent(bench: Bench) -> None:
    """Half of a character pair, as a cut string may have, ends in words and not in a traceback."""
    bench.names["cut"] = "cat \ud83d"
    ran = bench.run("%%nanobanana -o grid\nA {cut} [fail]")
    assert ran.short, ran.traceback[-1]


@pytest.mark.parametrize("body", ["A {animal} {{x}} {", "{not_defined}"])
def test_raw_takes_the_prompt_as_it_is(bench: Bench, body: str) -> None:
    """With `--raw` no brace means anything."""
    bench.names["animal"] = ["cat", "dog"]
    assert prompts(bench, body, "--raw") == [body]


@pytest.mark.parametrize("held", ["['cat', 'dog']", "('cat', 'dog')"])
def test_list_is_an_axis(bench: Bench, held: str) -> None:
    """A list makes one image for each of its values."""
    bench.run(f"animal = {held}")
    plan = bench.plan("-n 2", "A {animal} [fail]")
    assert [axis.name for axis in plan.axes] == ["animal"]
    assert [c.request.prompt for c in plan.cells] == ["A cat [fail]"] * 2 + ["A dog [fail]"] * 2


def test_two_lists_make_a_table(bench: Bench) -> None:
    """Two lists make every combination of their values."""
    bench.run("animal, sizes = ['cat', 'dog'], range(2, 4)")
    assert prompts(bench, "{sizes} {animal}s") == ["2 cats", "2 dogs", "3 cats", "3 dogs"]


@pytest.mark.parametrize("held", ["[]", "['cat', 'cat']"])
def test_axis_that_cannot_be_is_told(bench: Bench, service: Service, held: str) -> None:
    """An empty list and a value given twice are refused before anything is paid."""
    bench.run(f"animal = {held}")
    assert "{animal}" in bench.fails("%%nanobanana\nA {animal}", InputError).told
    assert service.creates == []


@pytest.mark.parametrize("body", ["", " ", "\n", "  \n\t\n", "{blank}"])
def test_empty_prompt_is_told(bench: Bench, service: Service, body: str) -> None:
    """A cell without a prompt says what belongs there, however empty it is."""
    bench.names["blank"] = " "
    ran = bench.run(f"%%nanobanana\n{body}")
    assert isinstance(ran.error, InputError), ran.told
    assert "prompt is empty" in ran.told
    assert service.creates == []


def test_lines_and_indents_of_the_prompt_stay(bench: Bench) -> None:
    """Only the blank lines around the prompt go."""
    assert prompts(bench, "\n\n  A poem:\n\n    # of cats\n%time\n\n") == [
        "  A poem:\n\n    # of cats\n%time"
    ]


def test_blanks_at_the_end_ask_for_the_same(bench: Bench) -> None:
    """A space after the prompt, which nobody sees, does not make the cell pay again."""
    (one,) = bench.plan("", "A cat [fail]").cells
    (other,) = bench.plan("", "A cat [fail] \n ").cells
    assert one.request.fingerprint() == other.request.fingerprint()
