"""What may be sent again, and when: never a create that may have been accepted."""

from __future__ import annotations

import asyncio
import random

from nanobanana_nb.api.provider import Call
from nanobanana_nb.api.task_names import id_in
from nanobanana_nb.errors import (
    CertificateError,
    ConnectionLostError,
    MaintenanceError,
    NanobananaError,
    NotSentError,
    ProviderError,
    RateLimitedError,
    ServerFaultError,
    ServiceError,
    UnexpectedAnswerError,
)

ATTEMPTS = 5
FIRST_S = 0.5
CAP_S = 20.0
LONGEST_ASKED_S = 120.0  # a service that asks for more is asked again after so long
LONGEST_TRIED_S = 60.0  # a call that takes so long to fail is not tried again
MAINTENANCE_PAUSE_S = 15.0
MAINTENANCE_S = 600.0  # how long a maintenance is waited for
_PASSING = frozenset({408, 425})  # HTTP's own words for: not now, in codes the contract lacks


def may_repeat(call: Call, error: NanobananaError) -> bool:
    """Whether `call` may be sent again after `error`.

    Safe for any call: it never left, or the service says that it did not take it (429, 455).
    Safe only for a call without effect: the answer is lost, a fault at the service, or a
    time-out there (408, 425), after which nobody can tell what became of a create. A create
    whose answer names a task is not sent again, whatever else it says.
    """
    if call.creates and id_in(error.task_id) is not None:
        return False
    if isinstance(error, CertificateError | ProviderError):
        return False
    if isinstance(error, NotSentError | RateLimitedError | MaintenanceError):
        return True
    lost = isinstance(error, ConnectionLostError | ServerFaultError | UnexpectedAnswerError)
    lost = lost or (isinstance(error, ServiceError) and error.code in _PASSING)
    return lost and call.repeatable and not call.creates


def pause_s(attempt: int, chance: random.Random) -> float:
    """Return the seconds to wait after failed attempt number `attempt` (from 1).

    Exponential back-off with jitter.
    """
    ceiling = min(CAP_S, FIRST_S * 2 ** (attempt - 1))
    return chance.uniform(ceiling / 2, ceiling)


def pause_for_all_s(streak: int, error: ServiceError, chance: random.Random) -> float:
    """Return how long no call may be made after one was refused for the moment (429, 455).

    Args:
        streak: how many calls in a row were refused so, this one included.
    """
    retry_after = min(error.retry_after_s or 0.0, LONGEST_ASKED_S)
    if isinstance(error, MaintenanceError):
        return max(retry_after, MAINTENANCE_PAUSE_S)
    return retry_after or pause_s(min(streak, 16), chance)


def may_try_again(attempt: int, error: NanobananaError, since_s: float, patient: bool) -> bool:
    """Whether there is another attempt after this one.

    Args:
        since_s: seconds since the first attempt.
        patient: wait for the end of a maintenance, for ten minutes at most.
    """
    if isinstance(error, MaintenanceError):
        return patient and since_s < MAINTENANCE_S
    in_time = since_s < LONGEST_TRIED_S or isinstance(error, RateLimitedError)
    return attempt < ATTEMPTS and in_time


async def set_within(seconds: float, called_off: asyncio.Event | None) -> bool:
    """Wait `seconds`, or until `called_off` is set; return whether it was."""
    if called_off is not None and called_off.is_set():
        return True
    try:
        async with asyncio.timeout(seconds):
            await (called_off or asyncio.Event()).wait()
    except TimeoutError:
        return False
    return True
