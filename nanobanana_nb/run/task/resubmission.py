"""Failed images asked for again while their run goes on, on the terms of that run."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from nanobanana_nb.errors import Charged, NanobananaError
from nanobanana_nb.model.plan.limits import RunLimits
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.run.loop.gather import cancelled
from nanobanana_nb.run.money.pricing import Pricing
from nanobanana_nb.run.run_state import RunState
from nanobanana_nb.run.task import outcome
from nanobanana_nb.run.task.context import RunContext
from nanobanana_nb.run.task.image_run import ImageRun
from nanobanana_nb.show.growth import may_be_retried


@dataclass(eq=False, repr=False)
class Resubmission:
    """Takes further tries of one run while it is open, and ends after the last of them.

    A further try goes the way of the first one. It fits into what was allowed for the run: the
    price of a failed one that cost nothing is free for it, any other comes on top.
    """

    state: RunState
    context: RunContext
    pricing: Pricing
    _is_open: bool = False
    _begun_at: float = 0.0
    _tries: list[asyncio.Task[None]] = field(default_factory=list)
    # One after the other looks whether it still fits.
    _counting: asyncio.Lock = field(default_factory=asyncio.Lock)
    _prices: dict[int, float] = field(default_factory=dict)  # of the newest counted try, by place

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Take tries until the block and the last of them have ended; its error cancels them."""
        self._is_open, self._begun_at = True, time.time()
        try:
            yield
            while rest := [task for task in self._tries if not task.done()]:
                await asyncio.wait(rest)
        finally:
            self._is_open = False
            if self._tries:
                await cancelled(self._tries)
        for task in self._tries:
            task.result()

    async def begin(self, positions: Iterable[int], limits: RunLimits | None = None) -> None:
        """Ask again for those of these images that have failed and that nobody asks for yet.

        Args:
            limits: a yes to these tries, where it was given.
        """
        images = self.state.generations
        for position in dict.fromkeys(positions):
            if self._is_open and self.state.ended(position) and may_be_retried(images[position]):
                attempt = _Attempt(self.state, position, images[position])
                self._tries.append(asyncio.ensure_future(self._try(attempt, limits)))

    async def _try(self, attempt: _Attempt, limits: RunLimits | None) -> None:
        try:
            context = await self._admit(attempt, limits)
            await ImageRun(context, attempt.first, attempt.put).run()
        except NanobananaError as error:  # no price, or it does not fit
            attempt.put(outcome.stopped(attempt.first, error))
        except asyncio.CancelledError:
            attempt.call_off()
            raise
        if attempt.unsent:
            self.context.costs.total -= attempt.extra
        else:
            self._prices[attempt.position] = attempt.price
        self.state.tell(attempt.position)

    async def _admit(self, attempt: _Attempt, limits: RunLimits | None) -> RunContext:
        """Return what the try runs with, its price counted.

        Raises:
            BudgetError: it does not fit into what was allowed.
            NotSentError: the price cannot be asked; likewise what an account is refused for.
        """
        plan = self.state.plan.only([attempt.position])
        async with self._counting:
            priced = await self.pricing.price(
                plan, fresh=self.context.limits.fresh, remembered=True
            )
            price = priced.bill.credits
            if price is None:
                price = self.context.price(attempt.first.request)  # as told before the run
            more = None if price is None else price - self._saving(attempt)
            self.context.costs.check(more, limits)
            self.context.costs.total += more or 0.0
            attempt.price, attempt.extra = price or 0.0, more or 0.0
        return self.context.again(priced)

    def _saving(self, attempt: _Attempt) -> float:
        """Return what is counted for the failed try and was not charged."""
        failed, position = attempt.failed, attempt.position
        if failed.error is None or failed.error.charged is not Charged.NO:
            return 0.0
        if position in self._prices or (failed.created_at or 0.0) < self._begun_at:
            return self._prices.get(position, 0.0)  # a failure of an earlier run is on no bill
        return self.context.price(failed.request) or 0.0


class _Attempt:
    """One further try. The failed one stands on for as long as nothing was sent."""

    def __init__(self, state: RunState, position: int, failed: Generation) -> None:
        self.position = position
        self.failed = failed
        self.first = Generation(failed.request)
        self.price = 0.0
        self.extra = 0.0  # of the price: what comes on top of what was counted before
        self.unsent = False
        self._state = state
        state.begin_again(position)

    def put(self, generation: Generation) -> None:
        """Note what is new; what kept the try back is told with the failed one."""
        error = generation.error
        self.unsent = generation.state is State.PLANNED and error is not None
        if error is not None and self.unsent:
            earlier = self.failed.error
            error.charged = earlier.charged if earlier else None
            error.credits = earlier.credits if earlier else None
            generation = replace(self.failed, error=error)
        self._state.generations[self.position] = generation

    def call_off(self) -> None:
        """Let the failed one stand again where nothing was sent in its place."""
        if self.unsent or self._state.generations[self.position].state is State.PLANNED:
            self._state.generations[self.position] = self.failed
