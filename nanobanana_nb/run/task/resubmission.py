"""Failed images asked for again while their run goes on, on the terms of that run."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from dataclasses import replace
from types import TracebackType
from typing import Self

from nanobanana_nb.errors import Charged, NanobananaError
from nanobanana_nb.model.plan.limits import RunLimits
from nanobanana_nb.model.result import Generation, State
from nanobanana_nb.run.loop.gather import cancelled
from nanobanana_nb.run.money.pricing import Pricing, price_kind
from nanobanana_nb.run.run_state import RunState
from nanobanana_nb.run.task import outcome
from nanobanana_nb.run.task.context import RunContext
from nanobanana_nb.run.task.image_run import ImageRun
from nanobanana_nb.show.growth import may_be_retried


class Resubmission:
    """Takes further tries of one run while it is entered, and ends after the last of them.

    A further try goes the way of the first one. It fits into what was allowed for the run: the
    price of a failed one that cost nothing is free for it, any other comes on top.
    """

    def __init__(
        self, state: RunState, context: RunContext, pricing: Pricing, limits: RunLimits
    ) -> None:
        self._state = state
        self._context = context
        self._pricing = pricing
        self._limits = limits
        self._open = False
        self._begun_at = 0.0
        self._tries: list[asyncio.Task[None]] = []
        self._counting = asyncio.Lock()  # one after the other looks whether it still fits
        self._prices: dict[int, float] = {}  # of the newest try that is counted, by position

    async def __aenter__(self) -> Self:
        self._open, self._begun_at = True, time.time()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: object, frames: TracebackType | None
    ) -> None:
        try:
            while kind is None and (rest := [task for task in self._tries if not task.done()]):
                await asyncio.wait(rest)
        finally:
            self._open = False
            await cancelled(self._tries)
        if kind is None:
            for task in self._tries:
                task.result()

    async def begin(self, positions: Iterable[int], limits: RunLimits | None = None) -> None:
        """Ask again for those of these images that have failed and that nobody asks for yet.

        Args:
            limits: a yes to these tries, where it was given.
        """
        images = self._state.generations
        for position in dict.fromkeys(positions):
            if self._open and self._state.ended(position) and may_be_retried(images[position]):
                attempt = _Attempt(self._state, position, images[position])
                self._tries.append(asyncio.ensure_future(self._try(attempt, limits)))

    async def _try(self, attempt: _Attempt, limits: RunLimits | None) -> None:
        try:
            context = await self._admit(attempt, limits)
            await ImageRun(context, attempt.first, attempt.put).make()
        except NanobananaError as error:  # no price, or it does not fit
            attempt.put(outcome.stopped(attempt.first, error))
        except asyncio.CancelledError:
            attempt.call_off()
            raise
        if attempt.unsent:
            self._context.costs.total -= attempt.extra
        else:
            self._prices[attempt.position] = attempt.price
        self._state.tell(attempt.position)

    async def _admit(self, attempt: _Attempt, limits: RunLimits | None) -> RunContext:
        """Return what the try runs with, its price counted.

        Raises:
            BudgetError: it does not fit into what was allowed.
            NotSentError: the price cannot be asked; likewise what an account is refused for.
        """
        plan = self._state.plan.only([attempt.position])
        async with self._counting:
            priced = await self._pricing.price(plan, fresh=self._limits.fresh, remembered=True)
            price = priced.bill.credits
            if price is None and self._context.priced is not None:  # as told before the run
                price = self._context.priced.by_kind.get(price_kind(attempt.first.request))
            more = None if price is None else price - self._saving(attempt)
            self._context.costs.check(more, limits)
            self._context.costs.total += more or 0.0
            attempt.price, attempt.extra = price or 0.0, more or 0.0
        return self._context.again(priced)

    def _saving(self, attempt: _Attempt) -> float:
        """Return what is counted for the failed try and was not charged."""
        failed, position = attempt.failed, attempt.position
        if failed.error is None or failed.error.charged is not Charged.NO:
            return 0.0
        if position in self._prices or (failed.created_at or 0.0) < self._begun_at:
            return self._prices.get(position, 0.0)  # a failure of an earlier run is on no bill
        prices = self._context.priced.by_kind if self._context.priced else {}
        return prices.get(price_kind(failed.request), 0.0)


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
        self._state.put(self.position, generation)

    def call_off(self) -> None:
        """Let the failed one stand again where nothing was sent in its place."""
        if self.unsent or self._state.generations[self.position].state is State.PLANNED:
            self._state.put(self.position, self.failed)
