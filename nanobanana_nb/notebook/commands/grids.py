"""Commands about grids and images that were made before: show, run again, export."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.show.html.report import Report

if TYPE_CHECKING:
    from nanobanana_nb.ledger.tables.plans import KeptPlan
    from nanobanana_nb.model.plan.plan import Plan
    from nanobanana_nb.run.session import Session
    from nanobanana_nb.show.grid import ImageGrid

MOST_ROWS = 50
_YES = "--yes"


def grid(session: Session, words: list[str]) -> Any:
    """Return one grid, or the table of those that were run last."""
    from nanobanana_nb.entry.sweep import kept_grid

    if not words:
        return _listed(session.ledger.plans.recent(MOST_ROWS))
    return kept_grid(session, _one("grid", words))


def export(session: Session, words: list[str]) -> Report:
    """Write a grid or an image to a file."""
    if len(words) != 2:
        raise InputError(
            "export takes a grid or an image, and a file",
            action="For example: %nanobanana export g3 herons.html",
        )
    path = named(session, words[0]).export(words[1])
    return Report.line(f"{path}: {_size(path.stat().st_size)}")


def retry(session: Session, words: list[str]) -> ImageGrid:
    """Ask again for what failed of a grid, or for one failed image."""
    from nanobanana_nb.model.plan.limits import RunLimits
    from nanobanana_nb.show.growth import retried

    yes, name = _confirmed("retry", words)
    found = named(session, name)
    if not any(one.state == "failed" for one in found):
        raise InputError(f"Nothing of {name} failed", action="`rerun` pays for new images.")
    return retried(found, RunLimits(yes=yes))


def rerun(session: Session, words: list[str]) -> Any:
    """Pay for new images of a whole grid, or for a new one of an image."""
    from nanobanana_nb.entry import launch
    from nanobanana_nb.model.plan.limits import RunLimits
    from nanobanana_nb.notebook.status import wait

    yes, name = _confirmed("rerun", words)
    plan = _plan_of(named(session, name), name)
    return wait.command(launch.start(session, plan, RunLimits(fresh=True, yes=yes)))


def named(session: Session, name: str) -> ImageGrid:
    """Return the grid `g3`, or the image of a number or task id as a grid of one.

    Raises:
        InputError: the ledger knows none of that name.
    """
    from nanobanana_nb.entry import launch, sweep
    from nanobanana_nb.entry.front import front
    from nanobanana_nb.model.plan.plan import Plan
    from nanobanana_nb.model.plan.record import Cell
    from nanobanana_nb.run.recall import named as task
    from nanobanana_nb.show.grid import ImageGrid

    if is_grid(name):
        return sweep.kept_grid(session, name)
    session.ledger.claims.recover()
    found = task(session.ledger, name)
    plan = Plan((Cell(found.request),), found.request.prompt)
    more: dict[str, Any] = {"links": front().links(session.settings)}
    more |= {"runner": launch.Runner(session), "opinions": session.ledger}
    return ImageGrid([found], plan, **more)


def is_grid(name: str) -> bool:
    """Whether this is the name of a grid and not of an image."""
    return name[:1] == "g" and name[1:].isdigit()


def _one(command: str, words: list[str]) -> str:
    if len(words) != 1:
        raise InputError(
            f"{command} takes one grid or image", action=f"For example: %nanobanana {command} g3"
        )
    return words[0]


def _confirmed(command: str, words: list[str]) -> tuple[bool, str]:
    """Return whether a yes was given, and the one name beside it."""
    return _YES in words, _one(command, [word for word in words if word != _YES])


def _plan_of(found: ImageGrid, name: str) -> Plan:
    plan = found.plan
    assert plan is not None
    asked = [cell.request for cell in plan.cells]
    if any(request.private and not request.prompt for request in asked):
        raise InputError(f"The prompt of {name} was kept private", action="Run its cell again.")
    if not all(image.complete for request in asked for image in request.images):
        raise InputError(
            f"The reference images of {name} are not kept", action="Run its cell again."
        )
    return plan


def _listed(kept: list[KeptPlan]) -> Report:
    from nanobanana_nb.model.plan.plan import Plan
    from nanobanana_nb.show.html import wording

    if not kept:
        return Report.line("No grid was run yet: a prompt with a list in it makes one.")
    rows = []
    for one in kept:
        plan = Plan.from_json(one.plan)
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(one.run_at))
        rows.append([f"g{one.id}", plan.in_words(), wording.cut(plan.prompt, 120), when])
    note = "`%nanobanana grid g3` shows one, `export g3 herons.html` writes it to a file."
    return Report.table(("grid", "what", "prompt", "last run"), rows, note)


def _size(count: int) -> str:
    return f"{count / 1e6:,.1f} MB" if count >= 1_000_000 else f"{count / 1e3:,.0f} kB"
