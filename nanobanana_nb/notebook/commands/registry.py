"""What `%nanobanana` can do beside making images, one function a word."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.notebook.commands import access, grids, service, tasks
from nanobanana_nb.notebook.commands.stray_settings import tell_strays
from nanobanana_nb.notebook.magic.tokens import tokens
from nanobanana_nb.show.html.report import Report

HELP = """A prompt in a cell makes an image under it:

    %%nanobanana -a 16:9
    A heron reading a newspaper, watercolour

And around the images:

    %nanobanana panel             make images with the mouse
    %nanobanana balance           what the account has left
    %nanobanana models            the models and what each takes
    %nanobanana history [N] [WORDS]
                                  the newest images, or those whose prompt has the words
    %nanobanana show ID           one of them, by its number or task id
    %nanobanana tree ID           what it was made from, and what was made from it
    %nanobanana grid [ID]         a grid that was run before, or a list of them
    %nanobanana export ID FILE    write a grid: png, jpg, html, csv, json or zip
    %nanobanana retry ID [--yes]  ask again for what failed of it
    %nanobanana rerun ID [--yes]  pay for new images of the same
    %nanobanana resume [ID ...]   fetch what is paid and not here yet; costs nothing more
    %nanobanana resolve ID --resend [--yes] | --forget
                                  decide about a task whose outcome is unknown
    %nanobanana spend             credits by day, notebook and model
    %nanobanana wait              wait for the jobs that --no-wait started
    %nanobanana doctor            check key, service, home folder and kernel
    %nanobanana config            the settings and where each comes from
    %nanobanana help              this, and the options of %%nanobanana
"""


def words(line: str) -> list[str]:
    """Return the words of a line. Those that `history` looks for may hold any quote.

    Raises:
        InputError: a quotation of another command is not closed.
    """
    plain = line.split()
    return plain if plain[:1] == ["history"] else tokens(line)


def run(words: list[str], shell: Any) -> Any:
    """Carry out one `%nanobanana` line.

    Raises:
        InputError: there is no such command, or it takes other words.
    """
    tell_strays()
    name, *rest = words or ["help"]
    if name in ("-h", "--help"):
        name = "help"
    if name not in COMMANDS:
        near = get_close_matches(name, COMMANDS, 1, 0.5)
        hint = f"did you mean {near[0]}?" if near else "known are " + ", ".join(COMMANDS)
        prompt = "" if near else "A prompt goes in a cell, under %%nanobanana with two signs."
        raise InputError(f"There is no command {name!r}", why=hint, action=prompt)
    return COMMANDS[name](rest)


def _panel(words: list[str]) -> Any:
    from nanobanana_nb.notebook.panel import Panel

    access.no_more("panel", words)
    return Panel()


def _on_grids(name: str) -> Callable[[list[str]], Any]:
    """Return the command of that name in `grids`."""
    return lambda words: getattr(grids, name)(access.session(), words)


def _spend(words: list[str]) -> Report:
    from nanobanana_nb.notebook.commands.spend import spend

    access.no_more("spend", words)
    return spend(access.ledger(), access.settings())


def _doctor(words: list[str]) -> Report:
    from nanobanana_nb.notebook.commands.doctor import examine

    access.no_more("doctor", words)
    return Report.table(["what", "state", "detail"], examine())


def _config(words: list[str]) -> Report:
    from nanobanana_nb.run.runtime import RUNTIME
    from nanobanana_nb.settings import record

    access.no_more("config", words)
    rows = record.rows()
    for row in rows:
        if row[:2] == ["provider", "–"]:
            row[1] = f"not set: {RUNTIME.answering(access.settings())} answers"
    headers = ["setting", "value", "from", "environment", "what it is"]
    return Report.table(headers, rows, " ".join(record.unknown_variables()))


def _help(words: list[str]) -> Report:
    from nanobanana_nb.notebook.magic.options import cell_parser

    access.no_more("help", words)
    return Report.text(f"{HELP}\n{cell_parser().format_help()}")


COMMANDS: dict[str, Callable[[list[str]], Any]] = {
    "panel": _panel,
    "balance": service.balance,
    "models": service.models,
    "history": tasks.history,
    "show": tasks.show,
    "tree": tasks.tree,
    **{name: _on_grids(name) for name in ("grid", "export", "retry", "rerun")},
    "resume": tasks.resume,
    "resolve": tasks.resolve,
    "spend": _spend,
    "wait": tasks.wait,
    "doctor": _doctor,
    "config": _config,
    "help": _help,
}
