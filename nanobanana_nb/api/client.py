"""What can be asked of a service: create, look, price, upload, download."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Protocol, TypeVar, cast
from urllib.parse import urljoin

from nanobanana_nb.api import retry
from nanobanana_nb.api.failures import inline, name_setting, reason
from nanobanana_nb.api.fence import FencedWire, started_app
from nanobanana_nb.api.http import Http
from nanobanana_nb.api.limiter import ASKED, CREATE, Rank, RateLimiter
from nanobanana_nb.api.provider import Answer, Call, Estimate, Provider, TaskInfo, UploadSlot, Wire
from nanobanana_nb.api.task_names import id_in
from nanobanana_nb.errors import (
    Charged,
    ConnectionLostError,
    InputError,
    MaintenanceError,
    NanobananaError,
    NotFoundError,
    OutcomeUnknownError,
    RateLimitedError,
    ServiceError,
    UnexpectedAnswerError,
)
from nanobanana_nb.privacy.data_links import is_data_link
from nanobanana_nb.privacy.logs import logger
from nanobanana_nb.settings.keys import ApiKey

MEDIA_LIMIT = 64_000_000  # bytes of one image
# The contract's codes after which no task was created, and HTTP's own for the same.
REFUSALS = frozenset({401, 402, 403, 404, 422, 429, 455, 505, 400, 405, 411, 413, 414, 415, 431})
_CHANGE = "Look for odd characters or values in it and change them."

T = TypeVar("T")
_log = logger(__name__)


class Departure(Protocol):
    """Who writes down what becomes of a create while it is on its way."""

    called_off: asyncio.Event  # once it is set, what has not left does not leave any more

    async def leaving(self) -> None:
        """Note that the request leaves now. What it raises keeps the request back."""
        ...

    async def not_taken(self) -> None:
        """Note that the service said it took nothing, and that it will be asked again."""
        ...


class Client:
    """A service seen from Python. Made without any I/O; belongs to one event loop.

    Every call with the key takes its turn at `limiter`.

    Every method raises a `NanobananaError`, and nothing of httpx.
    """

    def __init__(
        self, provider: Provider, key: ApiKey | None, limiter: RateLimiter | None = None
    ) -> None:
        self.provider = provider
        self.limiter = limiter or RateLimiter(None, 0.0)
        self._streak = 0
        self._wire = cast(Wire, FencedWire(provider))
        app = partial(started_app, provider.name, provider.app) if provider.app else None
        self._http = Http(provider.base_url, key, app)
        self._chance = random.Random()

    async def create(
        self,
        model: str,
        fields: Mapping[str, Any],
        callback_url: str | None = None,
        departure: Departure | None = None,
    ) -> str:
        """Create a task and return its id. This is the call that costs credits.

        It is sent again only after a failed connection, 429 or 455, when it is sure that no
        task came of it, and not once `departure.called_off` is set.

        Raises:
            OutcomeUnknownError: it was sent and nobody can tell whether a task was created; it
                has the `task_id` that the answer names, if it names one.
            ServiceError: the service refused; nothing was charged.
        """
        try:
            _check_written(model, fields, callback_url)
            call = self._wire.create(model, fields, callback_url)
            return await self._ask(call, self._wire.read_created, departure, patient=True)
        except ServiceError as error:
            # A task that was put off and is named all the same may have been created.
            put_off = isinstance(error, RateLimitedError | MaintenanceError)
            is_refusal = error.code in REFUSALS and not (put_off and id_in(error.task_id))
            failure = _refusal(error) if is_refusal else _unknown(error)
        except (ConnectionLostError, UnexpectedAnswerError) as error:
            failure = _unknown(error)
        except NanobananaError as error:
            failure = _refusal(error)
        raise failure

    async def look(self, task_id: str, rank: Rank = lambda: ASKED) -> TaskInfo:
        """Ask once what the service says of a task. The next look is the caller's to plan."""
        call = self._wire.info(task_id)
        info = await self._once(call, lambda answer: self._wire.read_info(answer, task_id), rank)
        links = (self._whole(url) if url.startswith("/") else url for url in info.media_urls)
        return replace(info, media_urls=tuple(links))

    def _whole(self, link: str) -> str:
        """Return a link of the service with its host, which it left out."""
        try:
            return urljoin(self.provider.base_url, link)
        except ValueError:  # no host can be read in it; the download tells that
            return link

    async def balance(self, *, patient: bool = False) -> float:
        """Return the account's balance in credits; `patient` waits for a maintenance to end."""
        return await self._ask(self._wire.balance(), self._wire.read_balance, patient=patient)

    async def estimate(
        self, model: str, fields: Mapping[str, Any], *, patient: bool = False
    ) -> Estimate:
        """Return what one task costs; `patient` waits for a maintenance. Creates nothing."""
        _check_written(model, fields)
        missing: NotFoundError | None = None
        for call in self._wire.estimates(model, fields):
            try:
                return await self._ask(call, self._wire.read_estimate, patient=patient)
            except NotFoundError as error:
                missing = error
        raise missing or NotFoundError("The service tells no price", action="")

    async def models(self) -> tuple[str, ...]:
        """Return the names of the service's image models."""
        return await self._ask(self._wire.models(), self._wire.read_models)

    async def schema(self, model: str) -> dict[str, Any]:
        """Return a model's inputs: `required_input_fields` and a JSON Schema."""
        return await self._ask(self._wire.schema(model), self._wire.read_schema)

    async def upload(self, data: bytes, media_type: str) -> str:
        """Upload a reference image and return the link under which a task can use it."""

        async def put(slot: UploadSlot) -> None:
            await self._http.put(slot.put_url, data, media_type)

        call, read = self._wire.upload(media_type), self._wire.read_upload
        # Each attempt gets a new link: one may have run out meanwhile.
        return (await self._ask(call, read, afterwards=put)).file_url

    async def download(self, url: str) -> bytes:
        """Return the bytes behind a result's link. What they are is the caller's to check."""
        if is_data_link(url):
            return await asyncio.to_thread(inline, url, MEDIA_LIMIT)
        return await self._http.fetch(url, MEDIA_LIMIT)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _ask(
        self,
        call: Call,
        read: Callable[[Answer], T],
        departure: Departure | None = None,
        *,
        patient: bool = False,
        afterwards: Callable[[T], Awaitable[None]] | None = None,
    ) -> T:
        """Make a call, and what comes `afterwards` with it, until it works or may not go again."""
        rank, start = CREATE if call.creates else ASKED, asyncio.get_running_loop().time()
        for attempt in itertools.count(1):
            try:
                result = await self._once(call, read, lambda: rank, departure)
                if afterwards is not None:
                    await afterwards(result)
                return result
            except NanobananaError as error:
                since = asyncio.get_running_loop().time() - start
                again = retry.may_try_again(attempt, error, since, patient)
                if not again or not retry.may_repeat(call, error):
                    raise
                if departure is not None:
                    await departure.not_taken()
                waits_for_all = isinstance(error, RateLimitedError | MaintenanceError)
                kind = type(error).__name__
                _log.debug("%s failed (%s), attempt %s: once more", call.path, kind, attempt)
                pause = 0.0 if waits_for_all else retry.pause_s(attempt, self._chance)
                if await retry.set_within(pause, departure.called_off if departure else None):
                    raise
        raise AssertionError("the attempts end")  # pragma: no cover

    async def _once(
        self,
        call: Call,
        read: Callable[[Answer], T],
        rank: Rank,
        departure: Departure | None = None,
    ) -> T:
        """Make one call in its turn. A refusal for the moment makes all others wait too."""
        leaving = departure.leaving if departure else None
        async with self.limiter.turn(rank, departure.called_off if departure else None):
            try:
                result = read(await self._http.call(call, leaving))
            except NanobananaError as error:
                name_setting(error, self.provider.url_setting)
                if isinstance(error, RateLimitedError | MaintenanceError):
                    self._streak += 1
                    pause = retry.pause_for_all_s(self._streak, error, self._chance)
                    self.limiter.pause(pause, error.title)
                    _log.debug("All calls wait %.1f s: %s", pause, error.title)
                raise
        self._streak = 0
        return result


def _check_written(model: str, fields: Mapping[str, Any], callback_url: str | None = None) -> None:
    """Refuse what cannot be written down; half a surrogate pair, for one, is no text."""
    try:
        json.dumps(
            [model, dict(fields), callback_url], allow_nan=False, ensure_ascii=False
        ).encode()
        return
    except (ValueError, TypeError, RecursionError) as error:
        why = reason(error)
    raise InputError("The request cannot be written down", why=why, action=_CHANGE)


def _refusal(error: NanobananaError) -> NanobananaError:
    error.charged, error.task_id = Charged.NO, None
    return error


def _unknown(error: NanobananaError) -> OutcomeUnknownError:
    why = f"{error.what}: {error.why}" if error.why else error.what
    what, task_id = "The task may or may not have been created", id_in(error.task_id)
    return OutcomeUnknownError(what, why=why, charged=Charged.UNKNOWN, task_id=task_id)
