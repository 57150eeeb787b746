"""The /simulator/ endpoints with which a test scripts faults and reads what was called."""

from __future__ import annotations

import asyncio
from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from nanobanana_nb.simulator.calls import Desk
from nanobanana_nb.simulator.errors import Refusal
from nanobanana_nb.simulator.faults import script_errors
from nanobanana_nb.simulator.wire import read_json, refused


def control_routes(desk: Desk) -> list[Route]:
    """The routes of one service's control endpoints."""

    async def faults(request: Request) -> Response:
        try:
            script = await read_json(request)
        except Refusal as refusal:
            return refused(refusal)
        errors = script_errors(script)
        if errors:
            return refused(Refusal(422, errors=errors))
        desk.script.extend(script)
        return JSONResponse({"added": len(script)})

    async def forget_faults(_: Request) -> Response:
        desk.script.replace([])
        return Response(status_code=204)

    async def log(_: Request) -> Response:
        return JSONResponse(desk.log.calls())

    async def clear_log(_: Request) -> Response:
        desk.log.clear()
        return Response(status_code=204)

    async def tasks(_: Request) -> Response:
        now = desk.service.clock.now()
        rows = await asyncio.to_thread(desk.service.store.tasks)
        return JSONResponse([{**asdict(task), "status": task.status(now)} for task in rows])

    return [
        Route("/simulator/faults", faults, methods=["POST"]),
        Route("/simulator/faults", forget_faults, methods=["DELETE"]),
        Route("/simulator/log", log, methods=["GET"]),
        Route("/simulator/log", clear_log, methods=["DELETE"]),
        Route("/simulator/tasks", tasks, methods=["GET"]),
    ]
