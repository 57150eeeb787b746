"""What every endpoint does around its own work: log, scripted faults, key, rate, envelope."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from nanobanana_nb.simulator.errors import Refusal
from nanobanana_nb.simulator.faults import CallLog, FaultScript, answers, fault_response
from nanobanana_nb.simulator.service import Service
from nanobanana_nb.simulator.wire import code_as_string, refused

Json = dict[str, Any]
Work = Callable[["Call"], Awaitable[Response]]


class Call:
    """One request on its way: the request, the account's key, the scripted fault."""

    def __init__(self, request: Request, service: Service, fault: Json) -> None:
        self.request = request
        self.service = service
        self.fault = fault
        self.key = ""

    @property
    def base(self) -> str:
        """What links begin with, without a slash at the end."""
        return (self.service.options.base_url or str(self.request.base_url)).rstrip("/")


class Desk:
    """Takes calls in; with ``faults`` it logs them and follows the fault script."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.log = CallLog()
        self.script = FaultScript()

    def endpoint(
        self, place: str, work: Work, *, keyed: bool = True
    ) -> Callable[[Request], Awaitable[Response]]:
        """A Starlette endpoint that does ``work``; ``keyed`` ones need a key and are counted."""

        async def answer(request: Request) -> Response:
            call = Call(request, self.service, self.script.take(place))
            entry = self._log_entry(request)
            try:
                response = await self._answer(call, work, keyed)
            except ClientDisconnect:  # nobody hears the answer any more
                response = Response(status_code=400)
            entry["status"] = response.status_code
            if "json" in request.scope:
                entry["body"] = request.scope["json"]
            return response

        return answer

    async def _answer(self, call: Call, work: Work, keyed: bool) -> Response:
        fault = call.fault
        if fault.get("delay_s"):
            await asyncio.sleep(fault["delay_s"])
        if answers(fault) and not fault.get("accepted"):
            return fault_response(fault)
        response = await self._work(call, work, keyed)
        if answers(fault):
            return fault_response(fault)
        return code_as_string(response) if fault.get("code_as_string") else response

    async def _work(self, call: Call, work: Work, keyed: bool) -> Response:
        try:
            if keyed:
                call.key = self.service.accounts.admit(call.request.headers.get("x-api-key"))
            return await work(call)
        except Refusal as refusal:
            return refused(refusal)

    async def not_there(self, request: Request, error: Exception) -> Response:
        """The answer to a path or a method that does not exist."""
        status = getattr(error, "status_code", 404)
        self._log_entry(request)["status"] = status
        return refused(Refusal(status))

    def _log_entry(self, request: Request) -> Json:
        entry: Json = {
            "method": request.method,
            "path": request.url.path,
            "query": dict(request.query_params),
            "status": None,
            "body": None,
            "headers": sorted(request.headers.keys()),
            "key_sent": "x-api-key" in request.headers,
            "time": self.service.clock.now(),
        }
        if self.service.options.faults and not request.url.path.startswith("/simulator/"):
            self.log.begin(entry)
        return entry
