"""The words of a command: usage, parser and errors come from one line of the table."""

from __future__ import annotations

from typing import Any

import pytest

from nanobanana_nb.errors import InputError
from nanobanana_nb.notebook.commands.command import Command, Word
from nanobanana_nb.notebook.commands.registry import COMMANDS, waits
from tests.notebook.bench import Bench

NAME = Word("name", ("ID",))
YES = Word("yes", ("--yes",))
DECISION = Word("decision", ("--resend", "--forget"))


def command(*words: Word) -> Command:
    """A command that returns what it was given."""
    return Command(
        "try", lambda **values: values, "it", words, takes="an ID", action="Do so.", waits=True
    )


@pytest.mark.parametrize(
    ("words", "usage"),
    [
        ((), "try"),
        ((NAME, YES), "try ID [--yes]"),
        ((NAME, DECISION, YES), "try ID (--resend | --forget) [--yes]"),
        ((Word("name", ("ID",), "?"),), "try [ID]"),
        ((Word("names", ("ID",), "*"),), "try [ID ...]"),
    ],
)
def test_usage_is_made_of_the_words(words: tuple[Word, ...], usage: str) -> None:
    """A help shows what may be left out, what is one of several, and what may come again."""
    assert command(*words).usage == usage


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("7 --resend", {"name": "7", "decision": "resend", "yes": False}),
        ("--yes --forget g3", {"name": "g3", "decision": "forget", "yes": True}),
    ],
)
def test_words_come_in_any_order(line: str, values: dict[str, Any]) -> None:
    """Switches may stand before a name and behind it."""
    assert command(NAME, DECISION, YES).run(line.split()) == values


def test_names_that_may_be_left_out() -> None:
    """None and an empty list stand for what is not there."""
    assert command(Word("name", ("ID",), "?")).run([]) == {"name": None}
    several = command(Word("names", ("ID",), "*"))
    assert several.run([]) == {"names": []}
    assert several.run(["1", "2"]) == {"names": ["1", "2"]}


@pytest.mark.parametrize(
    ("words", "line", "why"),
    [
        ((NAME, YES), "", "it lacks ID"),
        ((NAME, YES), "a b c", "'b c' is left over"),
        ((NAME, YES), "a --yess", "there is no --yess: did you mean --yes?"),
        ((NAME, YES), "a --ye", "there is no --ye: did you mean --yes?"),
        ((NAME, DECISION), "a", "one of the arguments --resend --forget is required"),
        ((NAME, DECISION), "a --resend --forget", "not allowed with"),
        ((), "now --please", "'now --please' is left over"),
    ],
)
def test_other_words_are_told(words: tuple[Word, ...], line: str, why: str) -> None:
    """The error says what the command takes, what is wrong with the words, and what to do."""
    with pytest.raises(InputError) as caught:
        command(*words).run(line.split())
    assert str(caught.value).startswith("try takes an ID: ")
    assert why in str(caught.value)
    assert str(caught.value).endswith(" Do so.")


def test_literal_words_are_handed_over_as_they_are() -> None:
    """Dashes and quotes are text for a command that looks for words."""
    words = ["-dark", "--", "heron's", "--yes"]
    assert Command("try", list, "it", literal=True).run(words) == words


@pytest.mark.parametrize("switch", ["-h", "--help"])
def test_help_of_one_command(bench: Bench, switch: str) -> None:
    """A command with `--help` tells its words and its sentence, and does nothing."""
    text = bench.run(f"%nanobanana export {switch}").text
    assert text.strip() == COMMANDS["export"].help.strip()


def test_commands_that_wait() -> None:
    """A cell awaits those that follow a job, and no others."""
    lines = ("resume", "wait", "rerun g3", "resolve 1 --resend", "retry g3", "history", "", "cat")
    assert [line for line in lines if waits(line)] == list(lines[:4])
