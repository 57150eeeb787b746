"""Every error that this package raises: what happened, why, and what to do.

NanobananaError
├── InputError               a prompt, option or value that cannot be used
│   └── ReferenceImageError  a reference image that cannot be read
├── SettingsError            a setting that cannot be used
│   └── MissingKeyError      the service wants a key and there is none
├── LedgerError              the home folder or its database cannot be used
├── BudgetError              it would cost more than was allowed: nothing was sent
├── NotSentError             no connection: the request never left
│   └── CertificateError     the other side is not who it should be
├── ConnectionLostError      the request left and its answer was lost
├── OutcomeUnknownError      sent, but no answer says what became of it
├── StillRunningError        the image is still to come, the wait is over
├── ForgottenError           a person had the image forgotten
├── OtherProcessError        the process that was forked does what is waited for
├── DownloadError            the image exists but could not be fetched
├── UnexpectedAnswerError    the service said something outside its contract
├── ProviderError            the code of a provider failed
│   └── ProviderReadError    it failed over an answer, which is an UnexpectedAnswerError too
└── ServiceError             the service said no
    ├── AuthenticationError        401
    ├── InsufficientCreditsError   402
    ├── AccessDeniedError          403
    ├── NotFoundError              404
    ├── InvalidRequestError        422
    ├── RateLimitedError           429
    ├── MaintenanceError           455
    ├── ServerFaultError           500, 502, 503, 504
    ├── GenerationFailedError      501
    └── FeatureDisabledError       505
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from functools import partial
from typing import Any, ClassVar, TypeVar

from nanobanana_nb.privacy.redaction import redacted
from nanobanana_nb.text.terminal import MOST_TASK, cut, printable, printed, visible

E = TypeVar("E", bound=BaseException)

MOST_PART = 1_000  # characters of one part of a message


class Charged(StrEnum):
    """Whether credits were taken for what failed."""

    NO = "no"
    YES = "yes"
    UNKNOWN = "unknown"


_CHARGED_WORDS = {
    Charged.NO: "no credits were taken",
    Charged.YES: "credits were taken",
    Charged.UNKNOWN: "credits may have been taken",
}


def charged_words(charged: Charged, credits: float | None = None) -> str:
    """Return whether credits were taken, and how many where the service told."""
    if charged is not Charged.YES or not credits:
        return _CHARGED_WORDS[charged]
    return f"{credits:,.10g} {'credit was' if credits == 1 else 'credits were'} taken"


def charged_for(credits: float | None) -> Charged:
    """Return whether credits were taken for a finished task, whose `credits` are its charge."""
    if credits is None:
        return Charged.UNKNOWN
    return Charged.YES if credits else Charged.NO


@printed
class NanobananaError(Exception):
    """What happened, why, and what to do about it, in one or two short lines.

    Neither a key nor a signed link gets into any of its texts.

    Args:
        what: what happened, without a full stop at its end.
        why: the reason, for example the service's own message.
        action: what the person can do; a class has a default of its own.
        task_id: the service's name for the task, if there is one.
        charged: whether credits were taken, if money is concerned at all.
        credits: how many were taken, where the service told.

    Examples:
        >>> from nanobanana_nb import NanobananaError, generate
        >>> try:
        ...     generate("A heron", max_credits=1)
        ... except NanobananaError as refusal:
        ...     error = refusal
        >>> error.what
        'Nothing was sent: ...'
    """

    __module__ = "nanobanana_nb"  # where people find it

    default_action: ClassVar[str] = ""

    def __init__(
        self,
        what: str,
        *,
        why: str = "",
        action: str | None = None,
        task_id: str | None = None,
        charged: Charged | None = None,
        credits: float | None = None,
    ) -> None:
        self.what = redacted(what)
        super().__init__(self.what)
        self.why = redacted(why)
        self.action = self.default_action if action is None else redacted(action)
        self.task_id = None if task_id is None else redacted(task_id)
        self.charged = charged
        self.credits = credits

    @property
    def message(self) -> str:
        """The whole text, on one line; what is foreign in it is cut where it is absurdly long.

        Examples:
            >>> error.message == str(error)
            True
        """
        reason = ": ".join(cut(part, MOST_PART) for part in (self.what, self.why) if part)
        task = f"Task {cut(self.task_id, MOST_TASK)}." if self.task_id else ""
        money = charged_words(self.charged, self.credits) if self.charged else ""
        money = f"{money[0].upper()}{money[1:]}." if money else ""
        end = "" if reason.endswith((".", "!", "?", "…")) else "."
        parts = (reason + end, money, task, cut(self.action, MOST_PART))
        return " ".join(part for part in parts if part)

    def __str__(self) -> str:
        return self.message

    def add_note(self, note: str) -> None:
        """Add the line `note` below the message.

        Examples:
            >>> error.add_note("Step 2 of 3")
        """
        super().add_note(visible(redacted(note)))

    def _render_traceback_(self) -> list[str]:
        return message_alone(self)

    def to_record(self) -> dict[str, Any]:
        """Return the error as plain JSON data, for the ledger.

        Examples:
            >>> error.to_record()["kind"]
            'BudgetError'
        """
        names = ("what", "why", "action", "task_id", "charged", "credits", "code")
        values = {name: getattr(self, name, None) for name in names}
        record = {name: value for name, value in values.items() if value not in (None, "")}
        return {"kind": type(self).__name__, **record}


class InputError(NanobananaError):
    """A prompt, an option or a value cannot be used as it stands."""


class ReferenceImageError(InputError):
    """A reference image cannot be found or read."""


class SettingsError(NanobananaError):
    """A setting has a value that cannot be used."""

    default_action = "`%nanobanana config` shows every setting and where it comes from."


class MissingKeyError(SettingsError):
    """A service was asked for that wants an API key, and there is none."""

    default_action = (
        "Set it in the environment before Jupyter starts, "
        "or choose the provider `simulator`, which needs none."
    )


class LedgerError(NanobananaError):
    """The home folder, or the database in it, cannot be used."""

    default_action = "Set NANOBANANA_HOME to a folder that you may write to."


class BudgetError(NanobananaError):
    """It would cost more than was allowed, so it was not sent."""


class NotSentError(NanobananaError):
    """No connection came about, so the service never saw the request."""

    default_action = "Check the network, then run the cell again."


class CertificateError(NotSentError):
    """The other side's certificate does not hold: nothing was sent and nothing is tried again."""

    default_action = "Check the clock; a proxy may stand between."


