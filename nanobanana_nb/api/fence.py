"""The fence around a provider's code: it raises errors of ours only, and returns what it must."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from nanobanana_nb.api.provider import (
    MOST_LINKS,
    Call,
    Estimate,
    Provider,
    TaskInfo,
    UploadSlot,
)
from nanobanana_nb.api.task_names import task_id_of
from nanobanana_nb.errors import (
    NanobananaError,
    ProviderReadError,
    ServiceError,
    UnexpectedAnswerError,
    charged_for,
    fenced,
    service_error,
)
from nanobanana_nb.model.result import State
from nanobanana_nb.privacy.redaction import cleaned

T = TypeVar("T")

# After an answer came no other error is true: after "not sent" a create would go out once more.
_ANSWERS = (ServiceError, UnexpectedAnswerError)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
_STATES = frozenset({State.PENDING, State.RUNNING, State.SUCCESS, State.FAILED})


@dataclass(frozen=True)
class FencedWire:
    """A provider's `Wire` whose faults are errors of ours that name provider and method."""

    provider: Provider

    def __getattr__(self, method: str) -> Callable[..., Any]:
        what = f"Provider {self.provider.name} failed in {method}"
        reads = method.startswith("read_")

        def call(*args: Any) -> Any:
            with fenced(what, ProviderReadError, _ANSWERS) if reads else fenced(what):
                return _checked(method, getattr(self.provider.wire, method)(*args))

        return call


def started_app(name: str, app: Callable[[], Any]) -> Any:
    """Return the service that a provider of this name makes in this process."""
    with fenced(f"Provider {name} failed in app"):
        return app()


def _checked(method: str, value: Any) -> Any:
    """Return what a method of a wire returned, as what it must be."""
    match method:
        case "create":  # it costs money, whatever the provider says of it
            return replace(_call(value), creates=True, repeatable=False)
        case "info":  # its answer may hold an image itself
            return replace(_call(value), holds_media=True)
        case "balance" | "models" | "schema" | "upload":
            return _call(value)
        case "estimates":
            return tuple(_call(call) for call in value)
        case "read_created":
            if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
                raise TypeError(f"it returned a {type(value).__name__}, not the id of a task")
            return task_id_of(cleaned(str(value)))
        case "read_info":
            return _task(value)
        case "read_balance":
            return _number(value)
        case "read_estimate":
            _number(_of(Estimate, value).credits)
            return value
        case "read_models":
            return _texts(value)
        case "read_schema":
            if not isinstance(value, Mapping):
                raise TypeError(f"it returned a {type(value).__name__}, not a mapping")
            return dict(cleaned(value))
        case "read_upload":
            slot = _of(UploadSlot, value)
            return UploadSlot(*_texts((slot.put_url, slot.file_url)))
    raise AttributeError(method)


def _call(value: Any) -> Call:
    call = _of(Call, value)
    texts = (call.method, call.path, *call.query, *map(str, call.query.values()))
    for text in texts:
        _of(str, text)
    if call.method.upper() not in _METHODS:
        raise ValueError(f"it returned a call of the method {call.method!r}")
    if not call.path.startswith("/") or not call.path.isprintable():  # else the host could change
        raise ValueError("it returned a call whose path is none")
    json.dumps(call.body, allow_nan=False, ensure_ascii=False).encode()
    return call


def _task(value: Any) -> TaskInfo:
    info = _of(TaskInfo, value)
    if _of(State, info.state) not in _STATES:
        raise ValueError(f"it returned the state {info.state!r}, which is no service's word")
    for number in (info.credits, info.seconds, info.created_at):
        if number is not None:
            _number(number)
    links = _texts(info.media_urls, MOST_LINKS)
    if not isinstance(info.fields, Mapping):
        raise TypeError(f"it returned a {type(info.fields).__name__} for the fields of a task")
    info = replace(info, model=cleaned(_of(str, info.model)), fields=cleaned(info.fields))
    has_failed = info.error is not None or info.state is State.FAILED
    return replace(info, media_urls=links, error=_task_error(info) if has_failed else None)


def _task_error(info: TaskInfo) -> NanobananaError:
    """Return why a task failed; it says what was taken where the service told."""
    error = info.error
    if error is None:
        error = service_error(501, "the provider gave no reason")
    copy = NanobananaError.__new__(type(_of(NanobananaError, error)), *error.args)
    vars(copy).update(vars(error))  # a provider may have one error for many tasks
    if error.charged is None or info.credits is not None:
        copy.charged, copy.credits = charged_for(info.credits), info.credits
    return copy


def _number(value: Any) -> float:
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"it returned {value!r}, which is no amount")
    return float(value)


def _texts(value: Any, most: int | None = None) -> tuple[str, ...]:
    if not isinstance(value, tuple | list):
        raise TypeError(f"it returned a {type(value).__name__}, not several texts")
    return tuple(cleaned(_of(str, text)) for text in value[:most])


def _of(kind: type[T], value: Any) -> T:
    if not isinstance(value, kind):
        raise TypeError(f"it returned a {type(value).__name__}, not a {kind.__name__}")
    return value
