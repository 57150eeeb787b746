"""How an image ends: from the ledger, unknown, not asked for, or failed."""

from __future__ import annotations

import traceback
from dataclasses import replace

from nanobanana_nb.errors import (
    BudgetError,
    Charged,
    DownloadError,
    NanobananaError,
    NotSentError,
    OutcomeUnknownError,
    StillRunningError,
)
from nanobanana_nb.model.options import OPTIONS
from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.model.result import WAITS_FOR_ANOTHER, WAITS_HERE, Generation, State
from nanobanana_nb.privacy.logs import logger
from nanobanana_nb.privacy.redaction import redacted
from nanobanana_nb.run.loop.shield import is_at_end

_ELSEWHERE = "Another run paid for it: 0 credits here."
_FETCHED_AGAIN = "Its original was lost here and is fetched again for nothing."
_STRANGE = "Something went wrong with this image"
_log = logger(__name__)


def no_room() -> BudgetError:
    """Return why an image is not sent that others below a ceiling had to end before."""
    why = "a ceiling would be passed if the images on their way cost more than was told"
    action = "Run it again when they are done."
    return BudgetError("Not sent", why=why, action=action, charged=Charged.NO)


def from_ledger(earlier: Generation, request: GenerationRequest) -> Generation:
    """Return an image of the ledger as the answer to `request`: it costs nothing again."""
    generation = replace(earlier, request=request)
    return replace(generation, cached=True, credits=0.0) if earlier.ok else generation


def elsewhere(generation: Generation) -> Generation:
    """Return an image that another run works on, or made: whatever it costs is paid there."""
    return _paid_before(generation, _ELSEWHERE)


def awaited(generation: Generation, *, here: bool) -> Generation:
    """Return how an image is shown while another run, of this process or not, works on it."""
    note = WAITS_HERE if here else WAITS_FOR_ANOTHER
    return replace(elsewhere(generation), notes=(note,))


def fetched_again(generation: Generation) -> Generation:
    """Return an image whose original was lost here, and which was paid when it first came."""
    return _paid_before(generation, _FETCHED_AGAIN)


def _paid_before(generation: Generation, note: str) -> Generation:
    credits = None if generation.credits is None else 0.0
    # A grid that nobody waits for any more knows by the note what the image costs once it comes.
    to_tell = generation.ok or generation.state is State.DETACHED
    notes = (*generation.notes, note) if to_tell else generation.notes
    return replace(generation, credits=credits, reserved=None, cached=generation.ok, notes=notes)


def in_place_of(image: Generation, task: Generation) -> Generation:
    """Return a task of the ledger as a grid shows it that waited for it as `image`."""
    task = replace(task, request=image.request)  # the row lacks a private prompt
    for note in {_ELSEWHERE, _FETCHED_AGAIN}.intersection(image.notes):
        task = _paid_before(replace(task, notes=()), note)
        return task if task.notes else replace(task, notes=image.notes)
    return task


def lost(generation: Generation, error: NanobananaError) -> Generation:
    """Return an image that is paid, whose original was lost here and cannot be fetched again."""
    failure = DownloadError(
        "The original was lost here and cannot be fetched again",
        why=error.why or error.what,
        action="Run the cell again to try once more, or with "
        f"{OPTIONS['fresh'].switch} to pay for a new one.",
        task_id=generation.task_id,
        charged=Charged.YES,
        credits=generation.credits,
    )
    return replace(generation, state=State.SUCCESS, path=None, error=failure)


def unforeseen(generation: Generation, error: Exception) -> Generation:
    """Return an image after an error that nobody foresaw and that is logged: money stays known."""
    if is_at_end(error):
        return program_ended(generation)
    _log.error("%s", redacted("".join(traceback.format_exception(error))))
    why = f"a fault in nanobanana_nb ({type(error).__name__}), which is in the log"
    if generation.state is State.SENT:
        return failed(generation, OutcomeUnknownError(_STRANGE, why=why, charged=Charged.UNKNOWN))
    action = "Run the cell again: what is paid is fetched, and not paid again."
    return failed(generation, NanobananaError(_STRANGE, why=why, action=action))


def program_ended(generation: Generation) -> Generation:
    """Return an image that the end of its program cut off: what the service has goes on there."""
    what = "The program ended while this image was on its way"
    if generation.task_id is not None:
        return failed(generation, StillRunningError(what))
    if generation.state is State.SENT:
        return failed(generation, OutcomeUnknownError(what, charged=Charged.UNKNOWN))
    action = "Run it again, and let the main thread wait for it."
    return failed(
        generation, NotSentError("The program ended before this image left", action=action)
    )


def unknown(earlier: Generation, request: GenerationRequest) -> Generation:
    """Return an earlier try that nobody knows the outcome of, and how to decide about it."""
    error = earlier.error or OutcomeUnknownError(
        "An earlier try was sent and not answered", charged=Charged.UNKNOWN
    )
    if isinstance(error, OutcomeUnknownError) and earlier.id is not None:
        error = error.with_number(earlier.id)
    return replace(earlier, request=request, state=State.UNKNOWN, error=error)


def stopped(generation: Generation, error: NanobananaError) -> Generation:
    """Return an image that is not asked for, because another one's error stopped the run."""
    return replace(generation, state=State.PLANNED, error=error)


def failed(generation: Generation, error: NanobananaError) -> Generation:
    """Return an image after an error: what is paid for stays to be fetched."""
    error.task_id = error.task_id or generation.task_id
    if error.charged is None:
        error.charged = _charged(generation, error)
    if error.charged is Charged.YES and error.credits is None:
        error.credits = generation.credits
    if isinstance(error, DownloadError) and error.kept:
        generation = replace(generation, sha256=error.kept)
    if generation.state is State.SUCCESS:  # paid, and its file is lost: fetch it later
        return replace(generation, error=error)
    if generation.task_id and generation.state.is_open:
        return replace(generation, state=State.DETACHED, error=error)
    if isinstance(error, OutcomeUnknownError):
        numbered = error.with_number(generation.id) if generation.id is not None else error
        return replace(generation, state=State.UNKNOWN, error=numbered)
    return replace(generation, state=State.FAILED, error=error)


def _charged(generation: Generation, error: NanobananaError) -> Charged | None:
    """Say whether credits were taken for an image that an error of no price of its own ended."""
    if generation.task_id and isinstance(error, DownloadError) and generation.credits:
        return Charged.YES
    if generation.task_id:
        return Charged.UNKNOWN
    if generation.state is State.PLANNED:
        return Charged.NO  # it never left
    return generation.error.charged if generation.error else None
