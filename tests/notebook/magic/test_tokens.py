"""The words of an option line, and any line at all."""

from __future__ import annotations

from argparse import Namespace
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nanobanana_nb.errors import InputError
from nanobanana_nb.notebook.commands import registry
from nanobanana_nb.notebook.magic import option_parser
from nanobanana_nb.notebook.magic.tokens import tokens

PARSER = option_parser.cell_parser()
SPACE = {"ratio": "16:9", "k": 3, "path": "my cats/a.png", "v": 0.5, "names": ["a", "b"]}
PIECES = st.sampled_from(
    (
        *("-n", "-a", "-i", "-o", "--set", "--vary", "--seed", "--dry-run", "--raw", "-", "--"),
        *("=", " ", "  ", "#", "'", '"', "\\", "“", "”", "—", "–n", "２", "2", "10**20", "-1"),
        *("k=", "{k}", "{ratio}", "{{k}}", "{names}", "{no}", "{a|b}", "C:\\a\\b", "x", "é", "\t"),
    )
)
LINES = st.lists(PIECES, max_size=8).map("".join) | st.text(max_size=30)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (r"-i C:\pics\cat.png", ["-i", r"C:\pics\cat.png"]),
        (r"-iC:\pics\cat.png", ["-i" + r"C:\pics\cat.png"]),
        (r"--image=C:\new\table.png -n 2", [r"--image=C:\new\table.png", "-n", "2"]),
        (r"-i C:\my\ cats\a.png", ["-i", r"C:\my cats\a.png"]),
        (r"-i 'C:\my cats\a.png'", ["-i", r"C:\my cats\a.png"]),
        (r'-i "C:\my cats\a.png"', ["-i", r"C:\my cats\a.png"]),
        (r"-i \\server\share\a.png", ["-i", r"\\server\share\a.png"]),
        (r"-i C:\(new)\~a.png", ["-i", r"C:\(new)\~a.png"]),
        (r"-i ..\cats\a.png", ["-i", r"..\cats\a.png"]),
        (r"--vary x=a\|b|c", ["--vary", r"x=a\|b|c"]),
        (r"-i a\(1\).png -i b\\c", ["-i", "a(1).png", "-i", r"b\c"]),
        ("-n 2 # two of them, it's enough", ["-n", "2"]),
        ("# nothing", []),
        ("-o a#b -i '#'", ["-o", "a#b", "-i", "#"]),
        ("--set 'sign=“OPEN”' --set 'dash=—'", ["--set", "sign=“OPEN”", "--set", "dash=—"]),
        ("-i it—is.png", ["-i", "it—is.png"]),
    ],
)
def test_words_are_what_a_person_means(line: str, words: list[str]) -> None:
    """Windows paths keep their backslashes, bars theirs, and a comment is no option."""
    assert tokens(line) == words


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("—yes", "Write --yes"),
        ("–n 3", "Write -n"),
        ("-—dry-run", "Write --dry-run"),
        ("−n 3", "Write -n"),
        ("--vary “style=ink pen”", "no quotation mark"),
        ("--set note=“two words”", "no quotation mark"),
        ("-i ‘my cat.png’", "no quotation mark"),
    ],
)
def test_signs_of_a_word_processor_are_told(line: str, said: str) -> None:
    """Smart dashes and quotes would be part of a value: the plain ones are shown."""
    with pytest.raises(InputError, match=said):
        option_parser.parse(PARSER, line)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("--seed 5", "no seed; --sample-seed"),
        ("--seed=5", "no seed"),
        ("--aspct 1:1", "did you mean --aspect-ratio?"),
        ("--ratio 1:1", "Use -a"),
        ("--ar 1:1", "Use -a"),
        ("#two", "A comment begins with # and a blank"),
        ("-n 10**20", "invalid whole number value: '10**20'"),
        ("-n 2.5", "invalid whole number"),
        ("-n １", "invalid whole number"),
        ("-n 1_0", "invalid whole number"),
        ("--sample x", "invalid whole number"),
        (f"-n {'9' * 5000}", "invalid whole number"),
        ("-m ''", "-m/--model: it is empty"),
        ("-a ' '", "-a/--aspect-ratio: it is empty"),
        ("-a 1:1 -a 16:9", "-a is there twice"),
        ("-n 2 --repeats 3", "--repeats is there twice"),
        ("-o a -o b", "-o is there twice"),
    ],
)
def test_a_slip_gets_one_sentence_with_the_way_out(line: str, said: str) -> None:
    """What other tools have, what is no number, and what would count in silence."""
    with pytest.raises(InputError) as caught:
        option_parser.parse(PARSER, line)
    assert said in str(caught.value)
    assert len(str(caught.value)) < 400


