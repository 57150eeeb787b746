"""The options of `%%nanobanana`: what is filled into them, and a parser with short errors."""

from __future__ import annotations

import json
import re
from argparse import Action, ArgumentParser, ArgumentTypeError, HelpFormatter, Namespace
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NoReturn

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.arguments import described
from nanobanana_nb.model.options import OPTIONS, names_of
from nanobanana_nb.model.prompt import template
from nanobanana_nb.model.prompt.checks import check_names
from nanobanana_nb.model.prompt.variables import has_text, text_of
from nanobanana_nb.notebook.magic.tokens import tokens
from nanobanana_nb.notebook.magic.unknown_option import HELP, MOST_SHOWN, no_option
from nanobanana_nb.text.names import spelled

_PLAIN = {ord("`"): None, ord("%"): "%%"}  # argparse reads a sign of percent
_PLACES = {
    "prompt": "The prompt goes below the %%nanobanana line.",
    "img_urls": "Reference images go by -i.",
    **{name: f"Use {OPTIONS[name].flags[0]}." for name in names_of("parameter")},
}
_NOT_FILLED = {flag for option in OPTIONS.values() if not option.filled for flag in option.flags}


class OptionParser(ArgumentParser):
    """An argument parser that raises our own error, with the nearest option named."""

    def error(self, message: str) -> NoReturn:
        raise InputError(message[:1].upper() + message[1:MOST_SHOWN], action=HELP)


class _Once(Action):
    """Keeps the value of an option that may be given once: of two, one would count in silence."""

    def __call__(
        self, parser: ArgumentParser, options: Namespace, value: Any, name: str | None = None
    ) -> None:
        names = options.__dict__.setdefault("given", set())
        if self.dest in names:
            parser.error(f"{name} is there twice")
        names.add(self.dest)
        setattr(options, self.dest, value)


@cache
def cell_parser(left_out: frozenset[str] = frozenset()) -> OptionParser:
    """Return the parser of the cell magic's options, as the table has them.

    Args:
        left_out: the names of those that another door has not.
    """
    parser = OptionParser(prog="%%nanobanana", add_help=False, formatter_class=HelpFormatter)
    parser.allow_abbrev = False
    parser.register("action", None, _Once)
    for option in (option for name, option in OPTIONS.items() if name not in left_out):
        how: dict[str, Any] = {"dest": option.name, "help": option.does.translate(_PLAIN)}
        if option.kind == "flag":
            how["action"] = "store_true"
        elif option.kind == "texts":
            how |= {"action": "append", "default": [], "metavar": option.metavar}
        else:
            how |= {"default": option.default, "metavar": option.metavar}
            how["type"] = {"whole": _whole, "credits": _credits, "text": _nonempty, "link": str}[
                option.kind
            ]
        parser.add_argument(*option.flags, **how)
    return parser


def _credits(text: str) -> float:
    value = float(text)
    if not 0 <= value < float("inf"):
        raise ValueError(text)
    return value


def _nonempty(text: str) -> str:
    if not text.strip():
        raise ArgumentTypeError("it is empty")
    return text


def _whole(text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,100}", text.strip()):
        raise ValueError(text)
    return int(text)


# argparse puts these into its messages
_credits.__name__ = "number of credits"
_whole.__name__ = "whole number"


def parse(parser: OptionParser, line: str, space: Mapping[str, Any] | None = None) -> Namespace:
    """Return the options of a line.

    Args:
        space: what `{name}` stands for in the options; without it, and with `--raw`, braces are
            text.

    Raises:
        InputError: an option, value or name is not known; the nearest known one is told.
    """
    words = tokens(line)
    if space is not None and "--raw" not in words:
        words = list(_fill_words(words, space))
    options: Namespace
    options, unknown = parser.parse_known_args(words)
    if unknown:
        known = [name for action in parser._actions for name in action.option_strings]
        raise no_option(unknown[0], known)
    return options


def _fill_words(words: Iterable[str], space: Mapping[str, Any]) -> Iterable[str]:
    """Yield the words with `{name}` filled in, save in names and values that have no such thing."""
    before = ""
    for word in words:
        literal = before in _NOT_FILLED or word.partition("=")[0] in _NOT_FILLED
        yield word if literal else _fill_word(word, space)
        before = word


def _fill_word(word: str, space: Mapping[str, Any]) -> str:
    source = template.parse_names(word)
    check_names(source.names, space, "The option line")
    for name in source.names:
        if not has_text(space[name]):
            raise InputError(
                f"{{{name}}} is {described(space[name])}, and an option takes one text",
                action=f"-i {name} takes images of a variable; values that vary go below ---.",
            )
    return source.fill({name: text_of(name, space[name]) for name in source.names})


def input_fields(pairs: list[str]) -> dict[str, Any]:
    """Return the fields of `--set KEY=VALUE`; a value that is JSON is taken as such.

    Raises:
        InputError: a pair has no `=` or no proper name.
    """
    fields: dict[str, Any] = {}
    for pair in pairs:
        key, equals, text = pair.partition("=")
        name = spelled(key)
        if not equals or not name.isidentifier():
            what = f"--set {pair[:MOST_SHOWN]!r} cannot be used"
            raise InputError(what, action="Write --set NAME=VALUE.")
        if place := _PLACES.get(name):
            raise InputError(f"--set {name} has a place of its own", action=place)
        if name in fields:
            raise InputError(f"--set {name} is there twice", action="Give its value once.")
        try:
            fields[name] = json.loads(text, parse_constant=_no_number)
        except (ValueError, RecursionError):
            fields[name] = text
    return fields


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is not JSON")
