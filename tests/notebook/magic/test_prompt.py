"""The body of the cell: what is filled in, and what stays as it is."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nanobanana_nb.errors import InputError
from tests.notebook.bench import Bench
from tests.service import Service

BRACES = [
    '{"subject": {"name": "cat", "n": 2}}',
    r"the formula \frac{1}{2} \sum_{i=0}^{n-1} on a board",
    "body { color: red; } a{margin:0}",
    "{} {0} {c.d} {c[0]} {c!r} {c:>3} { c }",
    "f'{1 + 1}' $HOME {{1}}",
]


def prompts(bench: Bench, body: str, options: str = "") -> list[str]:
    """Return the prompts of the requests that a cell makes."""
    return [cell.request.prompt for cell in bench.plan(options, body).cells]


@pytest.mark.parametrize("body", BRACES)
def test_foreign_braces_stay(bench: Bench, body: str) -> None:
    """JSON, LaTeX, CSS and format fields of no known name are text."""
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


@pytest.mark.long
@given(
    value=st.text(
        st.characters(codec="utf-8", exclude_characters="\u2028\u2029", exclude_categories=["Cc"]),
        max_size=40,
    )
)
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_value_arrives_whole(bench: Bench, value: str) -> None:
    """Whatever text a variable holds is in the prompt as it is, but for the kind of line end."""
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
    assert service.creates() == []


@pytest.mark.parametrize("held", ["{'a': 1}", "None", "b'x'", "object()", "[None]", "[[1], [2]]"])
def test_value_that_is_no_text_is_told(bench: Bench, service: Service, held: str) -> None:
    """What has no plain text is named instead of being put in as a repr."""
    bench.run(f"odd = {held}")
    ran = bench.fails("%%nanobanana\nA {odd} cat", InputError)
    assert "{odd}" in ran.told
    assert service.creates() == []


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
    assert service.creates() == []


@pytest.mark.parametrize("body", ["", " ", "\n", "  \n\t\n", "{blank}"])
def test_empty_prompt_is_told(bench: Bench, service: Service, body: str) -> None:
    """A cell without a prompt says what belongs there, however empty it is."""
    bench.names["blank"] = " "
    ran = bench.run(f"%%nanobanana\n{body}")
    assert isinstance(ran.error, InputError), ran.told
    assert "prompt is empty" in ran.told
    assert service.creates() == []


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


def test_choices_and_axis_lines_make_a_table(bench: Bench) -> None:
    """What is written in the cell varies, and the axis lines are no part of the prompt."""
    plan = bench.plan("", "A {red|blue} cat, {style} [fail]\n\n---\nstyle: woodcut | oil")
    assert [axis.name for axis in plan.axes] == ["choice 1", "style"]
    assert [cell.request.prompt for cell in plan.cells][:2] == [
        "A red cat, woodcut [fail]",
        "A red cat, oil [fail]",
    ]


def test_options_make_and_lay_out_an_experiment(bench: Bench) -> None:
    """`--vary`, `--sample`, `--scout`, `--rows` and `--cols` arrive at the plan."""
    bench.run("animal = ['cat', 'dog']")
    line = "--vary 'aspect_ratio=1:1|16:9|4:3' --rows animal --cols aspect_ratio -n 2"
    plan = bench.plan(f"{line} --scout", "A {animal} [fail]")
    assert len(plan.cells) == 3
    assert len(plan.complete().cells) == 12
    assert (plan.rows, plan.cols) == (("animal",), ("aspect_ratio",))
    plan = bench.plan(f"{line} --sample 2 --sample-seed 7", "A {animal} [fail]")
    assert len(plan.cells) == 4
    assert (plan.sample, plan.sample_seed) == (2, 7)


def test_images_of_the_notebook_are_an_axis(bench: Bench) -> None:
    """`--vary image=` takes variables and paths, and a list gives each of its images."""
    bench.run("from PIL import Image")
    bench.run("cats = [Image.new('RGB', (8, 8), c) for c in ('red', 'blue')]")
    bench.run("dog = Image.new('RGB', (8, 8), 'green')")
    plan = bench.plan("--vary 'image=cats|dog'")
    assert plan.axes[0].labels == ("cats", "cats (2)", "dog")
    assert [len(cell.request.images) for cell in plan.cells] == [1, 1, 1]
    together = bench.plan("--vary 'images=cats|dog'")
    assert [len(cell.request.images) for cell in together.cells] == [2, 1]


def test_axis_that_names_nothing_is_told(bench: Bench, service: Service) -> None:
    """A slip in a name is refused with the name that was meant, before anything is paid."""
    ran = bench.fails("%%nanobanana --vary styel=a|b\nA {style: x|y} cat", InputError)
    assert "Did you mean style?" in ran.told
    assert service.creates() == []
