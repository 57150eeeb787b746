"""What can be asked of a service: create, look, price, upload, download."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from nanobanana_nb.api import retry
from nanobanana_nb.api.http import Http
from nanobanana_nb.api.provider import Answer, Call, Estimate, Provider, TaskInfo
from nanobanana_nb.errors import (
    Charged,
    ConnectionLostError,
    NanobananaError,
    NotFoundError,
    OutcomeUnknownError,
    ServiceError,
    UnexpectedAnswerError,
)
from nanobanana_nb.keys import ApiKey

MEDIA_LIMIT = 64_000_000  # bytes of one image
# The contract's codes after which no task was created, and HTTP's own for the same.
REFUSALS = frozenset({401, 402, 403, 404, 422, 429, 455, 505, 400, 405, 411, 413, 414, 415, 431})

T = TypeVar("T")


class Client:
    """A service seen from Python. Made without any I/O; belongs to one event loop.

    Every method raises a `NanobananaError`, and nothing of httpx.
    """

    def __init__(self, provider: Provider, key: ApiKey | None) -> None:
        self.provider = provider
        self._wire = provider.wire
        self._http = Http(provider.base_url, key, provider.app)
        self._chance = random.Random()

    async def create(
        self,
        model: str,
        fields: Mapping[str, Any],
        callback_url: str | None = None,
        called_off: asyncio.Event | None = None,
    ) -> str:
        """Create a task and return its id. This is the call that costs credits.

        It is sent again only after a failed connection, 429 or 455, when it is sure that no
        task came of it, and not once `called_off` is set.

        Raises:
            OutcomeUnknownError: it was sent and nobody can tell whether a task was created.
            ServiceError: the service refused; nothing was charged.
        """
        call = self._wire.create(model, fields, callback_url)
        try:
            return await self._ask(call, self._wire.read_created, called_off)
        except ServiceError as error:
            failure = _refusal(error) if error.code in REFUSALS else _unknown(error)
        except (ConnectionLostError, UnexpectedAnswerError) as error:
            failure = _unknown(error)
        except NanobananaError as error:
            failure = _refusal(error)
        raise failure

    async def look(self, task_id: str) -> TaskInfo:
        """Ask once what the service says of a task. The next look is the caller's to plan."""
        call = self._wire.info(task_id)
        return self._wire.read_info(await self._http.call(call), task_id)

    async def balance(self) -> float:
        """Return the account's balance in credits."""
        return await self._ask(self._wire.balance(), self._wire.read_balance)

    async def estimate(self, model: str, fields: Mapping[str, Any]) -> Estimate:
        """Return what one task costs. Creates nothing."""
        first, *others = self._wire.estimates(model, fields)
        for call in (first, *others):
            try:
                return await self._ask(call, self._wire.read_estimate)
            except NotFoundError as error:
                missing = error
        raise missing

    async def models(self) -> tuple[str, ...]:
        """Return the names of the service's image models."""
        return await self._ask(self._wire.models(), self._wire.read_models)

    async def schema(self, model: str) -> dict[str, Any]:
        """Return a model's inputs: `required_input_fields` and a JSON Schema."""
        return await self._ask(self._wire.schema(model), self._wire.read_schema)

    async def upload(self, data: bytes, media_type: str) -> str:
        """Upload a reference image and return the link under which a task can use it."""
        call = self._wire.upload(media_type)

        async def put() -> str:  # each time under a new link: one may have run out meanwhile
            slot = self._wire.read_upload(await self._http.call(call))
            await self._http.put(slot.put_url, data, media_type)
            return slot.file_url

        return await self._repeated(call, put)

    async def download(self, url: str) -> bytes:
        """Return the bytes behind a result's link. What they are is the caller's to check."""
        return await self._http.fetch(url, MEDIA_LIMIT)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _ask(
        self, call: Call, read: Callable[[Answer], T], called_off: asyncio.Event | None = None
    ) -> T:
        async def ask() -> T:
            return read(await self._http.call(call))

        return await self._repeated(call, ask, called_off)

    async def _repeated(
        self, call: Call, work: Callable[[], Awaitable[T]], called_off: asyncio.Event | None = None
    ) -> T:
        for attempt in range(1, retry.ATTEMPTS + 1):
            try:
                return await work()
            except NanobananaError as error:
                pause = retry.pause_s(attempt, error, self._chance)
                if pause is None or not retry.may_repeat(call, error):
                    raise
                if await _set_within(pause, called_off):
                    raise
        raise AssertionError("pause_s ends the attempts")  # pragma: no cover


async def _set_within(seconds: float, called_off: asyncio.Event | None) -> bool:
    """Wait `seconds`, or until `called_off` is set; return whether it was."""
    try:
        async with asyncio.timeout(seconds):
            await (called_off or asyncio.Event()).wait()
    except TimeoutError:
        return False
    return True


def _refusal(error: NanobananaError) -> NanobananaError:
    error.charged = Charged.NO
    return error


def _unknown(error: NanobananaError) -> OutcomeUnknownError:
    why = f"{error.what}: {error.why}" if error.why else error.what
    return OutcomeUnknownError(
        "The task may or may not have been created", why=why, charged=Charged.UNKNOWN
    )
