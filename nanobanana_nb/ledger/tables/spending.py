"""What was spent, from the ledger: the sums, and the ceilings that hold across processes.

A task counts with what it cost, and until that is known with the price that was set aside for
it. A task whose outcome is unknown counts as spent. Where nobody told a price before it was
sent, the last known price of its model and parameters counts; without one it is `untold`.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from nanobanana_nb.errors import BudgetError, Charged
from nanobanana_nb.model.credits import MOST_PRICE
from nanobanana_nb.model.request import GenerationRequest

# What an older row may hold and is no charge counts as not known.
_CREDITS = f"CASE WHEN credits BETWEEN 0 AND {MOST_PRICE} THEN credits END"
_RESERVED = f"CASE WHEN reserved BETWEEN 0 AND {MOST_PRICE} THEN reserved END"
COST = f"COALESCE({_CREDITS}, {_RESERVED}, 0)"
_MAYBE_PAID = f"json_extract(error, '$.charged') IN ('{Charged.YES}', '{Charged.UNKNOWN}')"
_UNTOLD = (
    f"COALESCE({_CREDITS}, {_RESERVED}) IS NULL AND state <> 'planned'"
    f" AND (state <> 'failed' OR {_MAYBE_PAID})"
)
MODEL = "json_extract(request, '$.model')"
PARAMETERS = "json_extract(request, '$.parameters')"
_WHERE = (
    "provider, date(created_at, 'unixepoch', 'localtime') AS day,"
    f" COALESCE(notebook, '') AS notebook, {MODEL} AS model"
)
_CHARGES = (
    f"SELECT (SELECT {_CREDITS} FROM tasks WHERE provider = json_extract(kind.value, '$[0]')"
    f" AND {MODEL} = json_extract(kind.value, '$[1]') AND state = 'success'"
    f" AND {PARAMETERS} = json_extract(kind.value, '$[2]') ORDER BY id DESC LIMIT 1)"
    " FROM json_each(?) AS kind ORDER BY kind.key"
)
ROUNDING = 1e-9
_SETTING = {
    "today": "NANOBANANA_MAX_CREDITS_DAY",
    "in this notebook": "NANOBANANA_MAX_CREDITS_NOTEBOOK",
}
_RAISE = {
    "today": "Raise {setting}, or wait for tomorrow.",
    "in this notebook": "Raise {setting}, or use another notebook.",
}
_UNPRICED = "Run it again once the service says its price, or unset {setting}."


@dataclass(frozen=True, kw_only=True)
class Ceilings:
    """The most credits that may be spent; None is no ceiling."""

    day: float | None = None
    notebook: float | None = None


NO_CEILINGS = Ceilings()


@dataclass(frozen=True)
class Total:
    """A sum of credits, and how many tasks are not in it because nobody knows their price."""

    credits: float = 0.0
    untold: int = 0


@dataclass(frozen=True)
class Limit:
    """One ceiling, what counts against it, and which tasks those are, as SQL with its values."""

    name: str
    ceiling: float
    spent: Total
    where: tuple[Any, ...]

    @property
    def room(self) -> float:
        """What is left; less than nothing where it was passed."""
        return self.ceiling - self.spent.credits

    @property
    def setting(self) -> str:
        """The variable that sets it."""
        return _SETTING[self.name]


@dataclass(frozen=True)
class Spent:
    """One line of the sums: `unsure` is the part that may not have been charged.

    `untold` tasks are not in the credits: nobody knows their price.
    """

    provider: str
    day: str
    notebook: str
    model: str
    tasks: int
    credits: float
    unsure: float
    untold: int = 0


Query = Callable[..., list[sqlite3.Row]]


@dataclass(frozen=True)
class Spending:
    """The sums over one ledger.

    Args:
        query: runs SQL with its values: a database's `read`, or a transaction that is about
            to add to the sums and must see them as they are.
    """

    query: Query

    def rows(self) -> list[Spent]:
        """Return the sums by provider, local day, notebook and model, newest day first."""
        rows = self.query(
            f"SELECT {_WHERE}, count(*) AS tasks, sum({COST}) AS credits,"
            f" sum(CASE WHEN ({_CREDITS}) IS NULL THEN {COST} ELSE 0 END) AS unsure FROM tasks"
            f" WHERE {COST} > 0 OR state = 'success' OR ({_UNTOLD}) GROUP BY 1, 2, 3, 4"
        )
        sums = {tuple(row)[:4]: Spent(**dict(row)) for row in rows}
        for row, likely in self._likely("TRUE"):
            spent = sums[tuple(row)[:4]]
            sums[tuple(row)[:4]] = replace(
                spent,
                credits=spent.credits + likely.credits,
                unsure=spent.unsure + likely.credits,
                untold=spent.untold + likely.untold,
            )
        return sorted(sums.values(), key=lambda spent: (spent.day, spent.credits), reverse=True)

    def today(self, provider: str, now: float) -> Total:
        """Return the credits since midnight, local time."""
        return self._sum("provider = ? AND created_at >= ?", provider, midnight(now))

    def in_notebook(self, provider: str, notebook: str) -> Total:
        """Return the credits that one notebook has spent so far."""
        return self._sum("provider = ? AND notebook = ?", provider, notebook)

    def last_price(self, request: GenerationRequest) -> float | None:
        """Return the newest known price of the same model and parameters."""
        parameters = json.dumps(dict(request.parameters))
        return self._last(request.provider, request.model, parameters)

    def last_charges(self, requests: Sequence[GenerationRequest]) -> list[float | None]:
        """Return what the newest image of each model and parameters cost, None for none yet."""
        kinds = json.dumps([(r.provider, r.model, dict(r.parameters)) for r in requests])
        charges = [row[0] for row in self.query(_CHARGES, kinds)]
        return charges or [None] * len(requests)

    def charge(self, provider: str, model: str, parameters: str) -> float | None:
        """Return what the newest image of a kind cost; its parameters are JSON."""
        charges = self.query(
            f"SELECT {_CREDITS} FROM tasks WHERE provider = ? AND {MODEL} = ?"
            f" AND state = 'success' AND {PARAMETERS} = json(?) ORDER BY id DESC LIMIT 1",
            *(provider, model, parameters),
        )
        return charges[0][0] if charges else None

    def room(
        self, ceilings: Ceilings, provider: str, notebook: str | None, now: float
    ) -> float | None:
        """Return what may still be spent below the ceilings; None where there is none."""
        rooms = [limit.room for limit in self.limits(ceilings, provider, notebook, now)]
        return max(0.0, min(rooms)) if rooms else None

    def likely(self, requests: Iterable[GenerationRequest]) -> float | None:
        """Return what requests come to by the last known prices, None if one has none."""
        kinds = Counter((r.provider, r.model, json.dumps(dict(r.parameters))) for r in requests)
        total = 0.0
        for kind, count in kinds.items():
            if (price := self._last(*kind)) is None:
                return None
            total += price * count
        return total

    def _last(self, provider: str, model: str, parameters: str) -> float | None:
        prices = self.query(
            f"SELECT {COST} FROM tasks WHERE provider = ? AND {MODEL} = ? AND {COST} > 0"
            f" AND {PARAMETERS} = json(?) ORDER BY id DESC LIMIT 1",
            *(provider, model, parameters),
        )
        return float(prices[0][0]) if prices else None

    def check(
        self,
        ceilings: Ceilings,
        price: float | None,
        provider: str,
        notebook: str | None,
        now: float,
    ) -> None:
        """Refuse what does not fit under a ceiling any more.

        Args:
            price: credits that are about to be spent; None where nobody knows.

        Raises:
            BudgetError: it does not fit, or its price is not known.
        """
        for limit in self.limits(ceilings, provider, notebook, now):
            if price is None:
                most = f"{limit.ceiling:,.10g} credits {limit.name}"
                why = f"the price is not known, and {most} are the ceiling"
                action = _UNPRICED
            elif price * (1 + limit.spent.untold) > limit.room + ROUNDING:
                why, action = _too_much(limit, price), _RAISE[limit.name]
            else:
                continue
            action = action.format(setting=limit.setting)
            raise BudgetError("Not sent", why=why, action=action, charged=Charged.NO)

    def limits(
        self, ceilings: Ceilings, provider: str, notebook: str | None, now: float
    ) -> list[Limit]:
        """Return the ceilings that hold for a notebook now, with what counts against them."""
        limits = []
        where: tuple[Any, ...]
        if ceilings.day is not None:
            where = ("provider = ? AND created_at >= ?", provider, midnight(now))
            limits.append(Limit("today", ceilings.day, self._sum(*where), where))
        if ceilings.notebook is not None and notebook is not None:
            where = ("provider = ? AND notebook = ?", provider, notebook)
            limits.append(Limit("in this notebook", ceilings.notebook, self._sum(*where), where))
        return limits

    def _sum(self, where: str, *values: Any) -> Total:
        sums = self.query(f"SELECT sum({COST}) FROM tasks WHERE {where}", *values)
        total = Total(float(sums[0][0] or 0) if sums else 0.0)
        for _, likely in self._likely(where, *values):
            total = Total(total.credits + likely.credits, total.untold + likely.untold)
        return total

    def _likely(self, where: str, *values: Any) -> Iterator[tuple[sqlite3.Row, Total]]:
        """Yield the tasks that were sent without a price, with what they come to likely."""
        rows = self.query(
            f"SELECT {_WHERE}, {PARAMETERS} AS parameters, count(*) AS tasks FROM tasks"
            f" WHERE ({_UNTOLD}) AND {where} GROUP BY 1, 2, 3, 4, 5",
            *values,
        )
        for row in rows:
            price = self._last(row["provider"], row["model"], row["parameters"])
            count = row["tasks"]
            yield row, Total(untold=count) if price is None else Total(price * count)


def _too_much(limit: Limit, price: float) -> str:
    """Say what does not fit; a task that nobody told the price of counts as one of this price."""
    spent = limit.spent
    others = f" and {spent.untold:,} of unknown price" if spent.untold else ""
    return (
        f"{price:,.10g} more on {spent.credits:,.10g}{others} spent {limit.name}"
        f" would pass the ceiling of {limit.ceiling:,.10g} credits"
    )


def midnight(now: float) -> float:
    """Return when the local day of `now` began, both in seconds since the epoch."""
    day = datetime.fromtimestamp(now).date()
    return datetime(day.year, day.month, day.day).timestamp()
