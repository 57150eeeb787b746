"""The service over TCP and in process, a server that misbehaves, and a client for them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from nanobanana_nb.api import http
from nanobanana_nb.api.client import Client
from nanobanana_nb.api.crun import CrunWire
from nanobanana_nb.api.provider import Provider
from nanobanana_nb.settings.keys import ApiKey
from tests.api.raw_server import RawServer, raw_server
from tests.service import KEY

Work = Callable[[Client], Awaitable[Any]]


@pytest.fixture(autouse=True)
def quickly(quick_retries: None) -> None:
    """Wait for nothing."""


@pytest.fixture
def short_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the limits of time and size be reached quickly."""
    monkeypatch.setattr(http, "API_DEADLINE_S", 0.5)
    monkeypatch.setattr(http, "API_LIMIT", 200_000)


@pytest.fixture
def raw() -> Iterator[RawServer]:
    """A server that misbehaves."""
    with raw_server() as found:
        yield found


def at(url: str, app: Callable[[], Any] | None = None) -> Provider:
    """The provider whose API is at `url`."""
    return Provider("crun", url, CrunWire(), app=app)


def ask(provider: Provider, work: Work, key: str = KEY) -> Any:
    """Return what `work` returns, given a client of its own that is closed afterwards."""

    async def run() -> Any:
        client = Client(provider, ApiKey(key, "the test"))
        try:
            return await work(client)
        finally:
            await client.aclose()

    return asyncio.run(run())
