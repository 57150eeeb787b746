"""One command of `%nanobanana`: how it is written, what it is for, and what carries it out."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from nanobanana_nb.errors import InputError
from nanobanana_nb.text.spelling import hint

_WIDTH = 34  # of the left column of the help


@dataclass(frozen=True)
class Word:
    """What a person writes for one parameter of a command's function.

    Attributes:
        forms: a name in capitals that stands for any word, a switch, or the switches of which
            one has to be there.
        nargs: how many, as argparse has it.
        names: what it may name, for Tab: `grids`, `images`, `open` or `unknown` tasks, or `files`.
    """

    parameter: str
    forms: tuple[str, ...]
    nargs: str | None = None
    names: str = ""

    @property
    def is_switch(self) -> bool:
        """Whether it is told by its name and not by its place."""
        return self.forms[0].startswith("-")

    @property
    def usage(self) -> str:
        """How it is written in a help."""
        text = " | ".join(self.forms)
        if len(self.forms) > 1:
            return f"({text})"
        optional = self.is_switch or self.nargs
        return f"[{text}{' ...' if self.nargs == '*' else ''}]" if optional else text

    def add_to(self, parser: ArgumentParser) -> None:
        """Let a parser take it."""
        if not self.is_switch:
            parser.add_argument(self.parameter, metavar=self.forms[0], nargs=self.nargs)
        elif len(self.forms) == 1:
            parser.add_argument(*self.forms, dest=self.parameter, action="store_true")
        else:
            choice = parser.add_mutually_exclusive_group(required=True)
            for form in self.forms:
                const = form.lstrip("-")
                choice.add_argument(form, dest=self.parameter, action="store_const", const=const)


@dataclass(frozen=True)
class Command:
    """A line of the table of commands.

    Attributes:
        function: takes the words by their parameters.
        purpose: what it is for, or what returns it where that is known to a table on another
            floor, which is not imported before somebody asks for help.
        takes: what an error says that the command takes, and `action` what to do then.
        waits: for a job: where clicks can reach the kernel, such a line awaits it.
        literal: quotes and dashes are text, and `function` takes the list of the words.
    """

    name: str
    function: Callable[..., Any]
    purpose: str | Callable[[], str]
    words: tuple[Word, ...] = ()
    takes: str = "no further words"
    action: str = ""
    waits: bool = False
    literal: bool = False

    def __str__(self) -> str:
        return self.name

    @property
    def sentence(self) -> str:
        """What it is for, in words; help and README have it from here."""
        return self.purpose if isinstance(self.purpose, str) else self.purpose()

    @property
    def usage(self) -> str:
        """The command and its words, as a person writes them."""
        return " ".join([self.name, *(word.usage for word in self.words)])

    @property
    def help(self) -> str:
        """Usage and sentence in two columns."""
        usage = f"    %nanobanana {self.usage}"
        column = usage.ljust(_WIDTH) if len(usage) < _WIDTH - 1 else f"{usage}\n{' ' * _WIDTH}"
        return column + self.sentence.replace("`", "")

    def run(self, words: Sequence[str]) -> Any:
        """Carry it out.

        Raises:
            InputError: it takes other words.
        """
        if self.literal:
            return self.function(list(words))
        return self.function(**vars(self._parse(words)))

    def error(self, reason: str) -> InputError:
        """Return the error for words that it does not take."""
        return InputError(f"{self.name} takes {self.takes}", why=reason, action=self.action)

    def _parse(self, words: Sequence[str]) -> Namespace:
        parser = _Parser(self)
        values, surplus = parser.parse_known_args(words)
        switches = [form for word in self.words if word.is_switch for form in word.forms]
        if surplus and surplus[0].startswith("-") and switches:
            raise self.error(f"there is no {surplus[0]}: {hint(surplus[0], switches)}")
        if surplus:
            raise self.error(f"{' '.join(surplus)!r} is left over")
        return values


class _Parser(ArgumentParser):
    """Takes the words of a command, and raises our own error for others."""

    def __init__(self, command: Command) -> None:
        super().__init__(add_help=False, allow_abbrev=False)
        self._command = command
        for word in command.words:
            word.add_to(self)

    def error(self, message: str) -> NoReturn:
        *_, missing = message.rpartition("are required: ")
        raise self._command.error(f"it lacks {missing}" if missing != message else message)
