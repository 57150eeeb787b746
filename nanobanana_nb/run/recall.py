"""Tasks of the ledger that a person names: to fetch, to let go, or to send once more."""

from __future__ import annotations

import time
from dataclasses import replace

from nanobanana_nb.errors import Charged, ForgottenError, InputError, LedgerError, NanobananaError
from nanobanana_nb.ledger.claims.claims import Claim
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.ledger.store.damage import TasksLostError
from nanobanana_nb.ledger.tables.plans import StoredPlan
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.plan.record import Cell
from nanobanana_nb.model.result import Generation, State


def task_named(ledger: Ledger, name: str) -> Generation:
    """Return the ledger's task of that number or task id.

    Raises:
        InputError: there is none.
    """
    task = ledger.get(name)
    if task is None:
        raise InputError(
            f"The ledger knows no task {name!r}", action="`%nanobanana history --ids` lists them."
        )
    return task


def alike(ledger: Ledger, plan: Plan) -> tuple[str, ...]:
    """Return a note where a plan pays for what the ledger has, or had, but for what nobody sees."""
    try:
        numbers, forgotten = ledger.alike([cell.request for cell in plan.cells])
    except TasksLostError:  # it is told once
        raise
    except LedgerError:  # a note is not worth an error: what asks the ledger next tells it
        return ()
    notes = []
    if numbers:
        notes.append(
            "the ledger has a prompt that looks the same and differs in white space, accents or"
            f" signs that are not seen: `%nanobanana show {numbers[0]}` shows it; this one is paid"
            " anew"
        )
    if forgotten:
        listed = ", ".join(map(str, forgotten[:5]))
        notes.append(f"this was made before and forgotten (number {listed}): it is paid anew")
    return tuple(notes)


def fetchable(ledger: Ledger, provider: str, name: str) -> Generation:
    """Return a task that this provider can be asked about.

    Raises:
        InputError: there is none, it is another provider's, or it has no id at the service.
    """
    task = task_named(ledger, name)
    _check_provider(task, provider, name)
    if task.task_id is None:
        why = task.error.what if task.error else f"it is {task.state.word}"
        action = task.error.action if task.error and task.state is State.UNKNOWN else ""
        raise InputError(f"Task {name} has no id at the service", why=why, action=action)
    return task


def stored_grid(ledger: Ledger, row: StoredPlan) -> tuple[Plan, list[Generation]]:
    """Return a plan that was run before and its images as the ledger has them."""
    plan = Plan.from_json(row.plan)
    standing = zip(ledger.standing(row.fingerprints), plan.cells, strict=True)
    return plan, [image or Generation(cell.request, State.PLANNED) for image, cell in standing]


def let_go(ledger: Ledger, name: str) -> Generation:
    """Close a task whose outcome is unknown. It goes on to count as spent, for it may be.

    Raises:
        InputError: there is no such task, or its outcome is known.
    """
    task = _unknown(ledger, name)
    error = NanobananaError(
        "You let it go",
        why="it was sent, and no answer said what became of it",
        action="Run its cell again to pay for a new one.",
        charged=Charged.UNKNOWN,
    )
    task = replace(task, state=State.FAILED, error=error, finished_at=time.time())
    ledger.record(task)
    return task


def plan_again(ledger: Ledger, provider: str, name: str) -> Plan:
    """Return the plan that sends the request of an unknown task once more.

    Raises:
        InputError: there is no such task, its outcome is known, it is another provider's, or
            the ledger does not have all of its request.
    """
    task = _unknown(ledger, name)
    _check_provider(task, provider, name)
    request = task.request
    request.fields()
    if request.private or not all(image.complete for image in request.images):
        raise InputError(
            f"The ledger does not hold all of task {name}'s request",
            why="a private prompt, a file or a signed link is not kept",
            action=f"`%nanobanana resolve {name} --forget`, then run its cell again.",
        )
    return Plan((Cell(request),), request.prompt)


def forgettable(ledger: Ledger, name: str) -> Generation:
    """Return a task that has ended, and can be forgotten.

    Raises:
        InputError: there is none, it goes on or nobody knows whether it does, or it is forgotten.
    """
    task = task_named(ledger, name)
    if isinstance(task.error, ForgottenError):
        raise InputError(f"Task {name} is forgotten already", action="")
    if task.state not in (State.SUCCESS, State.FAILED):
        actions = {State.UNKNOWN: f"`%nanobanana resolve {name} --forget` first."}
        action = actions.get(task.state, "`%nanobanana resume` fetches it first.")
        raise InputError(f"Task {name} is {task.state.word}: it has not ended", action=action)
    return task


def failed_meanwhile(ledger: Ledger, claim: Claim) -> Generation | None:
    """Return the task that was waited for, if it failed: a new one is for a person to ask."""
    task = ledger.get(str(claim.generation.id)) if claim.generation is not None else None
    is_failure = task is not None and task.state is State.FAILED and task.task_id
    return task if is_failure else None


def _check_provider(task: Generation, provider: str, name: str) -> None:
    maker = task.request.provider
    if maker != provider:
        raise InputError(
            f"Task {name} was made with provider {maker}",
            action=f"Set NANOBANANA_PROVIDER={maker}, then try again.",
        )


def _unknown(ledger: Ledger, name: str) -> Generation:
    task = task_named(ledger, name)
    if task.state is not State.UNKNOWN:
        raise InputError(
            f"Task {name} is {task.state.word}, not unknown", action="There is nothing to decide."
        )
    return task
