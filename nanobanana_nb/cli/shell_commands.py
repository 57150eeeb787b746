"""The table of the shell's commands: parsers and help come from it, and what carries each out."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from nanobanana_nb.cli.answer import Answer
from nanobanana_nb.notebook.commands.registry import COMMANDS

_NOT_HERE = frozenset({"out", "no_wait", "help"})  # options of a cell that a shell has otherwise
_FILE = (
    "where to write: a file for one image; a folder, or a file with the ending of an export, for"
    " several"
)
_Arguments = Callable[[ArgumentParser], object]


@dataclass(frozen=True)
class ShellCommand:
    """A line of the table.

    Attributes:
        purpose: the sentence of the help.
        function: carries it out: its module and its name, imported when it runs.
        options: the names of the options of a cell that it does not take; None where it takes none.
        arguments: adds what it takes besides.
    """

    name: str
    purpose: str
    function: tuple[str, str]
    arguments: _Arguments = lambda parser: None
    left_out: frozenset[str] | None = None
    json: bool = field(default=True)

    def fill(self, parser: ArgumentParser) -> None:
        """Let a parser take what the command takes."""
        self.arguments(parser)
        if self.json:
            parser.add_argument("--json", action="store_true", help="answer with one JSON value")

    @property
    def parents(self) -> list[Any]:
        """The parsers whose options it shares."""
        if self.left_out is None:
            return []
        from nanobanana_nb.notebook.magic.option_parser import cell_parser

        return [cell_parser(self.left_out)]

    def run(self, options: Namespace) -> Answer:
        """Carry it out."""
        module, name = self.function
        function: Callable[[Namespace], Answer]
        function = getattr(import_module(f"nanobanana_nb.cli.{module}"), name)
        return function(options)


def _prompt(parser: ArgumentParser) -> None:
    parser.add_argument("prompt", nargs="?", help="the prompt; - reads it from the standard input")
    _file(parser)


def _plan(parser: ArgumentParser) -> None:
    about = "a plan, `plan(...).to_json()`; or a table, one image a row"
    parser.add_argument("data", metavar="PLAN.(json|csv|jsonl)", help=about)
    template = "the prompt of a table, with places for its columns"
    parser.add_argument("--template", dest="prompt", metavar="TEXT", help=template)
    _file(parser)


def _file(parser: ArgumentParser) -> None:
    parser.add_argument("-o", "--out", dest="file", metavar="FILE", help=_FILE)


def _number(parser: ArgumentParser) -> None:
    parser.add_argument("limit", metavar="N", nargs="?", type=int, default=20, help="how many")
    _ids(parser)


def _words(parser: ArgumentParser) -> None:
    parser.add_argument("words", metavar="WORDS", nargs="+", help="all of them are in the prompt")
    parser.add_argument("--limit", metavar="N", type=int, default=20, help="how many")
    _ids(parser)


def _ids(parser: ArgumentParser) -> None:
    parser.add_argument("--ids", action="store_true", help="tell number, hash and task id, too")


def _image(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="ID", help="a number, a task id, or a grid such as g3")


def _images(parser: ArgumentParser) -> None:
    parser.add_argument("names", metavar="ID", nargs="*", help="these alone")


def _image_and_file(parser: ArgumentParser) -> None:
    _image(parser)
    parser.add_argument("file", metavar="FILE", help="its ending says what is written")


def _task(parser: ArgumentParser) -> None:
    parser.add_argument("task_id", metavar="TASK_ID", help="the service's name for it")
    which = "the number of the unknown task that it is; new for none of those that fit"
    parser.add_argument("name", metavar="ID", nargs="?", help=which)


def _image_for_good(parser: ArgumentParser) -> None:
    _image(parser)
    parser.add_argument("--yes", action="store_true", help="do it: nothing brings it back")


def _shared(
    name: str,
    arguments: _Arguments = lambda parser: None,
    module: str = "report_commands",
) -> ShellCommand:
    """Return a command that a notebook has too, and the sentence that it has there."""
    return ShellCommand(name, COMMANDS[name].sentence, (module, name), arguments)


_TABLE = (
    ShellCommand(
        "make", "make the images of a prompt", ("make_command", "make"), _prompt, _NOT_HERE
    ),
    ShellCommand(
        "run",
        "make the images of a plan or a table, those that are not there yet",
        ("run_command", "run"),
        _plan,
        _NOT_HERE | {"data"},
    ),
    ShellCommand("history", "the newest images", ("report_commands", "history"), _number),
    ShellCommand(
        "search", "images whose prompt has the words", ("report_commands", "search"), _words
    ),
    _shared("show", _image),
    _shared("resume", _images),
    _shared("adopt", _task, "keeping_commands"),
    _shared("forget", _image_for_good, "keeping_commands"),
    _shared("spend"),
    _shared("export", _image_and_file),
    _shared("doctor"),
    _shared("balance"),
    _shared("models"),
    _shared("config"),
)
SHELL_COMMANDS = {command.name: command for command in _TABLE}
