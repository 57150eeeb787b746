"""How an image ends: from the ledger, unknown, not asked for, or failed."""

from __future__ import annotations

from dataclasses import replace

from nanobanana_nb.errors import (
    Charged,
    DownloadError,
    NanobananaError,
    OutcomeUnknownError,
)
from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.model.result import Generation, State


def shown(earlier: Generation, request: GenerationRequest) -> Generation:
    """Return an image of the ledger as the answer to `request`: it costs nothing again."""
    found = replace(earlier, request=request)
    return replace(found, cached=True, credits=0.0) if earlier.ok else found


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
    if generation.state is State.SUCCESS:  # paid, and its file is lost: fetch it later
        return replace(generation, error=error)
    if generation.task_id and generation.state.is_open:
        return replace(generation, state=State.DETACHED, error=error)
    if isinstance(error, OutcomeUnknownError):
        known = error.with_number(generation.id) if generation.id is not None else error
        return replace(generation, state=State.UNKNOWN, error=known)
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
