"""The endpoints under /api/v1/client that create and tell: tasks, credits, models."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.responses import Response

from nanobanana_nb.simulator import callback
from nanobanana_nb.simulator.calls import Call
from nanobanana_nb.simulator.errors import Refusal
from nanobanana_nb.simulator.models import MODELS
from nanobanana_nb.simulator.schema import input_schema
from nanobanana_nb.simulator.tasks import Task
from nanobanana_nb.simulator.wire import read_json, success

_callbacks: set[asyncio.Task[None]] = set()


async def create_task(call: Call) -> Response:
    """POST CreateTask: a new task, or 402 or 422."""
    body = await _json(call)
    task = await asyncio.to_thread(call.service.create, call.key, body, call.fault)
    url = body.get("callback_url")
    if url and callback.is_loopback(url):
        # The loop keeps only a weak reference to a task.
        delivery = asyncio.create_task(_call_back(call, task, url))
        _callbacks.add(delivery)
        delivery.add_done_callback(_callbacks.discard)
    return success({"task_id": task.id})


async def task_info(call: Call) -> Response:
    """GET TaskInfo: where a task of this account stands, or 404 or 422."""
    task_id = call.request.query_params.get("task_id")
    if not task_id:
        raise Refusal(422, errors=["task_id: field required"])
    return success(await asyncio.to_thread(call.service.look, call.key, task_id, call.base))


async def balance(call: Call) -> Response:
    """GET balance: credits of the account; what is reserved is still in it."""
    total, _ = call.service.accounts.balance(call.key, call.service.clock.now())
    return success({"balance": total})


async def estimate_credits(call: Call) -> Response:
    """POST estimate-credits: the exact charge of a CreateTask with the same body, or 422."""
    credits = call.service.price(await _json(call))
    return success({"credits": credits, "estimated": False})


async def estimate_task(call: Call) -> Response:
    """POST EstimateTask: the charge, the balance, and whether the one covers the other."""
    credits = call.service.price(await _json(call))
    total, available = call.service.accounts.balance(call.key, call.service.clock.now())
    answer = {"estimated_credits": credits, "balance": total, "affordable": credits <= available}
    return success(answer)


async def models(call: Call) -> Response:
    """GET Models: the names; a modality other than image has none here."""
    has_images = call.request.query_params.get("modality", "image") == "image"
    rows = [{"model": name, "modality": "image"} for name in MODELS] if has_images else []
    return success({"models": rows})


async def model(call: Call) -> Response:
    """GET Models/{name}: the JSON Schema of one model's input, or 404."""
    row = MODELS.get(call.request.path_params["name"])
    if row is None:
        raise Refusal(404, "Model not found")
    schema = input_schema(row)
    required = schema["required"]
    return success({"model": row.name, "required_input_fields": required, "input_schema": schema})


async def _json(call: Call) -> Any:
    body = await read_json(call.request)
    call.request.scope["json"] = body
    return body


async def _call_back(call: Call, task: Task, url: str) -> None:
    await asyncio.sleep(max(0.0, task.finishes - call.service.clock.now()))
    await asyncio.to_thread(callback.post, url, call.service.data(task, call.base))
