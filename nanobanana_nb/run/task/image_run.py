"""The way of one image: from the ledger, or asked for, watched, fetched and written down."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable
from contextlib import nullcontext, suppress
from copy import copy
from dataclasses import replace
from functools import partial
from typing import Any

from nanobanana_nb.api.provider import TaskInfo
from nanobanana_nb.errors import (
    Charged,
    LedgerError,
    NanobananaError,
    NotSentError,
    StillRunningError,
)
from nanobanana_nb.ledger.claims.claims import Claim, To
from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.run import recall
from nanobanana_nb.run.loop.shield import off_loop, uncancelled
from nanobanana_nb.run.task import outcome
from nanobanana_nb.run.task.context import STOPPERS, RunContext
from nanobanana_nb.run.task.download import download
from nanobanana_nb.run.task.unclear import after_create

FIRST_WAIT_S = 0.1  # for another run that works on the same; twice as long each time
LONGEST_WAIT_S = 1.0


class ImageRun:
    """One image on its way. `put` hears of every state; errors of ours end as states.

    It is the `Departure` of its own create.
    """

    def __init__(
        self, context: RunContext, generation: Generation, put: Callable[[Generation], None]
    ) -> None:
        self.called_off = asyncio.Event()
        self._context = context
        self._ledger = context.ledger
        self._now = generation
        self._put = put
        self._claim = Claim(To.NOTHING)
        self._row_id: int | None = None
        self._view: Callable[[Generation], Generation] = lambda generation: generation

    async def make(self) -> None:
        """Take the image from the ledger, or fetch the task it knows, or create a new one."""
        await self._run(partial(self._find_or_claim, self._now.request))

    async def fetch(self) -> None:
        """Watch a task that the service has, and get its image. Creates nothing."""
        assert self._now.id is not None
        await self._run(partial(self._ledger.claims.hold, self._now.id))

    async def _run(self, claim: Callable[[], Claim]) -> None:
        try:
            await self._claim_and_create(claim)
            await self._follow_up()
        except NanobananaError as error:
            unsent = self._now.state is State.PLANNED
            self._note(outcome.failed(self._now, error))
            if unsent:  # written down as such, if it can be
                await self._record()
        except Exception as error:
            self._note(outcome.unforeseen(self._now, error))
            await self._record()
        except asyncio.CancelledError:
            if self._now.task_id and not self._now.state.is_final:
                await uncancelled(self._detach())
            raise
        finally:
            charged = self._now.error.charged if self._now.error is not None else None
            free = self._now.state is State.PLANNED or charged is Charged.NO
            self._context.costs.ended(self, free=free)
            if self._row_id is not None:
                await uncancelled(self._release(self._row_id))

    async def _record(self) -> None:
        if self._row_id is not None:
            with suppress(LedgerError):  # it is kept in this process, and written later
                await off_loop(self._ledger.record, self._now)

    async def _claim_and_create(self, claim: Callable[[], Claim]) -> None:
        """Claim the request, waiting for whoever works on it, and create it if that is due.

        For room below a ceiling one image of a run waits at a time, and the others behind it.
        """
        await self._try(claim)
        async with self._context.line if self._claim.to is To.LATER else nullcontext():
            deadline = time.monotonic() + self._context.wait_s
            pause = 0.0 if self._claim.to is To.LATER else FIRST_WAIT_S
            while self._is_to_wait(too_long=time.monotonic() > deadline):
                await self._context.costs.news(pause)
                pause = min(max(2 * pause, FIRST_WAIT_S), LONGEST_WAIT_S)
                await self._try(claim)

    async def _try(self, claim: Callable[[], Claim]) -> None:
        async with self._context.creating:
            await uncancelled(self._take(claim))
            if self._claim.to is To.CREATE:
                await self._send()

    def _is_to_wait(self, too_long: bool) -> bool:
        """Whether to claim again, showing whom it waits for."""
        if self._claim.to is To.LATER and too_long:
            self._context.full = self._context.full or outcome.no_room()  # nor do those behind it
            self._claim = Claim(To.NOTHING)
        if self._claim.to is not To.WAIT or self._claim.generation is None:
            return self._claim.to is To.LATER
        self._view = outcome.elsewhere
        self._note(replace(self._claim.generation, request=self._now.request))
        if too_long:
            raise StillRunningError("Another run works on this image and has not finished")
        return True

    def _find_or_claim(self, request: GenerationRequest) -> Claim:
        """An image that is here needs no claim, and no ledger that can be written."""
        order = self._context.order(request)
        if failed := recall.failed_meanwhile(self._ledger, self._claim):
            return Claim(To.SHOW, failed)
        if not self._context.fresh:
            generation = self._ledger.find(request.fingerprint())
            if generation is not None and generation.ok:
                return Claim(To.SHOW, generation)
        return self._ledger.claims.claim(request, order)

    async def _take(self, claim: Callable[[], Claim]) -> None:
        try:
            self._claim = await off_loop(claim)
        except STOPPERS as error:  # a ceiling: what comes later does not fit either
            self._context.full = self._context.full or error
            self._claim = Claim(To.NOTHING)
        if self._claim.ours is not None:
            self._row_id = self._claim.ours.id

    async def _follow_up(self) -> None:
        """Do what is left to do after the claim and, if it was due, the create."""
        claim, request = self._claim, self._now.request
        if claim.to is To.NOTHING:
            self._stop_for(self._context.stopped_by or self._context.full)
        elif claim.to is To.SHOW and claim.generation is not None:
            self._note(outcome.from_ledger(claim.generation, request))
        elif claim.to is To.UNKNOWN and claim.generation is not None:
            self._note(outcome.unknown(claim.generation, request))
        elif claim.to is To.FETCH and claim.generation is not None:
            if claim.generation.state is State.SUCCESS:
                self._view = outcome.fetched_again
            self._note(replace(claim.generation, request=request, state=State.RUNNING, error=None))
        if self._now.state.is_open:
            await self._fetch()

    async def _send(self) -> None:
        assert self._claim.generation is not None
        request = self._now.request
        self._view = lambda generation: generation
        self._note(self._claim.generation)
        await self._context.turn(self, request)
        if self._stop_for(self._context.stopped_by):
            return
        fields = await self._context.uploads.fields(request)
        if not self._stop_for(self._context.stopped_by):
            await uncancelled(self._create(request, fields), self.called_off.set)

    async def _create(self, request: GenerationRequest, fields: dict[str, Any]) -> None:
        """Send the create and write what came of it. Never run this cancellable."""
        context = self._context
        try:
            task_id = await context.uploads.create(request, fields, context.callback_url, self)
        except NanobananaError as error:
            if isinstance(error, STOPPERS):
                context.stopped_by = error
            if self.called_off.is_set() and isinstance(error, NotSentError):
                generation = outcome.stopped(self._now, copy(context.stopped_by) or error)
            else:
                generation = await after_create(self._ledger, self._now, error)
        else:
            generation = replace(self._now, state=State.PENDING, task_id=task_id)
        self._note(generation)  # the person sees the task id even if the ledger cannot be written
        await off_loop(self._ledger.record, generation)

    async def leaving(self) -> None:
        """Write down that the create leaves now; keep it back once it is called off."""
        if self._context.stopped_by is not None:
            self.called_off.set()
        if self.called_off.is_set():
            raise NotSentError("It was called off before it left", action="")
        self._note(await off_loop(self._ledger.claims.leave, self._now, time.time()))

    async def not_taken(self) -> None:
        """Write down that the service took nothing of the create that left."""
        if self._now.state is State.SENT:
            self._note(await off_loop(self._ledger.claims.not_taken, self._now))

    def _stop_for(self, error: NanobananaError | None) -> bool:
        """End as not asked for where there is such an error; return whether there is."""
        if error is not None:
            self._note(outcome.stopped(self._now, copy(error)))
        return error is not None

    async def _fetch(self) -> None:
        task, context = self._now, self._context
        assert task.task_id is not None
        ends = asyncio.get_running_loop().time() + context.wait_s
        has_ended = context.called_back(task.task_id)
        age_s = math.inf if has_ended else time.time() - (task.sent_at or task.created_at or 0)
        durations = await off_loop(context.durations, task.request)
        try:
            early = partial(context.costs.early, self)
            info = await context.watcher.watch(
                task.task_id, context.wait_s, self._note_look, age_s, durations, early
            )
            context.charged(self, info)
            image = replace(self._now, credits=info.credits, seconds=info.seconds, error=None)
            if info.state is State.FAILED:
                context.uploads.failed(task.request)
                image = replace(image, state=State.FAILED, error=info.error)
            else:
                image = await download(context, image, info, ends)
            image = replace(image, finished_at=time.time())
        except LedgerError:
            raise
        except NanobananaError as error:
            lost = self._view is outcome.fetched_again
            image = (outcome.lost if lost else outcome.failed)(self._now, error)
        await off_loop(self._ledger.record, image)
        self._note(image)

    def _note_look(self, info: TaskInfo) -> None:
        state = self._now.state if info.state.is_final else info.state
        looks = self._now.looks + 1
        self._context.costs.reserved(self, info.credits)
        self._note(replace(self._now, state=state, looks=looks, credits=info.credits))

    async def _detach(self) -> None:
        self._note(replace(self._now, state=State.DETACHED))
        if self._row_id is not None:
            await off_loop(self._ledger.record, self._now)

    async def _release(self, number: int) -> None:
        with suppress(LedgerError):  # this process knows that it let go; others learn it later
            await off_loop(self._ledger.claims.release, number)

    def _note(self, generation: Generation) -> None:
        self._now = generation
        self._put(self._view(generation))
