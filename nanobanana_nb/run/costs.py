"""What one run comes to while it goes on, against what was allowed for it.

A price that is told before is a promise. Under a limit it is believed once a charge has kept it:
until then what is on its way, beyond a few images, is counted at several times its price, so that
a promise that is broken cannot take the run far beyond its limit.
"""

from __future__ import annotations

import asyncio
from itertools import islice

from nanobanana_nb.errors import BudgetError, Charged
from nanobanana_nb.model.terms import Terms

PLAUSIBLE = 4.0  # public prices of one model differ by up to 2.4 times with the size of its image
FEW = 4  # so many go together in any case: a small run is not made one by one
EARLY = 2  # so many tasks are looked at early, to learn their charge
_ALLOW_MORE = "Allow more, then run the cell again: what is done is kept."
_ROUNDING = 1e-9


class Costs:
    """The bill of a run, with what was dearer than estimated and what was asked for again.

    Belongs to one event loop. Images are told apart by any object of their own.
    """

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._total = 0.0
        self._room = terms.most
        self._kept = False  # whether the prices are known to hold
        self._worst = 1.0  # the dearest charge, as a multiple of its price
        self._worst_of_free = 0.0  # the dearest charge of what was said to cost nothing
        self._spent = 0.0
        self._under_way: dict[object, float] = {}
        self._news = asyncio.Event()

    def begin(self, bill: float, room: float | None, proven: bool) -> None:
        """Count the bill.

        Args:
            room: what the run may come to; None is no limit.
            proven: the prices of the bill were charged before.
        """
        self.add(bill)
        self._room, self._kept = room, proven

    def add(self, credits: float) -> None:
        """Count credits; fewer than none where a price falls away."""
        self._total += credits

    def expected(self, price: float) -> float:
        """Return what an image of this price costs, as charges until now have shown."""
        return price * self._worst or self._worst_of_free

    async def turn(self, image: object, price: float | None) -> None:
        """Wait until an image may be asked for within what was allowed, and count it.

        Raises:
            BudgetError: it does not fit, and nothing is on its way any more.
        """
        if price is None or self._room is None:
            return
        while not self._fits(price, self._room):
            if not self._under_way:
                cost = self.expected(price)
                why = f"an image costs {cost:,.10g} credits, {self._spent:,.10g} are spent"
                raise self._too_much(why, self._room)
            self._news.clear()
            await self._news.wait()
        self._under_way[image] = price

    def early(self, image: object) -> bool:
        """Whether an image is worth looks before their time: no charge of the run is known yet."""
        return not self._kept and image in islice(self._under_way, EARLY)

    def reserved(self, image: object, credits: float | None) -> None:
        """Hear what the service has set aside for an image: no proof, but maybe a warning."""
        if image in self._under_way and credits is not None:
            self._learn(self._under_way[image], credits)

    def charged(self, image: object, credits: float, *, proof: bool) -> BudgetError | None:
        """Count what an image cost, and return why nothing more is sent, if it is too much.

        Args:
            proof: it came about, so that others will cost as much.
        """
        price = self._under_way.pop(image, None)
        if price is None:
            return None
        self._news.set()
        self._spent += credits
        self._kept = self._kept or proof
        self._learn(price, credits)
        self.add(max(0.0, credits - price))
        if self._room is None or credits <= price or self._total <= self._room + _ROUNDING:
            return None
        why = f"an image cost {credits:,.10g} credits, not {price:,.10g}"
        return self._too_much(why, self._room)

    def ended(self, image: object, *, free: bool) -> None:
        """Hear that an image is followed no more; what may have been charged stays counted."""
        price = self._under_way.pop(image, None)
        if price is not None:
            self._spent += 0.0 if free else self.expected(price)
            self._news.set()

    def check(self, more: float | None, terms: Terms | None = None) -> None:
        """Refuse what does not fit into what was allowed for the run.

        Args:
            more: credits beyond those that are counted; None where nobody knows.
            terms: a yes to these credits alone; a limit that the run was given holds all the same.

        Raises:
            BudgetError: the limit of the run would be passed, or it cannot be told.
        """
        hard, own = self._terms.max_credits, terms.max_credits if terms else None
        yes = terms is not None and (terms.yes or own is not None)
        limits = (self._terms.most if hard is None and not yes else hard, _sum(self._total, own))
        most = min((limit for limit in limits if limit is not None), default=None)
        if more is None and (hard is not None or own is not None):
            why = f"the price is not known, and {most:,.10g} credits are allowed"
        elif more and more > 0 and most is not None and self._total + more > most + _ROUNDING:
            total = self._total + more
            why = f"the run would come to {total:,.10g} credits, and {most:,.10g} are allowed"
        else:
            if yes and hard is None and self._room is not None:
                self._room = max(self._room, self._total + (more or 0.0))
            return
        raise BudgetError("Not sent", why=why, action=_ALLOW_MORE)

    def _learn(self, price: float, credits: float) -> None:
        if price > 0:
            self._worst = max(self._worst, credits / price)
        else:
            self._worst_of_free = max(self._worst_of_free, credits)

    def _fits(self, price: float, room: float) -> bool:
        """Whether an image fits with all that is on its way, were all as dear as they may be."""
        left = room - self._spent + _ROUNDING
        together = [*self._under_way.values(), price]
        expected = sum(map(self.expected, together))
        if self._kept or len(together) <= FEW:
            return expected <= left
        return min(together) > 0 and max(expected, sum(together) * PLAUSIBLE) <= left

    def _too_much(self, why: str, room: float) -> BudgetError:
        allowed = f"{why}, and {room:,.10g} credits are allowed"
        return BudgetError("Not sent", why=allowed, action=_ALLOW_MORE, charged=Charged.NO)


def _sum(total: float, more: float | None) -> float | None:
    return None if more is None else total + more