def test_a_field_is_given_once() -> None:
    """Of two values for one field none would be the right one."""
    with pytest.raises(InputError, match="--set a is there twice"):
        option_parser.input_fields(["a=1", "a=2"])


def test_names_are_filled_into_options() -> None:
    """Text, numbers and paths of the notebook, in every option but those that name things."""
    line = "-a {ratio} -n {k} -i {path} -i x/{k}.png --set s={v} --set b={{k}} --vary x={k}|b"
    asked = option_parser.parse(PARSER, line, SPACE)
    assert (asked.aspect_ratio, asked.repeats) == ("16:9", 3)
    assert asked.images == ["my cats/a.png", "x/3.png"]
    assert option_parser.input_fields(asked.set) == {"s": 0.5, "b": "{k}"}
    assert asked.vary == ["x={k}|b"]


def test_raw_and_other_braces_stay() -> None:
    """`--raw` fills nothing in, and braces around anything else are text."""
    assert option_parser.parse(PARSER, "--raw -a {ratio}", SPACE).aspect_ratio == "{ratio}"
    line = r"""-i a{1}.png -i '{a|b}' --set 'j={"a": 1}' -i \frac{{k}}"""
    asked = option_parser.parse(PARSER, line, SPACE)
    assert asked.images == ["a{1}.png", "{a|b}", r"\frac{k}"]
    assert option_parser.input_fields(asked.set) == {"j": {"a": 1}}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("-a {rato}", "did you mean {ratio}?"),
        ("-a {zzz}", "not defined: {zzz}. Define it"),
        ("-n {names}", "{names} is a list, and an option takes one text"),
        ("-i {names}", "-i names takes images of a variable"),
        ("-n {v}", "invalid whole number value: '0.5'"),
    ],
)
def test_what_cannot_be_filled_in_is_told(line: str, said: str) -> None:
    """Unknown names tell the nearest, not all that there are; a list is no text."""
    with pytest.raises(InputError) as caught:
        option_parser.parse(PARSER, line, SPACE)
    assert said in str(caught.value)


def _read(line: str, space: dict[str, Any] | None) -> Namespace | str:
    """Return the options of a line, or what is wrong with it."""
    try:
        asked = option_parser.parse(PARSER, line, space)
        option_parser.input_fields(asked.set)
    except InputError as error:
        return str(error)
    return asked


@pytest.mark.long
@given(LINES)
@settings(max_examples=500, deadline=None)
def test_any_line_is_read_or_refused(line: str) -> None:
    """No line ends in another error than ours, and its message is short."""
    for space in (None, SPACE):
        outcome = _read(line, space)
        assert isinstance(outcome, Namespace) or 0 < len(outcome) < 700


@given(st.text(max_size=30))
def test_any_line_command_is_words_or_refused(line: str) -> None:
    """What cannot be split ends in our own error."""
    with suppress(InputError):
        assert all(isinstance(word, str) for word in registry.words(line))


@given(st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc"))).filter(bool), max_size=3))
def test_quoted_values_arrive_as_they_are(values: list[str]) -> None:
    """A value in quotes means what it says, whatever it is; only names are filled in."""
    import shlex

    from nanobanana_nb.model.prompt import template

    line = " ".join(f"--image={shlex.quote(template.escaped_names(value))}" for value in values)
    assert option_parser.parse(PARSER, line, SPACE).images == values


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("history heron's", ["history", "heron's"]),
        ('history "black heron 5', ["history", '"black', "heron", "5"]),
        (" history  50 ", ["history", "50"]),
        ("export g3 'my file.html'", ["export", "g3", "my file.html"]),
        (r"export g3 C:\out\x.html", ["export", "g3", r"C:\out\x.html"]),
        ("", []),
    ],
)
def test_words_of_a_line_command(line: str, words: list[str]) -> None:
    """`history` looks for words with any quote in them; other commands have quotes and paths."""
    assert registry.words(line) == words
