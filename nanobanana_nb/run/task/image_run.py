"""The way of one image: from the ledger, or asked for, watched, fetched and written down."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable
from contextlib import nullcontext, suppress
from copy import copy
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from nanobanana_nb.api.provider import TaskInfo
from nanobanana_nb.errors import (
    BudgetError,
    Charged,
    LedgerError,
    NanobananaError,
    NotSentError,
    StillRunningError,
)
from nanobanana_nb.ledger.claims.claims import Claim, To
from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.privacy.logs import logger
from nanobanana_nb.run import recall
from nanobanana_nb.run.loop.shield import off_loop, uncancelled
from nanobanana_nb.run.money.pricing import price_kind
from nanobanana_nb.run.task import outcome
from nanobanana_nb.run.task.context import STOPPERS, RunContext
from nanobanana_nb.run.task.create_failure import after_create
from nanobanana_nb.run.task.download import download

FIRST_WAIT_S = 0.1  # for another run that works on the same; twice as long each time
LONGEST_WAIT_S = 1.0
_log = logger(__name__)


@dataclass(eq=False, repr=False)
class ImageRun:
    """One image on its way: taken from the ledger, fetched as the task it knows, or created.

    `put` hears of every state, and `on_end` once nothing is held any more; errors of ours end as
    states. It is the `Departure` of its own create.
    """

    context: RunContext
    image: Generation
    put: Callable[[Generation], None]
    on_end: Callable[[], object] = bool
    called_off: asyncio.Event = field(default_factory=asyncio.Event)
    _claim: Claim = field(default_factory=partial(Claim, To.NOTHING))
    _row_id: int | None = None
    _view: Callable[[Generation], Generation] | None = None  # how it is shown, if not as it is

    async def run(self) -> None:
        """Go all the way of the image; what was begun is written down if this is cancelled."""
        try:
            await self._claim_and_send()
            if self._claim.to in (To.WAIT, To.LATER):
                await self._wait_for_others()
            if self._claim.to is not To.CREATE:
                self._note_claim()
            if self.image.state.is_open:
                await self._fetch()
        except NanobananaError as error:
            unsent = self.image.state is State.PLANNED
            self._note(outcome.failed(self.image, error))
            if unsent:  # written down as such, if it can be
                await self._record()
        except Exception as error:
            self._note(outcome.unforeseen(self.image, error))
            await self._record()
        except asyncio.CancelledError:
            if self.image.task_id and not self.image.state.is_final:
                await uncancelled(self._detach())
            elif self._claim.to is To.WAIT:
                self._note(self.image)  # which waits for nobody any more
            raise
        finally:
            charged = self.image.error.charged if self.image.error is not None else None
            free = self.image.state is State.PLANNED or charged is Charged.NO
            self.context.costs.ended(self, free=free)
            if self._row_id is not None:
                with suppress(LedgerError):  # this process knows it; others learn it later
                    release = self.context.ledger.claims.release
                    await uncancelled(off_loop(release, self._row_id))
        self.on_end()

    async def _record(self) -> None:
        if self._row_id is not None:
            with suppress(LedgerError):  # it is kept in this process, and written later
                await off_loop(self.context.ledger.record, self.image)

    async def _claim_and_send(self) -> None:
        """Claim the request, and create it if that is due."""
        async with self.context.creating:
            await uncancelled(self._take())
            if self._claim.to is To.CREATE:
                await self._send()

    async def _take(self) -> None:
        try:
            self._claim = await off_loop(self._find_or_claim)
        except STOPPERS as error:  # a ceiling: what comes later does not fit either
            self.context.full = self.context.full or error
            self._claim = Claim(To.NOTHING)
        if self._claim.ours is not None:
            self._row_id = self._claim.ours.id
        _log.debug("Image %s: the ledger says %s", self._row_id, self._claim.to.name)

    def _find_or_claim(self) -> Claim:
        """An image that is here needs no claim, and no ledger that can be written."""
        ledger, request = self.context.ledger, self.image.request
        terms = self.context.terms(request)
        if self._claim.to is To.WAIT and (failed := recall.failed_meanwhile(ledger, self._claim)):
            return Claim(To.SHOW, failed)
        if not self.context.limits.fresh:
            image = ledger.find(request.fingerprint())
            if image is not None and image.ok:
                return Claim(To.SHOW, image)
        return ledger.claims.claim(request, terms)

    async def _wait_for_others(self) -> None:
        """Claim again until nobody else works on the request and there is room for it.

        For room below a ceiling one image of a run waits at a time, and the others behind it.
        """
        async with self.context.line if self._claim.to is To.LATER else nullcontext():
            deadline = time.monotonic() + self.context.wait_s
            pause = 0.0 if self._claim.to is To.LATER else FIRST_WAIT_S
            while self._is_to_wait(too_long=time.monotonic() > deadline):
                await self.context.costs.news(pause)
                pause = min(max(2 * pause, FIRST_WAIT_S), LONGEST_WAIT_S)
                await self._claim_and_send()

    def _is_to_wait(self, too_long: bool) -> bool:
        """Whether to claim again, showing whom it waits for."""
        if self._claim.to is To.LATER and too_long:
            self.context.full = self.context.full or outcome.no_room()  # nor do those behind it
            self._claim = Claim(To.NOTHING)
        if self._claim.to is not To.WAIT or self._claim.generation is None:
            return self._claim.to is To.LATER
        task, self._view = self._claim.generation, outcome.elsewhere
        fetches = task.state in (State.DETACHED, State.SUCCESS)  # as its row says until the end
        state = State.RUNNING if fetches else task.state
        self.image = replace(task, request=self.image.request, state=state)
        here = self.context.ledger.claims.holds(task.id)
        self.put(outcome.awaited(self.image, here=here))
        if too_long:
            raise StillRunningError("Another run works on this image and has not finished")
        return True

    def _note_claim(self) -> None:
        """Note what stands where nothing is created."""
        earlier, request = self._claim.generation, self.image.request
        error = self.context.stopped_by or self.context.full
        match self._claim.to:
            case To.NOTHING if error is not None:
                self._note(outcome.stopped(self.image, copy(error)))
            case To.SHOW if earlier is not None:
                self._note(outcome.from_ledger(earlier, request))
            case To.UNKNOWN if earlier is not None:
                self._note(outcome.unknown(earlier, request))
            case To.FETCH if earlier is not None:
                if earlier.state is State.SUCCESS:
                    self._view = outcome.fetched_again
                self._note(replace(earlier, request=request, state=State.RUNNING, error=None))

    async def _send(self) -> None:
        """Create the image once it fits within the limits, if nothing stops the run before."""
        assert self._claim.generation is not None
        context, request = self.context, self.image.request
        self._view = None
        self._note(self._claim.generation)
        try:
            await context.costs.turn(self, context.price(request), price_kind(request))
        except BudgetError as error:
            _log.info("Image %s is not asked for: beyond what was allowed", self._row_id)
            context.stopped_by = context.stopped_by or error
        fields: dict[str, Any] = {}
        if context.stopped_by is None:
            fields = await context.uploads.fields(request) if request.images else request.fields()
        if context.stopped_by is None:
            await uncancelled(self._create(request, fields), self.called_off.set)
        else:
            self._note(outcome.stopped(self.image, copy(context.stopped_by)))

    async def _create(self, request: GenerationRequest, fields: dict[str, Any]) -> None:
        """Send the create and write what came of it. Never run this cancellable."""
        context = self.context
        try:
            task_id = await context.uploads.create(request, fields, context.callback_url, self)
        except NanobananaError as error:
            if isinstance(error, STOPPERS):
                context.stopped_by = error
            if self.called_off.is_set() and isinstance(error, NotSentError):
                generation = outcome.stopped(self.image, copy(context.stopped_by) or error)
            else:
                generation = await after_create(self.context.ledger, self.image, error)
            _log.info("Image %s, create: %s", self._row_id, type(error).__name__)
        else:
            generation = replace(self.image, state=State.PENDING, task_id=task_id)
            created = (self._row_id, task_id, request.model, context.price(request))
            _log.info("Image %s: task %s created, %s, %s credits by the bill", *created)
        self._note(generation)  # the person sees the task id even if the ledger cannot be written
        await off_loop(self.context.ledger.record, generation)

    async def leaving(self) -> None:
        """Write down that the create leaves now; keep it back once it is called off."""
        if self.context.stopped_by is not None:
            self.called_off.set()
        if self.called_off.is_set():
            raise NotSentError("It was called off before it left", action="")
        self._note(await off_loop(self.context.ledger.claims.leave, self.image, time.time()))

    async def not_taken(self) -> None:
        """Write down that the service took nothing of the create that left."""
        if self.image.state is State.SENT:
            self._note(await off_loop(self.context.ledger.claims.not_taken, self.image))

    async def _fetch(self) -> None:
        task, context = self.image, self.context
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
            if info.credits is not None:  # more than was estimated may stop the rest of the run
                proof = info.state is State.SUCCESS
                too_much = context.costs.charged(self, info.credits, proof=proof)
                context.stopped_by = context.stopped_by or too_much
            image = replace(self.image, credits=info.credits, seconds=info.seconds, error=None)
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
            image = (outcome.lost if lost else outcome.failed)(self.image, error)
        kind = "" if image.error is None else f" ({type(image.error).__name__})"
        ended = (image.id, task.task_id, image.state, kind, image.credits, image.seconds)
        _log.info("Image %s: task %s is %s%s, %s credits, %s s", *ended)
        await off_loop(self.context.ledger.record, image)
        self._note(image)

    def _note_look(self, info: TaskInfo) -> None:
        state = self.image.state if info.state.is_final else info.state
        looks = self.image.looks + 1
        self.context.costs.reserved(self, info.credits)
        self._note(replace(self.image, state=state, looks=looks, credits=info.credits))

    async def _detach(self) -> None:
        self._note(replace(self.image, state=State.DETACHED))
        if self._row_id is not None:
            await off_loop(self.context.ledger.record, self.image)

    def _note(self, generation: Generation) -> None:
        self.image = generation
        self.put(self._view(generation) if self._view else generation)


class ResumedRun(ImageRun):
    """An image whose task the service has: it is watched and fetched, and nothing is created."""

    def _find_or_claim(self) -> Claim:
        assert self.image.id is not None
        return self.context.ledger.claims.hold(self.image.id)
