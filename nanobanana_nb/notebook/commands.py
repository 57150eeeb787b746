"""What `%nanobanana` can do beside making images, one function a word."""

from __future__ import annotations

from collections.abc import Callable
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.notebook.report import Report

if TYPE_CHECKING:
    from nanobanana_nb.model.catalog import ModelInfo
    from nanobanana_nb.model.plan import Plan
    from nanobanana_nb.run.job import Job
    from nanobanana_nb.run.session import Session

_LISTED = "%nanobanana history lists them."
JOBS: list[Job] = []  # of this kernel, for `wait`

HELP = """Everything around the images of `%%nanobanana`.

    %nanobanana balance           what the account has left
    %nanobanana models            the models and what each takes
    %nanobanana history [N]       the newest images of the ledger
    %nanobanana show ID           one of them, by its number or task id
    %nanobanana resume [ID ...]   fetch what is paid and not here yet; costs nothing more
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
        raise InputError(f"There is no command {name!r}", why=hint, action="")
    return COMMANDS[name](rest)


def bill(session: Session, plan: Plan, *, fresh: bool) -> Report:
    """Return the bill of a plan. Sends nothing that costs."""
    from nanobanana_nb.show import html, text

    found = session.bridge.run(session.bill(plan, fresh=fresh))
    simulated = not session.provider.needs_key
    return Report(html.bill_html(plan, found, simulated), text.bill_text(plan, found, simulated))


def _session() -> Session:
    from nanobanana_nb import faces

    return faces.session_for()


def _balance(words: list[str]) -> Report:
    _no_more("balance", words)
    session = _session()
    credits = session.bridge.run(session.client.balance())
    return Report.line(f"{credits:,.10g} credits left at {session.provider.name}")


def _models(words: list[str]) -> Report:
    from nanobanana_nb.model.catalog import FAMILY_FIELDS, MODELS

    _no_more("models", words)
    session = _session()
    live = session.bridge.run(session.client.models())
    rows = []
    for name in dict.fromkeys((*MODELS, *live)):
        info = MODELS.get(name)
        taken = [_taken(info, field) for field in FAMILY_FIELDS]
        most = str(info.max_images) if info else "?"
        rows.append([name, *taken, most, "yes" if name in live else "no"])
    fields = [field.replace("_", " ") for field in FAMILY_FIELDS]
    return Report.table(["model", *fields, "images", f"at {session.provider.name}"], rows)


def _taken(info: ModelInfo | None, field: str) -> str:
    if info is None:
        return "?"
    return ", ".join(str(choice) for choice in info.choices.get(field, ("–",)))


def _history(words: list[str]) -> Any:
    from nanobanana_nb.notebook.history import history

    limit = words[0] if words else "20"
    if len(words) > 1 or not limit.isdecimal() or int(limit) < 1:
        raise InputError("history takes a number", action="For example: %nanobanana history 50")
    return history(_session().ledger.recent(int(limit)))


def _show(words: list[str]) -> Any:
    from nanobanana_nb.model.plan import Cell, Plan
    from nanobanana_nb.notebook.originals import Originals
    from nanobanana_nb.show.grid import ImageGrid

    if len(words) != 1:
        raise InputError("show takes one number or task id", action=_LISTED)
    session = _session()
    found = session.named(words[0])
    plan = Plan((Cell(found.request),), found.request.prompt)
    return ImageGrid([found], plan, links=Originals(session.settings.images_dir).link)


def _resume(words: list[str]) -> Any:
    from nanobanana_nb import faces

    job = _session().resume(words)
    if not job.generations:
        return Report.line("Nothing to resume: every task that was paid is here.")
    return faces.follow(job)


def _wait(words: list[str]) -> Any:
    from nanobanana_nb import faces

    _no_more("wait", words)
    waiting = [job for job in JOBS if not job.done()]
    if not waiting:
        return Report.line("Nothing runs in the background.")
    for job in waiting:
        faces.follow(job)
    return None


def _doctor(words: list[str]) -> Report:
    from nanobanana_nb.notebook.doctor import examine

    _no_more("doctor", words)
    return Report.table(["what", "state", "detail"], examine())


def _config(words: list[str]) -> Report:
    from dataclasses import fields

    from nanobanana_nb import config

    _no_more("config", words)
    loaded = config.load(None, config.CONFIGURED)
    rows = [
        [
            f.name,
            str(getattr(loaded.settings, f.name)),
            loaded.sources[f.name],
            f.metadata["env"],
            f.metadata["help"],
        ]
        for f in fields(loaded.settings)
    ]
    return Report.table(["setting", "value", "from", "environment", "what it is"], rows)


def _help(words: list[str]) -> Report:
    from nanobanana_nb.notebook.options import cell_parser

    _no_more("help", words)
    return Report.text(f"{HELP}\n{cell_parser().format_help()}")


def _no_more(command: str, words: list[str]) -> None:
    if words:
        raise InputError(f"{command} takes no further words", why=" ".join(words), action="")


COMMANDS: dict[str, Callable[[list[str]], Any]] = {
    "balance": _balance,
    "models": _models,
    "history": _history,
    "show": _show,
    "resume": _resume,
    "wait": _wait,
    "doctor": _doctor,
    "config": _config,
    "help": _help,
}
