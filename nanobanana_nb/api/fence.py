"""The fence around a provider's code: it raises errors of ours only, and returns what it must."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import replace
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
from nanobanana_nb.privacy.redaction import storable, without_keys

T = TypeVar("T")

# After an answer came no other error is true: after "not sent" a create would go out once more.
_ANSWERS = (ServiceError, UnexpectedAnswerError)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
_STATES = frozenset({State.PENDING, State.RUNNING, State.SUCCESS, State.FAILED})


class FencedWire:
    """A provider's `Wire` whose faults are errors of ours that name provider and method."""

    def __init__(self, provider: Provider) -> None:
        self._wire = provider.wire
        self._name = provider.name

    def __getattr__(self, method: str) -> Callable[..., Any]:
        what = f"Provider {self._name} failed in {method}"
        reads = method.startswith("read_")

        def call(*args: Any) -> Any:
            with fenced(what, ProviderReadError, _ANSWERS) if reads else fenced(what):
                return _RESULTS[method](getattr(self._wire, method)(*args))

        return call


def fenced_app(provider: Provider) -> Callable[[], Any] | None:
    """Return the function that makes a provider's service in this process, None for none."""
    if (app := provider.app) is None:
        return None

    def make() -> Any:
        with fenced(f"Provider {provider.name} failed in app"):
            return app()

    return make


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


def _create(value: Any) -> Call:
    """Return the call that costs money as what it is, whatever the provider says of it."""
    return replace(_call(value), creates=True, repeatable=False)


def _info(value: Any) -> Call:
    """Return the call whose answer may hold an image itself."""
    return replace(_call(value), holds_media=True)


def _calls(value: Any) -> tuple[Call, ...]:
    return tuple(_call(call) for call in value)


def _task_id(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        raise TypeError(f"it returned a {type(value).__name__}, not the id of a task")
    return task_id_of(_clean(str(value)))


def _task(value: Any) -> TaskInfo:
    info = _of(TaskInfo, value)
    if _of(State, info.state) not in _STATES:
        raise ValueError(f"it returned the state {info.state!r}, which is no service's word")
    for number in (info.credits, info.seconds):
        if number is not None:
            _number(number)
    links = _texts(info.media_urls, MOST_LINKS)
    return replace(info, media_urls=links, error=_task_error(info))


def _task_error(info: TaskInfo) -> NanobananaError | None:
    """Return why a task failed; it says what was taken where the service told."""
    error = info.error
    if error is None and info.state is State.FAILED:
        error = service_error(501, "the provider gave no reason")
    if error is None:
        return None
    copy = NanobananaError.__new__(type(_of(NanobananaError, error)), *error.args)
    vars(copy).update(vars(error))  # a provider may have one error for many tasks
    if error.charged is None or info.credits is not None:
        copy.charged, copy.credits = charged_for(info.credits), info.credits
    return copy


def _estimate(value: Any) -> Estimate:
    estimate = _of(Estimate, value)
    _number(estimate.credits)
    return estimate


def _number(value: Any) -> float:
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"it returned {value!r}, which is no amount")
    return float(value)


def _texts(value: Any, most: int | None = None) -> tuple[str, ...]:
    if not isinstance(value, tuple | list):
        raise TypeError(f"it returned a {type(value).__name__}, not several texts")
    return tuple(_clean(_of(str, text)) for text in value[:most])


def _schema(value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise TypeError(f"it returned a {type(value).__name__}, not a mapping")
    return dict(_clean(value))


def _slot(value: Any) -> UploadSlot:
    slot = _of(UploadSlot, value)
    return UploadSlot(*_texts((slot.put_url, slot.file_url)))


def _clean(value: Any) -> Any:
    """Return decoded data without a key that the service quotes, however it was escaped."""
    if isinstance(value, str):
        return without_keys(storable(value))
    if isinstance(value, list | tuple):
        return [_clean(part) for part in value]
    if isinstance(value, Mapping):
        return {_clean(name): _clean(part) for name, part in value.items()}
    return value


def _of(kind: type[T], value: Any) -> T:
    if not isinstance(value, kind):
        raise TypeError(f"it returned a {type(value).__name__}, not a {kind.__name__}")
    return value


_RESULTS: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("balance", "models", "schema", "upload"), _call),
    "create": _create,
    "info": _info,
    "estimates": _calls,
    "read_created": _task_id,
    "read_info": _task,
    "read_balance": _number,
    "read_estimate": _estimate,
    "read_models": _texts,
    "read_schema": _schema,
    "read_upload": _slot,
}
