"""`nanobanana run`: a plan of a file, made as far as it is not there yet."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from nanobanana_nb.errors import InputError
from nanobanana_nb.images import disk

if TYPE_CHECKING:
    from nanobanana_nb.cli.answer import Answer
    from nanobanana_nb.model.plan.plan import Plan

_LARGEST = 200_000_000  # bytes of a plan


def run(options: Namespace) -> Answer:
    """Make the images of a plan that a file holds.

    Raises:
        InputError: it is no plan, or does not hold all of its requests.
    """
    from nanobanana_nb.cli.billed_run import billed_run
    from nanobanana_nb.entry import launch
    from nanobanana_nb.model.plan.limits import RunLimits

    plan = _plan(options.plan)
    limits = RunLimits(yes=options.yes, max_credits=options.max_credits, strict=options.strict)
    session = launch.session_for(plan.cells[0].request.provider)
    return billed_run(session, plan, limits, options)


def _plan(name: str) -> Plan:
    from nanobanana_nb.model.plan.plan import Plan

    path = Path(name).expanduser()
    if path.suffix.lower() != ".json":
        raise InputError(f"{name} is no plan", action="Name a file.json: `plan(...).to_json()`.")
    try:
        text = disk.read_regular(path, _LARGEST).decode("utf-8-sig")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{name} cannot be read", why=why) from None
    plan = Plan.from_json(text)
    _check_whole(plan, name)
    return plan


def _check_whole(plan: Plan, name: str) -> None:
    requests = [cell.request for cell in plan.cells]
    if not requests:
        raise InputError(f"{name} asks for no image")
    if any(request.private and not request.prompt for request in requests):
        raise InputError(f"{name} was kept private", why="it does not hold its prompts")
    if not all(image.complete for request in requests for image in request.images):
        raise InputError(
            f"{name} does not hold its reference images", action="Make the plan with links."
        )
