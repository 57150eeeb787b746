"""What a plan costs: the bill, the price of each image, and whether it may be spent."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar, cast

from nanobanana_nb.api.client import Client
from nanobanana_nb.api.provider import Estimate
from nanobanana_nb.errors import (
    AccessDeniedError,
    AuthenticationError,
    BudgetError,
    Charged,
    InsufficientCreditsError,
    NanobananaError,
    NotSentError,
    SettingsError,
)
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.ledger.tables.spending import Ceilings
from nanobanana_nb.model.credits import balance_of
from nanobanana_nb.model.plan.bill import Bill
from nanobanana_nb.model.plan.limits import RunLimits
from nanobanana_nb.model.plan.plan import Plan
from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.run.loop.shield import off_loop
from nanobanana_nb.run.task.time_limit import in_time
from nanobanana_nb.show.html.text import bill_parts

T = TypeVar("T")

REMEMBER_S = 30.0  # so long a price serves a bill that is asked for with every key
PRICE_WAIT_S = 15.0  # nobody waits longer for a price; a pause of the service counts not
BALANCE_WAIT_S = 5.0  # a bill without it is still a bill
ROUNDING = 1e-9
MOST_SAMPLE = 20  # combinations that are offered in the place of very many
_TOP_UP = InsufficientCreditsError.default_action
# Nothing else will be answered, and what a setting says wrong is not told as a missing price.
FINAL = (NotSentError, SettingsError, AuthenticationError, AccessDeniedError)


@dataclass(frozen=True)
class PricedBill:
    """A bill, and the credits of one image of each kind that is on it.

    A price is what the service told, or what the newest image of its kind cost, if that is more.
    `proven` are the kinds that the ledger knows a charge of.
    """

    bill: Bill
    by_kind: Mapping[str, float] = field(default_factory=dict)
    proven: frozenset[str] = frozenset()


@dataclass
class Pricing:
    """Asks the service for prices and the ledger for what is paid already.

    Each kind's price and the balance are asked on their own: what is told counts, whatever
    became of the rest.
    """

    client: Client
    ledger: Ledger
    ceilings: Ceilings
    # When, and what, by kind of question.
    _answers: dict[str, tuple[float, Any]] = field(default_factory=dict, init=False)

    async def price(
        self,
        plan: Plan,
        *,
        fresh: bool = False,
        patient: bool = False,
        remembered: bool = False,
    ) -> PricedBill:
        """Return what a plan costs, less what the ledger has. Creates nothing.

        No price is waited for longer than `PRICE_WAIT_S`; the bill then says not known.

        Args:
            patient: wait for the end of a maintenance.
            remembered: prices and balance may be half a minute old.

        Raises:
            NotSentError: the service cannot be reached.
            AuthenticationError: it does not take the key; likewise AccessDeniedError.
        """
        requests = [cell.request for cell in plan.cells]
        marks = (request.fingerprint() for request in requests)
        paid = {} if fresh else await off_loop(self.ledger.answers, marks)
        new = [request for request in requests if request.fingerprint() not in paid]
        cached = len(requests) - len(new)
        if not new:
            return PricedBill(Bill(len(requests), cached, 0.0, None))
        kinds = {price_kind(request): request for request in new}
        answers, balance = await self._ask(kinds, patient, remembered)
        prices = {kind: price for kind, price in answers.items() if isinstance(price, Estimate)}
        errors = [error for error in answers.values() if isinstance(error, NanobananaError)]
        newest = await off_loop(self.ledger.spending.last_charges, tuple(kinds.values()))
        charges = {kind: c for kind, c in zip(kinds, newest, strict=True) if c is not None}
        by_kind = {kind: max(p.credits, charges.get(kind, 0.0)) for kind, p in prices.items()}
        if errors:
            bill = await self._partial_bill(plan, new, by_kind, balance, errors[0])
        else:
            credits = sum(by_kind[price_kind(request)] for request in new)
            exact = all(p.exact and p.credits == by_kind[kind] for kind, p in prices.items())
            provider = new[0].provider
            bill = Bill(len(requests), cached, credits, balance, exact, provider=provider)
        return PricedBill(bill, by_kind, frozenset(charges))

    async def _partial_bill(
        self,
        plan: Plan,
        new: Sequence[GenerationRequest],
        by_kind: Mapping[str, float],
        balance: float | None,
        error: NanobananaError,
    ) -> Bill:
        """Return the bill where the service did not say every price: what it said, and why."""
        prices = [by_kind[price_kind(request)] for request in new if price_kind(request) in by_kind]
        rest = [request for request in new if price_kind(request) not in by_kind]
        likely = await off_loop(self.ledger.spending.likely, rest)
        why = error.why or error.what
        if prices:
            why = (
                f"{sum(prices):,.10g} credits for {len(prices)} of the {len(new)}; the rest: {why}"
            )
        return Bill(
            *(len(plan.cells), len(plan.cells) - len(new), None, balance, False, why),
            likely=None if likely is None else likely + sum(prices),
            provider=new[0].provider,
        )

    async def room(self, plan: Plan, bill: Bill, limits: RunLimits) -> float | None:
        """Return what a run with this bill may come to; None is no limit. Sends nothing.

        This is the one place that asks first, for a cell, the panel, Python and all others.

        Raises:
            BudgetError: the bill passes `max_credits` or a ceiling, or wants a yes first.
        """
        if not bill.new:
            return limits.most
        most = limits.max_credits
        if most is not None and not (bill.credits is not None and bill.credits <= most + ROUNDING):
            why = f"at most {most:,.10g} credits are allowed"
            part = _part(plan, bill, most, limits)
            raise _refusal(plan, bill, why, f"Allow more, or ask for less. {part}".rstrip())
        price = bill.likely if bill.credits is None else bill.credits
        room = None
        if self.ceilings != Ceilings():
            provider, spending = plan.cells[0].request.provider, self.ledger.spending
            spender = (provider, limits.notebook, time.time())
            await off_loop(spending.check, self.ceilings, price, *spender)
            room = await off_loop(spending.room, self.ceilings, *spender)
        _check_confirmed(plan, bill, price, limits)
        return min((most for most in (limits.most, room) if most is not None), default=None)

    async def _ask(
        self, kinds: Mapping[str, GenerationRequest], patient: bool, remembered: bool
    ) -> tuple[dict[str, Estimate | NanobananaError], float | None]:
        """Ask the price of each kind of request, and the balance where no estimate tells it.

        Each kind has its price or its error; the balance is None if nobody says.
        """
        oldest = time.monotonic() - REMEMBER_S if remembered else float("inf")
        estimates = {kind: partial(self._estimate, r, patient) for kind, r in kinds.items()}
        answers = await asyncio.gather(
            *(self._answer(kind, oldest, ask, PRICE_WAIT_S) for kind, ask in estimates.items())
        )
        by_kind = dict(zip(kinds, answers, strict=True))
        prices = [answer for answer in answers if isinstance(answer, Estimate)]
        if not prices and (final := [error for error in answers if isinstance(error, FINAL)]):
            raise final[0]
        if balances := [price.balance for price in prices if price.balance is not None]:
            return by_kind, balances[-1]
        ask = partial(self.client.balance, patient=patient)
        balance = await self._answer("balance", oldest, ask, BALANCE_WAIT_S)
        return by_kind, None if isinstance(balance, NanobananaError) else balance_of(balance)

    async def _answer(
        self, question: str, oldest: float, ask: Callable[[], Awaitable[T]], wait_s: float
    ) -> T | NanobananaError:
        """Return what was told since `oldest`, or else ask now; an error stands for its answer."""
        when, answer = self._answers.get(question, (float("-inf"), None))
        if when < oldest:
            try:
                answer = await in_time(ask(), wait_s, self.client.limiter.notice)
            except NanobananaError as error:
                return error
            self._answers[question] = time.monotonic(), answer
        return cast(T, answer)

    async def _estimate(self, request: GenerationRequest, patient: bool) -> Estimate:
        fields = request.fields()
        links = [image.url for image in request.images if image.url]
        return await self.client.estimate(
            request.model, {**fields, "img_urls": links} if links else fields, patient=patient
        )


def price_kind(request: GenerationRequest) -> str:
    """Return what the price of an image depends on."""
    return f"{request.model} {request.parameters} {len(request.images)}"


def _check_confirmed(plan: Plan, bill: Bill, price: float | None, limits: RunLimits) -> None:
    """Ask for a yes. One image of unknown price needs none: it cannot cost very much."""
    above = limits.asks_above
    if above is None:
        return
    if bill.credits is None and bill.new > 1:
        why = "the price is not known"
    elif price is not None and price > above + ROUNDING:
        why = f"above {above:,.10g} credits it asks first"
    elif price is not None and bill.balance is not None and price > bill.balance + ROUNDING:
        why = "the balance does not suffice"
    else:
        return
    # No yes would help where the account cannot pay a single image.
    is_empty = bill.balance is not None and (
        bill.balance <= 0 < (price or 1.0) or (price or 0.0) > bill.balance * bill.new
    )
    part = _part(plan, bill, min(above, above if bill.balance is None else bill.balance), limits)
    raise _refusal(plan, bill, why, _TOP_UP if is_empty else f"{limits.to_confirm} {part}".rstrip())


def _part(plan: Plan, bill: Bill, most: float, limits: RunLimits) -> str:
    """Return how to draw as much of a plan as `most` credits pay; nothing where there is no way."""
    price = bill.likely if bill.credits is None else bill.credits
    if not (price and limits.to_sample) or plan.sample is not None or plan.scout:
        return ""
    count = min(MOST_SAMPLE, int(most * bill.new / price / plan.repeats))
    return limits.to_sample.format(count) if 1 < count < len(plan.cells) / plan.repeats else ""


def _refusal(plan: Plan, bill: Bill, why: str, action: str) -> BudgetError:
    parts = [plan.in_words(), *bill_parts(bill)]
    what = "Nothing was sent: " + ", ".join(dict.fromkeys(parts))
    return BudgetError(what, why=why, action=action, charged=Charged.NO)