class ConnectionLostError(NanobananaError):
    """The request left and the connection broke, or the time was up, before the whole answer."""

    default_action = "Check the network, then try again."


class OutcomeUnknownError(NanobananaError):
    """The request was sent and no answer says whether a task was created."""

    default_action = (
        "It is not sent again by itself. Compare `%nanobanana balance`; "
        "`%nanobanana history --ids` gives its number for `%nanobanana resolve`."
    )

    def with_number(self, number: int) -> OutcomeUnknownError:
        """Say how to decide about the task of this number in the ledger."""
        self.action = (
            "It is not sent again by itself. Compare `%nanobanana balance`, then decide: "
            f"`%nanobanana resolve {number} --resend` pays again, `--forget` lets it go."
        )
        return self


class StillRunningError(NanobananaError):
    """The wait is over and the image is still to come: the service has the task."""

    default_action = "`%nanobanana resume` fetches the image later, at no further cost."


class OtherProcessError(NanobananaError):
    """What is waited for goes on in the process that this one was forked from."""

    default_action = (
        "Ask for the same again here: what that process pays for is waited for and not paid again."
    )


class ForgottenError(NanobananaError):
    """A person had the image forgotten: its picture and its words are gone, its cost is not."""

    default_action = "Asking again pays for a new one."


class DownloadError(NanobananaError):
    """The image was made but could not be fetched or is not an image."""

    kept: str | None = None  # the hash of what came instead, which is on disk
    default_action = "`%nanobanana resume` tries the download again, at no further cost."


class UnexpectedAnswerError(NanobananaError):
    """The service answered with something that its contract does not know."""

    default_action = "Try again later."


class ProviderError(NanobananaError):
    """The code of a provider, most likely of a third party, raised or returned what it may not."""

    default_action = "Tell those who make the provider, or choose another."


class ProviderReadError(ProviderError, UnexpectedAnswerError):
    """A provider could not read an answer of its service, whatever that was."""


class ServiceError(NanobananaError):
    """The service refused, with one of the codes of its contract."""

    code: int = 0
    title: ClassVar[str] = "The service refused"
    retry_after_s: float | None = None  # how long the service asks to wait, in seconds


class AuthenticationError(ServiceError):
    """401: the API key is missing or wrong."""

    code = 401
    title = "The API key was not accepted (401)"
    default_action = "Check the key: `%nanobanana doctor` says where it comes from."


class InsufficientCreditsError(ServiceError):
    """402: the account has too few credits."""

    code = 402
    title = "The account has too few credits (402)"
    default_action = "Top up the account; `%nanobanana balance` shows what is left."


class AccessDeniedError(ServiceError):
    """403: the key is disabled, or the service's edge turned the call away."""

    code = 403
    title = "Access was denied (403)"
    default_action = "The key may be disabled: look at it in your account at the service."


