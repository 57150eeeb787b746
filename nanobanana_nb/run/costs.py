"""What one run comes to while it goes on, against what was allowed for it."""

from __future__ import annotations

from nanobanana_nb.errors import BudgetError, Charged
from nanobanana_nb.model.terms import Terms

_ALLOW_MORE = "Allow more, then run the cell again: what is done is kept."
_ROUNDING = 1e-9


class Costs:
    """The bill of a run, with what was dearer than estimated and what was asked for again."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._total = 0.0

    def add(self, credits: float) -> None:
        """Count credits; fewer than none where a price falls away."""
        self._total += credits

    def dearer(self, credits: float) -> BudgetError | None:
        """Count what was not estimated, and return why nothing more is sent, if it is too much."""
        self.add(credits)
        most = self._terms.max_credits
        if most is None or self._total <= most + _ROUNDING:
            return None
        why = f"the images cost more than estimated, and {most:,.10g} credits are allowed"
        return BudgetError("Not sent", why=why, action=_ALLOW_MORE, charged=Charged.NO)

    def check(self, more: float | None) -> None:
        """Refuse what does not fit into what was allowed for the run.

        Args:
            more: credits beyond those that are counted; None where nobody knows.

        Raises:
            BudgetError: the limit of the run would be passed, or it cannot be told.
        """
        limits = (self._terms.max_credits, self._terms.confirm_above)
        most = min((limit for limit in limits if limit is not None), default=None)
        if more is None and self._terms.max_credits is not None:
            why = f"the price is not known, and {most:,.10g} credits are allowed"
        elif more and more > 0 and most is not None and self._total + more > most + _ROUNDING:
            total = self._total + more
            why = f"the run would come to {total:,.10g} credits, and {most:,.10g} are allowed"
        else:
            return
        raise BudgetError("Not sent", why=why, action=_ALLOW_MORE)
