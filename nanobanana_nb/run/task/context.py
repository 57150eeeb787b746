"""What the images of one run share."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field

from nanobanana_nb.api.client import Client
from nanobanana_nb.api.connections import WIDTH
from nanobanana_nb.errors import (
    AccessDeniedError,
    AuthenticationError,
    BudgetError,
    FeatureDisabledError,
    InsufficientCreditsError,
    NanobananaError,
)
from nanobanana_nb.ledger.claims.create_terms import CreateTerms
from nanobanana_nb.ledger.ledger import Ledger
from nanobanana_nb.ledger.tables.spending import Ceilings
from nanobanana_nb.model.plan.limits import RunLimits
from nanobanana_nb.model.request import GenerationRequest
from nanobanana_nb.run.inputs.uploads import Uploads
from nanobanana_nb.run.money.budget import Costs
from nanobanana_nb.run.money.pricing import PricedBill, price_kind
from nanobanana_nb.run.task.durations import duration_kind
from nanobanana_nb.run.task.poll_schedule import Durations
from nanobanana_nb.run.task.watcher import Watcher

# After these no further create of the same run can succeed, so none is sent.
STOPPERS = (
    AuthenticationError,
    InsufficientCreditsError,
    AccessDeniedError,
    FeatureDisabledError,
    BudgetError,
)


@dataclass(eq=False, repr=False)
class RunContext:
    """Ledger, service, uploads, the money that is allowed, and a reason to stop asking."""

    ledger: Ledger
    client: Client
    watcher: Watcher
    uploads: Uploads
    wait_s: float
    limits: RunLimits
    ceilings: Ceilings
    costs: Costs
    callback_url: str | None = None
    called_back: Callable[[str], bool] = lambda task_id: False
    priced: PricedBill | None = None
    # No more creates than connections: what has not left can still be called off.
    creating: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(WIDTH))
    # Where images wait for room below a ceiling, the first alone.
    line: asyncio.Lock = field(default_factory=asyncio.Lock)
    stopped_by: NanobananaError | None = None
    full: NanobananaError | None = None  # a ceiling; what has its claim fits under it
    _durations: dict[tuple[str, str], Durations] = field(default_factory=dict)

    def price(self, request: GenerationRequest) -> float | None:
        """Return what the bill says of such an image, None if nobody told."""
        return self.priced.by_kind.get(price_kind(request)) if self.priced else None

    def terms(self, request: GenerationRequest) -> CreateTerms | None:
        """Return the terms for creating `request`, None once nothing more is created."""
        if self.stopped_by is not None or self.full is not None:
            return None
        price = self.price(request)
        return CreateTerms(
            now=time.time(),
            price=None if price is None else self.costs.expected(price),
            notebook=self.limits.notebook,
            ceilings=self.ceilings,
            fresh=self.limits.fresh,
        )

    def again(self, priced: PricedBill) -> RunContext:
        """Return the same for one further try: what stopped others does not stop it."""
        context = copy(self)
        context.priced, context.stopped_by, context.full = priced, None, None
        return context

    def durations(self, request: GenerationRequest) -> Durations:
        """Return how long such a task takes, from those that the ledger has seen."""
        kind = duration_kind(request)
        if kind not in self._durations:
            size = dict(request.parameters).get("resolution")
            seconds = self.ledger.durations(request.provider, request.model, size)
            pace = self.client.provider.pace
            usual = Durations.from_seconds(seconds, pace) if seconds else Durations(pace=pace)
            self._durations[kind] = usual
        return self._durations[kind]

    def usual(self, request: GenerationRequest) -> Durations | None:
        """Return what `durations` has said of such a task, without asking the ledger."""
        return self._durations.get(duration_kind(request))
