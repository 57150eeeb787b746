"""Commands that report: what the ledger has, what the service offers, what is set."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nanobanana_nb.cli.answer import Answer, note
from nanobanana_nb.cli.exit_codes import ExitCode, code_of_images
from nanobanana_nb.cli.json_values import grid_value, image_values
from nanobanana_nb.cli.shell_words import shell_words
from nanobanana_nb.errors import InputError
from nanobanana_nb.notebook.commands import access

if TYPE_CHECKING:
    from nanobanana_nb.show.html.report import Report


def history(options: Namespace) -> Answer:
    """Return the newest images."""
    return _listed(options, [])


def search(options: Namespace) -> Answer:
    """Return the newest images whose prompt has all the words."""
    return _listed(options, options.words)


def show(options: Namespace) -> Answer:
    """Return one image or grid; what was made of it has the exit code."""
    from nanobanana_nb.notebook.commands import tasks

    grid = tasks.show(options.name)
    images = list(grid)
    return Answer(grid_value(grid), shell_words(repr(grid)), code_of_images(images), grid)


def resume(options: Namespace) -> Answer:
    """Fetch what is paid and not here yet, all of it or these tasks."""
    from nanobanana_nb.cli.billed_run import followed, originals, tell
    from nanobanana_nb.notebook.commands.notices import nothing_to_fetch

    session = access.session()
    grids, codes = [], []
    for job in session.resume_grids(options.names):
        grid, code = followed(job)
        tell(grid)
        grids.append(grid)
        codes.append(code)
        if code == ExitCode.INTERRUPTED:
            break
    if not grids:
        words = nothing_to_fetch(session.ledger.waiting(), session.ledger.unknown())
        note(words.replace("`", ""))
    files = [str(path) for grid in grids for path in originals(grid)]
    images = [image for grid in grids for image in grid]
    return Answer({"images": image_values(images)}, "\n".join(files), max(codes, default=_DONE))


def spend(options: Namespace) -> Answer:
    """Return what was spent, by day, place and model."""
    from nanobanana_nb.notebook.commands.spend import spend_table

    ledger, settings = access.ledger(), access.settings()
    rows = [asdict(spent) for spent in ledger.spending.rows()]
    return _answer(rows, spend_table(ledger, settings, str(Path.cwd())))


def export(options: Namespace) -> Answer:
    """Write a grid or an image to a file."""
    from nanobanana_nb.notebook.commands import grids

    report = grids.export(options.name, options.file)
    path = Path(options.file).expanduser()
    return _answer({"file": str(path), "bytes": path.stat().st_size}, report)


def doctor(options: Namespace) -> Answer:
    """Return the checks; the exit code says whether something is wrong."""
    from nanobanana_nb.notebook.commands.doctor import BAD, examine
    from nanobanana_nb.show.html.report import Report

    rows = [row for row in examine() if row[0] != "kernel"]
    code = ExitCode.SERVICE if any(row[1] == BAD for row in rows) else _DONE
    table = Report.table(_CHECKS, rows)
    return Answer([dict(zip(_CHECKS, row, strict=True)) for row in rows], _text(table), code)


def balance(options: Namespace) -> Answer:
    """Return what the account has left."""
    from nanobanana_nb.notebook.commands import service

    session = access.session()
    credits = service.credits_left(session)
    value = {"provider": session.provider.name, "credits": credits}
    return _answer(value, service.balance_line(session, credits))


def models(options: Namespace) -> Answer:
    """Return the models and what an image of each costs."""
    from nanobanana_nb.notebook.commands import service
    from nanobanana_nb.notebook.commands.models import model_table

    offer = service.offer(access.session())
    prices: dict[str, dict[str, float | None]] = {name: {} for name in offer.names}
    for request, price in offer.prices.items():
        size = dict(request.parameters).get("resolution", "")
        prices[request.model][str(size)] = price
    rows = [{"model": name, "credits": sizes} for name, sizes in prices.items()]
    return _answer(rows, model_table(offer.names, offer.prices, offer.doubt))


def config(options: Namespace) -> Answer:
    """Return the settings and where each comes from."""
    from nanobanana_nb.notebook.commands import overview

    names = ("setting", "value", "from", "variable", "sentence")
    rows = [dict(zip(names, row, strict=True)) for row in overview.setting_rows()]
    return _answer(rows, overview.config())


_DONE = ExitCode.DONE
_CHECKS = ("check", "state", "detail")


def _listed(options: Namespace, words: list[str]) -> Answer:
    from nanobanana_nb.notebook.commands.history import MOST_ROWS, history_table

    if not options.limit >= 1:
        raise InputError("history takes a number", action="For example: nanobanana history 50")
    ledger = access.ledger()
    ledger.claims.recover()
    limit = options.limit if options.json else min(options.limit, MOST_ROWS)
    images = ledger.search(words, limit) if words else ledger.recent(limit)
    return _answer(image_values(images), history_table(images, " ".join(words), ids=options.ids))


def _answer(value: Any, report: Report) -> Answer:
    return Answer(value, _text(report))


def _text(report: Report) -> str:
    return shell_words(repr(report))
