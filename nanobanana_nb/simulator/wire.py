"""Envelopes: how answers look on the wire."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from nanobanana_nb.simulator.errors import Refusal

Json = dict[str, Any]

_MOST_JSON_BYTES = 1_000_000


def success(data: object) -> JSONResponse:
    """The envelope of an accepted call."""
    return JSONResponse({"code": 200, "message": "success", "data": data})


def refused(refusal: Refusal) -> JSONResponse:
    """The envelope of a refused call: the code is the HTTP status too."""
    body: Json = {"code": refusal.code, "message": str(refusal), "data": None}
    if refusal.errors is not None:
        body["errors"] = refusal.errors
    wait = refusal.retry_after_s
    headers = {"Retry-After": str(wait)} if wait is not None else None
    return JSONResponse(body, refusal.code, headers)


def code_as_string(response: Response) -> Response:
    """The same answer with its code as a string, as some gateways write it."""
    body = json.loads(bytes(response.body))
    body["code"] = str(body["code"])
    return JSONResponse(body, response.status_code)


async def read_body(request: Request, most: int) -> bytes:
    """The request's body; raises Refusal 413 as soon as it is longer than ``most`` bytes."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise Refusal(413)
    return bytes(body)


async def read_json(request: Request) -> Any:
    """The request's JSON body; raises Refusal 422 for anything that is not JSON."""
    body = await read_body(request, _MOST_JSON_BYTES)
    try:
        value = json.loads(body, parse_constant=_no_number)
        # Half a surrogate pair can be escaped in JSON but never be written back.
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise Refusal(422, errors=["body: must be JSON"]) from None
    return value


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON")
