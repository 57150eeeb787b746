"""The parser of the command line, made from the table of commands."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any, NoReturn

from nanobanana_nb.cli.exit_codes import ExitCode
from nanobanana_nb.cli.shell_commands import SHELL_COMMANDS, ShellCommand
from nanobanana_nb.cli.shell_words import shell_words
from nanobanana_nb.errors import InputError
from nanobanana_nb.notebook.magic.unknown_option import no_option
from nanobanana_nb.version import __version__

SIMULATOR = "simulator"
_NAMES = (*SHELL_COMMANDS, SIMULATOR)
_ABOUT = "Images from Nano Banana. Whatever costs credits shows its bill and asks first."
_END = (
    "Without a terminal to ask at, what costs credits wants --yes or --max-credits N.\n"
    "Asking again for the same is free: the images come from the ledger. The key comes from the\n"
    "environment (CRUN_API_KEY) or a keyring; without one the simulator answers.\n\nexit codes:\n"
)


class ShellParser(ArgumentParser):
    """An argument parser that raises our own error."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_abbrev=False, **options)
        self.color = False  # from Python 3.14 on

    def format_help(self) -> str:
        return shell_words(super().format_help())

    def error(self, message: str) -> NoReturn:
        raise InputError(message[:1].upper() + message[1:200], action=f"See {self.prog} -h.")


def parsed(words: Sequence[str]) -> tuple[ShellCommand, Namespace]:
    """Return the command of a line and its options.

    Raises:
        InputError: there is no such command or option, or a value cannot be used.
        SystemExit: the help or the version was asked for, and is written.
    """
    name = next((word for word in words if not word.startswith("-")), "")
    if name and name not in _NAMES and not words[0].startswith("-"):
        near = get_close_matches(name, _NAMES, 1, 0.5)
        why = f"did you mean {near[0]}?" if near else "known are " + ", ".join(_NAMES)
        action = "" if near else 'A prompt stands behind make: nanobanana make "A heron".'
        raise InputError(f"There is no command {name[:80]!r}", why=why, action=action)
    options, surplus = _parser(name).parse_known_args(words)
    if surplus:
        raise _left_over(surplus[0], options)
    if options.command is None:
        raise InputError("There is no command", action="nanobanana -h lists them.")
    return SHELL_COMMANDS[options.command], options


def _parser(name: str) -> ShellParser:
    """Return the parser of a line whose command is `name`: of others it knows what for."""
    codes = "".join(f"  {code.value:>3}  {code.sentence}\n" for code in ExitCode)
    parser = ShellParser(
        prog="nanobanana",
        description=_ABOUT,
        epilog=_END + codes,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"nanobanana_nb {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for command in SHELL_COMMANDS.values():
        sentence = command.purpose.replace("`", "").replace("%", "%%")
        about = f"{sentence[:1].upper()}{sentence[1:]}."
        parents = command.parents if command.name == name else []
        own = commands.add_parser(command.name, help=sentence, description=about, parents=parents)
        if command.name == name:
            command.fill(own)
        own.set_defaults(parser=own)
    # Its own words follow: it is started before this parser reads them.
    commands.add_parser(SIMULATOR, help="serve the simulated service on this machine")
    return parser


def _left_over(word: str, options: Namespace) -> InputError:
    if not word.startswith("-"):
        what = f"{word[:80]!r} is left over"
        return InputError(what, action="A value with blanks stands in quotes.")
    actions = options.parser._actions if options.command else ()
    return no_option(word, [flag for action in actions for flag in action.option_strings])
