"""The ASGI application: routes, and nothing else."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from nanobanana_nb.simulator import jobs, media
from nanobanana_nb.simulator.calls import Desk
from nanobanana_nb.simulator.control import control_routes
from nanobanana_nb.simulator.errors import Refusal
from nanobanana_nb.simulator.options import Options
from nanobanana_nb.simulator.service import Service
from nanobanana_nb.simulator.wire import refused

_API = "/api/v1/client"


def create_app(options: Options = Options()) -> Starlette:  # noqa: B008 - a frozen record
    """A simulated service as an ASGI application; it needs no lifespan and no background task.

    Opens ``options.state`` when it is set (OSError or sqlite3.Error when that cannot be done).
    """
    desk = Desk(Service(options))
    routes = _api_routes(desk) + _media_routes(desk)
    if options.faults:
        routes += control_routes(desk)
    handlers = {HTTPException: desk.not_there, Exception: _internal_error}
    app = Starlette(routes=routes, exception_handlers=handlers)
    app.state.service = desk.service
    return app


def _api_routes(desk: Desk) -> list[Route]:
    rows = [
        ("POST", "/job/CreateTask", "create", jobs.create_task),
        ("GET", "/job/TaskInfo", "info", jobs.task_info),
        ("POST", "/job/estimate-credits", "estimate", jobs.estimate_credits),
        ("POST", "/job/EstimateTask", "estimate", jobs.estimate_task),
        ("GET", "/job/Models", "models", jobs.models),
        ("GET", "/job/Models/{name:path}", "models", jobs.model),
        ("GET", "/account/balance", "balance", jobs.balance),
        ("GET", "/files/upload-url", "upload", media.upload_url),
    ]
    return [
        Route(_API + path, desk.endpoint(place, work), methods=[method])
        for method, path, place, work in rows
    ]


def _media_routes(desk: Desk) -> list[Route]:
    rows = [
        ("PUT", "/uploads/{name}.{extension}", "put", media.put_upload),
        ("GET", "/files/{name}.{extension}", "media", media.get_file),
        ("GET", "/media/{name}.{extension}", "media", media.get_media),
    ]
    return [
        Route(path, desk.endpoint(place, work, keyed=False), methods=[method])
        for method, path, place, work in rows
    ]


async def _internal_error(_: Request, __: Exception) -> Response:
    return refused(Refusal(500))
