"""The options of `%%nanobanana`: a POSIX tokenizer and a parser with short errors."""

from __future__ import annotations

import json
import re
import shlex
from argparse import HelpFormatter, Namespace
from difflib import get_close_matches
from typing import Any, NoReturn

from IPython.core.magic_arguments import MagicArgumentParser

from nanobanana_nb.errors import InputError
from nanobanana_nb.model import catalog

_HELP = "%nanobanana help lists the options."


class OptionParser(MagicArgumentParser):  # type: ignore[misc]
    """An argument parser that raises our own error, with the nearest option named."""

    def error(self, message: str) -> NoReturn:
        raise InputError(message[:1].upper() + message[1:], action=_HELP)


_OWN_PLACE = {
    "prompt": "The prompt goes below the %%nanobanana line.",
    "img_urls": "Reference images go by -i.",
    "aspect_ratio": "Use -a.",
    "output_format": "Use -f.",
    "resolution": "Use -r.",
}


def tokens(line: str) -> list[str]:
    """Split an option line as a POSIX shell does: quotes group and are not kept.

    Raises:
        InputError: a quotation is not closed.
    """
    try:
        return shlex.split(line)
    except ValueError as error:
        why = str(error).lower()
        raise InputError("The option line cannot be read", why=why, action=_HELP) from None


def cell_parser() -> OptionParser:
    """Return the parser of the cell magic's options."""
    parser = OptionParser(prog="%%nanobanana", add_help=False, formatter_class=HelpFormatter)
    parser.allow_abbrev = False
    add = parser.add_argument
    models = ", ".join(name.removeprefix(catalog.PREFIX) for name in catalog.MODELS)
    add("-m", "--model", metavar="NAME", help=f"model: {models}")
    add("-a", "--aspect-ratio", metavar="W:H", help=f"shape: {', '.join(catalog.RATIOS)}")
    add("-f", "--output-format", metavar="FORMAT", help="png or jpeg, where the model takes it")
    add("-r", "--resolution", metavar="SIZE", help="1K, 2K or 4K, where the model takes it")
    add(
        *("-i", "--image"),
        action="append",
        default=[],
        metavar="IMAGE",
        help="reference image: a link, a path or the name of a variable; may be given again",
    )
    add("-n", "--repeats", type=int, default=1, metavar="N", help="how many images; each is paid")
    _add_experiment(parser)
    add("-o", "--out", metavar="NAME", help="variable for the result, also when it failed")
    add("--fresh", action="store_true", help="pay for new images even if the ledger has some")
    add("--yes", action="store_true", help="run it however large the bill is")
    add("--strict", action="store_true", help="raise an error when one of the images failed")
    add("--max-credits", type=_credits, metavar="N", help="send nothing if it would cost more")
    add("--private", action="store_true", help="keep the prompt out of ledger and sidecar")
    add("--no-wait", action="store_true", help="return a job at once instead of waiting")
    add("--provider", metavar="NAME", help="crun or simulator")
    add("--callback-url", metavar="URL", help="where the service posts when a task is finished")
    add("--raw", action="store_true", help="take the prompt as it is: no {name} is filled in")
    add("--dry-run", action="store_true", help="show the bill and send nothing")
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
    add("--sample", type=int, metavar="N", help="draw N of the combinations at random")
    add("--sample-seed", type=int, metavar="SEED", help="draw others than without it")
    add("--scout", action="store_true", help="first make only what shows each value once")
    add("--rows", metavar="NAME", help=f"axis that goes down the table; {again}", **several)
    add("--cols", metavar="NAME", help=f"axis that goes across the table; {again}", **several)


def _credits(text: str) -> float:
    value = float(text)
    if not 0 <= value < float("inf"):
        raise ValueError(text)
    return value


_credits.__name__ = "number of credits"  # argparse puts it into its message


def parse(parser: OptionParser, line: str) -> Namespace:
    """Return the options of a line.

    Raises:
        InputError: an option or value is not known; the nearest known name is told.
    """
    options: Namespace
    options, unknown = parser.parse_known_args(tokens(line))
    if not unknown:
        return options
    word = unknown[0]
    if not word.startswith("-"):
        raise InputError(
            f"{word!r} is no option", action="The prompt goes below the %%nanobanana line."
        )
    near = _nearest(word.partition("=")[0], parser)
    hint = f"did you mean {near}?" if near else ""
    raise InputError(f"There is no option {word}", why=hint, action="" if near else _HELP)


def _nearest(word: str, parser: OptionParser) -> str | None:
    """Return the option that begins with `word`, or else the most alike; short words say little."""
    known = [name for action in parser._actions for name in action.option_strings]
    if len(word) < 4:
        return None
    begun = [name for name in known if name.startswith(word)]
    return next(iter(begun or get_close_matches(word, known, 1, 0.6)), None)


def input_fields(pairs: list[str]) -> dict[str, Any]:
    """Return the fields of `--set KEY=VALUE`; a value that is JSON is taken as such.

    Raises:
        InputError: a pair has no `=` or no proper name.
    """
    fields = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals or not re.fullmatch(r"[A-Za-z_]\w*", name):
            raise InputError(f"--set {pair!r} cannot be used", action="Write --set NAME=VALUE.")
        if name in _OWN_PLACE:
            raise InputError(f"--set {name} has a place of its own", action=_OWN_PLACE[name])
        try:
            fields[name] = json.loads(text, parse_constant=_no_number)
        except ValueError:
            fields[name] = text
    return fields


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is not JSON")
