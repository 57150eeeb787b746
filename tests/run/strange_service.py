"""A small service whose ids, links and pictures are what a test says; it counts its creates."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from nanobanana_nb.api.crun import CrunWire
from nanobanana_nb.api.provider import Provider
from nanobanana_nb.privacy.redaction import storable
from tests.fixtures import png
from tests.service import IN_PROCESS

MEDIA = f"{IN_PROCESS}/media"
PRICE = 4
Json = dict[str, Any]


@dataclass
class Strange:
    """Tasks end at once; task number n shows `info(n)` and its picture is `picture(n)`."""

    name: Callable[[int], Any] = lambda n: f"task-{n}"
    info: Callable[[int], Json] = field(default_factory=lambda: linked)
    picture: Callable[[int], bytes] = field(default_factory=lambda: drawn)
    creates: list[Json] = field(default_factory=list)
    looks: list[str] = field(default_factory=list)

    @property
    def provider(self) -> Provider:
        """The service as a provider inside this process."""
        app = Starlette(
            routes=[
                Route("/api/v1/client/job/CreateTask", self._create, methods=["POST"]),
                Route("/api/v1/client/job/TaskInfo", self._info),
                Route("/api/v1/client/job/estimate-credits", self._price, methods=["POST"]),
                Route("/api/v1/client/account/balance", self._balance),
                Route("/media/{n}", self._media),
            ]
        )
        return Provider("crun", IN_PROCESS, CrunWire(), app=lambda: app, pace=0.0)

    async def _create(self, request: Request) -> Response:
        self.creates.append(await request.json())
        return told({"task_id": self.name(len(self.creates) - 1)})

    async def _info(self, request: Request) -> Response:
        asked = request.query_params["task_id"]
        self.looks.append(asked)
        numbers = range(len(self.creates))
        number = next((n for n in numbers if storable(str(self.name(n))) == asked), None)
        if number is None:
            return Response(b'{"code": 404, "message": "no such task"}', 404)
        return told({"task_id": asked, "credits": PRICE, **self.info(number)})

    async def _price(self, _: Request) -> Response:
        return told({"credits": PRICE, "estimated": False})

    async def _balance(self, _: Request) -> Response:
        return told({"balance": 1000})

    async def _media(self, request: Request) -> Response:
        return Response(self.picture(int(request.path_params["n"])))


def told(data: Json) -> Response:
    """An answer that succeeded; half a surrogate pair goes out as its escape."""
    return Response(json.dumps({"code": 200, "message": "success", "data": data}).encode())


def success(links: Any) -> Json:
    """A finished task with this in the place of its links."""
    return {"status": "success", "result": {"code": 200, "media_urls": links}}


def linked(number: int) -> Json:
    """A finished task with the usual link."""
    return success([f"{MEDIA}/{number}"])


def drawn(number: int) -> bytes:
    """A picture of its own for each task."""
    return png(f"{number:06x}")
