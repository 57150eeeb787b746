"""What a command tells the script that called it, as a number."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import TYPE_CHECKING

from nanobanana_nb.errors import (
    BudgetError,
    DownloadError,
    GenerationFailedError,
    InputError,
    InsufficientCreditsError,
    InvalidRequestError,
    NanobananaError,
    OutcomeUnknownError,
    SettingsError,
    StillRunningError,
)

if TYPE_CHECKING:
    from nanobanana_nb.model.result import Generation


class ExitCode(IntEnum):
    """The exit codes, each with its sentence for help and README."""

    sentence: str

    def __new__(cls, number: int, sentence: str) -> ExitCode:
        code = int.__new__(cls, number)
        code._value_ = number
        code.sentence = sentence
        return code

    DONE = 0, "all is there"
    FAILED = 1, "some images failed, or are still to come"
    USAGE = 2, "an option, a value or a setting cannot be used"
    UNPAID = 3, "nothing was sent, or not all: for money, or for want of a yes"
    SERVICE = 4, "the service, the network or the disk cannot be used"
    INTERRUPTED = 130, "interrupted: what is paid can be fetched"


_KINDS: tuple[tuple[ExitCode, tuple[type[NanobananaError], ...]], ...] = (
    (ExitCode.UNPAID, (BudgetError, InsufficientCreditsError)),
    (ExitCode.USAGE, (InputError, SettingsError)),
    (
        ExitCode.FAILED,
        (
            *(GenerationFailedError, InvalidRequestError, DownloadError),
            *(StillRunningError, OutcomeUnknownError),
        ),
    ),
)


def code_of_error(error: NanobananaError) -> ExitCode:
    """Return the exit code for an error of ours."""
    for code, kinds in _KINDS:
        if isinstance(error, kinds):
            return code
    return ExitCode.SERVICE


def code_of_images(images: Sequence[Generation]) -> ExitCode:
    """Return the exit code for images: that of their error where not one came."""
    if all(image.ok for image in images):
        return ExitCode.DONE
    errors = [image.error for image in images if image.error is not None]
    nothing_came = not any(image.ok for image in images)
    return code_of_error(errors[0]) if nothing_came and errors else ExitCode.FAILED
