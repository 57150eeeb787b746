"""What `%nanobanana` can do beside making images, one function a word."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from nanobanana_nb.errors import InputError, NanobananaError
from nanobanana_nb.notebook import grids
from nanobanana_nb.show.report import Report

if TYPE_CHECKING:
    from nanobanana_nb.config import Settings
    from nanobanana_nb.ledger.ledger import Ledger
    from nanobanana_nb.model.catalog import ModelInfo
    from nanobanana_nb.run.job import Job
    from nanobanana_nb.run.session import Session

_LISTED = "%nanobanana history lists them."
JOBS: list[Job] = []  # of this kernel, for `wait`

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
    %nanobanana retry ID          ask again for what failed of it
    %nanobanana rerun ID [--yes]  pay for new images of the same
    %nanobanana resume [ID ...]   fetch what is paid and not here yet; costs nothing more
    %nanobanana resolve ID --resend | --forget
                                  decide about a task whose outcome is unknown
    %nanobanana spend             credits by day, notebook and model
    %nanobanana wait              wait for the jobs that --no-wait started
    %nanobanana doctor            check key, service, home folder and kernel
    %nanobanana config            the settings and where each comes from
    %nanobanana help              this, and the options of %%nanobanana
"""


def run(words: list[str], shell: Any) -> Any:
    """Carry out one `%nanobanana` line.

    Raises:
        InputError: there is no such command, or it takes other words.
    """
    name, *rest = words or ["help"]
    if name in ("-h", "--help"):
        name = "help"
    if name not in COMMANDS:
        near = get_close_matches(name, COMMANDS, 1, 0.5)
        hint = f"did you mean {near[0]}?" if near else "known are " + ", ".join(COMMANDS)
        prompt = "" if near else "A prompt goes in a cell, under %%nanobanana with two signs."
        raise InputError(f"There is no command {name!r}", why=hint, action=prompt)
    return COMMANDS[name](rest)


def _session() -> Session:
    from nanobanana_nb import faces

    return faces.session_for()


def _settings() -> Settings:
    from nanobanana_nb import config

    return config.load(None, config.CONFIGURED).settings


def _ledger() -> Ledger:
    """Return the ledger alone: reading it wants neither a service nor a key."""
    from nanobanana_nb.ledger.ledger import Ledger

    return Ledger(_settings().home)


def _panel(words: list[str]) -> Any:
    from nanobanana_nb.notebook.panel import Panel

    _no_more("panel", words)
    return Panel()


def _balance(words: list[str]) -> Report:
    _no_more("balance", words)
    session = _session()
    credits = session.bridge.run(session.client.balance())
    return Report.line(f"{credits:,.10g} credits left at {session.provider.name}")


def _models(words: list[str]) -> Report:
    from nanobanana_nb.model.catalog import FAMILY_FIELDS, MODELS

    _no_more("models", words)
    session = _session()
    live, note = _live_models(session)
    rows = []
    for name in dict.fromkeys((*MODELS, *(live or ()))):
        info = MODELS.get(name)
        taken = [_taken(info, field) for field in FAMILY_FIELDS]
        most = str(info.max_images) if info else "?"
        there = "?" if live is None else "yes" if name in live else "no"
        rows.append([name, *taken, most, there])
    fields = [field.replace("_", " ") for field in FAMILY_FIELDS]
    headers = ["model", *fields, "images", f"at {session.provider.name}"]
    return Report.table(headers, rows, note)


def _live_models(session: Session) -> tuple[tuple[str, ...] | None, str]:
    """Return what the service lists, or None and why it could not be asked."""
    try:
        return session.bridge.run(session.client.models()), ""
    except NanobananaError as error:
        return None, f"This is what is known here. {error}"


def _taken(info: ModelInfo | None, field: str) -> str:
    if info is None:
        return "?"
    return ", ".join(str(choice) for choice in info.choices.get(field, ("–",)))


def _history(words: list[str]) -> Any:
    from nanobanana_nb.notebook.history import MOST_ROWS, history

    count = [word for word in words if word.isascii() and word.isdigit()][:1]
    wanted = [word for word in words if word not in count]
    limit = min(int(count[0][:9]), MOST_ROWS) if count else 20
    if limit < 1:
        raise InputError("history takes a number", action="For example: %nanobanana history 50")
    ledger = _ledger()
    ledger.claims.recover()
    found = ledger.search(wanted, limit) if wanted else ledger.recent(limit)
    return history(found, " ".join(wanted))


