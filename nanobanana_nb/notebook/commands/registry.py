"""The table of what `%nanobanana` can do beside making images.

Parsers, help, errors and the README's table come from it. A command is a line here and a function
in a module beside this one, which imports what is heavy when it runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.notebook.commands import grids, keeping, overview, service, tasks
from nanobanana_nb.notebook.commands.command import Command, Word
from nanobanana_nb.notebook.commands.notices import show_stray_settings
from nanobanana_nb.notebook.magic.tokens import tokens

if TYPE_CHECKING:
    from nanobanana_nb.show.html.report import Report

_HELP = ("-h", "--help")
_IMAGE = Word("name", ("ID",), names="images")
_NAME = Word("name", ("ID",), names="grids images")
_YES = Word("yes", ("--yes",))
_LISTED = "%nanobanana history --ids lists them."


def help_text() -> str:
    """Return how to make an image, and every command with its sentence."""
    lines = "\n".join(command.help for command in COMMANDS.values())
    return f"""A prompt in a cell makes an image under it:

    %%nanobanana -a 16:9 -o grid
    A heron reading a newspaper, watercolour

More of it, where the new images alone are paid:

    more = grid.repeat(3)                   three of each combination in all
    more = grid.extend(style=["ink"])       a further value of an axis
    more = grid.complete()                  what --scout left out
    grid.retry()                            what failed once again, in its place

To judge them:

    grid.rate(0, stars=4)                   stars, favourites and notes
    grid.compare(0, 1)                      two images side by side, all with the keyboard
    grid.vote("Ann"), grid.ranks()          pairs without labels, and which is liked more
    grid.score("sharpness")                 a number for each: a function's, a list's, a file's
    grid.best(5, by="sharpness")            the highest; grid.sort(by="sharpness") has them all
    grid.chance(), grid.chance(by=...)      which axes change more than chance does
    grid.plot(by="style", score=...)        a score over the values of an axis
    grid.agreement("Ann", "Bob")            whether the scores of several people agree

And around the images:

{lines}
"""


def _export_purpose() -> str:
    from nanobanana_nb.show.export.endings import ending_names

    return f"write a grid as {ending_names()}"


def _help() -> Report:
    from nanobanana_nb.notebook.magic.option_parser import cell_parser
    from nanobanana_nb.show.html.report import Report

    return Report.text(f"{help_text()}\n{cell_parser().format_help()}")


_TABLE = (
    Command("panel", overview.panel, "make images with the mouse; what was clicked becomes a cell"),
    Command("balance", service.balance, "what the account has left"),
    Command("models", service.models, "the models and what each takes"),
    Command(
        "history",
        tasks.history,
        "the newest images, or those whose prompt has the words",
        (Word("limit", ("N",), "?"), Word("words", ("WORDS",), "?"), Word("ids", ("--ids",))),
        literal=True,
    ),
    Command(
        "show",
        tasks.show,
        "one of them, by its number or task id",
        (_NAME,),
        takes="one number or task id",
        action=_LISTED,
    ),
    Command(
        "tree",
        tasks.tree,
        "what it was made from, and what was made from it",
        (_IMAGE,),
        takes="one number or task id of an image",
        action=_LISTED,
    ),
    Command(
        "grid",
        grids.grid,
        "a grid that was run before, or a list of them",
        (Word("name", ("ID",), "?", "grids"),),
        takes="one grid",
        action="For example: %nanobanana grid g3",
    ),
    Command(
        "export",
        grids.export,
        _export_purpose,
        (_NAME, Word("file", ("FILE",), names="files")),
        takes="a grid or an image, and a file",
        action="For example: %nanobanana export g3 herons.html",
    ),
    Command(
        "retry",
        grids.retry,
        "ask again for what failed of it",
        (_NAME, _YES),
        takes="one grid or image",
        action="For example: %nanobanana retry g3",
    ),
    Command(
        "rerun",
        grids.rerun,
        "pay for new images of the same",
        (_NAME, _YES),
        takes="one grid or image",
        action="For example: %nanobanana rerun g3",
        waits=True,
    ),
    Command(
        "resume",
        tasks.resume,
        "fetch what is paid and not here yet; costs nothing more",
        (Word("names", ("ID",), "*", "open"),),
        takes="numbers or task ids",
        action=_LISTED,
        waits=True,
    ),
    Command(
        "resolve",
        tasks.resolve,
        "decide about a task whose outcome is unknown: pay again, or let it go",
        (Word("name", ("ID",), names="unknown"), Word("decision", ("--resend", "--forget")), _YES),
        takes="a task and a decision",
        action="`%nanobanana resolve ID --resend` pays again, `--forget` lets it go.",
        waits=True,
    ),
    Command(
        "adopt",
        keeping.adopt,
        "take in a task that was made elsewhere on this account, and fetch its image",
        (Word("task_id", ("TASK_ID",)), Word("name", ("ID",), "?", "unknown")),
        takes="a task id of the service, and the number of the unknown task that it is",
        action="For example: %nanobanana adopt 6f1c2a90-51f2",
        waits=True,
    ),
    Command(
        "forget",
        keeping.forget,
        "remove picture and words of an image for good; the row of its credits stays",
        (_IMAGE, _YES),
        takes="one number or task id of an image",
        action=_LISTED,
    ),
    Command(
        "prompts", overview.prompts, "the prompts and lists of `prompts.toml`, with newest images"
    ),
    Command("spend", overview.spend, "credits by day, notebook and model"),
    Command("wait", tasks.wait, "wait for the jobs that `--no-wait` started", waits=True),
    Command("doctor", overview.doctor, "check key, service, home folder and kernel"),
    Command("config", overview.config, "the settings and where each comes from"),
    Command("help", _help, "the commands and the options"),
)
COMMANDS = {command.name: command for command in _TABLE}


def words(line: str) -> list[str]:
    """Return the words of a line. Those that `history` looks for may hold any quote.

    Raises:
        InputError: a quotation of another command is not closed.
    """
    plain = line.split()
    command = COMMANDS.get(plain[0]) if plain else None
    return plain if command and command.literal else tokens(line)


def waits(line: str) -> bool:
    """Whether the command of a line waits for a job."""
    name = line.split(maxsplit=1)[0] if line.strip() else ""
    return name in COMMANDS and COMMANDS[name].waits


def run(words: Sequence[str]) -> Any:
    """Carry out one `%nanobanana` line.

    Raises:
        InputError: there is no such command, or it takes other words.
    """
    show_stray_settings()
    name, *rest = words or ["help"]
    command = COMMANDS.get("help" if name in _HELP else name)
    if command is None:
        near = get_close_matches(name, COMMANDS, 1, 0.5)
        hint = f"did you mean {near[0]}?" if near else "known are " + ", ".join(COMMANDS)
        prompt = "" if near else "A prompt goes in a cell, under %%nanobanana with two signs."
        raise InputError(f"There is no command {name!r}", why=hint, action=prompt)
    if not command.literal and not {*_HELP}.isdisjoint(rest):
        from nanobanana_nb.show.html.report import Report

        return Report.text(command.help)
    return command.run(rest)
