"""On what terms an image may be created."""

from __future__ import annotations

from dataclasses import dataclass, field

from nanobanana_nb.ledger.tables.spending import Ceilings


@dataclass(frozen=True, kw_only=True)
class CreateTerms:
    """On what terms a request may be created. `price` is in credits, None if nobody told."""

    now: float
    price: float | None = None
    notebook: str | None = None
    ceilings: Ceilings = field(default_factory=Ceilings)
    fresh: bool = False
