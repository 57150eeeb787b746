"""`nanobanana make`: what a cell makes, from a shell."""

from __future__ import annotations

import sys
from argparse import Namespace
from typing import TYPE_CHECKING, Any

from nanobanana_nb.errors import InputError

if TYPE_CHECKING:
    from nanobanana_nb.cli.answer import Answer

_MOST_PROMPT = 1_000_000  # characters that are read from a pipe
_PROMPT = 'For example: nanobanana make "A heron at dawn" -o heron.png'


class _NoVariables:
    """Stands in for a shell of IPython: there is no notebook whose names could be meant."""

    user_ns: dict[str, Any] = {}  # noqa: RUF012 - it stays empty
    user_ns_hidden: dict[str, Any] = {}  # noqa: RUF012


def make(options: Namespace) -> Answer:
    """Make the images of a prompt.

    Raises:
        InputError: there is no prompt, or it or an option cannot be used.
    """
    from nanobanana_nb.cli.billed_run import billed_run
    from nanobanana_nb.entry import launch
    from nanobanana_nb.notebook.magic import cell_spec, library_spec

    elsewhere = options.data is not None or options.library is not None
    prompt = "" if options.prompt is None and elsewhere else _prompt(options.prompt)
    spec = cell_spec.read(vars(options), prompt, _NoVariables)
    if spec["library"]:
        spec = library_spec.filled(spec)
    session = launch.session_for(spec["provider"])
    plan = cell_spec.plan_of(spec, session, _NoVariables)
    return billed_run(session, plan, cell_spec.limits_of(spec), options)


def _prompt(word: str | None) -> str:
    """Return the prompt of the line, or that of the standard input where something is piped."""
    if word not in (None, "-"):
        return str(word)
    if sys.stdin is None or (word is None and sys.stdin.isatty()):
        raise InputError("There is no prompt", action=_PROMPT)
    try:
        text = sys.stdin.read(_MOST_PROMPT)
    except (OSError, ValueError) as error:  # closed, or no text
        raise InputError("The prompt cannot be read", why=str(error), action=_PROMPT) from None
    if not text.strip():
        raise InputError("There is no prompt", why="the standard input is empty", action=_PROMPT)
    return text
