"""Commands about grids and images that were made before: show, run again, export."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from nanobanana_nb.errors import InputError
from nanobanana_nb.notebook.commands import access

if TYPE_CHECKING:
    from nanobanana_nb.ledger.ledger import Ledger
    from nanobanana_nb.ledger.tables.plans import StoredPlan
    from nanobanana_nb.model.plan.plan import Plan
    from nanobanana_nb.run.session import Session
    from nanobanana_nb.show.grid import ImageGrid
    from nanobanana_nb.show.html.report import Report

MOST_ROWS = 50


def grid(name: str | None) -> ImageGrid | Report:
    """Return one grid, or the table of those that were run last."""
    from nanobanana_nb.entry.stored_grid import kept_grid

    session = access.session()
    if name is None:
        return _grid_table(session.ledger.plans.recent(MOST_ROWS))
    return kept_grid(session, name)


def export(name: str, file: str) -> Report:
    """Write a grid or an image to a file."""
    from nanobanana_nb.show.html.report import Report

    path = grid_of(access.session(), name).export(file)
    if isinstance(path, str):
        return Report.line(f"{path}: sent")
    files = path.rglob("*") if path.is_dir() else [path]
    count = sum(part.stat().st_size for part in files)
    size = f"{count / 1e6:,.1f} MB" if count >= 1_000_000 else f"{count / 1e3:,.0f} kB"
    return Report.line(f"{path}: {size}")


def retry(name: str, yes: bool) -> ImageGrid:
    """Ask again for what failed of a grid, or for one failed image."""
    from nanobanana_nb.model.plan.limits import RunLimits
    from nanobanana_nb.show.growth import may_be_retried, retried

    images = grid_of(access.session(), name)
    if not any(map(may_be_retried, images)):
        raise InputError(f"Nothing of {name} failed", action="`rerun` pays for new images.")
    return retried(images, RunLimits(yes=yes))


def rerun(name: str, yes: bool) -> Any:
    """Pay for new images of a whole grid, or for a new one of an image."""
    from nanobanana_nb.entry import launch
    from nanobanana_nb.model.plan.limits import RunLimits
    from nanobanana_nb.notebook.status import wait

    session = access.session()
    plan = _plan_of(grid_of(session, name), name)
    return wait.command(launch.start(session, plan, RunLimits(fresh=True, yes=yes)))


def grid_of(session: Session, name: str) -> ImageGrid:
    """Return the grid `g3`, or the image of a number or task id as a grid of one.

    Raises:
        InputError: the ledger knows none of that name.
    """
    from nanobanana_nb.entry import launch
    from nanobanana_nb.entry.front import front
    from nanobanana_nb.entry.stored_grid import kept_grid

    if is_grid(name):
        return kept_grid(session, name)
    session.ledger.claims.recover()
    links, runner = front().links(session.settings), launch.Runner(session)
    return image_as_grid(session.ledger, name, links=links, runner=runner)


def image_as_grid(ledger: Ledger, name: str, **context: Any) -> ImageGrid:
    """Return one task of the ledger, which shows its image once it is here.

    Raises:
        InputError: there is none of that number or task id.
    """
    from nanobanana_nb.model.plan.plan import Plan
    from nanobanana_nb.model.plan.record import Cell
    from nanobanana_nb.run import recall
    from nanobanana_nb.run.ledger_images import LedgerImages
    from nanobanana_nb.show.grid import ImageGrid

    image = recall.task_named(ledger, name)
    plan = Plan((Cell(image.request),), image.request.prompt)
    source = LedgerImages(ledger, [image])
    return ImageGrid([image], plan, opinions=ledger, source=source, **context)


def is_grid(name: str) -> bool:
    """Whether this is the name of a grid and not of an image."""
    return name[:1] == "g" and name[1:].isdigit()


def _plan_of(images: ImageGrid, name: str) -> Plan:
    plan = images.plan
    assert plan is not None
    requests = [cell.request for cell in plan.cells]
    if any(request.private and not request.prompt for request in requests):
        raise InputError(f"The prompt of {name} was kept private", action="Run its cell again.")
    if not all(image.complete for request in requests for image in request.images):
        raise InputError(
            f"The reference images of {name} are not kept", action="Run its cell again."
        )
    return plan


def _grid_table(records: list[StoredPlan]) -> Report:
    from nanobanana_nb.model.plan.plan import Plan
    from nanobanana_nb.show.html import wording
    from nanobanana_nb.show.html.report import Report

    if not records:
        return Report.line("No grid was run yet: a prompt with a list in it makes one.")
    rows = []
    for record in records:
        plan = Plan.from_json(record.plan)
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(record.run_at))
        rows.append([f"g{record.id}", plan.in_words(), wording.cut(plan.prompt, 120), when])
    newest = f"g{records[0].id}"
    note = (
        f"`%nanobanana grid {newest}` shows it, `%nanobanana export {newest} herons.html` saves it."
    )
    return Report.table(("grid", "what", "prompt", "last run"), rows, note)
