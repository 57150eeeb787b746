"""Commands about what the ledger has: images to look at, tasks to fetch or to decide about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.notebook.commands import access, grids

if TYPE_CHECKING:
    from nanobanana_nb.show.grid import ImageGrid
    from nanobanana_nb.show.html.report import Report
    from nanobanana_nb.show.lineage.tree import Tree


def history(words: list[str]) -> Report:
    """Return the newest images, or those whose prompt has the words; a number says how many.

    `--ids` among the words tells what `show` and others take.
    """
    from nanobanana_nb.notebook.commands.history import IDS, MOST_ROWS, history_table

    ids, words = IDS in words, [word for word in words if word != IDS]
    count = [word for word in words if word.isascii() and word.isdigit()][:1]
    search = [word for word in words if word not in count]
    limit = min(int(count[0][:9]), MOST_ROWS) if count else 20
    if limit < 1:
        raise InputError("history takes a number", action="For example: %nanobanana history 50")
    ledger = access.ledger()
    ledger.claims.recover()
    generations = ledger.search(search, limit) if search else ledger.recent(limit)
    return history_table(generations, " ".join(search), ids=ids)


def show(name: str) -> ImageGrid:
    """Return one image or grid."""
    if grids.is_grid(name):
        return grids.grid_of(access.session(), name)
    from nanobanana_nb.entry.front import front

    return grids.image_as_grid(access.ledger(), name, links=front().links(access.settings()))


def tree(name: str) -> Tree:
    """Return what an image was made from, and what was made from it."""
    from nanobanana_nb.entry.front import front
    from nanobanana_nb.run import recall
    from nanobanana_nb.show.lineage.tree import Tree

    if grids.is_grid(name):
        raise InputError(f"{name} is a grid, and tree takes one image of it")
    ledger = access.ledger()
    return Tree(ledger.family(recall.task_named(ledger, name)), front().links(access.settings()))


def resume(names: list[str]) -> Any:
    """Fetch what is paid and not here yet: all of it, or these; those of a grid in their places."""
    from nanobanana_nb.entry import launch
    from nanobanana_nb.entry.front import front
    from nanobanana_nb.notebook.commands.notices import nothing_to_fetch
    from nanobanana_nb.notebook.status import wait
    from nanobanana_nb.show.html.report import Report

    session = access.session()
    links, runner = front().links(session.settings), launch.Runner(session)
    jobs = session.resume_grids(names, links=links, runner=runner)
    if not jobs:
        return Report.line(nothing_to_fetch(session.ledger.waiting(), session.ledger.unknown()))
    return wait.command_all(jobs)


def resolve(name: str, decision: str, yes: bool) -> Any:
    """Decide about a task whose outcome is unknown: `resend` or `forget` it."""
    from nanobanana_nb.entry import launch
    from nanobanana_nb.model.plan.limits import RunLimits
    from nanobanana_nb.notebook.status import wait
    from nanobanana_nb.show.html.report import Report

    session = access.session()
    if decision == "resend":
        return wait.command(launch.resend(session, name, RunLimits(yes=yes)))
    number = session.forget(name).id
    return Report.line(f"Task {number} is let go. Running its cell again pays for a new image.")


def wait() -> Any:
    """Show every job of `--no-wait`, finished or not; the first failure is raised last."""
    from nanobanana_nb.notebook.status import wait
    from nanobanana_nb.run.runtime import RUNTIME
    from nanobanana_nb.show.html.report import Report

    if not RUNTIME.jobs:
        return Report.line("Nothing runs in the background.")
    return wait.command_all(RUNTIME.jobs)
