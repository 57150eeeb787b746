"""On what terms an image may be created, and what its row then says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypedDict

from nanobanana_nb.ledger.store import rows
from nanobanana_nb.ledger.tables.spending import Ceilings, Spending
from nanobanana_nb.model.request import GenerationRequest


class ClaimTerms(TypedDict):
    """What stands in the row of an image that may be created."""

    reserved: float | None
    notebook: str | None
    created_at: float


@dataclass(frozen=True, kw_only=True)
class Order:
    """On what terms a request may be created. `price` is in credits, None if nobody told."""

    now: float
    price: float | None = None
    notebook: str | None = None
    ceilings: Ceilings = field(default_factory=Ceilings)
    fresh: bool = False

    def terms(self, spending: Spending, request: GenerationRequest) -> ClaimTerms:
        """Return what is set aside for a create: at least what the newest one like it cost."""
        price = spending.last_price(request) if self.price is None else self.price
        if price is not None:
            price = max(price, spending.last_charges([request])[0] or 0.0)
        notebook = rows.storable(self.notebook)
        return {"reserved": price, "notebook": notebook, "created_at": self.now}
