"""What a plan costs: the bill, the price of each image, and whether it may be spent."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
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
    NanobananaError,
    NotSentError,
    SettingsError,
)
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.ledger.spending import Ceilings
from nanobanana_nb.model.plan import Bill, Plan
from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.model.terms import Terms
from nanobanana_nb.run.shielded import off_loop
from nanobanana_nb.show.text import bill_parts

T = TypeVar("T")

REMEMBER_S = 30.0  # so long a price serves a bill that is asked for with every key


@dataclass(frozen=True)
class Priced:
    """A bill, and the credits of one image of each kind that is on it."""

    bill: Bill
    by_kind: Mapping[str, float] = field(default_factory=dict)

    def of(self, request: GenerationRequest) -> float | None:
        """Return what one image costs, None if nobody told."""
        return self.by_kind.get(_kind(request))


class Pricing:
    """Asks the service for prices and the ledger for what is paid already."""

    def __init__(self, client: Client, ledger: Ledger, ceilings: Ceilings) -> None:
        self._client = client
        self._ledger = ledger
        self._ceilings = ceilings
        self._told: dict[str, tuple[float, Any]] = {}  # when, and what, by what was asked

    async def price(
        self, plan: Plan, *, fresh: bool = False, patient: bool = False, remembered: bool = False
    ) -> Priced:
        """Return what a plan costs, less what the ledger has. Creates nothing.

        Args:
            patient: wait for the end of a maintenance.
            remembered: prices and balance may be half a minute old.

        Raises:
            NotSentError: the service cannot be reached.
            AuthenticationError: it does not take the key; likewise AccessDeniedError.
        """
        new = await self._new(plan, fresh)
        if not new:
            return Priced(Bill(len(plan.cells), len(plan.cells), 0.0, None))
        try:
            prices, balance = await self._prices(new, patient, remembered)
        except (NotSentError, SettingsError, AuthenticationError, AccessDeniedError):
            raise
        except NanobananaError as error:
            return await self.untold(plan, error.why or error.what, fresh=fresh)
        credits = sum(prices[_kind(request)].credits for request in new)
        exact = all(price.exact for price in prices.values())
        by_kind = {kind: price.credits for kind, price in prices.items()}
        bill = Bill(len(plan.cells), len(plan.cells) - len(new), credits, balance, exact)
        return Priced(bill, by_kind)

    async def untold(self, plan: Plan, why: str, *, fresh: bool = False) -> Priced:
        """Return what is known of a plan whose price the service does not say: what is new."""
        new = await self._new(plan, fresh)
        likely = await off_loop(self._ledger.spending.likely, new)
        cached = len(plan.cells) - len(new)
        return Priced(Bill(len(plan.cells), cached, None, None, False, why, likely))

    async def check(self, plan: Plan, bill: Bill, terms: Terms) -> None:
        """Refuse a bill that is larger than what was allowed. Sends nothing.

        Raises:
            BudgetError: it passes `max_credits` or a ceiling, or wants a yes first.
        """
        if not bill.new:
            return
        _check_most(plan, bill, terms.max_credits)
        provider = plan.cells[0].request.provider
        price = bill.likely if bill.credits is None else bill.credits
        await off_loop(
            self._ledger.spending.check,
            *(self._ceilings, price, provider, terms.notebook, time.time()),
        )
        _check_confirmed(plan, bill, terms)

    async def _new(self, plan: Plan, fresh: bool) -> list[GenerationRequest]:
        asked = [cell.request for cell in plan.cells]
        return asked if fresh else await off_loop(self._unpaid, asked)

    def _unpaid(self, requests: list[GenerationRequest]) -> list[GenerationRequest]:
        """Return the requests that the ledger has no image, open or unknown task for."""
        return [r for r in requests if self._ledger.find(r.fingerprint()) is None]

    async def _prices(
        self, requests: list[GenerationRequest], patient: bool, remembered: bool
    ) -> tuple[dict[str, Estimate], float | None]:
        """Ask the price once for each kind of request, and the balance."""
        kinds = {_kind(request): request for request in requests}
        oldest = time.monotonic() - REMEMBER_S if remembered else float("inf")
        prices: list[Estimate] = await asyncio.gather(
            *(
                self._known(kind, oldest, partial(self._estimate, request, patient))
                for kind, request in kinds.items()
            )
        )
        told = [price.balance for price in prices if price.balance is not None]
        balance = told[-1] if told else None
        if balance is None:
            ask = partial(self._client.balance, patient=patient)
            balance = await self._known("balance", oldest, ask)
        return dict(zip(kinds, prices, strict=True)), balance

    async def _known(self, what: str, oldest: float, ask: Callable[[], Awaitable[T]]) -> T:
        """Return what was told since `oldest`, or else ask now."""
        when, told = self._told.get(what, (float("-inf"), None))
        if when < oldest:
            told = await ask()
            self._told[what] = time.monotonic(), told
        return cast(T, told)

    async def _estimate(self, request: GenerationRequest, patient: bool) -> Estimate:
        fields = {"prompt": request.prompt, **dict(request.parameters)}
        links = [image.url for image in request.images if image.url]
        return await self._client.estimate(
            request.model, {**fields, "img_urls": links} if links else fields, patient=patient
        )


def _kind(request: GenerationRequest) -> str:
    return f"{request.model} {request.parameters} {len(request.images)}"


def _check_most(plan: Plan, bill: Bill, most: float | None) -> None:
    if most is None or (bill.credits is not None and bill.credits <= most + 1e-9):
        return
    why = f"at most {most:,.10g} credits are allowed"
    raise _refusal(plan, bill, why, "Allow more, or ask for less.")


def _check_confirmed(plan: Plan, bill: Bill, terms: Terms) -> None:
    """Ask for a yes. One image of unknown price needs none: it cannot cost very much."""
    above = terms.confirm_above
    if above is None:
        return
    beyond = bill.balance_after is not None and bill.balance_after < 0
    if bill.credits is None and bill.new > 1:
        why = "the price is not known"
    elif bill.credits is not None and bill.credits > above:
        why = f"above {above:,.10g} credits it asks first"
    elif beyond:
        why = "the balance does not suffice"
    else:
        return
    raise _refusal(plan, bill, why, terms.to_confirm)


def _refusal(plan: Plan, bill: Bill, why: str, action: str) -> BudgetError:
    parts = [plan.in_words(), *bill_parts(bill)]
    what = "Nothing was sent: " + ", ".join(dict.fromkeys(parts))
    return BudgetError(what, why=why, action=action, charged=Charged.NO)
