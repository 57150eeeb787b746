"""The codes of the contract: the error of each, and what becomes of a create and of a look."""

from __future__ import annotations

from dataclasses import dataclass

from nanobanana_nb import errors
from nanobanana_nb.errors import Charged, ServiceError
from nanobanana_nb.model.result import State


@dataclass(frozen=True)
class Meaning:
    """What a code stands for.

    Args:
        error: the kind that is raised.
        state: of a task whose create is answered so for good.
        charged: what such a create cost.
        create_again: whether that create was put off, and goes out again by itself.
        look_again: whether a call without effect goes out again by itself.
    """

    error: type[ServiceError]
    state: State = State.FAILED
    charged: Charged = Charged.NO
    create_again: bool = False
    look_again: bool = False


_LOST = (State.UNKNOWN, Charged.UNKNOWN)
_FAULT = Meaning(errors.ServerFaultError, *_LOST, look_again=True)

CODES = {
    401: Meaning(errors.AuthenticationError),
    402: Meaning(errors.InsufficientCreditsError),
    403: Meaning(errors.AccessDeniedError),
    404: Meaning(errors.NotFoundError),
    422: Meaning(errors.InvalidRequestError),
    429: Meaning(errors.RateLimitedError, create_again=True, look_again=True),
    455: Meaning(errors.MaintenanceError, create_again=True, look_again=True),
    500: _FAULT,
    501: Meaning(errors.GenerationFailedError, *_LOST),
    502: _FAULT,
    503: _FAULT,
    504: _FAULT,
    505: Meaning(errors.FeatureDisabledError),
}
REFUSALS = [code for code, meaning in CODES.items() if meaning.charged is Charged.NO]
PUT_OFF = [code for code in REFUSALS if CODES[code].create_again]
FINAL_REFUSALS = [code for code in REFUSALS if code not in PUT_OFF]
DOUBTS = [code for code, meaning in CODES.items() if meaning.state is State.UNKNOWN]
KINDS = [code for code in CODES if code not in (502, 503, 504)]  # each another error
# What HTTP itself has for a request that was not taken, and the contract lacks.
HTTP_REFUSALS = [400, 405, 411, 413, 414, 415, 431]
