"""The wire format of the CRUN task API: builds calls, reads answers, does no I/O.

Source: the public reference pages *Generate images using Google Nano Banana*, *Get Task
Info*, *Models overview* and *Common API*, and the vendor's public OpenAPI documents.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

from nanobanana_nb.api.provider import (
    MOST_LINKS,
    Answer,
    Call,
    Estimate,
    Provider,
    TaskInfo,
    UploadSlot,
)
from nanobanana_nb.api.task_names import id_in, named_task, task_id_of
from nanobanana_nb.errors import (
    GenerationFailedError,
    NanobananaError,
    ServiceError,
    UnexpectedAnswerError,
    charged_for,
    service_error,
)
from nanobanana_nb.model.credits import balance_of, price_of
from nanobanana_nb.model.result import State
from nanobanana_nb.privacy.redaction import cleaned, redacted, storable
from nanobanana_nb.settings.config import VARIABLES, Settings
from nanobanana_nb.settings.keys import CRUN_NAMES

ROOT = "/api/v1/client"
EXTENSIONS = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/webp": ".webp",
    "image/gif": ".gif",
}
RATE = (20, 10.0)  # calls and seconds: what a public client holds itself to
_WEB = ("https://", "http://")
_RESULT = (*_WEB, "/", "data:")  # on the service itself, or in the answer itself
_LONGEST_MESSAGE = 400
_DEEPEST = 6  # so many lists and objects in each other are searched for links
_NUMERIC = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]{1,3})?")
_MOST_CODE = 999_999
_STATES = {
    "pending": State.PENDING,
    "running": State.RUNNING,
    "success": State.SUCCESS,
    "failed": State.FAILED,
}
_LONGEST_S = 1e7  # four months: no task of this API takes so long


def provider(settings: Settings) -> Provider:
    """Return the CRUN service."""
    return Provider(
        "crun",
        settings.base_url,
        CrunWire(),
        rate=RATE,
        key_names=CRUN_NAMES,
        url_setting=VARIABLES["base_url"],
    )


class CrunWire:
    """CRUN's calls and answers."""

    def create(self, model: str, fields: Mapping[str, Any], callback_url: str | None) -> Call:
        body = {"model": model, "input": dict(fields)}
        if callback_url:
            body["callback_url"] = callback_url
        path = f"{ROOT}/job/CreateTask"
        return Call("POST", path, body=body, repeatable=False, creates=True)

    def read_created(self, answer: Answer) -> str:
        body = _decoded(answer.body)
        try:
            read_envelope(answer)
        except (ServiceError, UnexpectedAnswerError) as error:
            error.task_id = id_in(named_task(body, bare=not isinstance(error, ServiceError)))
            raise
        return task_id_of(named_task(body))

    def info(self, task_id: str) -> Call:
        return Call("GET", f"{ROOT}/job/TaskInfo", query={"task_id": task_id})

    def read_info(self, answer: Answer, task_id: str) -> TaskInfo:
        data = _mapping(read_envelope(answer))
        echo = data.get("task_id")
        if echo not in (None, "") and str(echo) != task_id:
            raise UnexpectedAnswerError("The service told of another task than asked")
        result = data.get("result")
        result = result if isinstance(result, Mapping) else {}
        word = str(data.get("status") or "").strip().lower()
        # A word that the contract does not know means: not finished yet.
        state, credits = _STATES.get(word, State.RUNNING), _float(data.get("credits"))
        asked = data.get("param")
        asked = asked if isinstance(asked, Mapping) else {}
        fields = asked.get("input")
        info = TaskInfo(
            *(task_id, state, credits, _seconds(data)),
            model=str(asked.get("model") or ""),
            fields=fields if isinstance(fields, Mapping) else {},
            created_at=_float(data.get("create_at")),
        )
        if info.state is State.SUCCESS:
            return replace(info, media_urls=tuple(_links(result.get("media_urls"), _RESULT)))
        if info.state is State.FAILED:
            return replace(info, error=_failure(data, result, info))
        return info

    def balance(self) -> Call:
        return Call("GET", f"{ROOT}/account/balance")

    def read_balance(self, answer: Answer) -> float:
        return _required(_mapping(read_envelope(answer)), "balance", balance_of)

    def estimates(self, model: str, fields: Mapping[str, Any]) -> tuple[Call, ...]:
        body = {"model": model, "input": dict(fields)}
        paths = ("estimate-credits", "EstimateTask")  # the documented one, the vendor client's
        return tuple(Call("POST", f"{ROOT}/job/{path}", body=body) for path in paths)

    def read_estimate(self, answer: Answer) -> Estimate:
        data = _mapping(read_envelope(answer))
        if "estimated_credits" in data:
            credits = _required(data, "estimated_credits", price_of)
            balance = balance_of(_float(data.get("balance")))
            return Estimate(credits, exact=False, balance=balance)
        credits = _required(data, "credits", price_of)
        return Estimate(credits, exact=data.get("estimated") is False)

    def models(self) -> Call:
        return Call("GET", f"{ROOT}/job/Models", query={"modality": "image"})

    def read_models(self, answer: Answer) -> tuple[str, ...]:
        rows = _mapping(read_envelope(answer)).get("models")
        rows = rows if isinstance(rows, list) else []
        names = [row.get("model") for row in rows if isinstance(row, Mapping)]
        return tuple(name for name in names if isinstance(name, str))

    def schema(self, model: str) -> Call:
        return Call("GET", f"{ROOT}/job/Models/{quote(storable(model), safe='/')}")

    def read_schema(self, answer: Answer) -> dict[str, Any]:
        return dict(_mapping(read_envelope(answer)))

    def upload(self, media_type: str) -> Call:
        query = {"content_type": media_type, "ext": EXTENSIONS[media_type]}
        return Call("GET", f"{ROOT}/files/upload-url", query=query)

    def read_upload(self, answer: Answer) -> UploadSlot:
        data = _mapping(read_envelope(answer))
        put_urls, file_urls = _links(data.get("presigned_url")), _links(data.get("file_url"))
        if not (put_urls and file_urls):
            raise UnexpectedAnswerError("The service named no place for the upload")
        return UploadSlot(put_urls[0], file_urls[0])


