"""The options of `%%nanobanana`: what is filled into them, and a parser with short errors."""

from __future__ import annotations

import json
import re
from argparse import Action, ArgumentParser, ArgumentTypeError, HelpFormatter, Namespace
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn

from IPython.core.magic_arguments import MagicArgumentParser

from nanobanana_nb.errors import InputError
from nanobanana_nb.model import catalog
from nanobanana_nb.model.arguments import described
from nanobanana_nb.model.prompt import template
from nanobanana_nb.model.prompt.checks import check_names
from nanobanana_nb.model.prompt.variables import has_text, text_of
from nanobanana_nb.notebook.magic.tokens import tokens
from nanobanana_nb.notebook.magic.unknown_option import HELP, MOST_SHOWN, no_option
from nanobanana_nb.text.names import spelled

_NOT_FILLED = ("--vary", "--rows", "--cols", "-o", "--out")


class OptionParser(MagicArgumentParser):  # type: ignore[misc]
    """An argument parser that raises our own error, with the nearest option named."""

    def error(self, message: str) -> NoReturn:
        raise InputError(message[:1].upper() + message[1:MOST_SHOWN], action=HELP)


class _Once(Action):
    """Keeps the value of an option that may be given once: of two, one would count in silence."""

    def __call__(
        self, parser: ArgumentParser, options: Namespace, value: Any, name: str | None = None
    ) -> None:
        given = options.__dict__.setdefault("given", set())
        if self.dest in given:
            parser.error(f"{name} is there twice")
        given.add(self.dest)
        setattr(options, self.dest, value)


_OWN_PLACE = {
    "prompt": "The prompt goes below the %%nanobanana line.",
    "img_urls": "Reference images go by -i.",
    "aspect_ratio": "Use -a.",
    "output_format": "Use -f.",
    "resolution": "Use -r.",
}


def cell_parser() -> OptionParser:
    """Return the parser of the cell magic's options."""
    parser = OptionParser(prog="%%nanobanana", add_help=False, formatter_class=HelpFormatter)
    parser.allow_abbrev = False
    parser.register("action", None, _Once)
    add = parser.add_argument
    models = ", ".join(name.removeprefix(catalog.PREFIX) for name in catalog.MODELS)
    add("-m", "--model", type=_some, metavar="NAME", help=f"model: {models}")
    add(
        "-a",
        "--aspect-ratio",
        type=_some,
        metavar="W:H",
        help=f"shape: {', '.join(catalog.RATIOS)}",
    )
    add(
        "-f",
        "--output-format",
        type=_some,
        metavar="FORMAT",
        help="png or jpeg, where the model takes it",
    )
    add(
        "-r",
        "--resolution",
        type=_some,
        metavar="SIZE",
        help="1K, 2K or 4K, where the model takes it",
    )
    add(
        *("-i", "--image"),
        action="append",
        default=[],
        metavar="IMAGE",
        help="reference image: a link, a path or the name of a variable; may be given again",
    )
    add(
        "-n", "--repeats", type=_whole, default=1, metavar="N", help="how many images; each is paid"
    )
    _add_experiment(parser)
    add("-o", "--out", metavar="NAME", help="variable for the result, also when it failed")
    add("--fresh", action="store_true", help="pay for new images even if the ledger has some")
    add("--yes", action="store_true", help="run it however large the bill is")
    add("--strict", action="store_true", help="raise an error when one of the images failed")
    add("--max-credits", type=_credits, metavar="N", help="send nothing if it would cost more")
    add("--private", action="store_true", help="keep the prompt out of ledger and sidecar")
    add("--no-wait", action="store_true", help="return a job at once instead of waiting")
    add("--provider", type=_some, metavar="NAME", help="crun or simulator")
    add("--callback-url", metavar="URL", help="where the service posts when a task is finished")
    add("--raw", action="store_true", help="take the prompt as it is: no {name} is filled in")
    add("--dry-run", action="store_true", help="show the bill and send nothing; -o gets the plan")
    add(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="any further input field of the model; may be given again",
    )
    add("-h", "--help", action="store_true", help="show this")
    return parser


def _add_experiment(parser: OptionParser) -> None:
    """Add what makes several different images of one cell."""
    add, again = parser.add_argument, "may be given again"
    several: dict[str, Any] = {"action": "append", "default": []}
    values = f"values for a placeholder, a parameter or image; 1..5 is a range; {again}"
    add("--vary", metavar="NAME=V1|V2", help=values, **several)
    add("--sample", type=_whole, metavar="N", help="draw N of the combinations at random")
    add("--sample-seed", type=_whole, metavar="SEED", help="draw others than without it")
    add("--scout", action="store_true", help="first make only what shows each value once")
    add("--rows", metavar="NAME", help=f"axis that goes down the table; {again}", **several)
    add("--cols", metavar="NAME", help=f"axis that goes across the table; {again}", **several)


def _credits(text: str) -> float:
    value = float(text)
    if not 0 <= value < float("inf"):
        raise ValueError(text)
    return value


def _some(text: str) -> str:
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


PARSER = cell_parser()


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
        words = list(_filled(words, space))
    options: Namespace
    options, unknown = parser.parse_known_args(words)
    if unknown:
        known = [name for action in parser._actions for name in action.option_strings]
        raise no_option(unknown[0], known)
    return options


def _filled(words: Iterable[str], space: Mapping[str, Any]) -> Iterable[str]:
    """Yield the words with `{name}` filled in, save in names and values that have no such thing."""
    before = ""
    for word in words:
        apart = before in _NOT_FILLED or word.partition("=")[0] in _NOT_FILLED
        yield word if apart else _fill(word, space)
        before = word


def _fill(word: str, space: Mapping[str, Any]) -> str:
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
        written, equals, text = pair.partition("=")
        name = spelled(written)
        if not equals or not name.isidentifier():
            what = f"--set {pair[:MOST_SHOWN]!r} cannot be used"
            raise InputError(what, action="Write --set NAME=VALUE.")
        if name in _OWN_PLACE:
            raise InputError(f"--set {name} has a place of its own", action=_OWN_PLACE[name])
        if name in fields:
            raise InputError(f"--set {name} is there twice", action="Give its value once.")
        try:
            fields[name] = json.loads(text, parse_constant=_no_number)
        except (ValueError, RecursionError):
            fields[name] = text
    return fields


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is not JSON")
