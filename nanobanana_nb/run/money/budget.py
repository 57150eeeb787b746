"""What one run comes to while it goes on, against what was allowed for it.

A price that is told before is a promise. Under a limit it is believed once a charge has kept it:
until then what is on its way, beyond a few images, is counted at several times its price, and
at the price of the dearest image at least. What was kept for one kind of image says nothing of
another, and leaves a margin. So a promise that is broken cannot take the run far beyond its limit.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from nanobanana_nb.errors import BudgetError, Charged
from nanobanana_nb.model.credits import FEW, margin, unproven
from nanobanana_nb.model.plan.limits import RunLimits

COMMON = 4.0  # what most images cost: the few count as much, whatever less was told
EARLY = 2  # so many tasks are looked at early, to learn their charge
_ALLOW_MORE = "Allow more, then run the cell again: what is done is kept."
_ROUNDING = 1e-9


class _Expense(NamedTuple):
    """The price of an image that is on its way, and of which kind it is."""

    price: float
    kind: str


@dataclass(eq=False)
class Costs:
    """The bill of a run, with what was dearer than estimated and what was asked for again.

    Belongs to one event loop. Images are told apart by any object of their own.

    Args:
        room: what the run may come to; None is no limit.
        total: the bill; what is asked for again comes on top.
        proven: the kinds of image whose newest charge has kept the price.
    """

    limits: RunLimits
    room: float | None
    total: float = 0.0
    proven: set[str] = field(default_factory=set)
    _worst: float = field(default=1.0, init=False)  # the dearest charge, as a multiple of its price
    _worst_of_free: float = field(default=0.0, init=False)  # of what was said to cost nothing
    _spent: float = field(default=0.0, init=False)
    _under_way: dict[object, _Expense] = field(default_factory=dict, init=False)
    _news: asyncio.Event = field(default_factory=asyncio.Event, init=False)

    def expected(self, price: float) -> float:
        """Return what an image of this price costs, as charges until now have shown."""
        return price * self._worst or self._worst_of_free

    async def turn(self, image: object, price: float | None, kind: str = "") -> None:
        """Wait until an image may be asked for within what was allowed, and count it.

        Raises:
            BudgetError: it does not fit, and nothing is on its way any more.
        """
        if price is None or self.room is None:
            return
        expense = _Expense(price, kind)
        while self._risk(expense) > self.room - self._spent + _ROUNDING:
            if not self._under_way:
                cost = self.expected(price)
                why = f"an image costs {cost:,.10g} credits, {self._spent:,.10g} are spent"
                raise self._too_much(why, self.room)
            self._news.clear()
            await self._news.wait()
        self._under_way[image] = expense

    def early(self, image: object) -> bool:
        """Whether an image is worth looks before their time: no charge of its kind is known yet."""
        first = image in islice(self._under_way, EARLY)
        return first and self._under_way[image].kind not in self.proven

    def reserved(self, image: object, credits: float | None) -> None:
        """Hear what the service has set aside for an image: no proof, but maybe a warning."""
        if image not in self._under_way or credits is None:
            return
        price = self._under_way[image].price
        if price > 0:
            self._worst = max(self._worst, credits / price)
        else:
            self._worst_of_free = max(self._worst_of_free, credits)

    def charged(self, image: object, credits: float, *, proof: bool) -> BudgetError | None:
        """Count what an image cost, and return why nothing more is sent, if it is too much.

        Args:
            proof: it came about, so that others will cost as much.
        """
        if image not in self._under_way:
            return None
        price, kind = self._under_way[image]
        if credits > self.expected(price) + _ROUNDING:
            self.proven.discard(kind)
        elif proof:
            self.proven.add(kind)
        self.reserved(image, credits)  # what was taken warns likewise
        del self._under_way[image]
        self._news.set()
        self._spent += credits
        self.total += max(0.0, credits - price)
        if self.room is None or credits <= price or self.total <= self.room + _ROUNDING:
            return None
        why = f"an image cost {credits:,.10g} credits, not {price:,.10g}"
        return self._too_much(why, self.room)

    def ended(self, image: object, *, free: bool) -> None:
        """Hear that an image is followed no more; what may have been charged stays counted."""
        expense = self._under_way.pop(image, None)
        if expense is not None:
            self._spent += 0.0 if free else self.expected(expense.price)
        self._news.set()

    async def news(self, seconds: float) -> None:
        """Wait so long, or until more is known of an image of this run."""
        self._news.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._news.wait()

    def check(self, more: float | None, limits: RunLimits | None = None) -> None:
        """Refuse what does not fit into what was allowed for the run.

        Args:
            more: credits beyond those that are counted; None where nobody knows.
            limits: a yes to these credits alone; a limit that the run was given holds all the same.

        Raises:
            BudgetError: the limit of the run would be passed, or it cannot be told.
        """
        hard, extra = self.limits.max_credits, limits.max_credits if limits else None
        yes = limits is not None and (limits.yes or extra is not None)
        bounds = (
            self.limits.most if hard is None and not yes else hard,
            None if extra is None else self.total + extra,
        )
        most = min((bound for bound in bounds if bound is not None), default=None)
        if more is None and (hard is not None or extra is not None):
            why = f"the price is not known, and {most:,.10g} credits are allowed"
        elif more and more > 0 and most is not None and self.total + more > most + _ROUNDING:
            total = self.total + more
            why = f"the run would come to {total:,.10g} credits, and {most:,.10g} are allowed"
        else:
            if yes and hard is None and self.room is not None:
                self.room = max(self.room, self.total + (more or 0.0))
            return
        raise BudgetError("Not sent", why=why, action=_ALLOW_MORE)

    def _risk(self, newcomer: _Expense) -> float:
        """Return what an image and all on their way cost, were all as dear as they may be."""
        expenses = [*self._under_way.values(), newcomer]
        count, risk = len(expenses), 0.0
        for expense in expenses:
            expected, proven = self.expected(expense.price), expense.kind in self.proven
            if count > FEW and not proven:
                risk += max(expected, unproven(expense.price))
            elif proven or count == 1:
                risk += expected * margin(count)
            else:
                risk += max(expected, COMMON)
        return risk

    def _too_much(self, why: str, room: float) -> BudgetError:
        allowed = f"{why}, and {room:,.10g} credits are allowed"
        return BudgetError("Not sent", why=allowed, action=_ALLOW_MORE, charged=Charged.NO)