def read_envelope(answer: Answer) -> Any:
    """Return `data` of an answer that succeeded; raise what any other stands for.

    The body's `code` counts before the HTTP status, and a numeric string is a number.
    """
    body = _decoded(answer.body)
    word = _code(body)
    if word == 200 and 200 <= answer.status < 300:
        return body.get("data")
    code = answer.status if word in (None, 200) else word
    if code is None or code < 400:
        raise UnexpectedAnswerError(
            f"The service's answer ({code}) makes no sense", why=_reason(body, answer)
        )
    error = service_error(code, _reason(body, answer))
    error.retry_after_s = retry_after_s(answer.headers.get("retry-after"))
    raise error


def _decoded(body: bytes) -> Any:
    """Return what a body says without keys that it quotes, None where it is no JSON."""
    try:
        return cleaned(json.loads(body))
    except (ValueError, RecursionError):
        return None


def retry_after_s(value: str | None, now: datetime | None = None) -> float | None:
    """Return the seconds that a `Retry-After` header asks for; None where it says nothing.

    Takes both forms of RFC 9110 section 10.2.3: seconds, and an HTTP date.
    """
    if value is None:
        return None
    seconds = number(value.strip())
    if seconds is None:
        try:
            when = parsedate_to_datetime(value)
        except (ValueError, TypeError, OverflowError):
            return None
        when = when if when.tzinfo else when.replace(tzinfo=UTC)
        seconds = (when - (now or datetime.now(UTC))).total_seconds()
    return max(0.0, seconds)


def number(value: Any) -> float | None:
    """Return a finite number from a JSON number or a numeric string, else None."""
    amount = _float(value)
    return amount if amount is not None and math.isfinite(amount) else None


def _float(value: Any) -> float | None:
    """Return the number, without end where it is too large for one."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, str) and not _NUMERIC.fullmatch(value.strip()):  # float() also takes "1_0"
        return None
    try:
        return float(value)
    except OverflowError:  # an int of hundreds of digits
        return math.inf if int(value) > 0 else -math.inf
    except ValueError:
        return None


def _code(body: Any) -> int | None:
    code = _float(body.get("code")) if isinstance(body, Mapping) else None
    return int(code) if code is not None and 0 <= code <= _MOST_CODE else None


def _reason(body: Any, answer: Answer) -> str:
    if isinstance(body, Mapping):
        errors = body.get("errors")
        texts = [str(e) for e in errors] if isinstance(errors, list) else []
        return _short("; ".join([str(body.get("message") or ""), *texts]).strip("; "))
    if not answer.body.strip():
        return "the answer was empty"
    kind = "a web page" if answer.body.lstrip()[:1] == b"<" else "something"
    return f"the answer was {kind}, not JSON"


def _short(text: str) -> str:
    text = redacted(" ".join(text.split()))  # before it is cut: half a key is a secret too
    return text if len(text) <= _LONGEST_MESSAGE else text[:_LONGEST_MESSAGE] + " …"


def _mapping(data: Any) -> Mapping[str, Any]:
    if isinstance(data, Mapping):
        return data
    raise UnexpectedAnswerError("The service's answer lacks its data")


def _required(data: Mapping[str, Any], name: str, read: Callable[[Any], float | None]) -> float:
    credits = read(_float(data.get(name)))
    if credits is None:
        raise UnexpectedAnswerError(f"The service's answer lacks a usable number for {name!r}")
    return credits


def _links(value: Any, starts: tuple[str, ...] = _WEB) -> list[str]:
    """Return the first links in what should be a list of texts: a text, or objects with them."""
    links: dict[str, None] = {}
    rest = [(value, 0)]
    while rest and len(links) < MOST_LINKS:
        part, depth = rest.pop()
        if isinstance(part, str) and part.strip()[:8].lower().startswith(starts):
            links[part.strip()] = None
        if isinstance(part, Mapping):  # its `url` goes before a preview's
            part = [part.get("url"), *part.values()]
        if isinstance(part, list) and depth < _DEEPEST:
            rest += [(inner, depth + 1) for inner in reversed(part)]
    return list(links)


def _failure(data: Mapping[str, Any], result: Mapping[str, Any], info: TaskInfo) -> NanobananaError:
    reasons = (result.get("message"), *(data.get(n) for n in ("reason", "error_message", "error")))
    why = next((_short(str(text)) for text in reasons if text), "the service gave no reason")
    code = _code(result)
    if code is None or code == 200:
        code = GenerationFailedError.code
    charged = charged_for(info.credits)
    return service_error(code, why, task_id=info.task_id, charged=charged, credits=info.credits)


def _seconds(data: Mapping[str, Any]) -> float | None:
    seconds = _float(data.get("duration_s"))
    start, end = _float(data.get("create_at")), _float(data.get("complete_at"))
    if (seconds is None or not math.isfinite(seconds)) and start is not None and end is not None:
        seconds = end - start
    return seconds if seconds is not None and 0 <= seconds <= _LONGEST_S else None
