"""`nanobanana run`: a plan or a table of a file, made as far as it is not there yet."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from nanobanana_nb.errors import InputError
from nanobanana_nb.images import disk
from nanobanana_nb.model.options import OPTIONS

if TYPE_CHECKING:
    from nanobanana_nb.cli.answer import Answer
    from nanobanana_nb.model.plan.plan import Plan

_OF_A_PLAN = ("data", "yes", "max_credits", "strict", "dry_run")  # what says how it is run
_LARGEST = 200_000_000  # bytes of a plan


def run(options: Namespace) -> Answer:
    """Make the images of a plan, or those of the rows of a table.

    Raises:
        InputError: it is neither, or does not hold all of its requests.
    """
    from nanobanana_nb.cli.billed_run import billed_run
    from nanobanana_nb.cli.make_command import make
    from nanobanana_nb.entry import launch
    from nanobanana_nb.model.plan.limits import RunLimits

    plan = _plan(options.data)
    if plan is None:
        return make(options)
    _check_options(options)
    limits = RunLimits(yes=options.yes, max_credits=options.max_credits, strict=options.strict)
    session = launch.session_for(plan.cells[0].request.provider)
    return billed_run(session, plan, limits, options)


def _plan(name: str) -> Plan | None:
    """Return the plan of a file, None where that is a table."""
    from nanobanana_nb.model.plan.plan import Plan

    if Path(name).suffix.lower() != ".json":
        return None
    try:
        text = disk.read_regular(Path(name).expanduser(), _LARGEST).decode("utf-8-sig")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{name} cannot be read", why=why) from None
    if text.lstrip()[:1] == "[":  # records, one image a row
        return None
    plan = Plan.from_json(text)
    _check_whole(plan, name)
    return plan


def _check_options(options: Namespace) -> None:
    """Refuse what says something of images that a plan says itself."""
    for name, option in OPTIONS.items():
        value = getattr(options, name, option.default)
        given = tuple(value) if isinstance(value, list) else value
        if name not in _OF_A_PLAN and given != option.default:
            what = f"A plan says itself what {option.flags[-1]} would say"
            raise InputError(what, action="Leave it out, or make another plan.")


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
