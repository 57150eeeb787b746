"""What was spent, from the ledger: the sums, and the ceilings that hold across processes.

A task counts with what it cost, and until that is known with the price that was set aside for
it. A task whose outcome is unknown counts as spent.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nanobanana_nb.errors import BudgetError, Charged
from nanobanana_nb.model.request import GenerationRequest

_COST = "COALESCE(credits, reserved, 0)"
_MODEL = "json_extract(request, '$.model')"
_ROUNDING = 1e-9
_RAISE = {
    "today": "Raise NANOBANANA_MAX_CREDITS_DAY, or wait for tomorrow.",
    "in this notebook": "Raise NANOBANANA_MAX_CREDITS_NOTEBOOK, or use another notebook.",
}


@dataclass(frozen=True, kw_only=True)
class Ceilings:
    """The most credits that may be spent; None is no ceiling."""

    day: float | None = None
    notebook: float | None = None


@dataclass(frozen=True)
class Spent:
    """One line of the sums: `unsure` is the part that may not have been charged."""

    provider: str
    day: str
    notebook: str
    model: str
    tasks: int
    credits: float
    unsure: float


Query = Callable[..., list[sqlite3.Row]]


class Spending:
    """The sums over one ledger.

    Args:
        query: runs SQL with its values: a database's `read`, or a transaction that is about
            to add to the sums and must see them as they are.
    """

    def __init__(self, query: Query) -> None:
        self._query = query

    def rows(self) -> list[Spent]:
        """Return the sums by provider, local day, notebook and model, newest day first."""
        found = self._query(
            "SELECT provider, date(created_at, 'unixepoch', 'localtime') AS day,"
            f" COALESCE(notebook, '') AS notebook, {_MODEL} AS model, count(*) AS tasks,"
            f" sum({_COST}) AS credits,"
            f" sum(CASE WHEN credits IS NULL THEN {_COST} ELSE 0 END) AS unsure"
            f" FROM tasks WHERE {_COST} > 0 OR state = 'success'"
            " GROUP BY 1, 2, 3, 4 ORDER BY 2 DESC, 6 DESC"
        )
        return [Spent(**dict(row)) for row in found]

    def today(self, provider: str, now: float) -> float:
        """Return the credits since midnight, local time."""
        return self._sum("provider = ? AND created_at >= ?", provider, midnight(now))

    def in_notebook(self, provider: str, notebook: str) -> float:
        """Return the credits that one notebook has spent so far."""
        return self._sum("provider = ? AND notebook = ?", provider, notebook)

    def last_price(self, request: GenerationRequest) -> float | None:
        """Return what the newest finished task of the same model and parameters cost."""
        asked = json.dumps(dict(request.parameters))
        found = self._query(
            f"SELECT credits FROM tasks WHERE provider = ? AND {_MODEL} = ? AND credits > 0"
            " AND json_extract(request, '$.parameters') = json(?) ORDER BY id DESC LIMIT 1",
            *(request.provider, request.model, asked),
        )
        return float(found[0][0]) if found else None

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
        for name, ceiling, spent in self._against(ceilings, provider, notebook, now):
            if price is None:
                why = f"the price is not known, and {ceiling:,.10g} credits {name} are the ceiling"
            elif spent + price > ceiling + _ROUNDING:
                why = f"{price:,.10g} more on {spent:,.10g} spent {name}"
                why += f" would pass the ceiling of {ceiling:,.10g} credits"
            else:
                continue
            raise BudgetError("Not sent", why=why, action=_RAISE[name], charged=Charged.NO)

    def _against(
        self, ceilings: Ceilings, provider: str, notebook: str | None, now: float
    ) -> Iterator[tuple[str, float, float]]:
        if ceilings.day is not None:
            yield "today", ceilings.day, self.today(provider, now)
        if ceilings.notebook is not None and notebook is not None:
            yield "in this notebook", ceilings.notebook, self.in_notebook(provider, notebook)

    def _sum(self, where: str, *values: Any) -> float:
        found = self._query(f"SELECT sum({_COST}) FROM tasks WHERE {where}", *values)
        return float(found[0][0] or 0) if found else 0.0


def midnight(now: float) -> float:
    """Return when the local day of `now` began, both in seconds since the epoch."""
    day = datetime.fromtimestamp(now).date()
    return datetime(day.year, day.month, day.day).timestamp()
