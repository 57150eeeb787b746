"""What may be sent again, and when: never a create that may have been accepted."""

from __future__ import annotations

import random

from nanobanana_nb.api.provider import Call
from nanobanana_nb.errors import (
    CertificateError,
    ConnectionLostError,
    MaintenanceError,
    NanobananaError,
    NotSentError,
    RateLimitedError,
    ServerFaultError,
    ServiceError,
    UnexpectedAnswerError,
)

ATTEMPTS = 5
FIRST_S = 0.5
CAP_S = 20.0
LONGEST_ASKED_S = 120.0  # a service that asks for more is obeyed by giving up, not by sleeping


def may_repeat(call: Call, error: NanobananaError) -> bool:
    """Whether `call` may be sent again after `error`.

    Safe for any call: it never left, or the service says that it did not take it (429, 455).
    Safe only for a call without effect: the answer is lost, or a fault at the service.
    """
    if isinstance(error, CertificateError):
        return False
    if isinstance(error, NotSentError | RateLimitedError | MaintenanceError):
        return True
    lost = isinstance(error, ConnectionLostError | ServerFaultError | UnexpectedAnswerError)
    return lost and call.repeatable and not call.creates


def pause_s(attempt: int, error: NanobananaError, chance: random.Random) -> float | None:
    """Return the seconds to wait after failed attempt number `attempt` (from 1), or None to stop.

    Exponential back-off with full jitter, never shorter than the service asks for.
    """
    asked = error.retry_after_s if isinstance(error, ServiceError) else None
    if attempt >= ATTEMPTS or (asked or 0) > LONGEST_ASKED_S:
        return None
    ceiling = min(CAP_S, FIRST_S * 2 ** (attempt - 1))
    return float(asked or 0) + chance.uniform(ceiling / 2, ceiling)
