"""The way of one image: from the ledger, or asked for, watched, fetched and written down."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from copy import copy
from dataclasses import replace
from typing import Any, TypeVar

from nanobanana_nb.api.client import Client
from nanobanana_nb.api.http import WIDTH
from nanobanana_nb.api.provider import TaskInfo
from nanobanana_nb.errors import (
    AccessDeniedError,
    AuthenticationError,
    Charged,
    DownloadError,
    FeatureDisabledError,
    InsufficientCreditsError,
    LedgerError,
    NanobananaError,
    OutcomeUnknownError,
)
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.run.uploads import Uploads
from nanobanana_nb.run.watcher import Watcher

T = TypeVar("T")

# After these no further create of the same run can succeed, so none is sent.
_STOPPERS = (
    AuthenticationError,
    InsufficientCreditsError,
    AccessDeniedError,
    FeatureDisabledError,
)


class RunContext:
    """What the images of one run share: ledger, service, uploads, and a reason to stop asking."""

    def __init__(self, ledger: Ledger, client: Client, watcher: Watcher, wait_s: float) -> None:
        self.ledger = ledger
        self.client = client
        self.watcher = watcher
        self.wait_s = wait_s
        self.uploads = Uploads(client)
        # No more creates than connections: what has not left can still be called off.
        self.creating = asyncio.Semaphore(WIDTH)
        self.stopped_by: NanobananaError | None = None


class ImageRun:
    """One image on its way. `put` hears of every state; errors of ours end as states."""

    def __init__(
        self, context: RunContext, generation: Generation, put: Callable[[Generation], None]
    ) -> None:
        self._context = context
        self._ledger = context.ledger
        self._now = generation
        self._put = put
        self._called_off = asyncio.Event()

    async def make(self, *, fresh: bool, callback_url: str | None = None) -> None:
        """Take the image from the ledger, or fetch the task it knows, or create a new one."""
        await self._guarded(self._make(fresh, callback_url))

    async def fetch(self) -> None:
        """Watch a task that the service has, and get its image. Creates nothing."""
        await self._guarded(self._fetch())

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except NanobananaError as error:
            self._note(_failed(self._now, error))
        except asyncio.CancelledError:
            if self._now.task_id and not self._now.state.is_final:
                await _uncancelled(self._detach())
            raise

    async def _make(self, fresh: bool, callback_url: str | None) -> None:
        request = self._now.request
        earlier = None
        if not fresh:
            earlier = await off_loop(self._ledger.find, request.fingerprint())
        if earlier is not None:
            self._note(_from_ledger(earlier, request))
        else:
            self._stop_if_hopeless()
            fields = await self._fields(request)
            async with self._context.creating:
                self._stop_if_hopeless()
                create = self._create(request, fields, callback_url)
                await _uncancelled(create, self._called_off.set)
        if self._now.state.is_open:
            await self._fetch()

    async def _fields(self, request: GenerationRequest) -> dict[str, Any]:
        links = [await self._context.uploads.link(image) for image in request.images]
        fields = {"prompt": request.prompt, **dict(request.parameters)}
        return {**fields, "img_urls": links} if links else fields

    async def _create(
        self, request: GenerationRequest, fields: dict[str, Any], callback_url: str | None
    ) -> None:
        """Write the intent, send it, write what came of it. Never run this cancellable."""
        intent = await off_loop(self._ledger.begin, request, time.time())
        self._note(intent)
        try:
            task_id = await self._context.client.create(
                request.model, fields, callback_url, self._called_off
            )
        except NanobananaError as error:
            if isinstance(error, _STOPPERS):
                self._context.stopped_by = error
            ended = _failed(intent, error)
        else:
            ended = replace(intent, state=State.PENDING, task_id=task_id)
        self._note(ended)  # the person sees the task id even if the ledger cannot be written
        await off_loop(self._ledger.record, ended)

    def _stop_if_hopeless(self) -> None:
        if self._context.stopped_by is not None:
            raise copy(self._context.stopped_by)

    async def _fetch(self) -> None:
        known = self._now
        assert known.task_id is not None
        age_s = time.time() - (known.created_at or 0)
        try:
            info = await self._context.watcher.watch(
                known.task_id, self._context.wait_s, self._looked, age_s
            )
            found = replace(self._now, credits=info.credits, seconds=info.seconds, error=None)
            if info.state is State.FAILED:
                found = replace(found, state=State.FAILED, error=info.error)
            else:
                found = await self._download(found, info)
        except LedgerError:
            raise
        except NanobananaError as error:
            found = _failed(self._now, error)
        await off_loop(self._ledger.record, found)
        self._note(found)

    def _looked(self, info: TaskInfo) -> None:
        state = self._now.state if info.state.is_final else info.state
        looks = self._now.looks + 1
        self._note(replace(self._now, state=state, looks=looks, credits=info.credits))

    async def _download(self, generation: Generation, info: TaskInfo) -> Generation:
        client = self._context.client
        try:
            data = await client.download(info.media_urls[0])
        except DownloadError:  # the link may have expired: the service gives a new one
            info = await client.look(info.task_id)
            if not info.media_urls:
                raise
            data = await client.download(info.media_urls[0])
        measured, path = await off_loop(self._ledger.images.store, data)
        return replace(generation, state=State.SUCCESS, path=path, **vars(measured))

    async def _detach(self) -> None:
        self._note(replace(self._now, state=State.DETACHED))
        await off_loop(self._ledger.record, self._now)

    def _note(self, generation: Generation) -> None:
        self._now = generation
        self._put(generation)


def _from_ledger(earlier: Generation, request: GenerationRequest) -> Generation:
    """Return an earlier try as the answer to `request`; an image costs nothing again."""
    found = replace(earlier, request=request)
    if earlier.ok:
        return replace(found, cached=True, credits=0.0)
    if earlier.state in (State.UNKNOWN, State.SENT):
        error = earlier.error or OutcomeUnknownError(
            "An earlier try was sent and not answered", charged=Charged.UNKNOWN
        )
        return replace(found, state=State.UNKNOWN, error=error)
    return replace(found, state=State.RUNNING, error=None)


def _failed(generation: Generation, error: NanobananaError) -> Generation:
    error.task_id = error.task_id or generation.task_id
    unknown = isinstance(error, OutcomeUnknownError)
    if generation.state is State.SUCCESS:  # paid, and its file is lost: fetch it later
        return replace(generation, error=error)
    if generation.task_id and generation.state.is_open:
        return replace(generation, state=State.DETACHED, error=error)
    return replace(generation, state=State.UNKNOWN if unknown else State.FAILED, error=error)


async def off_loop(work: Callable[..., T], *args: Any) -> T:
    """Run blocking `work` in a thread, or here when the interpreter ends and has none left."""
    try:
        return await asyncio.to_thread(work, *args)
    except RuntimeError as error:
        if "shutdown" not in str(error):
            raise
        return work(*args)


async def _uncancelled(
    work: Coroutine[Any, Any, None], on_cancel: Callable[[], None] = lambda: None
) -> None:
    """Let `work` end whatever happens; a cancel that comes meanwhile is honoured afterwards."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            cancelled = error
            on_cancel()
        except BaseException:
            break
    if cancelled is not None:
        raise cancelled
    await task
