"""A simulated service in process and over TCP."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import httpx
import pytest

from nanobanana_nb.simulator import Options, create_app, pictures
from nanobanana_nb.simulator.painting import painter
from tests.service import listening

API = "/api/v1/client"
KEY = "ak_0123456789abcdef0123456789abcdef"
PLAIN = {"model": "google/nano-banana", "input": {"prompt": "a heron at dawn"}}

Serve = Callable[[Options], AbstractContextManager[httpx.Client]]


@pytest.fixture(autouse=True)
def real_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Paint every pixel, as a test process with quick pictures does not."""
    monkeypatch.setattr(pictures, "paint", inspect.unwrap(painter.paint))


@contextmanager
def serving(options: Options) -> Iterator[httpx.Client]:
    """A client of a service that listens on a free loopback port until the block ends."""
    with (
        listening(create_app(options)) as url,
        httpx.Client(base_url=url, headers={"x-api-key": KEY}, timeout=30) as client,
    ):
        yield client


@pytest.fixture
def serve() -> Serve:
    """Starts services over TCP."""
    return serving


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    """A client of a service that finishes tasks at once and takes faults."""
    with serving(Options(speed=0, faults=True)) as client:
        yield client


def in_process(
    options: Options, work: Callable[[httpx.AsyncClient], Coroutine[Any, Any, Any]]
) -> Any:
    """What ``work`` returns, given a client that calls the application without a network."""

    async def run() -> Any:
        transport = httpx.ASGITransport(create_app(options))
        base = "http://simulator.localhost"
        async with httpx.AsyncClient(
            transport=transport, base_url=base, headers={"x-api-key": KEY}
        ) as client:
            return await work(client)

    return asyncio.run(run())


def body_of(prompt: str, model: str = "google/nano-banana", **given: Any) -> dict[str, Any]:
    """The body of a CreateTask."""
    return {"model": model, "input": {"prompt": prompt, **given}}


def create(client: httpx.Client, body: dict[str, Any] | None = None) -> str:
    """The id of a new task."""
    answer = client.post(f"{API}/job/CreateTask", json=body or PLAIN)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["data"]["task_id"])


def info(client: httpx.Client, task_id: str) -> dict[str, Any]:
    """TaskInfo's data."""
    answer = client.get(f"{API}/job/TaskInfo", params={"task_id": task_id})
    assert answer.status_code == 200, answer.text
    data = answer.json()["data"]
    assert isinstance(data, dict)
    return data


def picture(client: httpx.Client, body: dict[str, Any] | None = None) -> bytes:
    """The bytes of a new task's picture, fetched without a key."""
    url = info(client, create(client, body))["result"]["media_urls"][0]
    answer = httpx.get(url, timeout=60)
    assert answer.status_code == 200, answer.text
    return answer.content


def upload(client: httpx.Client, body: bytes, content_type: str = "image/png") -> str:
    """The link of an uploaded file."""
    query = {"content_type": content_type}
    data = client.get(f"{API}/files/upload-url", params=query).json()["data"]
    put = httpx.put(data["presigned_url"], content=body, headers={"content-type": content_type})
    assert put.status_code == 200, put.text
    return str(data["file_url"])
