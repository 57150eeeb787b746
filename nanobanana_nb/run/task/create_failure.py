"""A create whose answer leaves open what became of it, and names the task all the same."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from nanobanana_nb.errors import LedgerError, NanobananaError, OutcomeUnknownError
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.run.loop.shield import off_loop
from nanobanana_nb.run.task import outcome


async def after_create(
    ledger: Ledger, generation: Generation, error: NanobananaError
) -> Generation:
    """Return an image after its create failed: what was named is looked at, and never resent.

    The task of another image is not taken for this one's.
    """
    task_id = error.task_id if isinstance(error, OutcomeUnknownError) else None
    if task_id is None:
        return outcome.failed(generation, error)
    if await off_loop(_is_known, ledger, task_id, generation.request.provider):
        error.task_id = None
        return outcome.failed(generation, error)
    return replace(generation, state=State.PENDING, task_id=task_id)


def _is_known(ledger: Ledger, task_id: str, provider: str) -> bool:
    with suppress(LedgerError):  # an id that may be ours must not be lost
        return ledger.has_task(task_id, provider)
    return False
