"""What may still be charged below a ceiling, by all runs that share the ledger.

An image is on its way from its claim until the ledger has its charge, also where nobody follows
it any more. One more image may go where all that is on its way fits below the ceiling, each
counted at what the newest of its kind cost or at what was told for it, whichever is more, and

- `MARGIN` times as much where more than `FEW` are on their way together;
- what `unproven` says where no charge of its kind is known yet, unless nobody follows it, or
  nothing that is followed is on its way beside it.

The promise: where a service suddenly charges `k` times as much, all threads and processes
together pass a ceiling of `C` credits by at most `C * (k / MARGIN - 1)`, or by `k - 1` prices for
each of `FEW` images, whichever is more, however many runs there are. A task that ends without
a word on its charge counts at its price. `max_credits` is a limit of one run and counts in the
same way within that run alone: see `nanobanana_nb.run.money.budget`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from nanobanana_nb.errors import BudgetError, Charged
from nanobanana_nb.ledger.store import rows
from nanobanana_nb.ledger.tables.spending import (
    COST,
    MODEL,
    PARAMETERS,
    ROUNDING,
    Limit,
    Spending,
)
from nanobanana_nb.model.credits import margin, unproven
from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.model.result import State

_ON_ITS_WAY = (
    f"SELECT {MODEL}, {PARAMETERS}, owner IS NOT NULL, max({COST}), count(*), sum({COST})"
    f" FROM tasks WHERE (state IN ({rows.listed((State.SENT, State.UNKNOWN, *rows.OPEN))})"
    f" OR (state = '{State.PLANNED}' AND owner IS NOT NULL)) AND {{where}} GROUP BY 1, 2, 3"
)
_LEARN = "`%nanobanana resume` learns their charge; or raise {setting}."


@dataclass(frozen=True)
class _Group:
    """Images of one kind that are on their way; `price` is of the dearest, `credits` of all."""

    model: str
    parameters: str
    followed: bool
    price: float
    count: int
    credits: float


def is_tight(
    spending: Spending, limits: Iterable[Limit], request: GenerationRequest, price: float
) -> bool:
    """Whether an image has to wait until more is known of what is on its way.

    Args:
        spending: as the transaction sees it that is about to create the image.

    Raises:
        BudgetError: nobody follows what it would have to wait for.
    """
    tight = False
    kind = (request.model, json.dumps(dict(request.parameters)))
    for limit in limits:
        where, *values = limit.where
        query = _ON_ITS_WAY.format(where=where)
        groups = [_Group(*row) for row in spending.query(query, *values)]
        followed = any(group.followed for group in groups)
        addition = _Group(*kind, followed, price, 1, 0.0)
        if _risk(spending, request.provider, [*groups, addition]) <= limit.room + ROUNDING:
            continue
        if not followed:
            raise _refusal(limit, sum(group.count for group in groups))
        tight = True
    return tight


def _risk(spending: Spending, provider: str, groups: list[_Group]) -> float:
    """Return what images may cost beyond what counts for them already."""
    times = margin(sum(group.count for group in groups))
    risks = []
    for group in groups:
        charge = spending.charge(provider, group.model, group.parameters)
        if charge is None and group.followed:
            price = unproven(group.price)
        else:
            price = max(group.price, charge or 0.0) * times
        risks.append(group.count * price - group.credits)
    return sum(risks)


def _refusal(limit: Limit, count: int) -> BudgetError:
    images = f"the {count:,} images whose charge is" if count > 1 else "the image whose charge is"
    why = (
        f"the ceiling of {limit.ceiling:,.10g} credits {limit.name} would be passed"
        f" if {images} not known cost more than was told"
    )
    action = _LEARN.format(setting=limit.setting)
    return BudgetError("Not sent", why=why, action=action, charged=Charged.NO)