class NotFoundError(ServiceError):
    """404: no such task, model or endpoint for this account."""

    code = 404
    title = "Not found (404)"
    default_action = (
        "Tasks are visible only to the account that made them; `%nanobanana models` lists models."
    )


class InvalidRequestError(ServiceError):
    """422: the service does not take these values."""

    code = 422
    title = "The service does not take this request (422)"
    default_action = "Change what it names; `%nanobanana models` lists what each model takes."


class RateLimitedError(ServiceError):
    """429: too many calls in too short a time."""

    code = 429
    title = "The service asks for fewer calls (429)"
    default_action = "Wait a minute and run the cell again: what is done is kept."


class MaintenanceError(ServiceError):
    """455: the service is down for maintenance."""

    code = 455
    title = "The service is under maintenance (455)"
    default_action = "Try again later: what is done is kept."


class ServerFaultError(ServiceError):
    """500 and the gateway's 502, 503 and 504: a fault at the service."""

    code = 500
    title = "The service had a fault"
    default_action = "Try again later."


class GenerationFailedError(ServiceError):
    """501: the task ran and made no image."""

    code = 501
    title = "The generation failed (501)"
    default_action = "Change the prompt, or run the cell again for a new try."


class FeatureDisabledError(ServiceError):
    """505: the service has switched this feature off."""

    code = 505
    title = "This feature is switched off at the service (505)"
    default_action = "Choose another model: `%nanobanana models` lists them."


_BY_CODE: dict[int, type[ServiceError]] = {
    kind.code: kind
    for kind in (
        AuthenticationError,
        InsufficientCreditsError,
        AccessDeniedError,
        NotFoundError,
        InvalidRequestError,
        RateLimitedError,
        MaintenanceError,
        ServerFaultError,
        GenerationFailedError,
        FeatureDisabledError,
    )
}


def service_error(code: int, why: str = "", **details: Any) -> ServiceError:
    """Return the error for a code of the contract; other codes keep their number.

    Unknown 5xx codes are server faults. `details` go to the error as they are.
    """
    kind = _BY_CODE.get(code) or (ServerFaultError if code >= 500 else ServiceError)
    title = kind.title if code in _BY_CODE and code != 500 else f"{kind.title} ({code})"
    error = kind(title, why=why, **details)
    error.code = code
    return error


def from_record(record: Mapping[str, Any]) -> NanobananaError:
    """Rebuild the error that `to_record` wrote."""
    kinds = {kind.__name__: kind for kind in _subtree(NanobananaError)}
    fields = dict(record)
    kind = kinds.get(fields.pop("kind", ""), NanobananaError)
    code = fields.pop("code", None)
    charged = fields.pop("charged", None)
    error = kind(fields.pop("what", "unknown error"), **fields)
    error.charged = Charged(charged) if charged else None
    if isinstance(error, ServiceError) and code is not None:
        error.code = code
    return error


@contextmanager
def fenced(
    what: str,
    kind: type[ProviderError] = ProviderError,
    passing: tuple[type[BaseException], ...] = (NanobananaError,),
) -> Iterator[None]:
    """Run foreign code, and nothing that is awaited: what it raises becomes an error of ours.

    A cancellation or an interrupt that it raises comes from nobody else, and would end the loop.

    Args:
        passing: what it may raise.
    """
    try:
        yield
    except passing:
        raise
    except BaseException as error:
        raise kind(what, why=traceback.format_exception_only(error)[-1]) from None


def without_frames(error: E) -> E:
    """Let go of frames and causes, whose values are the wire's, and return the error."""
    error.__traceback__ = error.__context__ = error.__cause__ = None
    return error


class WaitInterrupted(KeyboardInterrupt):
    """A person stopped a wait, for images or scores. Its text says how to have the rest."""

    is_shown = False  # whether the output says so already

    def _render_traceback_(self) -> list[str]:
        return message_alone(self)


def message_alone(error: BaseException) -> list[str]:
    """Return what IPython shows of an error whose frames say nothing to the reader of a notebook.

    What draws errors in IPython's place, as rich does, draws the error itself afterwards.
    """
    without_frames(error)
    notes = map(printable, getattr(error, "__notes__", ()))
    return [f"{type(error).__name__}: {error}", *notes]


def hide_values(error: Exception) -> None:
    """Let IPython show where a bug was, and not the values there, which may be signed links."""
    if not hasattr(error, "_render_traceback_"):
        error._render_traceback_ = partial(_frames, error)  # type: ignore[attr-defined]


def _frames(error: Exception) -> list[str]:
    return visible(redacted("".join(traceback.format_exception(error)))).splitlines()


def _subtree(kind: type[NanobananaError]) -> list[type[NanobananaError]]:
    return [kind, *(heir for child in kind.__subclasses__() for heir in _subtree(child))]
