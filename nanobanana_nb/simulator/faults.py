"""Scripted misbehaviour and the log of calls, for tests of clients."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from typing import Any

from starlette.responses import HTMLResponse, JSONResponse, Response

from nanobanana_nb.simulator.errors import MESSAGES

Json = dict[str, Any]

PLACES = ("create", "info", "estimate", "balance", "models", "upload", "put", "media")
TASK_FATES = ("fail", "fail-silent", "no-url", "unknown-state", "upper-case", "404-first")
_FIELDS: dict[str, tuple[type, ...]] = {
    "on": (str,),
    "times": (int, type(None)),
    "skip": (int,),
    "status": (int,),
    "body_code": (int,),
    "code_as_string": (bool,),
    "html": (bool,),
    "empty": (bool,),
    "delay_s": (int, float),
    "retry_after": (str, int),
    "task": (str,),
    "accepted": (bool,),
    "looks": (int, type(None)),
    "charged": (bool,),
    "message": (str,),
}
_HTML = "<!doctype html><html><head><title>{0}</title></head><body><h1>{0}</h1></body></html>"


@dataclass
class _ScriptEntry:
    fault: Json
    skip: int
    times: int | None


class FaultScript:
    """The faults that were asked for, used up call by call; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._script: list[_ScriptEntry] = []

    def replace(self, faults: list[Json]) -> None:
        """Forget the old script and take this one."""
        script = [_ScriptEntry(f, f.get("skip", 0), f.get("times", 1)) for f in faults]
        with self._lock:
            self._script = script

    def extend(self, faults: list[Json]) -> None:
        """Append faults to the script."""
        script = [_ScriptEntry(f, f.get("skip", 0), f.get("times", 1)) for f in faults]
        with self._lock:
            self._script.extend(script)

    def take(self, place: str) -> Json:
        """The fault for a call at this place, or an empty dict; counts the call."""
        with self._lock:
            for entry in self._script:
                if entry.fault["on"] != place or entry.times == 0:
                    continue
                if entry.skip:
                    entry.skip -= 1
                    continue
                if entry.times is not None:
                    entry.times -= 1
                return entry.fault
        return {}


def script_errors(faults: object) -> list[str]:
    """What is wrong with a posted script, in words."""
    if not isinstance(faults, list):
        return ["body: must be a JSON list of faults"]
    return [f"[{n}] {what}" for n, fault in enumerate(faults) for what in _fault_errors(fault)]


def _fault_errors(fault: object) -> list[str]:
    if not isinstance(fault, dict):
        return ["must be an object"]
    errors = [f"{name}: unknown field" for name in fault if name not in _FIELDS]
    for name, types in _FIELDS.items():
        if name in fault and not isinstance(fault[name], types):
            errors.append(f"{name}: wrong type")
    if fault.get("on") not in PLACES:
        errors.append(f"on: one of {', '.join(PLACES)}")
    if "task" in fault and fault["task"] not in TASK_FATES:
        errors.append(f"task: one of {', '.join(TASK_FATES)}")
    return errors


def answers(fault: Json) -> bool:
    """Whether this fault puts an answer of its own in the place of the real one."""
    return any(fault.get(name) for name in ("status", "body_code", "html", "empty"))


def fault_response(fault: Json) -> Response:
    """The answer that a fault scripts."""
    status = int(fault.get("status", 200))
    headers = {"Retry-After": str(fault["retry_after"])} if "retry_after" in fault else None
    if fault.get("empty"):
        return Response(b"", status, headers)
    code = int(fault.get("body_code", status))
    message = str(fault.get("message", MESSAGES.get(code, "Error")))
    if fault.get("html"):
        return HTMLResponse(_HTML.format(f"{status} {message}"), status, headers)
    number: int | str = str(code) if fault.get("code_as_string") else code
    body: Json = {"code": number, "message": message, "data": None}
    if code == 422:
        body["errors"] = ["scripted fault"]
    return JSONResponse(body, status, headers)


class CallLog:
    """The last 20,000 calls, in the order of their arrival."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: deque[Json] = deque(maxlen=20_000)

    def begin(self, call: Json) -> None:
        """Write a call down at its arrival; its status is filled in by the caller later."""
        with self._lock:
            self._calls.append(call)

    def calls(self) -> list[Json]:
        """A copy of all calls."""
        with self._lock:
            return [dict(call) for call in self._calls]

    def clear(self) -> None:
        """Forget all calls."""
        with self._lock:
            self._calls.clear()
