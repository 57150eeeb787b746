"""Commands about what the ledger has: images to look at, tasks to fetch or to decide about."""

from __future__ import annotations

from typing import Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.model.plan.limits import RunLimits
from nanobanana_nb.notebook.commands import access, grids
from nanobanana_nb.notebook.commands.access import LISTED
from nanobanana_nb.show.html.report import Report


def history(words: list[str]) -> Any:
    """Return the newest images, or those whose prompt has the words."""
    from nanobanana_nb.notebook.commands.history import MOST_ROWS, history

    count = [word for word in words if word.isascii() and word.isdigit()][:1]
    wanted = [word for word in words if word not in count]
    limit = min(int(count[0][:9]), MOST_ROWS) if count else 20
    if limit < 1:
        raise InputError("history takes a number", action="For example: %nanobanana history 50")
    ledger = access.ledger()
    ledger.claims.recover()
    found = ledger.search(wanted, limit) if wanted else ledger.recent(limit)
    return history(found, " ".join(wanted))


def show(words: list[str]) -> Any:
    """Return one image or grid."""
    if len(words) != 1:
        raise InputError("show takes one number or task id", action=LISTED)
    if grids.is_grid(words[0]):
        return grids.named(access.session(), words[0])
    from nanobanana_nb.entry.front import front
    from nanobanana_nb.model.plan.plan import Plan
    from nanobanana_nb.model.plan.record import Cell
    from nanobanana_nb.run.recall import named
    from nanobanana_nb.show.grid import ImageGrid

    ledger = access.ledger()
    found = named(ledger, words[0])
    plan = Plan((Cell(found.request),), found.request.prompt)
    links = front().links(access.settings())
    return ImageGrid([found], plan, links=links, opinions=ledger)


def tree(words: list[str]) -> Any:
    """Return what an image was made from, and what was made from it."""
    if len(words) != 1 or grids.is_grid(words[0]):
        raise InputError("tree takes one number or task id of an image", action=LISTED)
    from nanobanana_nb.entry.front import front
    from nanobanana_nb.run.recall import named
    from nanobanana_nb.show.lineage.tree import Tree

    ledger = access.ledger()
    return Tree(ledger.family(named(ledger, words[0])), front().links(access.settings()))


def resume(words: list[str]) -> Any:
    """Fetch what is paid and not here yet: all of it, or these."""
    from nanobanana_nb.entry.front import front
    from nanobanana_nb.notebook.commands.startup_notice import nothing_to_fetch
    from nanobanana_nb.notebook.status import wait

    session = access.session()
    job = session.resume(words, links=front().links(session.settings))
    if not job.generations:
        return Report.line(nothing_to_fetch(session.ledger.waiting(), session.ledger.unknown()))
    return wait.command(job)


def resolve(words: list[str]) -> Any:
    """Decide about a task whose outcome is unknown."""
    from nanobanana_nb.entry import launch
    from nanobanana_nb.notebook.status import wait

    names = [word for word in words if not word.startswith("-")]
    choice = [word for word in words if word.startswith("-") and word != "--yes"]
    if len(names) != 1 or choice not in (["--resend"], ["--forget"]):
        raise InputError(
            "resolve takes a task and a decision",
            action="`%nanobanana resolve ID --resend` pays again, `--forget` lets it go.",
        )
    session = access.session()
    if choice == ["--resend"]:
        return wait.command(launch.resend(session, names[0], RunLimits(yes="--yes" in words)))
    gone = session.forget(names[0])
    return Report.line(f"Task {gone.id} is let go. Running its cell again pays for a new image.")


def wait(words: list[str]) -> Any:
    """Show every job of `--no-wait`, finished or not; the first failure is raised last."""
    from nanobanana_nb.notebook.status import wait
    from nanobanana_nb.run.runtime import RUNTIME

    access.no_more("wait", words)
    if not RUNTIME.jobs:
        return Report.line("Nothing runs in the background.")
    return wait.commanded(RUNTIME.jobs)