def _show(words: list[str]) -> Any:
    if len(words) != 1:
        raise InputError("show takes one number or task id", action=_LISTED)
    if grids.is_grid(words[0]):
        return grids.named(_session(), words[0])
    from nanobanana_nb import faces
    from nanobanana_nb.model.plan import Cell, Plan
    from nanobanana_nb.run.earlier import named
    from nanobanana_nb.show.grid import ImageGrid

    ledger = _ledger()
    found = named(ledger, words[0])
    plan = Plan((Cell(found.request),), found.request.prompt)
    links = faces.links_for(_settings())
    return ImageGrid([found], plan, links=links, opinions=ledger)


def _tree(words: list[str]) -> Any:
    if len(words) != 1 or grids.is_grid(words[0]):
        raise InputError("tree takes one number or task id of an image", action=_LISTED)
    from nanobanana_nb import faces
    from nanobanana_nb.run.earlier import named
    from nanobanana_nb.show.tree import Tree

    ledger = _ledger()
    return Tree(ledger.family(named(ledger, words[0])), faces.links_for(_settings()))


def _on_grids(name: str) -> Callable[[list[str]], Any]:
    """Return the command of that name in `grids`."""
    return lambda words: getattr(grids, name)(_session(), words)


def _resume(words: list[str]) -> Any:
    from nanobanana_nb import faces
    from nanobanana_nb.notebook import following
    from nanobanana_nb.notebook.left_over import nothing_to_fetch

    session = _session()
    job = session.resume(words)
    job.links = faces.links_for(session.settings)
    if not job.generations:
        return Report.line(nothing_to_fetch(session.ledger.waiting(), session.ledger.unknown()))
    return following.command(job)


def _resolve(words: list[str]) -> Any:
    from nanobanana_nb import faces
    from nanobanana_nb.notebook import following

    names = [word for word in words if not word.startswith("-")]
    choice = [word for word in words if word.startswith("-")]
    if len(names) != 1 or choice not in (["--resend"], ["--forget"]):
        raise InputError(
            "resolve takes a task and a decision",
            action="`%nanobanana resolve ID --resend` pays again, `--forget` lets it go.",
        )
    session = _session()
    if choice == ["--resend"]:
        return following.command(faces.resend(session, names[0]))
    gone = session.forget(names[0])
    return Report.line(f"Task {gone.id} is let go. Running its cell again pays for a new image.")


def _spend(words: list[str]) -> Report:
    from nanobanana_nb.notebook.spend import spend

    _no_more("spend", words)
    return spend(_ledger(), _settings())


def _wait(words: list[str]) -> Any:
    """Show every job of `--no-wait`, finished or not; the first failure is raised last."""
    from nanobanana_nb.notebook import following

    _no_more("wait", words)
    if not JOBS:
        return Report.line("Nothing runs in the background.")
    return following.commanded(JOBS)


def _doctor(words: list[str]) -> Report:
    from nanobanana_nb.notebook.doctor import examine

    _no_more("doctor", words)
    return Report.table(["what", "state", "detail"], examine())


def _config(words: list[str]) -> Report:
    from nanobanana_nb import config
    from nanobanana_nb.keys import find_key

    _no_more("config", words)
    rows = config.rows()
    answering = "crun" if find_key() else "simulator"
    for row in rows:
        if row[:2] == ["provider", "–"]:
            row[1] = f"not set: {answering} answers"
    return Report.table(["setting", "value", "from", "environment", "what it is"], rows)


def _help(words: list[str]) -> Report:
    from nanobanana_nb.notebook.options import cell_parser

    _no_more("help", words)
    return Report.text(f"{HELP}\n{cell_parser().format_help()}")


def _no_more(command: str, words: list[str]) -> None:
    if words:
        raise InputError(f"{command} takes no further words", why=" ".join(words), action="")


COMMANDS: dict[str, Callable[[list[str]], Any]] = {
    "panel": _panel,
    "balance": _balance,
    "models": _models,
    "history": _history,
    "show": _show,
    "tree": _tree,
    **{name: _on_grids(name) for name in ("grid", "export", "retry", "rerun")},
    "resume": _resume,
    "resolve": _resolve,
    "spend": _spend,
    "wait": _wait,
    "doctor": _doctor,
    "config": _config,
    "help": _help,
}
